package contractflow.report;

import contractflow.observe.ProgressLine;
import contractflow.observe.RunState;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** The one line of a terminal that shows how a run is going. */
final class RunBar implements AutoCloseable {

    private final ProgressBar bar;
    private final Terminal terminal;
    private volatile RunState state;

    /**
     * @param terminal where it is drawn, and how wide that is
     */
    RunBar(RunState first, Terminal terminal) {
        state = first;
        this.terminal = terminal;
        bar = new ProgressBarBuilder()
                .setInitialMax(first.rows())
                .setUpdateIntervalMillis(1000)
                .setRenderer((progress, width) -> ProgressLine.fitting(state, width))
                .setConsumer(terminal)
                .build();
        bar.refresh();
    }

    boolean isOf(RunState run) {
        return run.runId() == state.runId();
    }

    void draw(RunState run) {
        state = run;
        bar.stepTo(run.done());
        bar.refresh();
    }

    /** Takes it off the terminal. The library does so only if its timer drew the bar before, which a short run is too short for. */
    @Override
    public void close() {
        bar.close();
        terminal.clear();
    }
}

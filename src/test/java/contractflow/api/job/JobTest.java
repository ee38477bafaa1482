package contractflow.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Whoever waits says so once, and once that the wait is over. */
class JobTest {

    @Test
    void firstFailureAndFirstAnswerAfterItAreTold() {
        Job job = new Job() {};

        assertThat(job.answered("netsuite")).isFalse();
        assertThat(job.missed("netsuite", new IOException("away"))).isTrue();
        assertThat(job.missed("netsuite", new IOException("still away"))).isFalse();
        assertThat(job.missed("usage", new IOException("away"))).isTrue();
        assertThat(job.answered("netsuite")).isTrue();
        assertThat(job.answered("netsuite")).isFalse();
        assertThat(job.missed("netsuite", new IOException("away again"))).isTrue();
    }
}

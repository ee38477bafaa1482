package contractflow.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A wait is logged once, and its end once. */
class JobTest {

    @Test
    void firstFailureAndFirstAnswerAfterIt_areLogged() {
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

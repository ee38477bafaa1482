package contractflow.failure;

import static org.assertj.core.api.Assertions.assertThat;

import contractflow.warehouse.WarehouseTimeouts;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failed statement says of the database, and how long one may take. */
class WarehouseFaultTest {

    @ParameterizedTest
    @CsvSource({
        "08006, UNAVAILABLE, connection lost",
        "28P01, CREDENTIALS, the password was changed",
        "28000, CREDENTIALS, the role may not log in",
        "3D000, CREDENTIALS, the database is gone",
        "25006, READ_ONLY, a standby",
        "25P03, UNAVAILABLE, idle in a transaction for too long",
        "40001, UNAVAILABLE, serialization",
        "40P01, UNAVAILABLE, deadlock",
        "53100, UNAVAILABLE, the disk is full",
        "53300, UNAVAILABLE, too many connections",
        "55P03, LOCK, lock timeout",
        "57014, UNAVAILABLE, canceled by a timeout or a person",
        "57P01, UNAVAILABLE, an administrator's command",
        "57P03, UNAVAILABLE, starting up",
        "57P05, UNAVAILABLE, idle for too long",
    })
    void databaseIsWaitedFor(String state, WarehouseFault.Kind kind, String message) {
        RuntimeException failure = new RuntimeException(new SQLException("FATAL: " + message, state));

        assertThat(WarehouseFault.saysAway(failure)).isTrue();
        assertThat(WarehouseFault.kind(failure)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"22P02", "23505", "42501", "42P01", "25001"})
    void statementIsNotTriedAgain(String state) {
        assertThat(WarehouseFault.saysAway(new SQLException("no", state))).isFalse();
    }

    @Test
    void timeoutsFollowFromTheLongestWait() {
        WarehouseTimeouts usual = WarehouseTimeouts.of(Duration.ofMinutes(15));
        assertThat(usual).isEqualTo(new WarehouseTimeouts(Duration.ofSeconds(5), Duration.ofMinutes(5)));
        assertThat(usual.socketSeconds()).isGreaterThan(300);
        assertThat(WarehouseTimeouts.of(Duration.ofSeconds(12)))
                .isEqualTo(new WarehouseTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(12)));
        assertThat(WarehouseTimeouts.of(Duration.ofMillis(1)))
                .isEqualTo(new WarehouseTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(5)));
        assertThat(WarehouseTimeouts.ofMigrations(Duration.ofMinutes(1)).socketSeconds())
                .as("as long as it takes")
                .isZero();
    }
}

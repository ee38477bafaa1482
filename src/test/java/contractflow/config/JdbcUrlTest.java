package contractflow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import contractflow.failure.SetupException;
import contractflow.warehouse.Warehouse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a secret in a JDBC URL is refused, or apart from what is shown of it. */
class JdbcUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://loader:s3cret@db.example.com/analytics",
                "jdbc:postgresql://loader:s3cret@db.example.com:5432/analytics?ssl=true",
                "jdbc:postgresql://s3cret@db.example.com/analytics",
                "jdbc:postgresql://loader:s3cret@one.example.com,two.example.com/analytics",
                "jdbc:postgresql://one.example.com,loader:s3cret@two.example.com/analytics",
                "jdbc:postgresql://loader:s3/cret@db.example.com/analytics",
                "jdbc:postgresql://loader:12/s3cret@db.example.com/analytics",
                "jdbc:postgresql://loader:s3?cret@db.example.com/analytics",
                "jdbc:postgresql://loader:12s3cret/analytics",
                "jdbc:postgresql://loader%3As3cret@db.example.com/analytics",
                "jdbc:postgresql:loader:s3cret@db.example.com/analytics",
                "postgresql://loader:s3cret@db.example.com/analytics",
                "jdbc:mysql://db.example.com/analytics?password=s3cret",
                "jdbc:postgresql://db.example.com/analytics?password=s3cret%",
                "jdbc:postgresql://db.example.com/analytics password=s3cret",
                "jdbc:postgresql://s3cret",
            })
    void userBeforeTheHostIsRefusedUnseen(String url) {
        assertThatThrownBy(() -> JdbcUrl.parse(url)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Warehouse.parse(url))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("warehouse.jdbc-url must be jdbc:postgresql://host:port/name")
                .hasMessageContaining("warehouse.password-file")
                .message()
                .doesNotContain("s3", "cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example.com/analytics",
                "jdbc:postgresql://db.example.com:5432,standby.example.com:5433/analytics",
                "jdbc:postgresql://[2001:db8::1]:5432/analytics",
                "jdbc:postgresql:///analytics",
                "jdbc:postgresql://db.example.com/",
                "jdbc:postgresql:analytics",
            })
    void addressIsWhatTheDriverTakes(String url) {
        assertThat(JdbcUrl.parse(url + "?user=me%40server").address()).isEqualTo(url);
        assertThat(new org.postgresql.Driver().acceptsURL(url)).isTrue();
    }

    @Test
    void parametersAreApart() {
        JdbcUrl url = JdbcUrl.parse(
                "jdbc:postgresql://one,two/analytics?targetServerType=primary&password=a%26b%3Dc+d&sslpassword=k&user=me&ssl");

        assertThat(url.address()).isEqualTo("jdbc:postgresql://one,two/analytics");
        assertThat(url.hosts()).isEqualTo(2);
        assertThat(url.parameters())
                .isEqualTo(Map.of(
                        "targetServerType",
                        "primary",
                        "password",
                        "a&b=c d",
                        "sslpassword",
                        "k",
                        "user",
                        "me",
                        "ssl",
                        ""));
        assertThat(JdbcUrl.parse("jdbc:postgresql:analytics").parameters()).isEmpty();
    }
}

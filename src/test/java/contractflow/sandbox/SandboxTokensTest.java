package contractflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The simulated APIs know the tokens that they have given out, until these end. */
class SandboxTokensTest {

    private final SandboxTokens tokens = new SandboxTokens();

    @Test
    void tokenThatWasGivenOutHolds() {
        tokens.setLifetime(330);

        assertThat(tokens.holds("Bearer " + tokens.give())).isTrue();
        assertThat(tokens.holds("Bearer another")).isFalse();
        assertThat(tokens.holds(null)).isFalse();
    }

    @Test
    void tokenThatHasEndedDoesNot() {
        tokens.setLifetime(0);

        assertThat(tokens.holds("Bearer " + tokens.give())).isFalse();
    }
}

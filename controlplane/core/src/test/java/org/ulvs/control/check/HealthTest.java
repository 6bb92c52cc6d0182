// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    @ParameterizedTest
    @CsvSource({
        // checks (+ good, - failed) and the state after each: u unknown, U up, D down
        "1, 1, +-+, UDU",
        "3, 1, +-++-+++, UDDDDDDU",
        "2, 3, --D, uuD",
        "2, 3, +--+---++, UUUUUUDDU",
        "3, 1, -+++, DDDU"
    })
    void shouldRiseAndFall(int rise, int fall, String checks, String states) {
        final Health health = new Health(rise, fall);
        final StringBuilder seen = new StringBuilder();
        for (int i = 0; i < checks.length(); i++) {
            health.onOutcome(checks.charAt(i) == '+');
            seen.append(
                    switch (health.state()) {
                        case UNKNOWN -> 'u';
                        case UP -> 'U';
                        case DOWN -> 'D';
                    });
        }

        assertThat(seen).hasToString(states);
    }

    @Test
    void shouldReportEachChangeOnce() {
        final Health health = new Health(1, 1);

        assertThat(health.onOutcome(true)).isTrue();
        assertThat(health.onOutcome(true)).isFalse();
        assertThat(health.onOutcome(false)).isTrue();
        assertThat(health.onOutcome(false)).isFalse();
    }
}

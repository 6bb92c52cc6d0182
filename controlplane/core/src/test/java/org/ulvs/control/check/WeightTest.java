// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTest {
    @Test
    void shouldStartWithAThirtySecondAndDouble() {
        final Weight weight = new Weight(100, true);
        weight.admit();
        final StringBuilder seen = new StringBuilder().append(weight.current());
        while (weight.tick()) {
            seen.append(' ').append(weight.current());
        }

        assertThat(seen).hasToString("3 6 12 24 48 96 100");
    }

    @Test
    void shouldStartAtOnceWithoutSlowStartAndWithWeightOneOrNone() {
        for (final Weight weight : List.of(new Weight(100, false), new Weight(1, true), new Weight(0, true))) {
            final int configured = weight.current();
            weight.admit();

            assertThat(weight.current()).isEqualTo(configured);
            assertThat(weight.starting()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // load, weight before, weight after: W = 100, step = 50 x cube root of |1 - L|
        "0, 100, 150",
        "0.999, 100, 100", // a step of 5 is below a quarter of 100
        "0.875, 100, 125",
        "1, 150, 150",
        "9, 400, 300",
        "9, 120, 120", // down to 100 would be a change of 20
        "9, 130, 100",
        "0, 980, 980", // up to the limit of 1000 would be a change of 20
        "0, 940, 990"
    })
    void shouldFollowTheLoad(double load, int before, int after) {
        final Weight weight = new Weight(100, true);
        weight.adopt(before);

        final boolean changed = weight.onLoad(load);

        assertThat(weight.current()).isEqualTo(after);
        assertThat(changed).isEqualTo(weight.current() != before);
    }

    @Test
    void shouldLeaveTheLoadAloneDuringSlowStart() {
        final Weight weight = new Weight(64, true);
        weight.admit();

        assertThat(weight.onLoad(0)).isFalse();
        assertThat(weight.current()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web1 up 3 days, 2 users, load average: 0.12 0.50 1.00 | 0.12",
                " 12:00:00 up 1 day, load average: 2,25, 1.9, 1.2 | 2.25",
                "web1 up 5+01:02, 0 users, load 0.30, 0.20, 0.10 | 0.30",
                "load average: 3 | 3",
                "no figures here | ",
                "load average: high | "
            })
    void shouldReadLoadFigures(String output, Double load) {
        assertThat(LoadMonitor.parse(output))
                .isEqualTo(load == null ? OptionalDouble.empty() : OptionalDouble.of(load));
    }

    @Test
    void shouldBuildTheCommand() {
        assertThat(LoadMonitor.command("none", "rsh", "10.0.0.1")).isEmpty();
        assertThat(LoadMonitor.command("uptime", "ssh -q", "10.0.0.1"))
                .containsExactly("ssh", "-q", "10.0.0.1", "uptime");
        assertThat(LoadMonitor.command("uptime", "/usr/bin/ssh", "10.0.0.1"))
                .containsExactly("/usr/bin/ssh", "10.0.0.1", "uptime");
        assertThat(LoadMonitor.command("rup", "rsh", "10.0.0.1")).containsExactly("rup", "10.0.0.1");
    }
}

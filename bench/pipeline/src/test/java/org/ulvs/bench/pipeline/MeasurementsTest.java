// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    private final Measurements measurements = new Measurements(true);
    private final Measurements.Figure figure = figure();

    private Measurements.Figure figure() {
        return measurements.figure(ForwardBenchmark.class, Map.of());
    }

    /** Of twenty iterations one is faster than any other; a tenth reach 1,000. */
    @BeforeEach
    void runInAFastMinute() {
        final Measurements.Figure other = figure();
        other.add(30, 500, 0);
        for (int i = 1; i < 20; i++) {
            other.add(50, 1_000, 0);
        }
    }

    @Test
    void shouldCountIterationsOfFastMinutesOnly() {
        figure.add(60, 1_050, 0);
        figure.add(62, 1_100, 0);
        figure.add(90, 1_101, 0);

        assertThat(figure.isCounted()).isTrue();
        assertThat(figure.ns()).isEqualTo(61);
        assertThat(figure.spread()).isBetween(0.03, 0.04);
    }

    @Test
    void shouldTakeTheLeastSlowIterationWhereNoneIsFast() {
        figure.add(90, 1_500, 0);
        figure.add(80, 1_400, 0);

        assertThat(figure.isCounted()).isFalse();
        assertThat(figure.ns()).isEqualTo(80);
    }

    @Test
    void shouldForgetSlowIterationsOnceFastOnesCame() {
        figure.add(90, 1_500, 0);
        figure.add(60, 1_000, 0);

        assertThat(figure.isCounted()).isTrue();
        assertThat(figure.ns()).isEqualTo(60);
    }

    @Test
    void shouldTellWhatEveryIterationAllocatesFromWhatOneDid() {
        figure.add(60, 1_000, 48);
        figure.add(60, 1_000, 32);
        figure().add(60, 1_000, 64);
        final Measurements.Figure still = figure();
        still.add(60, 1_000, 0);
        still.add(60, 1_000, 64);

        assertThat(measurements.allocated()).isEqualTo(32 + 64);
        assertThat(measurements.allocatedOnce()).isEqualTo(16 + 64);
    }
}

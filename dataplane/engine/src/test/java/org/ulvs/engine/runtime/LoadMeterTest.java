// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadMeterTest {
    private static final long INTERVAL_NS = 2_000_000;

    private final LoadMeter meter = new LoadMeter(0);
    private long nowNs;
    private long frames;

    @Test
    void shouldBeHeavyAfterOneIntervalAboveTheLimit() {
        assertThat(pass(149_000)).isFalse();
        assertThat(meter.isHeavy()).isFalse();
        assertThat(pass(151_000)).isTrue();
        assertThat(meter.isHeavy()).isTrue();
        assertThat(pass(151_000)).isFalse();
    }

    @Test
    void shouldBeLightOnlyAfterAWhileOfCalm() {
        pass(200_000);
        for (int i = 0; i < 24; i++) {
            assertThat(pass(59_000)).isFalse();
        }
        // once more busy: the while begins anew
        assertThat(pass(61_000)).isFalse();
        for (int i = 0; i < 24; i++) {
            assertThat(pass(59_000)).isFalse();
        }
        assertThat(meter.isHeavy()).isTrue();
        assertThat(pass(59_000)).isTrue();
        assertThat(meter.isHeavy()).isFalse();
    }

    @Test
    void shouldNotJudgeByLessThanAnInterval() {
        assertThat(meter.measure(1_000_000, INTERVAL_NS - 1)).isFalse();
        assertThat(meter.measure(1_000_000, INTERVAL_NS)).isTrue();
    }

    private boolean pass(long rate) {
        nowNs += INTERVAL_NS;
        frames += rate * INTERVAL_NS / 1_000_000_000;
        return meter.measure(frames, nowNs);
    }
}

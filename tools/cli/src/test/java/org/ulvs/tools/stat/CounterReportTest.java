// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.CounterValue;
import org.ulvs.cnc.StandardCounter;

class CounterReportTest {
    private static CounterValue row(StandardCounter counter, int worker, long value) {
        return new CounterValue(counter.typeId(), worker, counter.label(), value);
    }

    private static CounterValue drop(int reason, String label, int worker, long value) {
        return new CounterValue(StandardCounter.DROP_TYPE_ID + reason, worker, "dropped: " + label, value);
    }

    private final CounterReport report = new CounterReport(List.of(
            row(StandardCounter.FRAMES_RECEIVED, 0, 100),
            row(StandardCounter.FRAMES_RECEIVED, 1, 31),
            row(StandardCounter.FORWARDED_TO_SERVER, 0, 60),
            row(StandardCounter.FORWARDED_TO_CLIENT, 1, 20),
            row(StandardCounter.ROUTED, 0, 1),
            row(StandardCounter.ANSWERED, 0, 4),
            row(StandardCounter.LEFT_TO_HOST, 0, 8),
            row(StandardCounter.FRAGMENTS_HELD, 1, 16),
            row(StandardCounter.FRAMES_SENT, 0, 1000),
            drop(2, "truncated", 0, 12),
            drop(2, "truncated", 1, 3),
            drop(33, "ttl-exceeded", 0, 5),
            drop(34, "mtu-exceeded", 0, 0)));

    @Test
    void shouldFindFramesThatAreInNoCounter() {
        assertThat(report.dropped()).isEqualTo(20);
        assertThat(report.unaccounted()).isEqualTo(2);
    }

    @Test
    void shouldSumOverWorkersAndLeaveOutWhatNeverHappened() {
        assertThat(report.text(false))
                .containsPattern("(?m)^frames received +131$")
                .containsPattern("(?m)^dropped: truncated +15$")
                .containsPattern("(?m)^dropped in all +20$")
                .containsPattern("(?m)^unaccounted +2$")
                .doesNotContain("mtu-exceeded");
        assertThat(report.text(true)).containsPattern("(?m)^dropped: mtu-exceeded +0$");
    }

    @Test
    void shouldGiveTheSameAsJson() {
        assertThat(report.json())
                .startsWith("{\"counters\":{\"frames received\":131,")
                .endsWith("\"dropped: mtu-exceeded\":0},\"dropped\":20,\"unaccounted\":2}");
    }
}

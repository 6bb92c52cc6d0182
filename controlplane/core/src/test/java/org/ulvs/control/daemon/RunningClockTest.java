// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunningClockTest {
    private long nowMs = -5;
    private final RunningClock clock = new RunningClock(() -> TimeUnit.MILLISECONDS.toNanos(nowMs));

    private long afterWait(long meantMs, long tookMs) {
        clock.willWait(TimeUnit.MILLISECONDS.toNanos(meantMs));
        nowMs += tookMs;
        clock.runs();
        return timeMs();
    }

    private long timeMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
    }

    @Test
    void shouldGoOnWhileTheLoopRuns() {
        assertThat(afterWait(100, 100)).isEqualTo(95);
        assertThat(afterWait(1_000, 3)).isEqualTo(98);
        assertThat(afterWait(100, 149)).isEqualTo(247);
        nowMs += 500;
        clock.runs();
        assertThat(timeMs()).isEqualTo(747);
    }

    @Test
    void shouldStandWhileTheLoopIsStopped() {
        assertThat(afterWait(100, 1_100)).isEqualTo(95);
        assertThat(afterWait(5, 505)).isEqualTo(100);
        assertThat(afterWait(10, 10)).isEqualTo(110);
    }
}

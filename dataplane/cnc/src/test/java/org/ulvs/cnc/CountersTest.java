// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

final class CountersTest {
    private final UnsafeBuffer metadata = new UnsafeBuffer(ByteBuffer.allocateDirect(8 * 512));
    private final UnsafeBuffer values = new UnsafeBuffer(ByteBuffer.allocateDirect(8 * 128));
    private final Counters counters = new Counters(metadata, values);

    @Test
    void shouldSumTheRowsOfAllWorkers() {
        final AtomicCounter first = counters.allocate(StandardCounter.FRAMES_RECEIVED, 0);
        final AtomicCounter second = counters.allocate(StandardCounter.FRAMES_RECEIVED, 1);
        final AtomicCounter drop = counters.allocateDrop(5, "bad-checksum", 1);
        first.getAndAddRelease(40);
        second.getAndAddRelease(2);
        drop.incrementRelease();
        final List<CounterValue> rows = CountersSnapshot.rows(metadata, values);
        assertThat(rows)
                .containsExactly(
                        new CounterValue(1, 0, "frames received", 40),
                        new CounterValue(1, 1, "frames received", 2),
                        new CounterValue(1005, 1, "dropped: bad-checksum", 1));
        assertThat(CountersSnapshot.sums(rows))
                .containsEntry("frames received", 42L)
                .containsEntry("dropped: bad-checksum", 1L);
        assertThat(CountersSnapshot.sum(rows, StandardCounter.FRAMES_RECEIVED.typeId()))
                .isEqualTo(42);
    }

    @Test
    void shouldSayThatThereIsNoRoom() {
        for (int i = 0; i < 8; i++) {
            counters.allocate(StandardCounter.COMMANDS, i);
        }
        assertThatIllegalStateException().isThrownBy(() -> counters.allocate(StandardCounter.COMMANDS, 8));
    }

    @Test
    void shouldGiveEveryCounterItsOwnNumberAndLabel() {
        final Set<Integer> numbers = new HashSet<>();
        final Set<String> labels = new HashSet<>();
        for (final StandardCounter counter : StandardCounter.values()) {
            assertThat(numbers.add(counter.typeId())).as(counter.name()).isTrue();
            assertThat(labels.add(counter.label())).as(counter.name()).isTrue();
            assertThat(counter.typeId()).isLessThan(StandardCounter.DROP_TYPE_ID);
        }
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulvs.shim.HugeMemory;

@Timeout(60)
class ConnectionIndexTest {
    private static final int STEPS = 30_000;
    private static final int BUCKET_LENGTH = 64;
    private static final int PASSED_OFFSET = 16;
    private static final int CONNECTIONS_OFFSET = 24;

    /** What a list for each tag would say, the newest connection first. */
    private final Map<Integer, Deque<Integer>> model = new HashMap<>();

    @ParameterizedTest
    @CsvSource({
        // capacity, tags, bits in which tags differ
        "1, 3, -1",
        "8, 20, -1",
        "100, 1000, -1",
        // some tags have many connections, whose buckets are full far beyond their home and around the end
        "100, 5, -1",
        // all tags are compared alike, from one home or from several
        "100, 50, 0x00000000",
        "100, 50, 0xFFFF0000",
        // one home
        "100, 50, 0x0000FFFF"
    })
    void shouldFindWhatAListForEachTagWouldFind(int capacity, int tags, String differing) {
        final ConnectionIndex index = index(capacity);
        final Random random = new Random(7);
        final int[] tagOf = new int[capacity];
        final List<Integer> free = new ArrayList<>();
        final List<Integer> used = new ArrayList<>();
        for (int connection = 0; connection < capacity; connection++) {
            free.add(connection);
        }
        final int[] choice = random.ints(tags)
                .map(tag -> (tag & (int) (long) Long.decode(differing)) | 0x8000_0000)
                .toArray();
        for (int step = 0; step < STEPS; step++) {
            // between full and empty and back
            final boolean insert =
                    !free.isEmpty() && (used.isEmpty() || random.nextInt(100) < (step / 500 % 2) * 60 + 20);
            final List<Integer> from = insert ? free : used;
            final int connection = from.remove(random.nextInt(from.size()));
            if (insert) {
                tagOf[connection] = choice[random.nextInt(tags)];
                index.insert(tagOf[connection], connection);
                model.computeIfAbsent(tagOf[connection], tag -> new ArrayDeque<>())
                        .addFirst(connection);
                used.add(connection);
            } else {
                index.remove(tagOf[connection], connection);
                model.getOrDefault(tagOf[connection], new ArrayDeque<>()).remove(connection);
                free.add(connection);
            }
            final int tag = choice[random.nextInt(tags)];
            assertThat(found(index, tag, tagOf))
                    .as("step %d, tag %08x", step, tag)
                    .containsExactlyElementsOf(model.getOrDefault(tag, new ArrayDeque<>()));
            assertThat(index.candidate(tag)).isEqualTo(candidate(index, tag));
        }
    }

    /** All that the index finds, without those of other tags that are compared alike. */
    private static List<Integer> found(ConnectionIndex index, int tag, int[] tagOf) {
        final List<Integer> found = new ArrayList<>();
        long position = index.first(tag);
        while (position != ConnectionIndex.NONE) {
            final int connection = index.connection(position);
            if (tagOf[connection] == tag) {
                found.add(connection);
            }
            position = index.next(position, tag);
        }
        return found;
    }

    private static int candidate(ConnectionIndex index, int tag) {
        final long first = index.first(tag);
        return first == ConnectionIndex.NONE ? ConnectionIndex.NONE : index.connection(first);
    }

    @Test
    void shouldForgetFullBucketsWhenTheyAreEmptyAgain() {
        final int capacity = 100;
        final UnsafeBuffer memory = HugeMemory.anonymous(ConnectionIndex.length(capacity));
        final ConnectionIndex index = new ConnectionIndex(memory, capacity);
        for (int connection = 0; connection < capacity; connection++) {
            index.insert(42, connection);
        }
        for (int connection = 0; connection < capacity; connection++) {
            index.remove(42, connection);
        }

        for (int bucket = 0; bucket < memory.capacity(); bucket += BUCKET_LENGTH) {
            // the connections of free entries mean nothing
            for (int offset = bucket; offset < bucket + CONNECTIONS_OFFSET; offset += Integer.BYTES) {
                assertThat(memory.getInt(offset)).as("byte %d", offset).isZero();
            }
        }
    }

    @Test
    void shouldEndASearchWhereItBeganWhenEachBucketHasBeenPassed() {
        final int capacity = 100;
        final int buckets = (int) ConnectionIndex.length(capacity) / BUCKET_LENGTH;
        final UnsafeBuffer memory = HugeMemory.anonymous(ConnectionIndex.length(capacity));
        final ConnectionIndex index = new ConnectionIndex(memory, capacity);
        for (int bucket = 0; bucket < buckets; bucket++) {
            final int tag = (int) (((bucket + 1L) << Integer.SIZE) / buckets) - 100;
            final int passed = bucket * BUCKET_LENGTH + PASSED_OFFSET;
            int inserted = 0;
            while (memory.getInt(passed) == 0) {
                index.insert(tag + inserted, inserted);
                inserted++;
            }
            // the one that went further stays
            for (int i = 0; i < inserted - 1; i++) {
                index.remove(tag + i, i);
            }
        }

        assertThat(index.candidate(buckets)).isEqualTo(ConnectionIndex.NONE);
    }

    @Test
    void shouldRefuseToRemoveWhatIsNotThere() {
        final ConnectionIndex index = index(8);
        index.insert(1, 3);

        assertThatThrownBy(() -> index.remove(1, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("connection 4");
        assertThat(index.candidate(1)).isEqualTo(3);
    }

    private static ConnectionIndex index(int capacity) {
        return new ConnectionIndex(HugeMemory.anonymous(ConnectionIndex.length(capacity)), capacity);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ulvs.shim.HugeMemory;

/** A full table, so that many searches run over other entries, into the next cache line and around the end. */
@Timeout(60)
class CandidatesTest {
    private static final int CAPACITY = 4096;
    private static final int BATCH = 64;
    private static final int TCP = 6;
    private static final int VIRTUAL = 0x0A00_0001;
    private static final int SERVER = 0x0A00_0002;

    private final ConnectionTable table = new ConnectionTable(
            HugeMemory.anonymous(ConnectionTable.fileLength(CAPACITY)),
            HugeMemory.anonymous(ConnectionTable.indexLength(CAPACITY)),
            CAPACITY,
            42);
    private final Candidates candidates = new Candidates(table, BATCH);

    @BeforeEach
    void fill() {
        for (int client = 0; client < CAPACITY; client++) {
            final int connection = table.allocate(TCP, client, 1024, VIRTUAL, 80, SERVER, 8080);
            assertThat(connection).isEqualTo(client);
            table.insert(connection, 0);
        }
    }

    @Test
    void shouldFindTheConnectionOfEachPacketOfABatch() {
        for (int first = 0; first < CAPACITY; first += BATCH) {
            find(first);
            for (int i = 0; i < BATCH; i++) {
                assertThat(candidates.get(i)).as("client %d", first + i).isEqualTo(first + i);
            }
        }
    }

    @Test
    void shouldFindNoneForPacketsWithoutAConnection() {
        find(CAPACITY);

        for (int i = 0; i < BATCH; i++) {
            assertThat(candidates.get(i)).isEqualTo(ConnectionTable.NONE);
        }
    }

    @Test
    void shouldFindWhatIsLeftWhenEveryOtherConnectionHasGone() {
        for (int connection = 1; connection < CAPACITY; connection += 2) {
            table.remove(connection);
        }

        for (int first = 0; first < CAPACITY; first += BATCH) {
            find(first);
            for (int i = 0; i < BATCH; i++) {
                assertThat(candidates.get(i))
                        .as("client %d", first + i)
                        .isEqualTo(i % 2 == 0 ? first + i : ConnectionTable.NONE);
            }
        }
    }

    private void find(int firstClient) {
        for (int i = 0; i < BATCH; i++) {
            candidates.put(i, table.tag(firstClient + i, 1024, TCP));
        }
        candidates.find(BATCH);
        candidates.fetch(BATCH);
    }
}

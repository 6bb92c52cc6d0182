// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker changes at any moment of a change of the pool is known to the successor. */
class PoolChangeTest {
    /** Runs an action before or after one of the reads of the counts. */
    private static final class InterruptedPool extends WrappedPool {
        private final Runnable action;
        private int readsLeft;

        InterruptedPool(final FakePool pool, final int reads, final Runnable action) {
            super(pool);
            this.action = action;
            readsLeft = reads;
        }

        @Override
        public long counts(final int position) {
            if (readsLeft-- == 0) {
                action.run();
            }
            final long counts = pool.counts(position);
            if (readsLeft-- == 0) {
                action.run();
            }
            return counts;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc", "sed", "nq", "lblc", "lblcr"})
    void shouldKnowAServerThatGetsIdleWhileTheTreeGrows(final String name) {
        for (int reads = 0; reads < 240; reads++) {
            final FakePool pool = FakePool.ofWeights(1, 1, 1, 1, 1);
            for (int position = 0; position < pool.size(); position++) {
                pool.server(position).withConnections(position == 3 ? 3 : 2, 0);
            }
            final Scheduler before = Choices.scheduler(name, pool);
            final FakePool larger = pool.with(new FakeServer(1, 1, 80, 1).withConnections(2, 0));
            final Scheduler after = before.poolChanged(
                    new InterruptedPool(larger, reads, () -> {
                        for (int i = 0; i < 3; i++) {
                            pool.server(3).unbind(true);
                        }
                        before.loadChanged(3);
                    }),
                    -1);
            final int expected = Counts.active(pool.counts(3)) == 0 ? 4 : 0;
            assertThat(Choices.next(after, 1)).as("before read %d", reads).containsExactly(expected);
        }
    }

    @Test
    void shouldKnowAServerThatIsRelievedWhileTheTreeGrows() {
        for (int reads = 0; reads < 80; reads++) {
            final FakeServer server = new FakeServer(5, 5, 80, 1).withThresholds(1, 0);
            final FakePool pool = new FakePool(List.of(server, new FakeServer(7, 7, 80, 0)));
            final Scheduler before = Choices.scheduler("rr", pool);
            assertThat(Choices.next(before, 1)).containsExactly(0);
            final FakePool larger = pool.with(new FakeServer(6, 6, 80, 0));
            final Scheduler after = before.poolChanged(
                    new InterruptedPool(larger, reads, () -> {
                        server.unbind(true);
                        before.loadChanged(0);
                    }),
                    -1);
            final int expected = server.isOverloaded() ? Scheduler.NONE : 1;
            assertThat(Choices.next(after, 1)).as("before read %d", reads).containsExactly(expected);
        }
    }

    @Test
    void shouldKnowAServerThatIsRelievedWhileAnotherWorkerStillSeesItOverloaded() {
        for (int reads = 0; reads < 8; reads++) {
            final FakePool pool = FakePool.ofWeights(1, 1);
            final WeightTree[] tree = new WeightTree[1];
            final FakeServer server = pool.server(0);
            final Runnable relieve = () -> {
                server.counts.set(Counts.withOverload(server.counts.get(), false));
                tree[0].update(0);
            };
            final InterruptedPool interrupted = new InterruptedPool(pool, Integer.MAX_VALUE, relieve);
            tree[0] = new WeightTree(interrupted);
            server.counts.set(Counts.withOverload(server.counts.get(), true));
            interrupted.readsLeft = reads;
            tree[0].update(0);
            assertThat(tree[0].next(-1, 1)).as("read %d", reads).isEqualTo(server.isOverloaded() ? 1 : 0);
        }
    }
}

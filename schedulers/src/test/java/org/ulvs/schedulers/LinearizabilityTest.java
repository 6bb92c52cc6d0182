// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Explores interleavings of a few operations of two workers: each result must be that of some order of them. */
class LinearizabilityTest {
    @Test
    void shouldChooseTheLeastLoadedServerInSomeOrder() {
        options().check(LeastLoad.class);
    }

    @Test
    void shouldGoRoundInSomeOrder() {
        options().iterations(2).check(RoundRobin.class);
    }

    @Test
    void shouldGoRoundByWeightInSomeOrder() {
        options().iterations(2).check(WeightedRoundRobin.class);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(3)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .invocationsPerIteration(150);
    }

    /** wlc over so many servers that the tree has two levels; those of both of its lower nodes compete. */
    @Param(name = "server", gen = IntGen.class, conf = "6:9")
    public static final class LeastLoad {
        private final FakePool pool = FakePool.ofWeights(1, 1, 1, 1, 1, 1, 1, 2, 1, 1);
        private final LoadTree tree;

        public LeastLoad() {
            for (int position = 0; position < 6; position++) {
                pool.server(position).withConnections(50, 0);
            }
            tree = new LoadTree(pool, LoadMeasure.OVERHEAD);
        }

        @Operation
        public int book() {
            return tree.book(true);
        }

        @Operation
        public void leave(@Param(name = "server") final int server) {
            pool.server(server).unbind(true);
            tree.changed(server);
        }
    }

    /** rr over three servers. */
    public static final class RoundRobin {
        private final Scheduler scheduler = new RrScheduler(FakePool.ofWeights(1, 1, 1), RotatingScheduler.HEAD);

        @Operation
        public int book() {
            return scheduler.schedule(Choices.request());
        }
    }

    /** wrr over three servers. */
    public static final class WeightedRoundRobin {
        private final Scheduler scheduler = new WrrScheduler(FakePool.ofWeights(1, 3, 2));

        @Operation
        public int book() {
            return scheduler.schedule(Choices.request());
        }
    }
}

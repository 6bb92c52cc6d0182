// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new connection costs in a service of many servers: counted in looks at servers, not in time. */
class CostTest {
    /** Counts how often a scheduler looks at a server's numbers. */
    private static final class CountingPool extends WrappedPool {
        private int looks;

        CountingPool(final ServerPool pool) {
            super(pool);
        }

        @Override
        public int weight(final int position) {
            looks++;
            return pool.weight(position);
        }

        @Override
        public int lastWeight(final int position) {
            looks++;
            return pool.lastWeight(position);
        }

        @Override
        public long counts(final int position) {
            looks++;
            return pool.counts(position);
        }
    }

    private static CountingPool pool(final int servers, final int differentWeights) {
        final int[] weights = new int[servers];
        for (int i = 0; i < servers; i++) {
            weights[i] = 1 + i % differentWeights;
        }
        return new CountingPool(FakePool.ofWeights(weights));
    }

    private static int mostLooks(final String name, final int servers) {
        final CountingPool pool = pool(servers, 7);
        final Scheduler scheduler = Choices.scheduler(name, pool);
        final ConnectionRequest request = Choices.request();
        int most = 0;
        for (int i = 0; i < 20_000; i++) {
            request.sourceAddress++;
            pool.looks = 0;
            final int position = scheduler.schedule(request);
            assertThat(position).isNotEqualTo(Scheduler.NONE);
            most = Math.max(most, pool.looks);
            pool.looks = 0;
            scheduler.loadChanged(position);
            most = Math.max(most, pool.looks);
        }
        return most;
    }

    @ParameterizedTest
    @CsvSource({"lc", "wlc", "sed", "nq", "fo", "lblc", "lblcr", "sh", "dh", "mh", "rr", "wrr"})
    void shouldLookAtFewServersOfAThousand(final String name) {
        // a tree of a thousand leaves is four levels high or ten, and a level asks for a few numbers of some servers
        assertThat(mostLooks(name, 1000)).isLessThan(200);
    }

    @ParameterizedTest
    @CsvSource({"lc", "wlc", "sed", "nq", "fo", "lblcr"})
    void shouldMostlyLookAtTheNeighboursOfABookedServer(final String name) {
        final int choices = 20_000;
        final CountingPool pool = pool(1000, 1);
        final Scheduler scheduler = Choices.scheduler(name, pool);
        final ConnectionRequest request = Choices.request();
        for (int i = 0; i < 2_000; i++) {
            scheduler.schedule(request);
        }
        pool.looks = 0;
        for (int i = 0; i < choices; i++) {
            scheduler.schedule(request);
        }
        // one level of the tree has eight servers with two numbers each
        assertThat(pool.looks / choices).isLessThan(35);
    }
}

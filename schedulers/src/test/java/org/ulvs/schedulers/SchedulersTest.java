// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchedulersTest {
    @Test
    void shouldKnowTheSchedulersByName() {
        assertThat(Schedulers.names())
                .containsExactly(
                        "dh", "fo", "last", "lblc", "lblcr", "lc", "mh", "none", "nq", "ovf", "rr", "sed", "sh", "wlc",
                        "wrr");
        for (final String name : Schedulers.names()) {
            final SchedulerProvider provider = Schedulers.byName(name);
            assertThat(provider).isNotNull();
            assertThat(provider.name()).isEqualTo(name);
        }
    }

    @Test
    void shouldNotKnowOtherNames() {
        assertThat(Schedulers.byName("nosuch")).isNull();
        assertThat(Schedulers.byName("WLC")).isNull();
    }

    @Test
    void shouldFindASchedulerThatTheClassPathAdds() {
        assertThat(Choices.next(Choices.scheduler("last", FakePool.ofWeights(1, 1, 1)), 2))
                .containsExactly(2, 2);
    }

    @Test
    void shouldScheduleNothingByNone() {
        final Scheduler scheduler = Choices.scheduler("none", FakePool.ofWeights(1));
        assertThat(Choices.next(scheduler, 2)).containsExactly(Scheduler.NONE, Scheduler.NONE);
        assertThat(Choices.next(scheduler.poolChanged(FakePool.ofWeights(1, 1), -1), 1))
                .containsExactly(Scheduler.NONE);
    }

    /** As a foreign jar would have it. */
    public static final class AddedProvider implements SchedulerProvider {
        @Override
        public String name() {
            return "last";
        }

        @Override
        public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
            return new Scheduler() {
                @Override
                public int schedule(final ConnectionRequest request) {
                    final int last = pool.size() - 1;
                    return pool.tryBook(last, pool.counts(last), request.active) ? last : NONE;
                }

                @Override
                public Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
                    return create(changedPool, flags, settings);
                }
            };
        }
    }
}

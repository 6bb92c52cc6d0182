// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.schedulers.Choices.next;
import static org.ulvs.schedulers.Choices.scheduler;

import org.junit.jupiter.api.Test;

class RrSchedulerTest {
    @Test
    void shouldTakeServersInListOrderWhateverTheirWeights() {
        assertThat(next(scheduler("rr", FakePool.ofWeights(1, 7, 2)), 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void shouldPassOverQuiescedAndOverloadedServers() {
        final FakePool pool = FakePool.ofWeights(0, 1, 1, 0);
        pool.server(1).withThresholds(2, 0);
        final Scheduler scheduler = scheduler("rr", pool);
        assertThat(next(scheduler, 6)).containsExactly(1, 2, 1, 2, 2, 2);
        pool.server(1).unbind(true);
        scheduler.loadChanged(1);
        assertThat(next(scheduler, 3)).containsExactly(1, 2, 2);
    }

    @Test
    void shouldFindNoServerWhereNoneIsUsable() {
        assertThat(next(scheduler("rr", FakePool.ofWeights()), 1)).containsExactly(Scheduler.NONE);
        assertThat(next(scheduler("rr", FakePool.ofWeights(0, 0)), 1)).containsExactly(Scheduler.NONE);
    }

    @Test
    void shouldGoOnAfterThePredecessorWhenTheCurrentServerIsRemoved() {
        final FakePool pool = FakePool.ofWeights(1, 1, 1, 1);
        final Scheduler scheduler = scheduler("rr", pool);
        assertThat(next(scheduler, 2)).containsExactly(0, 1);
        final Scheduler successor = scheduler.poolChanged(pool.without(1), pool.id(1));
        assertThat(next(successor, 3)).containsExactly(1, 2, 0);
    }

    @Test
    void shouldStartAtTheHeadAgainWhenTheFirstServerIsCurrentAndRemoved() {
        final FakePool pool = FakePool.ofWeights(1, 1, 1);
        final Scheduler scheduler = scheduler("rr", pool);
        assertThat(next(scheduler, 1)).containsExactly(0);
        assertThat(next(scheduler.poolChanged(pool.without(0), pool.id(0)), 3)).containsExactly(0, 1, 0);
    }

    @Test
    void shouldKeepItsPlaceWhenServersAreAddedOrEdited() {
        final FakePool pool = FakePool.ofWeights(1, 1, 1);
        final Scheduler scheduler = scheduler("rr", pool);
        assertThat(next(scheduler, 2)).containsExactly(0, 1);
        pool.server(1).edit(5, 0, 0);
        scheduler.weightChanged(1);
        final FakePool larger = pool.with(new FakeServer(7, 0x0A000209, 80, 1));
        assertThat(next(scheduler.poolChanged(larger, -1), 5)).containsExactly(3, 0, 1, 2, 3);
    }

    @Test
    void shouldSeeInTheSuccessorWhatLateWorkersTellTheOldInstance() {
        final FakePool pool = FakePool.ofWeights(1, 1);
        pool.server(0).withThresholds(1, 0);
        final Scheduler scheduler = scheduler("rr", pool);
        assertThat(next(scheduler, 1)).containsExactly(0);
        final Scheduler successor = scheduler.poolChanged(pool.with(new FakeServer(7, 0x0A000209, 80, 1)), -1);
        pool.server(0).unbind(true);
        scheduler.loadChanged(0);
        assertThat(next(successor, 3)).containsExactly(2, 0, 1);
    }
}

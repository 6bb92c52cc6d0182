// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.schedulers.Choices.next;
import static org.ulvs.schedulers.Choices.scheduler;

import org.junit.jupiter.api.Test;

class WrrSchedulerTest {
    @Test
    void shouldBeginAtTheGreatestWeightOverServersThatExistAlready() {
        assertThat(next(scheduler("wrr", FakePool.ofWeights(4, 3, 2)), 9)).containsExactly(0, 0, 1, 0, 1, 2, 0, 1, 2);
    }

    @Test
    void shouldBeginAtLevelOneWhenServersAreAddedOneByOne() {
        FakePool pool = FakePool.ofWeights();
        Scheduler scheduler = scheduler("wrr", pool);
        for (int weight = 1; weight <= 3; weight++) {
            pool = pool.with(new FakeServer(weight, weight, 80, weight));
            scheduler = scheduler.poolChanged(pool, -1);
        }
        assertThat(next(scheduler, 9)).containsExactly(0, 1, 2, 0, 0, 1, 0, 1, 2);
    }

    @Test
    void shouldStartTheListAgainWhenAServerIsEditedWithoutChange() {
        final FakePool pool = FakePool.ofWeights(1, 1, 1);
        final Scheduler scheduler = scheduler("wrr", pool);
        assertThat(next(scheduler, 2)).containsExactly(0, 1);
        scheduler.weightChanged(2);
        assertThat(next(scheduler, 4)).containsExactly(0, 1, 2, 0);
    }

    @Test
    void shouldSkipManyLevelsAtOnceWhereTheHeavyServersAreOverloaded() {
        final FakePool pool = FakePool.ofWeights(2_000_000_000, 1, 1_999_999_999);
        pool.server(0).withThresholds(1, 0);
        pool.server(2).withThresholds(1, 0);
        final Scheduler scheduler = scheduler("wrr", pool);
        assertThat(next(scheduler, 5)).containsExactly(0, 2, 1, 1, 1);
    }

    @Test
    void shouldFindNoServerWhereNoneIsUsableAndGoOnLater() {
        final FakePool pool = FakePool.ofWeights(2, 0, 2);
        pool.server(0).withThresholds(1, 0);
        pool.server(2).withThresholds(1, 0);
        final Scheduler scheduler = scheduler("wrr", pool);
        assertThat(next(scheduler, 4)).containsExactly(0, 2, Scheduler.NONE, Scheduler.NONE);
        pool.server(2).unbind(true);
        scheduler.loadChanged(2);
        assertThat(next(scheduler, 2)).containsExactly(2, Scheduler.NONE);
    }
}

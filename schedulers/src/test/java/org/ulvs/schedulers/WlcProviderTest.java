// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.schedulers.Choices.next;
import static org.ulvs.schedulers.Choices.scheduler;

import org.junit.jupiter.api.Test;

class WlcProviderTest {
    @Test
    void shouldGiveTiesToTheFirstInTheList() {
        assertThat(next(scheduler("wlc", FakePool.ofWeights(1, 1, 1)), 6)).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void shouldShareByWeight() {
        assertThat(next(scheduler("wlc", FakePool.ofWeights(1, 3)), 8)).containsExactly(0, 1, 1, 1, 0, 1, 1, 1);
    }

    @Test
    void shouldCountAnActiveConnectionAs256InactiveOnes() {
        final FakePool pool = FakePool.ofWeights(1, 1);
        pool.server(0).withConnections(1, 0);
        pool.server(1).withConnections(0, 255);
        assertThat(next(scheduler("wlc", pool), 2)).containsExactly(1, 0);
    }

    @Test
    void shouldCompareExactlyWhereDoublesWouldNot() {
        final FakePool pool = FakePool.ofWeights(2_147_483_647, 2_147_483_646);
        pool.server(0).withConnections(8_388_607, 255);
        pool.server(1).withConnections(8_388_607, 251);
        // 2147483647 / 2147483647 against 2147483643 / 2147483646
        assertThat(next(scheduler("wlc", pool), 1)).containsExactly(1);
    }

    @Test
    void shouldPassOverQuiescedAndOverloadedServersUntilTheyComeBack() {
        final FakePool pool = FakePool.ofWeights(1, 1, 0);
        pool.server(0).withThresholds(2, 1);
        final Scheduler scheduler = scheduler("wlc", pool);
        assertThat(next(scheduler, 6)).containsExactly(0, 1, 0, 1, 1, 1);
        pool.server(0).unbind(true);
        scheduler.loadChanged(0);
        assertThat(next(scheduler, 1)).containsExactly(1);
        pool.server(0).unbind(true);
        scheduler.loadChanged(0);
        assertThat(next(scheduler, 1)).containsExactly(0);
        pool.server(2).edit(3, 0, 0);
        scheduler.weightChanged(2);
        assertThat(next(scheduler, 3)).containsExactly(2, 2, 2);
    }

    @Test
    void shouldFindNoServerWhereNoneIsUsable() {
        assertThat(next(scheduler("wlc", FakePool.ofWeights()), 1)).containsExactly(Scheduler.NONE);
        assertThat(next(scheduler("wlc", FakePool.ofWeights(0, 0, 0)), 1)).containsExactly(Scheduler.NONE);
    }

    @Test
    void shouldSeeInTheSuccessorWhatLateWorkersTellTheOldInstance() {
        final FakePool pool = FakePool.ofWeights(1, 1);
        pool.server(0).withConnections(5, 0);
        pool.server(1).withConnections(3, 0);
        final Scheduler scheduler = scheduler("wlc", pool);
        final FakeServer added = new FakeServer(7, 0x0A000209, 80, 1).withConnections(4, 0);
        final Scheduler successor = scheduler.poolChanged(pool.with(added), -1);
        for (int i = 0; i < 4; i++) {
            pool.server(0).unbind(true);
            scheduler.loadChanged(0);
        }
        assertThat(next(successor, 3)).containsExactly(1, 1, 1);
    }
}

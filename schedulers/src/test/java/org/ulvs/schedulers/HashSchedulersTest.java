// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.schedulers.Choices.scheduler;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** sh, dh and mh where the recordings say nothing. */
class HashSchedulersTest {
    private static final int FALLBACK = SchedulerProvider.FLAG_1;
    private static final int PORT = SchedulerProvider.FLAG_2;

    @Test
    void shouldHashLikeTheKernel() {
        assertThat(AddressHash.hash(0x0A010001, 8)).isEqualTo((int) ((0x0A010001L * 0x61C88647L & 0xFFFFFFFFL) >> 24));
        assertThat(AddressHash.hash(-1, 10)).isEqualTo((int) ((0xFFFFFFFFL * 0x61C88647L & 0xFFFFFFFFL) >> 22));
    }

    @Test
    void shouldUseTheOtherEndOfAnInversePacket() {
        for (final String name : new String[] {"sh", "mh"}) {
            final FakePool pool = FakePool.ofWeights(1, 1, 1, 1, 1);
            final Scheduler scheduler = scheduler(name, pool, PORT);
            final ConnectionRequest request = Choices.request();
            final ConnectionRequest inverse = Choices.request();
            for (int client = 0; client < 200; client++) {
                request.sourceAddress = client;
                request.sourcePort = client * 7;
                inverse.inverse = true;
                inverse.destinationAddress = client;
                inverse.destinationPort = client * 7;
                inverse.sourceAddress = 5;
                inverse.sourcePort = 80;
                assertThat(scheduler.schedule(inverse)).isEqualTo(scheduler.schedule(request));
            }
        }
    }

    @Test
    void shouldFollowChangedFlags() {
        final FakePool pool = FakePool.ofWeights(0, 1);
        final Scheduler scheduler = scheduler("sh", pool);
        final int refused = refused(scheduler);
        assertThat(refused).isPositive();
        scheduler.flagsChanged(FALLBACK);
        assertThat(refused(scheduler)).isZero();
        scheduler.flagsChanged(0);
        assertThat(refused(scheduler)).isEqualTo(refused);
    }

    @Test
    void shouldKeepFlagsWhenThePoolChanges() {
        final FakePool pool = FakePool.ofWeights(0, 1);
        for (final String name : new String[] {"sh", "mh"}) {
            final Scheduler scheduler = scheduler(name, pool, FALLBACK);
            assertThat(refused(scheduler.poolChanged(pool.with(new FakeServer(9, 9, 80, 0)), -1)))
                    .isZero();
        }
    }

    @Test
    void shouldNotMoveOtherClientsWhenMhQuiescesAServer() {
        final FakePool pool = FakePool.ofWeights(3, 2, 1);
        final Scheduler scheduler = scheduler("mh", pool);
        final int[] before = choices(scheduler);
        pool.server(1).edit(0, 0, 0);
        scheduler.weightChanged(1);
        final int[] after = choices(scheduler);
        for (int client = 0; client < before.length; client++) {
            assertThat(after[client]).isEqualTo(before[client] == 1 ? Scheduler.NONE : before[client]);
        }
    }

    @Test
    void shouldServeWithMoreServersThanSlots() {
        final FakePool pool =
                FakePool.ofWeights(IntStream.generate(() -> 1).limit(5_000).toArray());
        assertThat(refused(scheduler("mh", pool))).isZero();
        assertThat(refused(scheduler("sh", pool))).isZero();
        assertThat(refused(scheduler("dh", pool))).isZero();
    }

    @Test
    void shouldFindNoServerInAnEmptyPool() {
        for (final String name : new String[] {"dh", "sh", "mh"}) {
            assertThat(Choices.next(scheduler(name, FakePool.ofWeights(), FALLBACK), 1))
                    .containsExactly(Scheduler.NONE);
        }
        assertThat(Choices.next(scheduler("mh", FakePool.ofWeights(0, 0), FALLBACK), 1))
                .containsExactly(Scheduler.NONE);
    }

    private static int refused(final Scheduler scheduler) {
        return (int) IntStream.of(choices(scheduler))
                .filter(position -> position == Scheduler.NONE)
                .count();
    }

    private static int[] choices(final Scheduler scheduler) {
        final ConnectionRequest request = Choices.request();
        return IntStream.range(0, 1_000)
                .map(client -> {
                    request.sourceAddress = 0x0A010000 + client;
                    request.destinationAddress = 0x0A090000 + client;
                    return scheduler.schedule(request);
                })
                .toArray();
    }
}

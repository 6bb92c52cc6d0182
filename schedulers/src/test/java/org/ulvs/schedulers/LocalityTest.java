// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The memory of lblc and lblcr: expiry, housekeeping, capacity. */
class LocalityTest {
    private static final long MINUTE = 60_000;

    private final ConnectionRequest request = Choices.request();

    @Test
    void shouldForgetAtTheThirtiethMinuteWhatWasNotUsedForTheTimeOfExpiration() {
        final AddressTable table = new AddressTable(10, 10);
        table.tick(0, 20 * MINUTE);
        add(table, 1, 0);
        add(table, 2, 15 * MINUTE);
        for (int minute = 1; minute < 30; minute++) {
            table.tick(minute * MINUTE, 20 * MINUTE);
        }
        assertThat(table.size()).isEqualTo(2);
        table.tick(30 * MINUTE, 20 * MINUTE);
        assertThat(table.size()).isEqualTo(1);
        assertThat(use(table, 1)).isEqualTo(AddressTable.NONE);
        assertThat(use(table, 2)).isNotEqualTo(AddressTable.NONE);
    }

    @Test
    void shouldForgetIdleDestinationsEachMinuteWhileThereAreTooMany() {
        final AddressTable table = new AddressTable(AddressTable.MAX_ENTRIES + 300, AddressTable.MAX_ENTRIES + 300);
        table.tick(0, 20 * MINUTE);
        for (int address = 0; address < AddressTable.MAX_ENTRIES + 300; address++) {
            add(table, address, address < 1_000 ? 0 : 5 * MINUTE);
        }
        table.tick(5 * MINUTE, 20 * MINUTE);
        assertThat(table.size()).isEqualTo(AddressTable.MAX_ENTRIES + 300);
        table.tick(6 * MINUTE, 20 * MINUTE);
        // four thirds of the surplus, and what else is idle in the last bucket
        assertThat(table.size()).isBetween(AddressTable.MAX_ENTRIES - 110, AddressTable.MAX_ENTRIES - 100);
    }

    @Test
    void shouldReuseWhatWasForgotten() {
        final AddressTable table = new AddressTable(3, 3);
        for (int round = 0; round < 5; round++) {
            final long start = 40L * round * MINUTE;
            for (int address = 0; address < 3; address++) {
                assertThat(add(table, round * 10 + address, start)).isNotEqualTo(AddressTable.NONE);
            }
            assertThat(add(table, 99, start)).isEqualTo(AddressTable.NONE);
            for (int minute = 1; minute <= 31; minute++) {
                table.tick(start + minute * MINUTE, MINUTE);
            }
            assertThat(table.size()).isZero();
        }
    }

    @Test
    void shouldServeAndCountWhatItCannotRemember() {
        final FakePool pool = FakePool.ofWeights(1_000_000, 1_000_000);
        for (final String name : new String[] {"lblc", "lblcr"}) {
            final Scheduler scheduler = Choices.scheduler(name, pool);
            for (int address = 0; address < LblcProvider.CAPACITY; address++) {
                request.destinationAddress = address;
                assertThat(scheduler.schedule(request)).isNotEqualTo(Scheduler.NONE);
            }
            assertThat(scheduler.overflows()).isZero();
            for (int i = 0; i < 3; i++) {
                request.destinationAddress = -1 - i;
                assertThat(scheduler.schedule(request)).isNotEqualTo(Scheduler.NONE);
            }
            assertThat(scheduler.overflows()).isEqualTo(3);
        }
    }

    @Test
    void shouldReturnADestinationToARevivedServer() {
        final FakePool pool = FakePool.ofWeights(9, 9);
        for (final String name : new String[] {"lblc", "lblcr"}) {
            final Scheduler scheduler = Choices.scheduler(name, pool);
            final int first = scheduler.schedule(request);
            final FakeServer server = pool.server(first);
            final FakePool smaller = pool.without(first);
            final Scheduler without = scheduler.poolChanged(smaller, server.id);
            request.destinationAddress++;
            final FakePool revived = smaller.with(server);
            final Scheduler again = without.poolChanged(revived, -1);
            request.destinationAddress--;
            assertThat(revived.id(again.schedule(request))).isEqualTo(server.id);
        }
    }

    @Test
    void shouldDropTheMostLoadedServerOfASetThatDidNotChangeForLong() {
        final FakePool pool = FakePool.ofWeights(1, 1, 10);
        final int[] expiration = {100};
        final Scheduler scheduler = Objects.requireNonNull(Schedulers.byName("lblcr"))
                .create(pool, 0, new SchedulerSettings() {
                    @Override
                    public int lblcExpirationSeconds() {
                        return 0;
                    }

                    @Override
                    public int lblcrExpirationSeconds() {
                        return expiration[0];
                    }
                });
        pool.server(2).withConnections(100, 0);
        request.nowMillis = 1_000;
        // a set of both light servers: the first is busy after two connections, while the second is idle
        assertThat(scheduler.schedule(request)).isZero();
        assertThat(scheduler.schedule(request)).isZero();
        pool.server(0).withConnections(7, 0);
        scheduler.loadChanged(0);
        assertThat(scheduler.schedule(request)).isEqualTo(1);
        for (int i = 0; i < 8; i++) {
            pool.server(0).unbind(true);
            scheduler.loadChanged(0);
        }
        pool.server(1).withConnections(20, 0);
        scheduler.loadChanged(1);
        request.nowMillis = 101_000;
        assertThat(scheduler.schedule(request)).isZero();
        // the set is older than the expiration now, and loses its busiest server
        request.nowMillis = 101_001;
        assertThat(scheduler.schedule(request)).isZero();
        for (int i = 0; i < 21; i++) {
            pool.server(1).unbind(true);
            scheduler.loadChanged(1);
        }
        for (int i = 0; i < 2; i++) {
            pool.server(0).unbind(true);
            scheduler.loadChanged(0);
        }
        assertThat(Counts.active(pool.counts(0))).isEqualTo(1);
        assertThat(Counts.active(pool.counts(1))).isZero();
        assertThat(scheduler.schedule(request)).isZero();
    }

    private static int add(final AddressTable table, final int address, final long now) {
        final int bucket = AddressTable.bucket(address);
        assertThat(table.tryLock(bucket)).isTrue();
        final int entry = table.add(bucket, address, now);
        if (entry != AddressTable.NONE) {
            assertThat(table.addMember(entry, 1, now)).isTrue();
        }
        table.unlock(bucket);
        return entry;
    }

    private static int use(final AddressTable table, final int address) {
        final int bucket = AddressTable.bucket(address);
        assertThat(table.tryLock(bucket)).isTrue();
        final int entry = table.use(bucket, address, 0);
        table.unlock(bucket);
        return entry;
    }
}

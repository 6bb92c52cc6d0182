// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random pools and random operations: each choice is the one that a scan by the kernel's rules makes. */
class KernelModelTest {
    private static final int SCENARIOS = 30;
    private static final int OPERATIONS = 1_500;

    @ParameterizedTest
    @ValueSource(strings = {"rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "lblc", "lblcr", "dh", "sh"})
    void shouldChooseAsAScanWould(final String name) {
        final long firstSeed = System.nanoTime();
        for (long seed = firstSeed; seed < firstSeed + SCENARIOS; seed++) {
            runScenario(name, seed);
        }
    }

    private static void runScenario(final String name, final long seed) {
        final Random random = new Random(seed);
        final int maxServers = 1 + random.nextInt(random.nextInt(8) == 0 ? 300 : 12);
        // the model of wrr takes a step for each level
        final int greatestWeight = name.equals("wrr") ? 100 : 65_535;
        final int maxWeight = 1 + random.nextInt(random.nextInt(4) == 0 ? greatestWeight : 6);
        final int destinations = 1 + random.nextInt(12);
        final KernelModel model = KernelModel.of(name);
        FakePool pool = new FakePool(List.of());
        Scheduler scheduler = Choices.scheduler(name, pool);
        int nextId = 0;
        for (int operation = 0; operation < OPERATIONS; operation++) {
            final int kind = operation < maxServers / 2 ? 0 : random.nextInt(40);
            if (kind == 0 && pool.size() < maxServers) {
                pool = pool.with(randomServer(nextId++, maxWeight, random));
                model.poolChanged(pool, -1);
                scheduler = scheduler.poolChanged(pool, -1);
            } else if (kind == 1 && pool.size() > 0) {
                final int position = random.nextInt(pool.size());
                final int id = pool.id(position);
                pool = pool.without(position);
                model.poolChanged(pool, id);
                scheduler = scheduler.poolChanged(pool, id);
            } else if (kind == 2 && pool.size() > 0) {
                final int position = random.nextInt(pool.size());
                final FakeServer server = pool.server(position);
                server.edit(randomWeight(maxWeight, random), randomThreshold(random), random.nextInt(2));
                model.weightChanged();
                scheduler.weightChanged(position);
            } else if (kind < 14 && pool.size() > 0) {
                changeLoad(pool, scheduler, random);
            } else {
                schedule(
                        pool,
                        scheduler,
                        model,
                        destinations,
                        random,
                        name + " with seed " + seed + ", operation " + operation);
            }
        }
    }

    private static void schedule(
            final FakePool pool,
            final Scheduler scheduler,
            final KernelModel model,
            final int destinations,
            final Random random,
            final String description) {
        final ConnectionRequest request = new ConnectionRequest();
        request.sourceAddress = 0x0A010000 + random.nextInt(65_536);
        request.destinationAddress = 0x0A090000 + random.nextInt(destinations);
        request.active = random.nextInt(4) != 0;
        final int expected = model.choose(request);
        final long before = expected < 0 ? 0 : pool.counts(expected);
        assertThat(scheduler.schedule(request)).as(description).isEqualTo(expected);
        if (expected >= 0) {
            assertThat(pool.counts(expected))
                    .as(description)
                    .isEqualTo(Counts.bound(before, request.active, pool.server(expected).upperThreshold));
        }
    }

    private static void changeLoad(final FakePool pool, final Scheduler scheduler, final Random random) {
        final int position = random.nextInt(pool.size());
        final FakeServer server = pool.server(position);
        final int active = Counts.active(server.counts.get());
        final int inactive = Counts.inactive(server.counts.get());
        if (random.nextBoolean() && active > 0) {
            if (random.nextBoolean()) {
                server.move(false);
            } else {
                server.unbind(true);
            }
        } else if (inactive > 0) {
            if (random.nextBoolean()) {
                server.move(true);
            } else {
                server.unbind(false);
            }
        } else {
            server.withConnections(random.nextInt(3), random.nextInt(3));
        }
        scheduler.loadChanged(position);
    }

    private static FakeServer randomServer(final int id, final int maxWeight, final Random random) {
        return new FakeServer(id, 0x0A000200 + id, 80, randomWeight(maxWeight, random))
                .withThresholds(randomThreshold(random), 0)
                .withConnections(random.nextInt(4), random.nextInt(4));
    }

    private static int randomWeight(final int maxWeight, final Random random) {
        return random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(maxWeight);
    }

    private static int randomThreshold(final Random random) {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 0;
    }
}

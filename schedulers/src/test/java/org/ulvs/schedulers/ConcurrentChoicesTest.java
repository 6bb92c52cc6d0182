// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several workers at once: the choices are those that one worker would make in some order. */
class ConcurrentChoicesTest {
    private static final int WORKERS = 4;

    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

    @AfterEach
    void stopWorkers() {
        workers.shutdownNow();
    }

    /** Bookings of one kind commute: whatever the order, the outcome is that of so many bookings in sequence. */
    @ParameterizedTest
    @ValueSource(strings = {"rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf"})
    void shouldShareOutAsOneWorkerWould(final String name) throws Exception {
        final int connections = 20_000;
        final FakePool expected = unevenPool();
        Choices.next(Choices.scheduler(name, expected), WORKERS * connections);

        final FakePool pool = unevenPool();
        final Scheduler scheduler = Choices.scheduler(name, pool);
        inParallel(worker -> Choices.next(scheduler, connections));

        for (int position = 0; position < pool.size(); position++) {
            assertThat(Counts.active(pool.counts(position)))
                    .as("server %d", position)
                    .isEqualTo(Counts.active(expected.counts(position)));
        }
    }

    /** With as many servers as workers, and each worker having one connection at a time, one is always idle. */
    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc", "sed", "nq", "ovf", "fo"})
    void shouldNeverChooseABusyServerWhileAnIdleOneExists(final String name) throws Exception {
        final AtomicBoolean chosenTwice = new AtomicBoolean();
        final FakePool pool = FakePool.ofWeights(2, 2, 2, 2);
        for (int position = 0; position < WORKERS; position++) {
            if (name.equals("fo")) {
                pool.server(position).withThresholds(1, 0);
            } else if (name.equals("ovf")) {
                pool.server(position).weight = 1;
                pool.server(position).withConnections(1, 0);
            }
        }
        final int idle = name.equals("ovf") ? 1 : 0;
        final Scheduler scheduler = Choices.scheduler(name, pool);
        inParallel(worker -> {
            final ConnectionRequest request = Choices.request();
            for (int i = 0; i < 100_000; i++) {
                final int position = scheduler.schedule(request);
                if (position == Scheduler.NONE || Counts.active(pool.counts(position)) != idle + 1) {
                    chosenTwice.set(true);
                    return;
                }
                pool.server(position).unbind(true);
                scheduler.loadChanged(position);
            }
        });
        assertThat(chosenTwice).isFalse();
    }

    /** At each pause the tree's winner is that of a scan, and the counts are what the workers hold. */
    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc", "sed", "nq", "fo", "ovf"})
    void shouldAgreeWithAScanWheneverTheWorkersPause(final String name) throws Exception {
        final long seed = System.nanoTime();
        final int rounds = 150;
        final FakePool pool = unevenPool();
        final KernelModel model = KernelModel.of(name);
        model.poolChanged(pool, -1);
        final LeastLoadScheduler scheduler = (LeastLoadScheduler) Choices.scheduler(name, pool);
        final AtomicIntegerArray held = new AtomicIntegerArray(pool.size());
        final List<String> differences = new ArrayList<>();
        final CyclicBarrier pause = new CyclicBarrier(WORKERS, () -> {
            final int scanned = model.choose(Choices.request());
            if (scheduler.best() != scanned) {
                differences.add("tree " + scheduler.best() + ", scan " + scanned);
            }
            for (int position = 0; position < pool.size(); position++) {
                if (Counts.total(pool.counts(position)) != held.get(position)) {
                    differences.add("server " + position + " has another count than is held");
                }
            }
        });
        inParallel(worker -> {
            final Random random = new Random(seed + worker);
            final List<Integer> own = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < 200; i++) {
                    step(scheduler, pool, held, own, random);
                }
                await(pause);
            }
        });
        assertThat(differences).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf"})
    void shouldNeverExceedAnUpperThreshold(final String name) throws Exception {
        final FakePool pool = FakePool.ofWeights(900, 900, 900, 900, 900);
        for (int position = 0; position < pool.size(); position++) {
            pool.server(position).withThresholds(100 + position, 0);
        }
        final Scheduler scheduler = Choices.scheduler(name, pool);
        inParallel(worker -> Choices.next(scheduler, 1_000));
        for (int position = 0; position < pool.size(); position++) {
            assertThat(Counts.active(pool.counts(position))).isEqualTo(100 + position);
        }
        assertThat(Choices.next(scheduler, 1)).containsExactly(Scheduler.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lblc", "lblcr"})
    void shouldKeepADestinationOnOneServer(final String name) throws Exception {
        final FakePool pool = FakePool.ofWeights(60_000, 60_000, 60_000);
        final Scheduler scheduler = Choices.scheduler(name, pool);
        final List<Map<Integer, Integer>> seen = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
            seen.add(new HashMap<>());
        }
        final AtomicBoolean moved = new AtomicBoolean();
        inParallel(worker -> {
            final ConnectionRequest request = Choices.request();
            final Map<Integer, Integer> own = seen.get(worker);
            for (int i = 0; i < 12_000; i++) {
                request.destinationAddress = i / 6;
                final int position = scheduler.schedule(request);
                final Integer before = own.put(request.destinationAddress, position);
                if (before != null && before != position) {
                    moved.set(true);
                }
            }
        });
        if (scheduler.overflows() == 0) {
            assertThat(moved).isFalse();
            assertThat(seen).allMatch(seen.get(0)::equals);
        }
    }

    @Test
    void shouldLoseNothingWhileThePoolChanges() throws Exception {
        final List<FakeServer> servers = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            servers.add(new FakeServer(i, 0x0A000201 + i, 80, 1 + i % 3));
        }
        final FakePool small = new FakePool(servers.subList(1, 9));
        final FakePool large = new FakePool(servers);
        final CyclicBarrier start = new CyclicBarrier(WORKERS);
        for (int round = 0; round < 300; round++) {
            final Scheduler before = Choices.scheduler("wlc", small);
            final List<Scheduler> after = new ArrayList<>();
            inParallel(worker -> {
                await(start);
                if (worker == 0) {
                    after.add(before.poolChanged(large, -1));
                } else {
                    final ConnectionRequest request = Choices.request();
                    for (int i = 0; i < 60; i++) {
                        final int position = before.schedule(request);
                        if (i % 3 != 0) {
                            small.server(position).unbind(true);
                            before.loadChanged(position);
                        }
                    }
                }
            });
            final KernelModel model = KernelModel.of("wlc");
            model.poolChanged(large, -1);
            assertThat(((LeastLoadScheduler) after.get(0)).best()).isEqualTo(model.choose(Choices.request()));
        }
    }

    private static void step(
            final Scheduler scheduler,
            final FakePool pool,
            final AtomicIntegerArray held,
            final List<Integer> own,
            final Random random) {
        if (own.isEmpty() || (random.nextInt(5) < 3 && own.size() < 60)) {
            final int position = scheduler.schedule(Choices.request());
            if (position != Scheduler.NONE) {
                own.add(position);
                held.incrementAndGet(position);
            }
        } else {
            final int position = own.remove(random.nextInt(own.size()));
            pool.server(position).unbind(true);
            held.decrementAndGet(position);
            scheduler.loadChanged(position);
        }
    }

    private static FakePool unevenPool() {
        final FakePool pool = FakePool.ofWeights(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4);
        pool.server(5).withThresholds(40, 0);
        pool.server(9).withThresholds(7, 3);
        return pool;
    }

    private void inParallel(final IntConsumer work) throws InterruptedException, ExecutionException {
        final List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            final int worker = i;
            tasks.add(() -> {
                work.accept(worker);
                return null;
            });
        }
        for (final Future<Void> result : workers.invokeAll(tasks)) {
            result.get();
        }
    }

    private static void await(final CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (final Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

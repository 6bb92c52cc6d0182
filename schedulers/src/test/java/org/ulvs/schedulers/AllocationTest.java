// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {
    private static final int CALLS = 1_000_000;
    private static final ConnectionRequest REQUEST = Choices.request();

    @ParameterizedTest
    @ValueSource(strings = {"rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "lblc", "lblcr", "dh", "sh", "mh"})
    void shouldAllocateNothingForAConnection(final String name) {
        final List<FakeServer> servers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            servers.add(new FakeServer(i, 0x0A000201 + i, 80, 1 + i % 7));
        }
        final FakePool pool = new FakePool(servers);
        final Scheduler scheduler = Choices.scheduler(name, pool, SchedulerProvider.FLAG_1 | SchedulerProvider.FLAG_2);
        run(scheduler, pool, 20_000);

        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        final long measurement = threads.getCurrentThreadAllocatedBytes() - before;
        final long start = threads.getCurrentThreadAllocatedBytes();
        run(scheduler, pool, CALLS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - start - measurement)
                .isZero();
    }

    private static void run(final Scheduler scheduler, final FakePool pool, final int calls) {
        for (int i = 0; i < calls; i++) {
            REQUEST.sourceAddress = i * 31;
            REQUEST.destinationAddress = i % 50_000;
            final int position = scheduler.schedule(REQUEST);
            final FakeServer server = pool.server(position);
            server.counts.set(Counts.unbound(server.counts.get(), true, 0, 0));
            scheduler.loadChanged(position);
        }
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NeighbourRequestsTest {
    private static final int PORT = 1;
    private static final int DEADLINE_S = 20;

    private final NeighbourRequests requests = new NeighbourRequests();
    private final BlockingQueue<Integer> resolved = new LinkedBlockingQueue<>();
    private final NeighbourRequests.Handler handler = new NeighbourRequests.Handler() {
        @Override
        public void onWanted(int port, int address) {
            resolved.add(address);
        }

        @Override
        public void onLearnt(int port, int address, long mac) {
            throw new AssertionError("nothing was taught");
        }
    };

    @Test
    void shouldWakeTheConductorForEachWishThatItHasNotSeen() throws InterruptedException {
        final Thread conductor = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                if (requests.drain(handler) == 0) {
                    // sleeps for good unless it is woken
                    LockSupport.park();
                }
            }
        });
        requests.wakes(conductor);
        conductor.start();
        try {
            for (int address = 1; address <= 100; address++) {
                requests.resolve(PORT, address);
                assertThat(resolved.poll(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo(address);
            }
        } finally {
            conductor.interrupt();
            conductor.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
        }
    }

    @Test
    void shouldKeepAWishForAConductorThatHasNotBegun() {
        requests.resolve(PORT, 7);
        requests.drain(handler);

        assertThat(resolved).containsExactly(7);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ulvs.control.lvscf.Configuration;

/** Asks a virtual IP address for an ICMP echo: the dataplane that owns it answers, and nobody else does. */
final class ForwardingProbe implements AutoCloseable {
    private static final long MOST_MS = 1_000;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        final Thread made = new Thread(task, "probe");
        made.setDaemon(true);
        return made;
    });

    /**
     * The address to ask.
     *
     * @param local whether an address is this machine's, which would answer itself
     */
    static Optional<InetAddress> target(Configuration configuration, Predicate<InetAddress> local) {
        return configuration.activeVirtualServers().stream()
                .map(virtual -> virtual.address().address())
                .filter(local.negate())
                .findFirst();
    }

    /**
     * Asks.
     *
     * @param address none is none that answers
     * @param limit how long an answer may take
     * @param then told the outcome, on the probe's thread
     */
    void ask(Optional<InetAddress> address, Duration limit, Consumer<Boolean> then) {
        final int limitMs = (int) Math.max(1, Math.min(MOST_MS, limit.toMillis()));
        try {
            thread.execute(() -> then.accept(address.isPresent() && answers(address.get(), limitMs)));
        } catch (RejectedExecutionException e) {
            then.accept(false);
        }
    }

    private static boolean answers(InetAddress address, int limitMs) {
        try {
            return address.isReachable(limitMs);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

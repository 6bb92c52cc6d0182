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

/**
 * Asks an address for an ICMP echo: the gateway, which tells whether this node's own network works, or a virtual IP
 * address, for which the dataplane that owns it answers and nobody else.
 */
final class EchoProbe implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        final Thread made = new Thread(task, "probe");
        made.setDaemon(true);
        return made;
    });

    /**
     * The virtual IP address to ask.
     *
     * @param local whether an address is this machine's, which would answer itself
     */
    static Optional<InetAddress> virtualAddress(Configuration configuration, Predicate<InetAddress> local) {
        return configuration.activeVirtualServers().stream()
                .map(virtual -> virtual.address().address())
                .filter(local.negate())
                .findFirst();
    }

    /**
     * Asks.
     *
     * @param address none is none that answers
     * @param limit how long an answer may take; it is asked for once a second
     * @param then told the outcome, on the probe's thread
     */
    void ask(Optional<InetAddress> address, Duration limit, Consumer<Boolean> then) {
        final int limitMs = (int) Math.max(1, limit.toMillis());
        try {
            threads.execute(() -> then.accept(address.isPresent() && answers(address.get(), limitMs)));
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
        threads.shutdownNow();
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing. After {@value #FREE_FAILURES} failures an address waits: one second, then twice as long
 * each time
 * up to five minutes. All addresses together have {@value #GLOBAL_FAILURES} failures a minute. Thread-safe.
 */
public final class LoginLimiter {
    static final int FREE_FAILURES = 5;
    static final int GLOBAL_FAILURES = 60;

    private static final int MAX_ADDRESSES = 10_000;
    private static final long MINUTE_MS = 60_000;
    private static final long LONGEST_MS = 300_000;

    private final Clock clock;
    private final Map<InetAddress, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };
    private long windowStartMs;
    private int windowFailures;

    /** A limiter on which nobody has failed yet. */
    public LoginLimiter(Clock clock) {
        this.clock = clock;
        this.windowStartMs = clock.millis();
    }

    private record Failures(int count, long untilMs) {}

    /**
     * Asks for an attempt; it counts as a failure until {@link #onSuccess}, so that many at once cannot pass.
     *
     * @return zero, or how long to wait
     */
    public synchronized Duration attempt(InetAddress address) {
        final long now = clock.millis();
        final Failures past = failures.getOrDefault(address, new Failures(0, 0));
        if (past.untilMs() > now) {
            return Duration.ofMillis(past.untilMs() - now);
        }
        if (now - windowStartMs >= MINUTE_MS) {
            windowStartMs = now;
            windowFailures = 0;
        }
        if (windowFailures >= GLOBAL_FAILURES) {
            return Duration.ofMillis(windowStartMs + MINUTE_MS - now);
        }
        windowFailures++;
        final int count = past.count() + 1;
        final long wait =
                count < FREE_FAILURES ? 0 : Math.min(LONGEST_MS, 1_000L << Math.min(20, count - FREE_FAILURES));
        failures.put(address, new Failures(count, now + wait));
        return Duration.ZERO;
    }

    /** The attempt was good: the address starts afresh. */
    public synchronized void onSuccess(InetAddress address) {
        failures.remove(address);
        windowFailures = Math.max(0, windowFailures - 1);
    }
}

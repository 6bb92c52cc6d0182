// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.util.concurrent.TimeUnit;

/**
 * Tells a partner of which only pulse has died from one that is dead altogether: before deadtime is over the virtual IP
 * address is asked for an answer, which only a dataplane that serves gives. Such a partner forwards on, so it is left a
 * grace to restart its pulse. Pure; one thread.
 */
final class SilentPartner {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long LEAST_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private long nextAskNs = NEVER;
    private long graceEndNs = NEVER;
    private boolean asked;
    private boolean answered;

    /** The partner has been heard. */
    void heard(long nowNs, boolean serving, PulseSettings settings) {
        forget();
        if (serving && settings.pulseGraceNs() > 0) {
            nextAskNs = nowNs + settings.deadtimeNs() * 2 / 3;
        }
    }

    /** Its silence no longer matters. */
    void forget() {
        nextAskNs = NEVER;
        graceEndNs = NEVER;
        asked = false;
        answered = false;
    }

    /** Whether the question is to be asked now; if so it counts as asked. */
    boolean ask(long nowNs) {
        if (nowNs < nextAskNs) {
            return false;
        }
        nextAskNs = NEVER;
        asked = true;
        return true;
    }

    /**
     * What came of the question.
     *
     * @return whether the grace is over with it
     */
    boolean onAnswer(long nowNs, boolean yes, PulseSettings settings) {
        if (!asked) {
            return false;
        }
        asked = false;
        answered = yes;
        if (yes) {
            nextAskNs = nowNs + Math.max(LEAST_INTERVAL_NS, settings.keepaliveNs());
            return false;
        }
        return waiting();
    }

    /** Deadtime is over: whether to wait nevertheless. The grace begins with the first time. */
    boolean waitsFor(long nowNs, PulseSettings settings) {
        if (!answered) {
            return false;
        }
        if (!waiting()) {
            graceEndNs = nowNs + settings.pulseGraceNs();
        }
        return nowNs < graceEndNs;
    }

    /** Whether the partner forwards and has been left a grace for its pulse. */
    boolean waiting() {
        return graceEndNs != NEVER;
    }

    /** Whether the grace has passed. */
    boolean over(long nowNs) {
        return nowNs >= graceEndNs;
    }

    long deadlineNs() {
        return Math.min(nextAskNs, graceEndNs);
    }
}

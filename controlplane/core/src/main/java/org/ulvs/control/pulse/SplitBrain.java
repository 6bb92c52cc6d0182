// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import org.ulvs.control.pulse.PulseActions.Counter;
import org.ulvs.control.pulse.PulseActions.Level;

/**
 * Both directors serve. The primary stays and announces its addresses again, the backup yields; a primary that the
 * backup does not hear yields to it after deadtime, since nobody else can.
 *
 * <p>The backup may have yielded before any beat of it that says "active" arrives. Therefore all its later beats say
 * when it yielded last ({@link Beat#yielded}), and a time that has changed tells the primary as well. Pure; one thread.
 */
final class SplitBrain {
    private static final long NEVER = Long.MAX_VALUE;

    private final PulseActions actions;
    private boolean lasting;
    private boolean servedThroughSilence;
    private long unheardSinceNs = NEVER;
    private long yielded;
    private long partnerYielded;
    private boolean partnerKnown;

    SplitBrain(PulseActions actions) {
        this.actions = actions;
    }

    /** Both serve and neither wants the other to. Counted and logged once until {@link #end}. */
    void notice(Role role) {
        if (lasting) {
            return;
        }
        lasting = true;
        actions.count(Counter.SPLIT_BRAINS);
        actions.journal("split-brain", "both directors are active");
        actions.log(Level.ERROR, "SPLIT BRAIN: both directors are active; the primary stays");
        if (role == Role.PRIMARY) {
            actions.log(Level.INFO, "partner active: resending arps");
            actions.announceAgain();
        }
    }

    /** The partner does not serve, or this director no longer does. */
    void end() {
        lasting = false;
        servedThroughSilence = false;
        unheardSinceNs = NEVER;
    }

    /** This director is active and does not hear its partner. */
    void onSilence() {
        servedThroughSilence = true;
    }

    /** Whether the partner may have become active in a silence in which this director was active too. */
    boolean possible() {
        return servedThroughSilence;
    }

    /** This director yields now, time in ns. */
    void onYield(long nowNs) {
        yielded = nowNs;
    }

    /** When this director yielded last, for its beats. */
    long yielded() {
        return yielded;
    }

    /** Takes down what the partner says: whether it has yielded since its last beat. */
    boolean partnerHasYielded(Beat beat) {
        final boolean news = partnerKnown && beat.yielded() != 0 && beat.yielded() != partnerYielded;
        partnerKnown = true;
        partnerYielded = beat.yielded();
        return news;
    }

    /** The partner serves too, and hears this director or not: whether it has not for deadtime. */
    boolean unheard(long nowNs, boolean heard, long deadtimeNs) {
        if (heard) {
            unheardSinceNs = NEVER;
        } else if (unheardSinceNs == NEVER) {
            unheardSinceNs = nowNs;
        }
        return unheardSinceNs != NEVER && nowNs - unheardSinceNs >= deadtimeNs;
    }
}

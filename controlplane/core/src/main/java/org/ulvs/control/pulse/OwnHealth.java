// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import org.ulvs.control.pulse.PulseActions.Level;

/** What this director has to serve with: its links and its dataplane. Pure; one thread. */
final class OwnHealth {
    private static final long NEVER = Long.MAX_VALUE;

    private final PulseActions actions;
    private boolean linkDown;
    private boolean dataplaneDown;
    private long dataplaneGraceNs = NEVER;

    OwnHealth(PulseActions actions) {
        this.actions = actions;
    }

    /** The links as they are now. @return whether that is news */
    boolean onLinks(boolean up) {
        if (up == !linkDown) {
            return false;
        }
        linkDown = !up;
        actions.journal("link", up ? "up" : "down");
        if (up) {
            actions.log(Level.INFO, "Local NIC link(s) restored: Pulse enabled");
        } else {
            actions.log(Level.ERROR, "Local NIC link failure: Pulse disabled");
        }
        return true;
    }

    /** The dataplane as it is now; a dead one is left {@code graceNs} to come back. @return whether that is news */
    boolean onDataplane(long nowNs, boolean alive, long graceNs) {
        if (alive == !dataplaneDown) {
            return false;
        }
        dataplaneDown = !alive;
        actions.journal("dataplane", alive ? "alive" : "dead");
        if (alive) {
            actions.log(Level.INFO, "dataplane is alive");
            dataplaneGraceNs = NEVER;
        } else {
            actions.log(Level.ERROR, "dataplane is dead");
            dataplaneGraceNs = nowNs + graceNs;
        }
        return true;
    }

    /** Whether a dead dataplane's time to come back has just passed; true once. */
    boolean dataplaneGraceOver(long nowNs) {
        if (nowNs < dataplaneGraceNs) {
            return false;
        }
        dataplaneGraceNs = NEVER;
        return true;
    }

    /** When {@link #dataplaneGraceOver} is to be asked. */
    long deadlineNs() {
        return dataplaneGraceNs;
    }

    boolean linkUp() {
        return !linkDown;
    }

    boolean dataplaneAlive() {
        return !dataplaneDown;
    }

    boolean good() {
        return !linkDown && !dataplaneDown;
    }
}

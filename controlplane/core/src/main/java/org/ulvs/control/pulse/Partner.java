// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

/** What the partner said last. Pure; one thread. */
final class Partner {
    private boolean alive;
    private boolean running;
    private boolean able;
    private boolean hearsUs;
    private boolean claims;
    private boolean dataplaneAlive;

    /**
     * Takes down what a beat says.
     *
     * @return whether the partner may have announced our addresses as its own: it gave up, or its dataplane came back
     *     with what it held before it died
     */
    boolean onBeat(Beat beat) {
        final boolean claimed = claims;
        final boolean lived = dataplaneAlive;
        running = beat.running();
        able = beat.able();
        hearsUs = beat.hearsYou();
        claims = beat.running() || beat.taking();
        dataplaneAlive = beat.dataplaneAlive();
        return (claimed && !claims) || (!lived && dataplaneAlive);
    }

    void heard() {
        alive = true;
    }

    /** It has said goodbye. */
    void left() {
        alive = false;
        running = false;
    }

    /** It has been silent for deadtime. */
    void lost() {
        left();
        dataplaneAlive = false;
    }

    boolean alive() {
        return alive;
    }

    boolean running() {
        return running;
    }

    boolean able() {
        return able;
    }

    boolean hearsUs() {
        return hearsUs;
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

/**
 * Whether a server is up, from the outcomes of its checks. Piranha's rules: the first good check admits a server that
 * was never seen; one failed check ({@code fall}) takes it out; after that it needs {@code rise} good checks in a row.
 */
public final class Health {
    /** What is known. */
    public enum State {
        /** Not checked yet: leave things as they are. */
        UNKNOWN,
        /** In use. */
        UP,
        /** Out of use. */
        DOWN
    }

    private final int rise;
    private final int fall;
    private State state = State.UNKNOWN;
    private int streak;
    private boolean lastUp;

    /** A server that was never seen. */
    public Health(int rise, int fall) {
        this.rise = Math.max(1, rise);
        this.fall = Math.max(1, fall);
    }

    /** What is known. */
    public State state() {
        return state;
    }

    /**
     * Takes in an outcome.
     *
     * @return whether the state has changed
     */
    public boolean onOutcome(boolean up) {
        streak = up == lastUp ? Math.min(streak + 1, Integer.MAX_VALUE - 1) : 1;
        lastUp = up;
        final State before = state;
        if (up && (state == State.UNKNOWN || (state == State.DOWN && streak >= rise))) {
            state = State.UP;
        } else if (!up && state != State.DOWN && streak >= fall) {
            state = State.DOWN;
        }
        return state != before;
    }

    /** Puts the state to a value from outside, as a forced one or one carried over a reload. */
    public void force(State forced) {
        state = forced;
        streak = 0;
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

/**
 * The weight of one server over time: slow start, then load monitoring, both at each weight tick (every 20 seconds).
 * Piranha's arithmetic: a server enters with 1/32 of its weight W and doubles it at each tick; with a load L known the
 * weight w moves by W/2 times the cube root of |1 - L| within W and 10 W, if that is at least a quarter of W.
 */
public final class Weight {
    private static final int SLOW_START_PART = 32;
    private static final int MOST = 10;
    private static final int LEAST_CHANGE_PART = 4;

    private final int configured;
    private final boolean slowStart;
    private int current;

    /** A server that is not in use yet. */
    public Weight(int configured, boolean slowStart) {
        this.configured = configured;
        this.slowStart = slowStart;
        this.current = configured;
    }

    /** The weight now. */
    public int current() {
        return current;
    }

    /** The server comes into use. */
    public void admit() {
        current = slowStart && configured > 1 ? Math.max(1, configured / SLOW_START_PART) : configured;
    }

    /** The server has been in use before pulse was started: it keeps the weight it has. */
    public void adopt(int weight) {
        current = configured == 0 ? 0 : Math.min(Math.max(weight, 1), configured * MOST);
    }

    /** Whether slow start goes on. */
    public boolean starting() {
        return current < configured;
    }

    /**
     * A weight tick.
     *
     * @return whether the weight has changed
     */
    public boolean tick() {
        if (!starting()) {
            return false;
        }
        current = Math.min(configured, Math.max(1, current * 2));
        return true;
    }

    /**
     * A load figure after slow start.
     *
     * @param load one-minute load average
     * @return whether the weight has changed
     */
    public boolean onLoad(double load) {
        if (starting() || configured == 0) {
            return false;
        }
        final double step = configured / 2.0 * Math.cbrt(Math.abs(1 - load));
        final double wanted = load < 1 ? current + step : current - step;
        final int next = (int) Math.min((double) configured * MOST, Math.max(configured, wanted));
        if (next == current || Math.abs(next - current) * LEAST_CHANGE_PART < configured) {
            return false;
        }
        current = next;
        return true;
    }
}

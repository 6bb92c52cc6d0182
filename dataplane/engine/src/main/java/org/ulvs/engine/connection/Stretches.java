// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

/**
 * A table's lines in 32 equal stretches, each once in 32 turns and far from the one before. In order they would follow
 * the lines that a steady flood takes, at whatever speed makes both equal, and find none that is old enough.
 */
final class Stretches {
    private static final int BITS = 5;
    private static final int COUNT = 1 << BITS;

    private final int lines;
    private int turn;
    private int stretch;

    Stretches(int lines) {
        this.lines = lines;
    }

    /** Goes on to the next one. */
    void advance() {
        stretch = Integer.reverse(turn++) >>> (Integer.SIZE - BITS);
    }

    /** The first line of the present one. */
    int first() {
        return bound(stretch);
    }

    /** The line after the last of the present one. */
    int end() {
        return bound(stretch + 1);
    }

    private int bound(int index) {
        return (int) ((long) lines * index / COUNT);
    }
}

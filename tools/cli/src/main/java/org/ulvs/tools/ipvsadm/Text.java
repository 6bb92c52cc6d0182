// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

/** Columns. Written out instead of format strings, which take long to load. */
final class Text {
    private Text() {}

    static StringBuilder left(StringBuilder out, String text, int width) {
        out.append(text);
        return blanks(out, width - text.length());
    }

    static StringBuilder left(StringBuilder out, long number, int width) {
        return left(out, Long.toString(number), width);
    }

    static StringBuilder right(StringBuilder out, String text, int width) {
        return blanks(out, width - text.length()).append(text);
    }

    private static StringBuilder blanks(StringBuilder out, int count) {
        for (int i = 0; i < count; i++) {
            out.append(' ');
        }
        return out;
    }

    /** A blank and a number in a column of 8, shortened with a unit unless it is to be exact. */
    static StringBuilder figure(StringBuilder out, long number, boolean exact) {
        out.append(' ');
        if (exact || number < 100_000_000L) {
            return right(out, Long.toString(number), 8);
        }
        if (number < 1_000_000_000L) {
            return right(out, Long.toString(number / 1_000L), 7).append('K');
        }
        if (number < 100_000_000_000L) {
            return right(out, Long.toString(number / 1_000_000L), 7).append('M');
        }
        if (number < 100_000_000_000_000L) {
            return right(out, Long.toString(number / 1_000_000_000L), 7).append('G');
        }
        return right(out, Long.toString(number / 1_000_000_000_000L), 7).append('T');
    }

    static StringBuilder two(StringBuilder out, long number) {
        return out.append(number < 10 ? "0" : "").append(number);
    }
}

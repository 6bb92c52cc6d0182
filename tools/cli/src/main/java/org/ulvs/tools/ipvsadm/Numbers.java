// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

/** The number parsing of the C library, with its tolerance for blanks and signs. */
final class Numbers {
    private Numbers() {}

    /** A decimal number that fills the whole text and lies in a range, or -1. */
    static long inRange(String text, long min, long max) {
        final int start = skipBlanksAndSign(text, 0);
        if (start == text.length() || !isDigits(text, start)) {
            return -1;
        }
        final long value = signed(text, start);
        return value >= min && value <= max ? value : -1;
    }

    /** As {@link #inRange}, but what is no such number gives min - 1. */
    static long lenient(String text, long min, long max) {
        final int start = skipBlanksAndSign(text, 0);
        if (start == text.length() || !isDigits(text, start)) {
            return min - 1;
        }
        final long value = signed(text, start);
        return value >= min && value <= max ? value : min - 1;
    }

    /** Like atoi: the digits in front, 0 without any. */
    static int leading(String text) {
        final int start = skipBlanksAndSign(text, 0);
        int end = start;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end == start ? 0 : (int) signed(text.substring(0, end), start);
    }

    static boolean isDigits(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int skipBlanksAndSign(String text, int from) {
        int start = from;
        while (start < text.length()
                && (text.charAt(start) == ' ' || (text.charAt(start) >= 9 && text.charAt(start) <= 13))) {
            start++;
        }
        if (start < text.length() && (text.charAt(start) == '-' || text.charAt(start) == '+')) {
            start++;
        }
        return start;
    }

    private static long signed(String text, int start) {
        long value = 0;
        for (int i = start; i < text.length() && value < Long.MAX_VALUE / 16; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return start > 0 && text.charAt(start - 1) == '-' ? -value : value;
    }
}

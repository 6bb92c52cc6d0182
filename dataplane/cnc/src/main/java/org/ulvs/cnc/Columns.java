// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/** Text as the kernel's files under {@code /proc/net} hold it: columns of a width, hexadecimal numbers. */
final class Columns {
    private static final String DIGITS = "0123456789ABCDEF";
    private static final String LOWER_CASE_DIGITS = "0123456789abcdef";
    private static final int DIGIT_BITS = 4;

    private final StringBuilder text = new StringBuilder();

    Columns clear() {
        text.setLength(0);
        return this;
    }

    Columns append(String value) {
        text.append(value);
        return this;
    }

    /** The low so many digits of a number. */
    Columns hex(long value, int digits) {
        return digits(value, digits, DIGITS);
    }

    Columns lowerCaseHex(long value, int digits) {
        return digits(value, digits, LOWER_CASE_DIGITS);
    }

    private Columns digits(long value, int digits, String names) {
        for (int shift = DIGIT_BITS * (digits - 1); shift >= 0; shift -= DIGIT_BITS) {
            text.append(names.charAt((int) (value >>> shift) & (1 << DIGIT_BITS) - 1));
        }
        return this;
    }

    /** A word and spaces after it, up to a width. */
    Columns left(String value, int width) {
        text.append(value);
        return spaces(width - value.length());
    }

    /** A word and spaces before it, up to a width. */
    Columns right(String value, int width) {
        spaces(width - value.length());
        text.append(value);
        return this;
    }

    private Columns spaces(int count) {
        for (int i = 0; i < count; i++) {
            text.append(' ');
        }
        return this;
    }

    StringBuilder text() {
        return text;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

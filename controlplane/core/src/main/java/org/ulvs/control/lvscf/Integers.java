// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

/** Integers as C's strtol with base 0 reads them: decimal, {@code 0x} hexadecimal, leading 0 octal. */
final class Integers {
    private Integers() {}

    static long parse(String text) {
        final boolean negative = text.startsWith("-");
        final String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || !Character.isDigit(digits.charAt(0))) {
            throw new NumberFormatException("not a number: " + text);
        }
        final long value;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            value = Long.parseLong(digits.substring(2), 16);
        } else if (digits.length() > 1 && digits.charAt(0) == '0') {
            value = Long.parseLong(digits, 8);
        } else {
            value = Long.parseLong(digits);
        }
        return negative ? -value : value;
    }
}

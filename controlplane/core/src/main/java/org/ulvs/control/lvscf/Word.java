// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

/**
 * A word of a line.
 *
 * @param text without its quotes
 * @param start index of its first character in the line, a quote included
 * @param end index after its last character
 * @param quote the quote character around it, or 0
 * @param placeholder whether it holds a template's {@code {{ }}}
 */
record Word(String text, int start, int end, char quote, boolean placeholder) {
    int column() {
        return start + 1;
    }

    boolean is(String expected) {
        return quote == 0 && text.equals(expected);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

/** A piece of the document; all pieces in order are the file's text. */
public sealed interface Node permits Node.Other, Directive, Block {
    /** Appends the piece's text, line ends included. */
    void appendTo(StringBuilder out);

    /**
     * A line without meaning: blank, a comment, or one that could not be understood (a finding says so).
     *
     * @param text the line with its line end
     */
    record Other(String text) implements Node {
        @Override
        public void appendTo(StringBuilder out) {
            out.append(text);
        }

        boolean isBlank() {
            return text.isBlank();
        }
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.nio.charset.StandardCharsets;

/** Backslash sequences in send and expect, as nanny reads them. */
public final class Escapes {
    private Escapes() {}

    /**
     * Replaces {@code \n \r \t \\ \' \"}; other sequences and one-character texts stay as they are.
     *
     * @param text as it stands in lvs.cf
     */
    public static byte[] translate(String text) {
        if (text.length() < 2 || text.indexOf('\\') < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        final StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            final char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : '\0';
            final int found = next == '\0' ? -1 : "nrt\\'\"".indexOf(next);
            if (found < 0) {
                out.append(c);
            } else {
                out.append("\n\r\t\\'\"".charAt(found));
                i++;
            }
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes as printable text, at most 60 characters of it. */
    public static String printable(byte[] bytes) {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length && out.length() < 60; i++) {
            final char c = (char) (bytes[i] & 0xff);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\x%02x", (int) c));
            }
        }
        return bytes.length > 0 && out.length() >= 60 ? out + "..." : out.toString();
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import org.jspecify.annotations.Nullable;

/** The kinds of blocks in lvs.cf. */
public enum BlockKind {
    /** The file itself. */
    FILE(""),
    /** A virtual server. */
    VIRTUAL("virtual"),
    /** A failover service. */
    FAILOVER("failover"),
    /** A real server inside a virtual server. */
    SERVER("server");

    private final String keyword;

    BlockKind(String keyword) {
        this.keyword = keyword;
    }

    /** The word that opens such a block; empty for the file. */
    public String keyword() {
        return keyword;
    }

    static @Nullable BlockKind of(String word) {
        for (final BlockKind kind : values()) {
            if (kind != FILE && kind.keyword.equals(word)) {
                return kind;
            }
        }
        return null;
    }

    /** Whether a line starts with a block's keyword and a blank. */
    static boolean startsBlock(String line) {
        final String stripped = line.strip();
        for (final BlockKind kind : values()) {
            if (kind != FILE
                    && stripped.startsWith(kind.keyword)
                    && stripped.length() > kind.keyword.length()
                    && Lexer.isBlank(stripped.charAt(kind.keyword.length()))
                    && !stripped.substring(kind.keyword.length()).strip().startsWith("=")) {
                return true;
            }
        }
        return false;
    }
}

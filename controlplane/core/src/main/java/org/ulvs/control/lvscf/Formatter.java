// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;

/**
 * Lays a document out as Piranha's web tool did: its order of keys, five and nine blanks of indentation. Comments stay
 * with the line below them, a comment after a value moves above its line, unknown keys come after the known ones.
 */
final class Formatter {
    private final StringBuilder out = new StringBuilder();

    private Formatter() {}

    static String format(LvsCfDocument document) {
        final Formatter formatter = new Formatter();
        formatter.children(document.file(), "");
        return formatter.out.toString();
    }

    private void children(Block block, String indent) {
        final List<String> order = Keys.order(block.kind());
        final List<Piece> pieces = Piece.of(block);
        for (final String key : order) {
            pieces.stream().filter(piece -> piece.is(key)).forEach(piece -> piece.write(this, indent));
        }
        pieces.stream()
                .filter(piece -> piece.node() instanceof Directive directive && !order.contains(directive.key()))
                .forEach(piece -> piece.write(this, indent));
        for (final BlockKind kind : List.of(BlockKind.FAILOVER, BlockKind.VIRTUAL, BlockKind.SERVER)) {
            pieces.stream()
                    .filter(piece -> piece.node() instanceof Block child && child.kind() == kind)
                    .forEach(piece -> piece.write(this, indent));
        }
        pieces.stream().filter(piece -> piece.node() instanceof Node.Other).forEach(piece -> piece.write(this, indent));
    }

    private void line(String indent, String text) {
        out.append(indent).append(text).append('\n');
    }

    /** A directive or block with the comments above it; comments at the end of a block stand alone. */
    private record Piece(List<String> comments, Node node) {
        static List<Piece> of(Block block) {
            final List<Piece> pieces = new java.util.ArrayList<>();
            List<String> comments = new java.util.ArrayList<>();
            for (final Node node : block.children()) {
                if (node instanceof Node.Other other) {
                    if (!other.isBlank()) {
                        comments.add(other.text().strip());
                    }
                    continue;
                }
                pieces.add(new Piece(List.copyOf(comments), node));
                comments = new java.util.ArrayList<>();
            }
            if (!comments.isEmpty()) {
                pieces.add(new Piece(List.copyOf(comments), new Node.Other("")));
            }
            return pieces;
        }

        boolean is(String key) {
            return node instanceof Directive directive && directive.key().equals(key);
        }

        void write(Formatter formatter, String indent) {
            comments.forEach(comment -> formatter.line(indent, comment));
            if (node instanceof Directive directive) {
                directive.comment().ifPresent(comment -> formatter.line(indent, comment));
                formatter.line(indent, (directive.key() + " = " + directive.value()).stripTrailing());
            } else if (node instanceof Block block) {
                formatter.line(indent, block.kind().keyword() + ' ' + block.name() + " {");
                formatter.children(block, block.kind() == BlockKind.SERVER ? "         " : "     ");
                formatter.line(indent, "}");
            }
        }
    }
}

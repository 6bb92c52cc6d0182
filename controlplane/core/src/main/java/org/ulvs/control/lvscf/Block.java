// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file or one of its blocks, open for editing. What an edit does not name stays as it was written: comments, blank
 * lines, order, unknown keys. Not thread-safe.
 */
public final class Block implements Node {
    private final BlockKind kind;
    private final int line;
    private final List<Node> children = new ArrayList<>();
    private String name;
    private String opening;
    private @Nullable String closing;
    private final @Nullable Word nameWord;
    private final String lineEnd;

    Block(BlockKind kind, String name, int line, String opening, @Nullable Word nameWord, String lineEnd) {
        this.kind = kind;
        this.name = name;
        this.line = line;
        this.opening = opening;
        this.nameWord = nameWord;
        this.lineEnd = lineEnd;
    }

    /** What kind of block. */
    public BlockKind kind() {
        return kind;
    }

    /** The name after the keyword; empty for the file. */
    public String name() {
        return name;
    }

    /** Line number of the opening line in the text that was read; 0 for the file and for a block added since. */
    public int line() {
        return line;
    }

    /** Everything directly inside. */
    public List<Node> children() {
        return List.copyOf(children);
    }

    /** The lines {@code key = value} directly inside, in order. */
    public List<Directive> directives() {
        return children.stream()
                .filter(Directive.class::isInstance)
                .map(Directive.class::cast)
                .toList();
    }

    /** The blocks directly inside, in order. */
    public List<Block> blocks() {
        return children.stream()
                .filter(Block.class::isInstance)
                .map(Block.class::cast)
                .toList();
    }

    /** The blocks of a kind directly inside, in order. */
    public List<Block> blocks(BlockKind wanted) {
        return blocks().stream().filter(block -> block.kind == wanted).toList();
    }

    /** The first block of a kind and name directly inside. */
    public Optional<Block> block(BlockKind wanted, String wantedName) {
        return blocks(wanted).stream()
                .filter(block -> block.name.equals(wantedName))
                .findFirst();
    }

    /** The last line with a key, the one that counts. */
    public Optional<Directive> directive(String key) {
        Directive found = null;
        for (final Directive directive : directives()) {
            if (directive.key().equals(key)) {
                found = directive;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The value of a key without quotes, blanks between words made one. */
    public Optional<String> value(String key) {
        return directive(key)
                .map(directive -> String.join(
                        " ", directive.words().stream().map(Word::text).toList()));
    }

    /**
     * Sets a key. An existing line (the last with this key) keeps its place, indentation and comment; a new line goes
     * where Piranha's own tool would have written it. Quotes are added where the key or the value needs them.
     *
     * @param value the bare value: {@code GET / HTTP/1.0\r\n\r\n}, {@code 192.168.26.10 eth0:1}
     * @throws IllegalArgumentException if the value holds a line end, or both kinds of quotes
     */
    public Block set(String key, String value) {
        final String written = Quoting.quote(kind, key, value);
        final Optional<Directive> existing = directive(key);
        if (existing.isPresent()) {
            if (!Quoting.same(existing.get(), value)) {
                existing.get().value(written);
            }
        } else {
            children.add(indexFor(key), Directive.create(indent(), key, written, lineEnd));
        }
        return this;
    }

    /** Removes all lines with a key. */
    public Block remove(String key) {
        children.removeIf(
                node -> node instanceof Directive directive && directive.key().equals(key));
        return this;
    }

    /** Adds a block behind the last one of its kind (failover blocks stand before virtual ones). */
    public Block addBlock(BlockKind added, String blockName) {
        if ((added == BlockKind.SERVER) != (kind == BlockKind.VIRTUAL) || added == BlockKind.FILE) {
            throw new IllegalArgumentException("no " + added.keyword() + " block inside " + kind);
        }
        final String checked = Quoting.name(blockName);
        final String indent = kind == BlockKind.FILE ? "" : indent();
        final Block block =
                new Block(added, checked, 0, indent + added.keyword() + ' ' + checked + " {" + lineEnd, null, lineEnd);
        block.closing = indent + '}' + lineEnd;
        children.add(indexForBlock(added), block);
        return block;
    }

    /** Removes a block that {@link #blocks()} returned, with the comments inside it. */
    public void removeBlock(Block block) {
        children.remove(block);
    }

    /** Gives the block another name; indentation and comments stay. */
    public void rename(String newName) {
        final String checked = Quoting.name(newName);
        if (nameWord == null) {
            opening = opening.replaceFirst(
                    kind.keyword() + " .* \\{",
                    java.util.regex.Matcher.quoteReplacement(kind.keyword() + ' ' + checked + " {"));
        } else {
            final int shift = name.length() + (nameWord.quote() == 0 ? 0 : 2);
            opening = opening.substring(0, nameWord.start()) + checked + opening.substring(nameWord.start() + shift);
        }
        name = checked;
    }

    @Override
    public void appendTo(StringBuilder out) {
        out.append(opening);
        for (final Node child : children) {
            child.appendTo(out);
        }
        if (closing != null) {
            out.append(closing);
        }
    }

    void add(Node node) {
        children.add(node);
    }

    void close(String closingLine) {
        closing = closingLine;
    }

    private String indent() {
        for (final Node node : children) {
            if (node instanceof Directive directive) {
                return directive.indent();
            }
        }
        return switch (kind) {
            case FILE -> "";
            case VIRTUAL, FAILOVER -> "     ";
            case SERVER -> "         ";
        };
    }

    private int indexFor(String key) {
        final List<String> order = Keys.order(kind);
        final int rank = order.indexOf(key);
        int after = -1;
        int firstBlock = children.size();
        int lastDirective = -1;
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i) instanceof Directive directive) {
                lastDirective = i;
                final int other = order.indexOf(directive.key());
                if (rank >= 0 && other >= 0 && other < rank) {
                    after = i;
                }
            } else if (children.get(i) instanceof Block && i < firstBlock) {
                firstBlock = i;
            }
        }
        if (after >= 0) {
            return after + 1;
        }
        if (rank >= 0 && lastDirective >= 0) {
            return indexOfFirstDirective();
        }
        return lastDirective >= 0 && lastDirective < firstBlock ? lastDirective + 1 : trailingTrivia(firstBlock);
    }

    private int indexOfFirstDirective() {
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i) instanceof Directive) {
                return i;
            }
        }
        return 0;
    }

    private int trailingTrivia(int end) {
        int index = end;
        while (index > 0 && children.get(index - 1) instanceof Other other && other.isBlank()) {
            index--;
        }
        return index;
    }

    private int indexForBlock(BlockKind added) {
        int last = -1;
        int firstVirtual = -1;
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i) instanceof Block block) {
                if (block.kind == added) {
                    last = i;
                }
                if (block.kind == BlockKind.VIRTUAL && firstVirtual < 0) {
                    firstVirtual = i;
                }
            }
        }
        if (last >= 0) {
            return last + 1;
        }
        return added == BlockKind.FAILOVER && firstVirtual >= 0 ? firstVirtual : trailingTrivia(children.size());
    }
}

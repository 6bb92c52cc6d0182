// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text to document: lines, directives and blocks, with findings on structure. */
final class DocumentParser {
    /** First word of findings on templates. */
    static final String TEMPLATE = "template";

    private final Findings findings;
    private final Deque<Block> open = new ArrayDeque<>();
    private int number;

    private DocumentParser(Findings findings) {
        this.findings = findings;
    }

    static LvsCfDocument parse(String text, Findings findings) {
        return new DocumentParser(findings).run(text);
    }

    private LvsCfDocument run(String text) {
        final String lineEnd =
                text.indexOf("\r\n") >= 0 && text.indexOf("\r\n") == text.indexOf('\n') - 1 ? "\r\n" : "\n";
        final Block file = new Block(BlockKind.FILE, "", 0, "", null, lineEnd);
        open.push(file);
        boolean finalLineEnd = true;
        boolean carriageReturns = false;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            finalLineEnd = end >= 0;
            final int next = finalLineEnd ? end + 1 : text.length();
            end = finalLineEnd ? end : text.length();
            if (end > start && text.charAt(end - 1) == '\r') {
                end--;
                carriageReturns = true;
            }
            number++;
            line(text.substring(start, end), finalLineEnd ? text.substring(end, next) : lineEnd, lineEnd);
            start = next;
        }
        if (carriageReturns) {
            findings.warning(
                    0,
                    0,
                    "lines end with CR LF",
                    "convert the file to plain line ends",
                    "every second line is dropped without a word");
        }
        while (open.size() > 1) {
            final Block block = open.pop();
            findings.error(
                    block.line(),
                    0,
                    "this block is never closed",
                    "add a line with } at its end",
                    Findings.UNEXPECTED_END);
        }
        return new LvsCfDocument(file, finalLineEnd);
    }

    private Block current() {
        return open.getFirst();
    }

    private void line(String text, String end, String lineEnd) {
        final String stripped = text.strip();
        if (stripped.isEmpty() || stripped.charAt(0) == '#') {
            current().add(new Node.Other(text + end));
            return;
        }
        final String plain = withoutInstructions(text);
        final @Nullable List<Word> words = Lexer.split(plain, number, findings);
        if (words == null || words.isEmpty()) {
            current().add(new Node.Other(text + end));
            return;
        }
        final Word first = words.get(0);
        final @Nullable BlockKind kind = BlockKind.startsBlock(plain) ? BlockKind.of(first.text()) : null;
        if (first.text().startsWith("}")) {
            close(text + end, words);
        } else if (kind != null) {
            open(kind, text + end, words, lineEnd);
        } else {
            directive(text, end, words);
        }
    }

    /** The line with blanks in the place of a template's {@code {% %}}. */
    private String withoutInstructions(String text) {
        final StringBuilder plain = new StringBuilder(text);
        int start = text.indexOf("{%");
        while (start >= 0) {
            final int end = text.indexOf("%}", start);
            if (end < 0) {
                break;
            }
            findings.warning(
                    number, start + 1, TEMPLATE + " instruction", "render the template", Findings.UNKNOWN_COMMAND);
            for (int i = start; i < end + 2; i++) {
                plain.setCharAt(i, ' ');
            }
            start = text.indexOf("{%", end);
        }
        return plain.toString();
    }

    private void close(String text, List<Word> words) {
        final Word first = words.get(0);
        if (words.size() > 1 || first.text().length() > 1) {
            final int column = words.size() > 1 ? words.get(1).column() : first.column() + 1;
            findings.error(
                    number, column, "something behind }", "} stands alone on its line", Findings.UNEXPECTED_ARGUMENTS);
        }
        if (current().kind() == BlockKind.FILE) {
            findings.error(number, first.column(), "} without an open block", "remove it", Findings.UNKNOWN_COMMAND);
            current().add(new Node.Other(text));
            return;
        }
        open.pop().close(text);
    }

    private void open(BlockKind kind, String text, List<Word> words, String lineEnd) {
        final Word last = words.get(words.size() - 1);
        final Word first = words.get(0);
        if (words.size() != 3 || !last.is("{")) {
            final boolean brace = last.is("{");
            findings.error(
                    number,
                    first.column(),
                    brace ? "a block's name is one word" : "no { at the end of the line that opens a block",
                    "write \"" + kind.keyword() + " NAME {\"",
                    words.size() < 3 ? Findings.MISSING_ARGUMENTS : Findings.UNEXPECTED_ARGUMENTS);
            if (!brace) {
                current().add(new Node.Other(text));
                return;
            }
        }
        final Block parent = current();
        if ((kind == BlockKind.SERVER) != (parent.kind() == BlockKind.VIRTUAL) || parent.kind() == BlockKind.SERVER) {
            final String place = parent.kind() == BlockKind.FILE
                    ? "at top level"
                    : "inside the " + parent.kind().keyword() + " block of line " + parent.line();
            findings.error(
                    number,
                    first.column(),
                    kind.keyword() + " block " + place,
                    kind == BlockKind.SERVER ? "move it into a virtual block" : "close the open block with } first",
                    Findings.UNKNOWN_COMMAND);
        }
        final @Nullable Word name = words.size() == 3 ? words.get(1) : null;
        if (name != null && name.placeholder()) {
            findings.warning(
                    number,
                    name.column(),
                    TEMPLATE + " placeholder",
                    "render the template",
                    Findings.UNEXPECTED_ARGUMENTS);
        }
        final Block block = new Block(kind, name == null ? "" : name.text(), number, text, name, lineEnd);
        parent.add(block);
        open.push(block);
    }

    private void directive(String text, String end, List<Word> words) {
        final Word key = words.get(0);
        final boolean equals = words.size() > 1 && words.get(1).is("=");
        if (key.is("{") || key.is("=")) {
            findings.error(
                    number, key.column(), "a line cannot start with " + key.text(), "", Findings.UNKNOWN_COMMAND);
        } else if (!equals) {
            findings.error(
                    number,
                    words.size() > 1 ? words.get(1).column() : key.end() + 1,
                    "no equals sign after " + key.text(),
                    "write \"" + key.text() + " = value\"",
                    Findings.EQUAL_EXPECTED);
        } else {
            final List<Word> value = words.subList(2, words.size());
            current()
                    .add(new Directive(
                            key.text(), number, text, end, value, words.get(1).end()));
            return;
        }
        current().add(new Node.Other(text + end));
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits one line into words. Piranha's rules: blanks separate, a comment starts with {@code #} as the first character
 * of the line, a word may be quoted with either quote. Accepted beyond that, each with a finding that says so: comments
 * after values, an equals sign or a brace without blanks around it, and {@code \"} inside a quoted word.
 */
final class Lexer {
    private static final int MAX_WORDS = 99;

    private final String line;
    private final int number;
    private final Findings findings;
    private final List<Word> words = new ArrayList<>();
    private final boolean opensBlock;
    private boolean seenEquals;
    private int position;

    private Lexer(String line, int number, Findings findings) {
        this.line = line;
        this.number = number;
        this.findings = findings;
        this.opensBlock = BlockKind.startsBlock(line);
    }

    /**
     * The words of a line.
     *
     * @return null when the line cannot be split; the finding says why
     */
    static @Nullable List<Word> split(String line, int number, Findings findings) {
        final Lexer lexer = new Lexer(line, number, findings);
        return lexer.run() ? lexer.words : null;
    }

    private boolean run() {
        while (true) {
            skipBlanks();
            if (position >= line.length()) {
                break;
            }
            final char c = line.charAt(position);
            if (c == '#') {
                if (!words.isEmpty()) {
                    findings.warning(
                            number,
                            position + 1,
                            "comment after a value",
                            "put it on a line of its own",
                            lastIsPlainlyQuoted() ? Findings.QUOTATION_MISMATCH : Findings.UNEXPECTED_ARGUMENTS);
                }
                return true;
            }
            if (c == '"' || c == '\'') {
                if (!quoted(c)) {
                    return false;
                }
            } else if (line.startsWith("{{", position) && line.indexOf("}}", position) > 0) {
                placeholder();
            } else {
                plain();
            }
        }
        if (words.size() > MAX_WORDS) {
            findings.note(number, 1, "more than " + MAX_WORDS + " words", Findings.UNEXPECTED_ARGUMENTS);
        }
        return true;
    }

    private boolean lastIsPlainlyQuoted() {
        final Word last = words.get(words.size() - 1);
        return last.quote() != 0 && last.text().indexOf(' ') < 0 && last.text().indexOf('\t') < 0;
    }

    private void skipBlanks() {
        while (position < line.length() && isBlank(line.charAt(position))) {
            position++;
        }
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == (char) 11;
    }

    private void plain() {
        final int start = position;
        if (!opensBlock && !seenEquals && line.charAt(position) == '=') {
            position++;
            seenEquals = true;
            final boolean tightBefore = start > 0 && !isBlank(line.charAt(start - 1));
            final boolean tightAfter = position < line.length() && !isBlank(line.charAt(position));
            if (tightBefore || tightAfter) {
                findings.warning(
                        number,
                        start + 1,
                        "no blank around the equals sign",
                        "write \"key = value\"",
                        tightBefore ? Findings.EQUAL_EXPECTED : Findings.MISSING_ARGUMENTS);
            }
            words.add(new Word("=", start, position, '\0', false));
            return;
        }
        while (position < line.length() && !isBlank(line.charAt(position))) {
            if (!opensBlock && !seenEquals && line.charAt(position) == '=') {
                break;
            }
            position++;
        }
        if (opensBlock && position - start > 1 && !words.isEmpty() && line.charAt(position - 1) == '{') {
            findings.warning(
                    number,
                    position,
                    "no blank before the brace",
                    "write \"" + line.substring(start, position - 1) + " {\"",
                    Findings.UNEXPECTED_ARGUMENTS);
            words.add(new Word(line.substring(start, position - 1), start, position - 1, '\0', false));
            words.add(new Word("{", position - 1, position, '\0', false));
            return;
        }
        words.add(new Word(line.substring(start, position), start, position, '\0', false));
    }

    private void placeholder() {
        final int start = position;
        position = line.indexOf("}}", position) + 2;
        while (position < line.length() && !isBlank(line.charAt(position))) {
            position++;
        }
        words.add(new Word(line.substring(start, position), start, position, '\0', true));
    }

    private boolean quoted(char quote) {
        final int start = position;
        final int close = closingQuote(start, quote);
        if (close < 0) {
            findings.error(
                    number,
                    start + 1,
                    "no closing " + quote + " on this line",
                    "close the quotation on the same line",
                    Findings.QUOTATION_MISMATCH);
            return false;
        }
        final String text = line.substring(start + 1, close);
        position = close + 1;
        words.add(new Word(text, start, position, quote, false));
        if (position < line.length()) {
            if (!isBlank(line.charAt(position))) {
                findings.error(
                        number,
                        position + 1,
                        "characters right after the closing quote",
                        "end the value with the quote",
                        Findings.QUOTATION_MISMATCH);
                return false;
            }
            if (line.substring(position).isBlank() && lastIsPlainlyQuoted()) {
                findings.note(number, position + 1, "blanks after a quoted word", Findings.QUOTATION_MISMATCH);
            }
        }
        return true;
    }

    /** Piranha ends a word at the next quote; where that cannot be meant, a quote after a backslash belongs to it. */
    private int closingQuote(int start, char quote) {
        final int first = line.indexOf(quote, start + 1);
        if (first < 0 || line.charAt(first - 1) != '\\' || endsHere(first)) {
            return first;
        }
        int next = first;
        while (next >= 0 && line.charAt(next - 1) == '\\' && !endsHere(next)) {
            next = line.indexOf(quote, next + 1);
        }
        if (next >= 0) {
            findings.warning(
                    number,
                    first,
                    "a quote inside a quoted value",
                    "quote the value with the other quote character",
                    Findings.QUOTATION_MISMATCH);
        }
        return next;
    }

    private boolean endsHere(int index) {
        final String rest = line.substring(index + 1).strip();
        return rest.isEmpty() || (rest.charAt(0) == '#' && isBlank(line.charAt(index + 1)));
    }
}

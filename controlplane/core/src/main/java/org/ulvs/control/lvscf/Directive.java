// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;
import java.util.Optional;

/** A line {@code key = value}. Changing the value leaves indentation, trailing comment and line end as they are. */
public final class Directive implements Node {
    private final String key;
    private final int line;
    private final String lineEnd;
    private String text;
    private List<Word> words;
    private int equalsEnd;

    Directive(String key, int line, String text, String lineEnd, List<Word> words, int equalsEnd) {
        this.key = key;
        this.line = line;
        this.text = text;
        this.lineEnd = lineEnd;
        this.words = List.copyOf(words);
        this.equalsEnd = equalsEnd;
    }

    /** A line that is not in a file yet. */
    static Directive create(String indent, String key, String value, String lineEnd) {
        final String head = indent + key + " =";
        final Word word = new Word(value, head.length() + 1, head.length() + 1 + value.length(), '\0', false);
        return new Directive(key, 0, head + ' ' + value, lineEnd, List.of(word), head.length());
    }

    /** The key. */
    public String key() {
        return key;
    }

    /** Line number in the text that was read, from 1; 0 for a line that was added since. */
    public int line() {
        return line;
    }

    /** The value as it is written, quotes included; empty when there is none. */
    public String value() {
        return words.isEmpty()
                ? ""
                : text.substring(
                        words.get(0).start(), words.get(words.size() - 1).end());
    }

    /** The comment after the value, with its #. */
    Optional<String> comment() {
        final int end =
                words.isEmpty() ? equalsEnd : words.get(words.size() - 1).end();
        final String rest = text.substring(Math.min(end, text.length())).strip();
        return rest.startsWith("#") ? Optional.of(rest) : Optional.empty();
    }

    List<Word> words() {
        return words;
    }

    String indent() {
        return text.substring(0, text.indexOf(key));
    }

    void value(String value) {
        final int start = words.isEmpty() ? equalsEnd + 1 : words.get(0).start();
        final int end =
                words.isEmpty() ? equalsEnd : words.get(words.size() - 1).end();
        final String head = words.isEmpty() ? text.substring(0, end) + ' ' : text.substring(0, start);
        text = head + value + text.substring(Math.min(end, text.length()));
        words = List.of(new Word(value, start, start + value.length(), '\0', false));
    }

    @Override
    public void appendTo(StringBuilder out) {
        out.append(text).append(lineEnd);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.collections.MutableInteger;

/**
 * What an answer must be like.
 *
 * @param kind how to compare
 * @param text what to compare with: bytes as ISO 8859-1, or a regular expression
 */
public record Expectation(Kind kind, String text) {
    /** How to compare. */
    public enum Kind {
        /** The answer starts with the text. */
        PREFIX,
        /** The text stands anywhere in the answer. */
        ANYWHERE,
        /** Any answer of at least one byte. */
        ANY,
        /** A regular expression is found in the answer. */
        PATTERN
    }

    /** Whether what has been read so far is enough to decide. */
    public enum Verdict {
        /** It is as expected. */
        MATCH,
        /** It is not, whatever comes. */
        MISMATCH,
        /** More has to be read. */
        MORE
    }

    /**
     * Steps that a regular expression may take. An expression that goes astray on an answer ends there, so that it
     * cannot hold up the other checks.
     */
    private static final int MAX_STEPS = 2_000_000;

    /** A prefix of bytes, or anything for {@code *}. */
    public static Expectation prefix(byte[] bytes) {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return "*".equals(text) ? new Expectation(Kind.ANY, text) : new Expectation(Kind.PREFIX, text);
    }

    /** A text that may stand anywhere. */
    public static Expectation anywhere(byte[] bytes) {
        return new Expectation(Kind.ANYWHERE, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /**
     * A regular expression; POSIX names of character classes are understood.
     *
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    public static Expectation pattern(String expression) {
        final String java = expression
                .replace("[:digit:]", "\\p{Digit}")
                .replace("[:alpha:]", "\\p{Alpha}")
                .replace("[:alnum:]", "\\p{Alnum}")
                .replace("[:space:]", "\\s")
                .replace("[:blank:]", "\\p{Blank}")
                .replace("[:upper:]", "\\p{Upper}")
                .replace("[:lower:]", "\\p{Lower}")
                .replace("[:punct:]", "\\p{Punct}")
                .replace("[:xdigit:]", "\\p{XDigit}");
        return new Expectation(Kind.PATTERN, Pattern.compile(java).pattern());
    }

    /**
     * Compares.
     *
     * @param answer bytes read so far, as ISO 8859-1
     * @param complete whether nothing more will come
     */
    public Verdict compare(String answer, boolean complete) {
        final boolean matches = switch (kind) {
            case ANY -> !answer.isEmpty();
            case PREFIX -> answer.startsWith(text);
            case ANYWHERE -> answer.contains(text);
            case PATTERN -> find(Pattern.compile(text), answer);
        };
        if (matches) {
            return Verdict.MATCH;
        }
        final boolean hopeless = kind == Kind.PREFIX && !text.startsWith(answer);
        return complete || hopeless ? Verdict.MISMATCH : Verdict.MORE;
    }

    /** Finds an expression within a bounded number of steps; one that takes more is not found. */
    static boolean find(Pattern pattern, CharSequence input) {
        try {
            final Matcher matcher = pattern.matcher(new Bounded(input, new MutableInteger(MAX_STEPS)));
            return matcher.find();
        } catch (StepsUsedUpException | StackOverflowError e) {
            return false;
        }
    }

    /** For explain and logs. */
    public String describe() {
        return switch (kind) {
            case ANY -> "anything";
            case PREFIX -> '"' + Escapes.printable(text.getBytes(StandardCharsets.ISO_8859_1)) + '"';
            case ANYWHERE -> '"' + Escapes.printable(text.getBytes(StandardCharsets.ISO_8859_1)) + "\" anywhere";
            case PATTERN -> '/' + text + '/';
        };
    }

    private static final class StepsUsedUpException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StepsUsedUpException() {
            super("too many steps", null, false, false);
        }
    }

    private record Bounded(CharSequence text, MutableInteger left) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (left.decrementAndGet() < 0) {
                throw new StepsUsedUpException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}

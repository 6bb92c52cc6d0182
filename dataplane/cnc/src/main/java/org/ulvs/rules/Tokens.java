// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.List;

/** Words with the places where they stand. */
final class Tokens {
    /** A word and its column (in a line) or number (in a command), from 1. */
    record Token(String text, int column) {}

    private Tokens() {}

    static List<Token> ofArguments(final List<String> arguments) {
        final List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            tokens.add(new Token(arguments.get(i), i + 1));
        }
        return tokens;
    }

    /** Splits a line at blanks; quotes hold a word together, and a backslash inside them takes the next character. */
    static List<Token> ofLine(final String line) throws RulesException {
        final List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            if (Character.isWhitespace(line.charAt(i))) {
                i++;
                continue;
            }
            final int start = i;
            final StringBuilder word = new StringBuilder();
            char quote = 0;
            while (i < line.length() && (quote != 0 || !Character.isWhitespace(line.charAt(i)))) {
                final char c = line.charAt(i++);
                if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else if (c == quote) {
                    quote = 0;
                } else if (c == '\\' && quote != 0 && i < line.length()) {
                    word.append(line.charAt(i++));
                } else {
                    word.append(c);
                }
            }
            if (quote != 0) {
                throw new RulesException(RulesException.PARAMETER, start + 1, "the quote is not closed");
            }
            tokens.add(new Token(word.toString(), start + 1));
        }
        return tokens;
    }

    /** The word as it has to stand in a line. */
    static String quote(final String word) {
        final boolean plain = !word.isEmpty() && word.matches("[A-Za-z0-9_.,:=/-]+");
        return plain ? word : "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

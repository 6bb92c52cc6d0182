// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes options from the command line as popt does: letters may be bundled, a value may follow a letter at once or
 * after {@code =}, words may not be shortened, and what is no option is kept for later.
 */
final class WordReader {
    /** The words cannot be read as options. */
    static final class BadOption extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadOption(String word, String reason) {
            super(word + ": " + reason, null, false, false);
        }
    }

    private final String[] words;
    private final Queue<String> others = new ArrayDeque<>();
    private int next;
    private @Nullable String bundle;
    private @Nullable String value;
    private String lastWord = "";
    private boolean onlyOthers;

    WordReader(String[] words) {
        this.words = words;
    }

    /** The next option, or null after the last. */
    @Nullable
    Option next() {
        value = null;
        if (bundle == null) {
            final String word = nextOptionWord();
            if (word == null) {
                return null;
            }
            if (word.startsWith("--")) {
                return longOption(word);
            }
            bundle = word.substring(1);
        }
        return letter(bundle);
    }

    private @Nullable String nextOptionWord() {
        while (next < words.length) {
            final String word = words[next++];
            lastWord = word;
            if (!onlyOthers && word.equals("--")) {
                onlyOthers = true;
            } else if (onlyOthers || word.length() < 2 || word.charAt(0) != '-') {
                others.add(word);
            } else {
                return word;
            }
        }
        return null;
    }

    private Option longOption(String word) {
        final int equals = word.indexOf('=');
        final Option option = Option.ofWord(word.substring(2, equals < 0 ? word.length() : equals));
        if (option == null) {
            throw new BadOption(lastWord, "unknown option");
        }
        if (option.argument() == Option.Argument.NONE) {
            if (equals >= 0) {
                throw new BadOption(lastWord, "option does not take an argument");
            }
        } else if (equals >= 0) {
            value = word.substring(equals + 1);
        } else {
            value = nextValue(option);
        }
        return option;
    }

    private Option letter(String letters) {
        final Option option = Option.ofLetter(letters.charAt(0));
        if (option == null) {
            throw new BadOption(lastWord, "unknown option");
        }
        final String rest = letters.substring(1);
        bundle = rest.isEmpty() ? null : rest;
        if (option.argument() == Option.Argument.NONE) {
            if (rest.startsWith("=")) {
                throw new BadOption(lastWord, "option does not take an argument");
            }
        } else if (rest.isEmpty()) {
            value = nextValue(option);
        } else {
            value = rest.startsWith("=") ? rest.substring(1) : rest;
            bundle = null;
        }
        return option;
    }

    private @Nullable String nextValue(Option option) {
        final boolean optional = option.argument() == Option.Argument.OPTIONAL;
        if (next == words.length) {
            if (optional) {
                return null;
            }
            throw new BadOption(lastWord, "missing argument");
        }
        if (optional && words[next].startsWith("-")) {
            return null;
        }
        return words[next++];
    }

    /** Value of the option returned last, or null where it has none. */
    @Nullable
    String value() {
        return value;
    }

    /** The option's word as it was typed. */
    String lastWord() {
        return lastWord;
    }

    /** The next word that is no option, or null. */
    @Nullable
    String nextOther() {
        return others.poll();
    }
}

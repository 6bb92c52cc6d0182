// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/**
 * An interface by its name, or all others.
 *
 * @param pattern a name, or the beginning of names followed by {@code +}; empty for any interface
 * @param negated whether the other interfaces match
 */
record InterfaceMatch(String pattern, boolean negated) {
    static final InterfaceMatch ANY = new InterfaceMatch("", false);
    static final int MAX_LENGTH = 15;

    boolean isAny() {
        return pattern.isEmpty();
    }

    boolean matches(final String name) {
        if (isAny()) {
            return true;
        }
        final boolean same = pattern.endsWith("+")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
        return same != negated;
    }

    String option(final String option) {
        return isAny() ? "" : (negated ? " ! " : " ") + option + " " + pattern;
    }

    String listed() {
        return isAny() ? "*" : (negated ? "!" : "") + pattern;
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.List;

/** Rules that cannot be taken: what is wrong, and where. Nothing has been changed. */
public final class RulesException extends Exception {
    /** Exit status of iptables where something that was named does not exist. */
    public static final int NOT_FOUND = 1;
    /** Exit status of iptables for wrong parameters. */
    public static final int PARAMETER = 2;

    private static final long serialVersionUID = 1L;

    private final int exitStatus;
    private final transient List<Problem> problems;

    RulesException(final int exitStatus, final int column, final String reason) {
        this(exitStatus, List.of(new Problem(0, column, reason)));
    }

    RulesException(final int exitStatus, final List<Problem> problems) {
        super(explain(problems));
        this.exitStatus = exitStatus;
        this.problems = List.copyOf(problems);
    }

    private static String explain(final List<Problem> problems) {
        return String.join("\n", problems.stream().map(Problem::toString).toList());
    }

    /** All problems in words, a line each. */
    public String explanation() {
        return explain(problems);
    }

    /** The status with which iptables would end. */
    public int exitStatus() {
        return exitStatus;
    }

    /** Everything that is wrong, in the order of the text; at least one. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param line from 1; 0 where the text is a single command
     * @param column from 1: of a character in the line, or the number of the argument of a command; 0 for no place
     * @param reason in words
     */
    public record Problem(int line, int column, String reason) {
        @Override
        public String toString() {
            if (line == 0) {
                return column == 0 ? reason : "argument " + column + ": " + reason;
            }
            return "line " + line + ", column " + Math.max(1, column) + ": " + reason;
        }
    }
}

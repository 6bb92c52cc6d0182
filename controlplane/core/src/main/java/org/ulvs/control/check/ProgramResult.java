// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

/**
 * How a program ended.
 *
 * @param end in which way
 * @param status exit status where it exited
 * @param output what it wrote to its standard output, bytes as ISO 8859-1, cut at the limit
 * @param error why it could not be started, else empty
 */
public record ProgramResult(End end, int status, String output, String error) {
    /** In which way it ended. */
    public enum End {
        /** By itself. */
        EXITED,
        /** Killed, because its time was up. */
        TIMED_OUT,
        /** Killed, because it wrote without end. */
        FLOODED,
        /** It could not be started. */
        NOT_STARTED
    }

    /** Whether it exited with status 0. */
    public boolean succeeded() {
        return end == End.EXITED && status == 0;
    }

    /** For people. */
    public String describe() {
        return switch (end) {
            case EXITED -> "exited with status " + status;
            case TIMED_OUT -> "was killed: time is up";
            case FLOODED -> "was killed: too much output";
            case NOT_STARTED -> "could not be started: " + error;
        };
    }
}

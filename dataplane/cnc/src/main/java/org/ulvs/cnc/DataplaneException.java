// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/** The dataplane cannot be reached, or did not answer. The message says what, where, and what to do. */
public final class DataplaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The instance directory does not exist. */
        NO_DIRECTORY,
        /** No dataplane runs there. */
        DOWN,
        /** It has not finished starting. */
        STARTING,
        /** It speaks another version of the layout. */
        OTHER_VERSION,
        /** The caller may not open the file. */
        PERMISSION,
        /** The command ring stayed full. */
        FULL,
        /** No reply came in time; the command may or may not have been done. */
        NO_REPLY,
        /** The file is damaged. */
        DAMAGED
    }

    private final Reason reason;

    /** With a message for people. */
    public DataplaneException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}

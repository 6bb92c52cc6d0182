// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

/** Ends the program with a message on stderr. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Status of an invocation that makes no sense. */
    static final int USAGE = 2;
    /** Status of an operation that was refused, and of options that do not exist (the original returns -1). */
    static final int REFUSED = 255;
    /** Status of a list that could not be made. */
    static final int LIST = 1;

    private final int status;

    Failure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static Failure usage(String message) {
        return new Failure(USAGE, message);
    }

    int status() {
        return status;
    }

    String text() {
        final String message = getMessage();
        return message == null ? "" : message;
    }
}

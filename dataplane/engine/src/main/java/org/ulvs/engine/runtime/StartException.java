// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

/** The process cannot start; the message is one sentence for the user. */
final class StartException extends RuntimeException {
    /** Exit code: failed. */
    static final int FAILED = 1;
    /** Exit code: wrong usage. */
    static final int USAGE = 2;
    /** Exit code: this machine lacks something. */
    static final int LACKING = 3;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static StartException usage(String message) {
        return new StartException(USAGE, message);
    }

    static StartException lacking(String message) {
        return new StartException(LACKING, message);
    }

    int exitCode() {
        return exitCode;
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

/** Exit codes of the control plane's commands. */
final class ExitCode {
    /** Done; nothing to complain about. */
    static final int OK = 0;
    /** Done, with something to look at. */
    static final int WARNINGS = 1;
    /** Not done, or wrong usage. */
    static final int FAILED = 2;

    private ExitCode() {}
}

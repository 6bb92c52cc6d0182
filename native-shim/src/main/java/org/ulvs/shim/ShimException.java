// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/** A system call failed outside the packet path. */
public final class ShimException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** With what was tried and why it failed, as one sentence. */
    public ShimException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** Linux error number. */
    public int errno() {
        return errno;
    }
}

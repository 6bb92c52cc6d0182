// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit.netns;

import jnr.ffi.LibraryLoader;

/** The system calls that moving into a namespace takes. */
final class Kernel {
    private static final int CLONE_NEWNET = 0x4000_0000;

    private static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");

    private Kernel() {}

    /** Functions of the C library. */
    public interface LibC {
        /** See open(2). */
        int open(String path, int flags);

        /** See setns(2). */
        int setns(int fd, int type);

        /** See close(2). */
        int close(int fd);
    }

    static void enter(String path) {
        final int fd = LIBC.open(path, 0);
        if (fd < 0) {
            throw new IllegalStateException("cannot open " + path);
        }
        final int result = LIBC.setns(fd, CLONE_NEWNET);
        LIBC.close(fd);
        if (result < 0) {
            throw new IllegalStateException("cannot enter " + path + " (needs root)");
        }
    }
}

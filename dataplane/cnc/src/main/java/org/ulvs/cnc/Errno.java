// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/** Results of commands, as the kernel's IPVS gives them: 0 or a Linux errno. */
public final class Errno {
    /** Done. */
    public static final int OK = 0;
    /** No such destination; or, for a service, no such scheduler. */
    public static final int ENOENT = 2;
    /** No such service. */
    public static final int ESRCH = 3;
    /** A fixed capacity is used up. */
    public static final int ENOMEM = 12;
    /** The thing exists already. */
    public static final int EEXIST = 17;
    /** The arguments make no sense together. */
    public static final int EINVAL = 22;
    /** A number is out of its range (lower threshold above upper, negative weight). */
    public static final int ERANGE = 34;
    /** Known, but not provided here. */
    public static final int EOPNOTSUPP = 95;

    private Errno() {}
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/** Results of commands, as the kernel's IPVS gives them: 0 or a Linux errno. */
public final class Errno {
    /** Done. */
    public static final int OK = 0;
    /** Not permitted. */
    public static final int EPERM = 1;
    /** No such destination; or, for a service, no such scheduler. */
    public static final int ENOENT = 2;
    /** No such service; no such daemon. */
    public static final int ESRCH = 3;
    /** The dataplane failed inside; its error log says how. */
    public static final int EIO = 5;
    /** A fixed capacity is used up. */
    public static final int ENOMEM = 12;
    /** The thing exists already. */
    public static final int EEXIST = 17;
    /** No such network device. */
    public static final int ENODEV = 19;
    /** The arguments make no sense together. */
    public static final int EINVAL = 22;
    /** A number is out of its range (lower threshold above upper, negative weight). */
    public static final int ERANGE = 34;
    /** A message is too long, or not of a form that the receiver knows. */
    public static final int EMSGSIZE = 90;
    /** Protocol not available. */
    public static final int ENOPROTOOPT = 92;
    /** Known, but not provided here. */
    public static final int EOPNOTSUPP = 95;
    /** Not with this address family. */
    public static final int EAFNOSUPPORT = 97;
    /** The address is not owned. */
    public static final int EADDRNOTAVAIL = 99;

    private Errno() {}
}

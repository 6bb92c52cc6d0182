// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.ulvs.cnc.Errno;

/** The original's words for what the table refuses. */
final class ErrorText {
    private ErrorText() {}

    static String of(Command command, int errno) {
        final String special = special(command, errno);
        return special.isEmpty() ? general(errno) : special;
    }

    private static String special(Command command, int errno) {
        return switch (command) {
            case ADD -> errno == Errno.EEXIST ? "Service already exists" : scheduler(errno);
            case EDIT -> errno == Errno.ESRCH ? "No such service" : scheduler(errno);
            case DELETE, ZERO, LIST -> errno == Errno.ESRCH ? "No such service" : "";
            case ADD_SERVER, EDIT_SERVER, DELETE_SERVER ->
                switch (errno) {
                    case Errno.ESRCH -> "Service not defined";
                    case Errno.EEXIST -> "Destination already exists";
                    case Errno.ENOENT -> "No such destination";
                    default -> "";
                };
            case START_DAEMON -> errno == Errno.EEXIST ? "Daemon has already run" : "";
            case STOP_DAEMON -> errno == Errno.ESRCH ? "No daemon is running" : "";
            default -> "";
        };
    }

    private static String scheduler(int errno) {
        return errno == Errno.ENOENT ? "Scheduler or persistence engine not found" : "";
    }

    private static String general(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "Permission denied (you must be root)";
            case Errno.ENOENT -> "No such file or directory";
            case Errno.ESRCH -> "No such process";
            case Errno.EIO -> "Input/output error";
            case Errno.ENOMEM -> "Memory allocation problem";
            case Errno.EEXIST -> "File exists";
            case Errno.ENODEV -> "No such device";
            case Errno.EINVAL -> "Invalid operation.  Possibly wrong module version, address not unicast, ...";
            case Errno.ERANGE -> "Numerical result out of range";
            case Errno.EMSGSIZE -> "Module is wrong version";
            case Errno.ENOPROTOOPT -> "Protocol not available";
            case Errno.EOPNOTSUPP -> "Operation not supported with IPv6";
            case Errno.EAFNOSUPPORT -> "Operation not supported with specified address family";
            default -> "Unknown error " + errno;
        };
    }

    /** What a person may do about it; empty where the words say enough. */
    static String hint(Command command, int errno) {
        return switch (errno) {
            case Errno.EEXIST ->
                switch (command) {
                    case ADD -> "use -E to change the service that is there, or -D to remove it";
                    case ADD_SERVER -> "use -e to change the server that is there, or -d to remove it";
                    case START_DAEMON -> "stop it with --stop-daemon first";
                    default -> "";
                };
            case Errno.ENOENT ->
                switch (command) {
                    case ADD, EDIT ->
                        "schedulers: rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh; there is no persistence engine";
                    default -> "ipvsadm -L -n lists the servers of each service";
                };
            case Errno.ESRCH -> "ipvsadm -L -n lists the services; protocol, address and port must be the same";
            case Errno.EINVAL ->
                "a server needs a unicast address of its own; a mask, timeout or tunnel may be out of range";
            case Errno.ERANGE -> "the lower threshold -y must not be above the upper threshold -x";
            case Errno.ENOMEM -> "a fixed capacity is used up: start the dataplane with room for more servers";
            case Errno.ENODEV -> "the dataplane has no such interface";
            case Errno.EOPNOTSUPP -> "this dataplane knows the option but cannot do it";
            default -> "";
        };
    }
}

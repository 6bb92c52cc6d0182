// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * A connection synchronisation daemon as ipvsadm describes it.
 *
 * @param state {@link #MASTER} or {@link #BACKUP}
 * @param mcastInterface name of the interface
 * @param syncId 0 to 255
 * @param maxLength of a message, bytes; 0 for the default
 * @param group multicast group; the zero address for the default 224.0.0.81
 * @param port UDP port, 0 for the default 8848
 * @param ttl of multicast packets, 0 for the default 1
 */
public record SyncDaemonSpec(
        int state, String mcastInterface, int syncId, int maxLength, InetAddr group, int port, int ttl) {
    /** Sends; the number is the kernel's. */
    public static final int MASTER = 1;
    /** Receives. */
    public static final int BACKUP = 2;
}

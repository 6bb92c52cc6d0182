// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;

/** One command with its options as read from the command line or from a line of -R. */
final class Request {
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;
    static final int IPPROTO_SCTP = 132;
    static final int DEFAULT_PERSISTENT_TIMEOUT = 360;
    static final int TUNNEL_IPIP = 0;
    static final int TUNNEL_GUE = 1;
    static final int TUNNEL_GRE = 2;
    static final int TUNNEL_CHECKSUM = 1;
    static final int TUNNEL_REMOTE_CHECKSUM = 2;

    final EnumSet<Kind> given = EnumSet.noneOf(Kind.class);
    Command command = Command.LIST;

    int protocol;
    InetAddr address = InetAddr.v4(0);
    int port;
    int mark;
    String scheduler = "";
    int flags;
    int persistentTimeout;
    int netmask = -1;

    @Nullable
    String persistenceEngine;

    String schedulerFlags = "";

    InetAddr serverAddress = InetAddr.v4(0);
    int serverPort;
    int method = ServerSpec.DIRECT;
    int weight = 1;
    int upperThreshold;
    int lowerThreshold;
    int tunnelType;
    int tunnelPort;
    int tunnelFlags;

    int daemonState;
    String mcastInterface = "eth0";
    int syncId;
    InetAddr mcastGroup = InetAddr.v4(0);
    int mcastPort;
    int mcastTtl;
    int syncMaxLength;

    final int[] timeouts = new int[3];

    boolean has(Kind kind) {
        return given.contains(kind);
    }

    ServiceKey key() {
        return mark != 0
                ? new ServiceKey(0, new InetAddr(address.family(), 0, 0), 0, mark)
                : new ServiceKey(protocol, address, port, 0);
    }

    ServiceSpec service() {
        return new ServiceSpec(key(), scheduler, flags, persistentTimeout, netmask);
    }

    ServerSpec server() {
        return new ServerSpec(
                serverAddress,
                serverPort,
                method,
                weight,
                upperThreshold,
                lowerThreshold,
                tunnelType,
                tunnelPort,
                tunnelFlags);
    }

    SyncDaemonSpec daemon() {
        return new SyncDaemonSpec(daemonState, mcastInterface, syncId, syncMaxLength, mcastGroup, mcastPort, mcastTtl);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.ulvs.cnc.ServerSpec;

/** How tunnels are written. */
final class TunnelText {
    private TunnelText() {}

    static String type(int type) {
        return switch (type) {
            case Request.TUNNEL_IPIP -> "ipip";
            case Request.TUNNEL_GUE -> "gue";
            case Request.TUNNEL_GRE -> "gre";
            default -> "?";
        };
    }

    /** The column of --tun-info. */
    static String info(ServerSpec server) {
        if (server.method() != ServerSpec.TUNNEL) {
            return "n/a";
        }
        return switch (server.tunnelType()) {
            case Request.TUNNEL_GUE -> "gue:" + server.tunnelPort() + ":" + checksum(server.tunnelFlags());
            case Request.TUNNEL_GRE -> "gre:" + checksum(server.tunnelFlags());
            default -> type(server.tunnelType());
        };
    }

    private static String checksum(int flags) {
        if ((flags & Request.TUNNEL_REMOTE_CHECKSUM) != 0) {
            return "r+c";
        }
        return (flags & Request.TUNNEL_CHECKSUM) != 0 ? "+c" : "-c";
    }

    /** The options that -S writes, with a leading blank; empty for other forwarding methods. */
    static String options(ServerSpec server) {
        if (server.method() != ServerSpec.TUNNEL) {
            return "";
        }
        final String type = " --tun-type " + type(server.tunnelType());
        return switch (server.tunnelType()) {
            case Request.TUNNEL_GUE -> type + " --tun-port " + server.tunnelPort() + word(server.tunnelFlags());
            case Request.TUNNEL_GRE -> type + word(server.tunnelFlags());
            default -> type;
        };
    }

    private static String word(int flags) {
        if ((flags & Request.TUNNEL_REMOTE_CHECKSUM) != 0) {
            return " --tun-remcsum";
        }
        return (flags & Request.TUNNEL_CHECKSUM) != 0 ? " --tun-csum" : " --tun-nocsum";
    }
}

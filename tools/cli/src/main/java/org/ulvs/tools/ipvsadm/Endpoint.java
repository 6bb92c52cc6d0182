// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;

/**
 * Address and port as typed.
 *
 * @param address of the host
 * @param port -1 where none was typed
 */
record Endpoint(InetAddr address, int port) {
    boolean hasPort() {
        return port >= 0;
    }

    static String protocolName(int protocol) {
        return switch (protocol) {
            case Request.IPPROTO_UDP -> "udp";
            case Request.IPPROTO_SCTP -> "sctp";
            case Request.IPPROTO_TCP -> "tcp";
            default -> "";
        };
    }

    /** host, host:port, [v6]:port or v6, or null if it is none of them. */
    static @Nullable Endpoint parse(String text, String protocol, NameService names) {
        if (Numbers.isDigits(text, 0)) {
            return null;
        }
        String host = text;
        String port = null;
        if (text.startsWith("[")) {
            final int end = text.indexOf("]:");
            if (end < 0 || end != text.indexOf(']')) {
                return null;
            }
            host = text.substring(1, end);
            port = text.substring(end + 2);
        }
        InetAddr address = Addresses.inetPton6(host);
        if (address == null) {
            final int colon = host.lastIndexOf(':');
            port = colon < 0 ? null : host.substring(colon + 1);
            host = colon < 0 ? host : host.substring(0, colon);
            address = Addresses.inetAton(host);
            if (address == null) {
                address = names.hostAddress(host);
            }
        }
        if (address == null) {
            return null;
        }
        if (port == null) {
            return new Endpoint(address, -1);
        }
        final long number = Numbers.inRange(port, 0, 65535);
        final int resolved = number >= 0 ? (int) number : names.servicePort(port, protocol);
        return resolved < 0 ? null : new Endpoint(address, resolved);
    }
}

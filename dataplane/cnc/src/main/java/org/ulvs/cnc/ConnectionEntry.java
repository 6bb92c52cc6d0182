// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * One line of a connection table as read.
 *
 * @param protocol IP protocol number, 0 for a template of a firewall mark service
 * @param state number of the TCP state
 * @param flags of {@link ConnectionLayout}
 * @param remainingSeconds until it expires
 * @param clientAddress host-order int, as are the next two
 * @param clientPort of the client
 * @param virtualAddress of the service; the mark itself for a template of a firewall mark service
 * @param virtualPort of the service
 * @param serverAddress of the real server
 * @param serverPort of the real server
 */
public record ConnectionEntry(
        int protocol,
        int state,
        int flags,
        long remainingSeconds,
        int clientAddress,
        int clientPort,
        int virtualAddress,
        int virtualPort,
        int serverAddress,
        int serverPort) {
    private static final String[] TCP_STATES = {
        "NONE",
        "ESTABLISHED",
        "SYN_SENT",
        "SYN_RECV",
        "FIN_WAIT",
        "TIME_WAIT",
        "CLOSE",
        "CLOSE_WAIT",
        "LAST_ACK",
        "LISTEN",
        "SYNACK"
    };
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    /** Whether it is a persistence template. */
    public boolean isTemplate() {
        return (flags & ConnectionLayout.TEMPLATE) != 0;
    }

    /** The protocol as the kernel names it: TCP, UDP, SCTP, or IP for a template of a firewall mark service. */
    public String protocolName() {
        return switch (protocol) {
            case 0 -> "IP";
            case TCP -> "TCP";
            case UDP -> "UDP";
            case SCTP -> "SCTP";
            default -> Integer.toString(protocol);
        };
    }

    /** The state as the kernel names it. */
    public String stateName() {
        if (isTemplate()) {
            return (flags & ConnectionLayout.ASSURED) != 0 ? "ASSURED" : "NONE";
        }
        if (protocol == UDP) {
            return "UDP";
        }
        return protocol == TCP && state < TCP_STATES.length ? tcpStateName(state) : "NONE";
    }

    /** The name that kernel IPVS gives a TCP state, by the number that a connection's line holds. */
    public static String tcpStateName(final int state) {
        return TCP_STATES[state];
    }
}

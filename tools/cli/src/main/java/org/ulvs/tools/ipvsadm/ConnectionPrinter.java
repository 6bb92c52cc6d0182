// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.InetAddr;

/** Writes connections as the original does. */
final class ConnectionPrinter {
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

    private final StringBuilder out;
    private final EndpointText text;

    ConnectionPrinter(StringBuilder out, @Nullable NameService names) {
        this.out = out;
        this.text = new EndpointText(names);
    }

    void print(List<ConnectionEntry> entries, boolean withPersistenceEngine) {
        out.append("IPVS connection entries\n")
                .append("pro expire state       source             virtual            destination")
                .append(withPersistenceEngine ? "        pe name          pe_data\n" : "\n");
        for (final ConnectionEntry entry : entries) {
            print(entry);
        }
    }

    private void print(ConnectionEntry entry) {
        final String service = switch (entry.protocol()) {
            case Request.IPPROTO_UDP -> "udp";
            case Request.IPPROTO_TCP -> "tcp";
            case Request.IPPROTO_SCTP -> "sctp";
            default -> "ip";
        };
        Text.left(out, protocol(entry), 3).append(' ');
        Text.two(out, entry.remainingSeconds() / 60).append(':');
        Text.two(out, entry.remainingSeconds() % 60);
        out.append(entry.remainingSeconds() < 6000 ? "  " : " ");
        Text.left(out, state(entry), 11).append(' ');
        Text.left(out, endpoint(entry.clientAddress(), entry.clientPort(), service), 18)
                .append(' ');
        Text.left(out, endpoint(entry.virtualAddress(), entry.virtualPort(), service), 18)
                .append(' ');
        out.append(endpoint(entry.serverAddress(), entry.serverPort(), service)).append('\n');
    }

    private String endpoint(int address, int port, String service) {
        return text.of(InetAddr.v4(address), port, service);
    }

    static String protocol(ConnectionEntry entry) {
        return switch (entry.protocol()) {
            case 0 -> "IP";
            case Request.IPPROTO_TCP -> "TCP";
            case Request.IPPROTO_UDP -> "UDP";
            case Request.IPPROTO_SCTP -> "SCTP";
            default -> Integer.toString(entry.protocol());
        };
    }

    static String state(ConnectionEntry entry) {
        if (entry.isTemplate()) {
            return (entry.flags() & ConnectionLayout.ASSURED) != 0 ? "ASSURED" : "NONE";
        }
        if (entry.protocol() == Request.IPPROTO_UDP) {
            return "UDP";
        }
        return entry.protocol() == Request.IPPROTO_TCP && entry.state() < TCP_STATES.length
                ? TCP_STATES[entry.state()]
                : "NONE";
    }
}

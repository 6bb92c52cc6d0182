// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ConnectionEntry;
import org.ulvs.cnc.InetAddr;

/** Writes connections as the original does. */
final class ConnectionPrinter {
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
        Text.left(out, entry.protocolName(), 3).append(' ');
        Text.two(out, entry.remainingSeconds() / 60).append(':');
        Text.two(out, entry.remainingSeconds() % 60);
        out.append(entry.remainingSeconds() < 6000 ? "  " : " ");
        Text.left(out, entry.stateName(), 11).append(' ');
        Text.left(out, endpoint(entry.clientAddress(), entry.clientPort(), service), 18)
                .append(' ');
        Text.left(out, endpoint(entry.virtualAddress(), entry.virtualPort(), service), 18)
                .append(' ');
        out.append(endpoint(entry.serverAddress(), entry.serverPort(), service)).append('\n');
    }

    private String endpoint(int address, int port, String service) {
        return text.of(InetAddr.v4(address), port, service);
    }
}

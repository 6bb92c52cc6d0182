// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.ulvs.cnc.ConnectionLayout.ASSURED;
import static org.ulvs.cnc.ConnectionLayout.CLIENT_PORT_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.FLAGS_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.PROTOCOL_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.SERVER_ADDRESS_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.SERVER_PORT_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.STATE_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.TEMPLATE;
import static org.ulvs.cnc.ConnectionLayout.TICKS_PER_SECOND;
import static org.ulvs.cnc.ConnectionLayout.TIMEOUT_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.USED;
import static org.ulvs.cnc.ConnectionLayout.VIRTUAL_ADDRESS_OFFSET;
import static org.ulvs.cnc.ConnectionLayout.VIRTUAL_PORT_OFFSET;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ulvs.cnc.ConnectionEntry;
import org.ulvs.cnc.MappedMemory;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.testkit.Addresses;

/** Connections as the recordings write them down. */
final class TableView {
    /** State and timeout of a connection. */
    record State(String state, int timeout) {}

    private TableView() {}

    /** All connections and templates: protocol, client, virtual service, server, state; sorted. */
    static List<List<String>> connections(ReplayDirector director) {
        final List<List<String>> rows = new ArrayList<>();
        collect(director.connections(), rows);
        collect(director.templates(), rows);
        rows.sort(Comparator.comparing(row -> String.join("\u0000", row)));
        return rows;
    }

    private static void collect(ConnectionTable table, List<List<String>> rows) {
        final MappedMemory lines = table.lines();
        for (int connection = 0; connection < table.capacity(); connection++) {
            final long line = ConnectionTable.line(connection);
            final int flags = lines.getInt(line + FLAGS_OFFSET);
            if ((flags & USED) != 0) {
                rows.add(List.of(
                        protocol(lines.getByte(line + PROTOCOL_OFFSET) & 0xFF),
                        endpoint(lines, line, line + CLIENT_PORT_OFFSET),
                        endpoint(lines, line + VIRTUAL_ADDRESS_OFFSET, line + VIRTUAL_PORT_OFFSET),
                        endpoint(lines, line + SERVER_ADDRESS_OFFSET, line + SERVER_PORT_OFFSET),
                        state(lines, line, flags)));
            }
        }
    }

    private static String endpoint(MappedMemory lines, long address, long port) {
        return Addresses.ip(lines.getInt(address)) + ":" + (lines.getShort(port) & 0xFFFF);
    }

    private static String protocol(int number) {
        return switch (number) {
            case 0 -> "IP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 132 -> "SCTP";
            default -> Integer.toString(number);
        };
    }

    private static String state(MappedMemory lines, long line, int flags) {
        if ((flags & TEMPLATE) != 0) {
            return (flags & ASSURED) != 0 ? "ASSURED" : "NONE";
        }
        return switch (lines.getByte(line + PROTOCOL_OFFSET)) {
            case 6 -> ConnectionEntry.tcpStateName(lines.getByte(line + STATE_OFFSET));
            case 17 -> "UDP";
            default -> "NONE";
        };
    }

    /** State of the connection of a client, and its timeout in seconds; null when there is none. */
    static @org.jspecify.annotations.Nullable State state(ReplayDirector director, int client, int port) {
        final ConnectionTable table = director.connections();
        final MappedMemory lines = table.lines();
        for (int connection = 0; connection < table.capacity(); connection++) {
            final long line = ConnectionTable.line(connection);
            final int flags = lines.getInt(line + FLAGS_OFFSET);
            if ((flags & USED) != 0
                    && lines.getInt(line) == client
                    && (lines.getShort(line + CLIENT_PORT_OFFSET) & 0xFFFF) == port) {
                return new State(state(lines, line, flags), lines.getInt(line + TIMEOUT_OFFSET) / TICKS_PER_SECOND);
            }
        }
        return null;
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Keeps files under {@code proc/net/} of the instance directory in the layout of the kernel's {@code /proc/net/ip_vs},
 * {@code ip_vs_stats} and, by {@link ConnectionListing}, {@code ip_vs_conn}, for programs that read those. Each is
 * replaced whole, by a rename. Conductor thread only.
 */
public final class ProcFiles {
    /** Time between two writings of a file. */
    public static final long PERIOD_MS = 1_000;

    private final Path folder;
    private final ServerRecords records;
    private final Estimator estimator;
    private final ConnectionListing connections;
    private final Columns text = new Columns();
    private long tableDueMs;

    /** Makes the folder, readable by everybody. */
    public ProcFiles(Path directory, ServerRecords records, Estimator estimator) throws IOException {
        this.folder = directory.resolve("proc").resolve("net");
        this.records = records;
        this.estimator = estimator;
        Files.createDirectories(folder);
        this.connections = new ConnectionListing(directory, folder.resolve("ip_vs_conn"), records.workers());
    }

    /** Writes what is due; asks for the table only when it needs it. */
    public void doWork(Supplier<TableImage> table, long nowMs, long nowNs) throws IOException {
        if (nowMs >= tableDueMs) {
            tableDueMs = nowMs + PERIOD_MS;
            final TableImage image = table.get();
            estimator.collect(image);
            replace("ip_vs", table(image));
            replace("ip_vs_stats", stats());
        }
        connections.doWork(nowMs, (int) (nowNs / ConnectionLayout.TICK_NS));
    }

    private void replace(String name, String content) throws IOException {
        final Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, content, StandardCharsets.US_ASCII);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Columns endpoint(InetAddr address, int port) {
        if (address.family() == 4) {
            text.hex(address.low(), 8);
        } else {
            text.append("[");
            for (int word = 0; word < 8; word++) {
                final long half = word < 4 ? address.high() : address.low();
                text.append(word == 0 ? "" : ":").lowerCaseHex(half >>> (48 - 16 * (word & 3)) & 0xFFFF, 4);
            }
            text.append("]");
        }
        return text.append(":").hex(port, 4);
    }

    private String table(TableImage image) {
        text.clear();
        text.append("IP Virtual Server version 1.2.1 (size=")
                .append(Integer.toString(image.connectionCapacity()))
                .append(")\nProt LocalAddress:Port Scheduler Flags\n")
                .append("  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
        for (final ServiceImage service : image.services()) {
            service(service.spec());
            service.servers().forEach(this::server);
        }
        return text.toString();
    }

    private void service(ServiceSpec spec) {
        final ServiceKey key = spec.key();
        if (key.mark() != 0) {
            text.append("FWM  ").hex(Integer.toUnsignedLong(key.mark()), 8);
            text.append(" ").append(spec.scheduler()).append(" ");
        } else {
            text.append(key.protocol() == 6 ? "TCP" : key.protocol() == 17 ? "UDP" : "SCTP")
                    .append("  ");
            endpoint(key.address(), key.port())
                    .append(" ")
                    .append(spec.scheduler())
                    .append(" ");
        }
        text.append((spec.flags() & ServiceSpec.ONE_PACKET) != 0 ? "ops " : "");
        if ((spec.flags() & ServiceSpec.PERSISTENT) != 0) {
            text.append("persistent ")
                    .append(Integer.toString(spec.persistentTimeout()))
                    .append(" ")
                    .hex(Integer.toUnsignedLong(spec.netmask()), 8);
        }
        text.append("\n");
    }

    private void server(ServerImage server) {
        final ServerSpec spec = server.spec();
        text.append("  -> ");
        endpoint(spec.address(), spec.port()).append("      ");
        text.left(method(spec.method()), 7).append(" ");
        text.left(Integer.toString(spec.weight()), 6).append(" ");
        text.left(Integer.toString(records.activeConnections(server.slot())), 10)
                .append(" ");
        text.left(Integer.toString(records.inactiveConnections(server.slot())), 10)
                .append("\n");
    }

    private static String method(int method) {
        return switch (method) {
            case ServerSpec.MASQUERADE -> "Masq";
            case ServerSpec.LOCAL -> "Local";
            case ServerSpec.TUNNEL -> "Tunnel";
            default -> "Route";
        };
    }

    private String stats() {
        text.clear();
        text.append("   Total Incoming Outgoing         Incoming         Outgoing\n")
                .append("   Conns  Packets  Packets            Bytes            Bytes\n");
        figures(true);
        text.append("\n Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n");
        figures(false);
        return text.toString();
    }

    private void figures(boolean totals) {
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            final long value = totals ? estimator.total(figure) : estimator.rate(figure);
            text.append(figure == 0 ? "" : " ");
            text.right(Long.toHexString(value).toUpperCase(Locale.ROOT), figure < 3 ? 8 : 16);
        }
        text.append("\n");
    }
}

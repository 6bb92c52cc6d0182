// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps files under {@code proc/net/} of the instance directory in the layout of the kernel's {@code /proc/net/ip_vs},
 * {@code ip_vs_stats} and {@code ip_vs_conn}, for programs that read those. Each is replaced whole, by a rename. The
 * connections are written a part at a time, so that a large table does not hold up commands. Conductor thread only.
 */
public final class ProcFiles {
    /** Time between two writings of the table, and between the end of one writing of the connections and the next. */
    public static final long PERIOD_MS = 1_000;

    private static final int LINES_PER_CYCLE = 2_000;

    private final Path directory;
    private final Path folder;
    private final ServerRecords records;
    private final Estimator estimator;
    private final StringBuilder text = new StringBuilder();
    private long tableDueMs;
    private long connectionsDueMs;
    private List<ConnectionFile> connections = List.of();
    private @Nullable Writer writer;
    private int fileNumber;
    private int line;
    private int found;

    /** Makes the folder, readable by everybody. */
    public ProcFiles(Path directory, ServerRecords records, Estimator estimator) throws IOException {
        this.directory = directory;
        this.folder = directory.resolve("proc").resolve("net");
        this.records = records;
        this.estimator = estimator;
        Files.createDirectories(folder);
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
        if (writer == null && nowMs >= connectionsDueMs) {
            beginConnections(records.workers());
        }
        if (writer != null) {
            writeConnections(writer, (int) (nowNs / ConnectionLayout.TICK_NS), nowMs);
        }
    }

    private void replace(String name, String content) throws IOException {
        final Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, content, StandardCharsets.US_ASCII);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String hex(long value, int digits) {
        final String hex = Long.toHexString(value).toUpperCase(Locale.ROOT);
        return "0".repeat(Math.max(0, digits - hex.length())) + hex;
    }

    private StringBuilder left(String value, int width) {
        return text.append(value).append(" ".repeat(Math.max(0, width - value.length())));
    }

    private StringBuilder right(String value, int width) {
        return text.append(" ".repeat(Math.max(0, width - value.length()))).append(value);
    }

    private StringBuilder endpoint(InetAddr address, int port) {
        if (address.family() == 4) {
            text.append(hex(address.low(), 8));
        } else {
            text.append('[');
            for (int word = 0; word < 8; word++) {
                final long half = word < 4 ? address.high() : address.low();
                text.append(word == 0 ? "" : ":")
                        .append(hex(half >>> (48 - 16 * (word & 3)) & 0xFFFF, 4).toLowerCase(Locale.ROOT));
            }
            text.append(']');
        }
        return text.append(':').append(hex(port, 4));
    }

    private String table(TableImage image) {
        text.setLength(0);
        text.append("IP Virtual Server version 1.2.1 (size=")
                .append(image.connectionCapacity())
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
            text.append("FWM  ")
                    .append(hex(Integer.toUnsignedLong(key.mark()), 8))
                    .append(' ');
            text.append(spec.scheduler()).append(' ');
        } else {
            text.append(key.protocol() == 6 ? "TCP" : key.protocol() == 17 ? "UDP" : "SCTP")
                    .append("  ");
            endpoint(key.address(), key.port())
                    .append(' ')
                    .append(spec.scheduler())
                    .append(' ');
        }
        text.append((spec.flags() & ServiceSpec.ONE_PACKET) != 0 ? "ops " : "");
        if ((spec.flags() & ServiceSpec.PERSISTENT) != 0) {
            text.append("persistent ")
                    .append(spec.persistentTimeout())
                    .append(' ')
                    .append(hex(Integer.toUnsignedLong(spec.netmask()), 8));
        }
        text.append('\n');
    }

    private void server(ServerImage server) {
        final ServerSpec spec = server.spec();
        text.append("  -> ");
        endpoint(spec.address(), spec.port()).append("      ");
        left(method(spec.method()), 7).append(' ');
        left(Integer.toString(spec.weight()), 6).append(' ');
        left(Integer.toString(records.activeConnections(server.slot())), 10).append(' ');
        left(Integer.toString(records.inactiveConnections(server.slot())), 10).append('\n');
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
        text.setLength(0);
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
            right(hex(value, 1), figure < 3 ? 8 : 16);
        }
        text.append('\n');
    }

    private void beginConnections(int workers) throws IOException {
        // kept: maps that are dropped stay until a collection, which may be days away
        if (connections.isEmpty()) {
            connections = ConnectionFile.map(directory, workers);
        }
        fileNumber = 0;
        line = 0;
        found = 0;
        final BufferedWriter next =
                Files.newBufferedWriter(folder.resolve("ip_vs_conn.new"), StandardCharsets.US_ASCII);
        next.write("Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n");
        writer = next;
    }

    private void writeConnections(Writer out, int tick, long nowMs) throws IOException {
        for (int i = 0; i < LINES_PER_CYCLE && fileNumber < connections.size(); i++) {
            final ConnectionFile file = connections.get(fileNumber);
            final ConnectionEntry entry = found < file.count() ? file.entry(line, tick) : null;
            if (entry != null) {
                text.setLength(0);
                connection(entry);
                out.append(text);
                found++;
            }
            line++;
            if (found >= file.count() || line >= file.capacity()) {
                fileNumber++;
                line = 0;
                found = 0;
            }
        }
        if (fileNumber >= connections.size()) {
            out.close();
            writer = null;
            connectionsDueMs = nowMs + PERIOD_MS;
            Files.move(
                    folder.resolve("ip_vs_conn.new"),
                    folder.resolve("ip_vs_conn"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void connection(ConnectionEntry entry) {
        left(entry.protocolName(), 3).append(' ');
        half(entry.clientAddress(), entry.clientPort());
        half(entry.virtualAddress(), entry.virtualPort());
        half(entry.serverAddress(), entry.serverPort());
        left(entry.stateName(), 11).append(' ');
        right(Long.toString(entry.remainingSeconds()), 7).append('\n');
    }

    private void half(int address, int port) {
        text.append(hex(Integer.toUnsignedLong(address), 8))
                .append(' ')
                .append(hex(port, 4))
                .append(' ');
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of an instance as the kernel's {@code ip_vs_conn} lists them, in a file that is written anew now and
 * then. The kernel makes that text when somebody reads it; a file must be kept, whether it is read or not. So it is
 * written a few lines at a time, which keeps commands, and frames on the same CPU, waiting for some ten microseconds
 * at most; the larger it is the more seldom, so that it takes a thousandth of a CPU; and not at all when it would take
 * much memory. Conductor thread only.
 */
final class ConnectionListing {
    /** More connections than that are not listed: there is no file then. */
    static final int MAX_CONNECTIONS = 1 << 18;
    /** Lines after which a millisecond is left to others: a line takes some 200 ns. */
    static final int LINES_PER_MS = 5;

    private static final int LINES_PER_CYCLE = 250;
    private static final int LOOKS_PER_CYCLE = 4_000;

    private final Path directory;
    private final Path file;
    private final Path fresh;
    private final int workers;
    private final Columns text = new Columns();
    private List<ConnectionFile> tables = List.of();
    private @Nullable Writer writer;
    private long dueMs;
    private int tableNumber;
    private int line;
    private int found;
    private int written;

    /**
     * Writes nothing yet.
     *
     * @param directory of the instance
     * @param file to be written
     * @param workers of the instance
     */
    ConnectionListing(Path directory, Path file, int workers) {
        this.directory = directory;
        this.file = file;
        this.fresh = file.resolveSibling(file.getFileName() + ".new");
        this.workers = workers;
    }

    /**
     * Writes a part, if it is time.
     *
     * @param tick now, as {@link ConnectionLayout} counts
     * @throws IOException if it cannot be written; it is begun again when it is next due
     */
    void doWork(long nowMs, int tick) throws IOException {
        if (writer == null && nowMs < dueMs) {
            return;
        }
        try {
            final Writer out = writer == null ? begin(nowMs) : writer;
            if (out != null) {
                write(out, tick);
                if (tableNumber == tables.size()) {
                    end(out, nowMs);
                }
            }
        } catch (final IOException e) {
            abandon(nowMs);
            throw e;
        }
    }

    private @Nullable Writer begin(long nowMs) throws IOException {
        // kept: maps that are dropped stay until a collection, which may be days away
        if (tables.isEmpty()) {
            tables = ConnectionFile.map(directory, workers);
        }
        if (tables.stream().mapToLong(ConnectionFile::count).sum() > MAX_CONNECTIONS) {
            Files.deleteIfExists(file);
            dueMs = nowMs + ProcFiles.PERIOD_MS;
            return null;
        }
        tableNumber = 0;
        line = 0;
        found = 0;
        written = 0;
        final Writer next = Files.newBufferedWriter(fresh, StandardCharsets.US_ASCII);
        writer = next;
        next.write("Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n");
        return next;
    }

    private void write(Writer out, int tick) throws IOException {
        final int most = written + LINES_PER_CYCLE;
        for (int i = 0; i < LOOKS_PER_CYCLE && written < most && tableNumber < tables.size(); i++) {
            final ConnectionFile table = tables.get(tableNumber);
            final ConnectionEntry entry = found < table.count() ? table.entry(line, tick) : null;
            if (entry != null) {
                out.append(connection(entry));
                found++;
                written++;
            }
            line++;
            if (found >= table.count() || line >= table.capacity()) {
                tableNumber++;
                line = 0;
                found = 0;
            }
        }
    }

    private void end(Writer out, long nowMs) throws IOException {
        writer = null;
        dueMs = nowMs + Math.max(ProcFiles.PERIOD_MS, written / LINES_PER_MS);
        out.close();
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** After a failure, of which the first is the one that is told. */
    private void abandon(long nowMs) {
        final Writer out = writer;
        writer = null;
        dueMs = nowMs + ProcFiles.PERIOD_MS;
        try {
            if (out != null) {
                out.close();
            }
            Files.deleteIfExists(fresh);
        } catch (final IOException ignored) {
            // of the same cause
        }
    }

    private StringBuilder connection(ConnectionEntry entry) {
        text.clear().left(entry.protocolName(), 3).append(" ");
        half(entry.clientAddress(), entry.clientPort());
        half(entry.virtualAddress(), entry.virtualPort());
        half(entry.serverAddress(), entry.serverPort());
        text.left(entry.stateName(), 11).append(" ");
        return text.right(Long.toString(entry.remainingSeconds()), 7)
                .append("\n")
                .text();
    }

    private void half(int address, int port) {
        text.hex(address, 8).append(" ").hex(port, 4).append(" ");
    }
}

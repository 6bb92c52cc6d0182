// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a connection table of {@link ConnectionLayout} while its worker changes it. */
public final class ConnectionFile {
    private static final int MAX_ATTEMPTS = 10;

    private final AtomicBuffer buffer;
    private final int capacity;

    private ConnectionFile(AtomicBuffer buffer, int capacity) {
        this.buffer = buffer;
        this.capacity = capacity;
    }

    /**
     * Maps all tables of an instance: one a worker, and one of the persistence templates.
     *
     * @throws IOException if one cannot be opened
     * @throws DataplaneException if one has another layout
     */
    public static List<ConnectionFile> map(Path directory, int workers) throws IOException {
        final List<ConnectionFile> files = new ArrayList<>();
        for (int number = 0; number <= workers; number++) {
            final Path file = InstanceFiles.connections(directory, number);
            if (Files.exists(file)) {
                files.add(open(InstanceFiles.mapExisting(file, false), file));
            }
        }
        return files;
    }

    private static ConnectionFile open(AtomicBuffer buffer, Path file) {
        final int version = buffer.getIntVolatile(ConnectionLayout.VERSION_OFFSET);
        if (version != ConnectionLayout.VERSION) {
            throw new DataplaneException(
                    DataplaneException.Reason.OTHER_VERSION,
                    file + " has layout version " + version + ", expected " + ConnectionLayout.VERSION);
        }
        final int room = (buffer.capacity() - ConnectionLayout.HEADER_LENGTH) / ConnectionLayout.LINE_LENGTH;
        return new ConnectionFile(buffer, Math.min(buffer.getInt(ConnectionLayout.CAPACITY_OFFSET), room));
    }

    /** Number of lines. */
    public int capacity() {
        return capacity;
    }

    /**
     * Connections in the table now. Whoever has seen so many lines in use need not look at the rest, and should not:
     * a page of the file that was never written takes memory once it is read.
     */
    public int count() {
        return buffer.getIntVolatile(ConnectionLayout.COUNT_OFFSET);
    }

    /**
     * A connection.
     *
     * @param number of the line
     * @param tick now, as the layout counts
     * @return null where the line is free or does not hold still
     */
    public @Nullable ConnectionEntry entry(int number, int tick) {
        final int line = ConnectionLayout.HEADER_LENGTH + number * ConnectionLayout.LINE_LENGTH;
        ConnectionEntry before = entryOnce(line, tick);
        for (int attempt = 0; before != null && attempt < MAX_ATTEMPTS; attempt++) {
            final ConnectionEntry after = entryOnce(line, tick);
            if (before.equals(after)) {
                return after;
            }
            before = after;
        }
        return null;
    }

    private @Nullable ConnectionEntry entryOnce(int line, int tick) {
        final int flags = buffer.getIntVolatile(line + ConnectionLayout.FLAGS_OFFSET);
        if ((flags & ConnectionLayout.USED) == 0) {
            return null;
        }
        final int remaining = buffer.getInt(line + ConnectionLayout.EXPIRES_OFFSET) - tick;
        return new ConnectionEntry(
                buffer.getByte(line + ConnectionLayout.PROTOCOL_OFFSET) & 0xFF,
                buffer.getByte(line + ConnectionLayout.STATE_OFFSET) & 0xFF,
                flags,
                Math.max(0, remaining) / ConnectionLayout.TICKS_PER_SECOND,
                buffer.getInt(line + ConnectionLayout.CLIENT_ADDRESS_OFFSET),
                buffer.getShort(line + ConnectionLayout.CLIENT_PORT_OFFSET) & 0xFFFF,
                buffer.getInt(line + ConnectionLayout.VIRTUAL_ADDRESS_OFFSET),
                buffer.getShort(line + ConnectionLayout.VIRTUAL_PORT_OFFSET) & 0xFFFF,
                buffer.getInt(line + ConnectionLayout.SERVER_ADDRESS_OFFSET),
                buffer.getShort(line + ConnectionLayout.SERVER_PORT_OFFSET) & 0xFFFF);
    }
}

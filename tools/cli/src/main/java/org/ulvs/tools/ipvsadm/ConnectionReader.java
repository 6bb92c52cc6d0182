// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.InstanceFiles;

/** Reads the connection tables of all workers while they change. */
final class ConnectionReader {
    private static final int MAX_ATTEMPTS = 10;

    private ConnectionReader() {}

    static List<ConnectionEntry> read(Path directory, int workers, NanoClock clock) {
        final List<ConnectionEntry> entries = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            final Path file = InstanceFiles.connections(directory, worker);
            if (Files.exists(file)) {
                try {
                    read(InstanceFiles.mapExisting(file, false), file, clock, entries);
                } catch (final IOException failure) {
                    throw new Failure(Failure.LIST, "cannot open file " + file);
                }
            }
        }
        return entries;
    }

    private static void read(AtomicBuffer buffer, Path file, NanoClock clock, List<ConnectionEntry> entries) {
        final int version = buffer.getIntVolatile(ConnectionLayout.VERSION_OFFSET);
        if (version != ConnectionLayout.VERSION) {
            throw new Failure(
                    Failure.LIST, file + " has layout version " + version + ", expected " + ConnectionLayout.VERSION);
        }
        final int tick = (int) (clock.nanoTime() / ConnectionLayout.TICK_NS);
        final int room = (buffer.capacity() - ConnectionLayout.HEADER_LENGTH) / ConnectionLayout.LINE_LENGTH;
        final int capacity = Math.min(buffer.getInt(ConnectionLayout.CAPACITY_OFFSET), room);
        for (int line = 0; line < capacity; line++) {
            final ConnectionEntry entry =
                    entry(buffer, ConnectionLayout.HEADER_LENGTH + line * ConnectionLayout.LINE_LENGTH, tick);
            if (entry != null) {
                entries.add(entry);
            }
        }
    }

    private static @Nullable ConnectionEntry entry(AtomicBuffer buffer, int line, int tick) {
        ConnectionEntry before = entryOnce(buffer, line, tick);
        for (int attempt = 0; before != null && attempt < MAX_ATTEMPTS; attempt++) {
            final ConnectionEntry after = entryOnce(buffer, line, tick);
            if (before.equals(after)) {
                return after;
            }
            before = after;
        }
        return null;
    }

    private static @Nullable ConnectionEntry entryOnce(AtomicBuffer buffer, int line, int tick) {
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

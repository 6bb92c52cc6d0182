// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** Writes images into {@code table.dat}. Conductor thread only. */
public final class TableImageWriter {
    private final AtomicBuffer buffer;
    private final int areaLength;
    private final MessageWriter message = new MessageWriter();
    private final byte[] scratch;
    private long generation;

    private TableImageWriter(AtomicBuffer buffer, int areaLength, long generation) {
        this.buffer = buffer;
        this.areaLength = areaLength;
        this.generation = generation;
        this.scratch = new byte[areaLength];
    }

    /**
     * The image that an earlier process left in a directory, or null where there is none that can be used.
     *
     * @throws IOException if there is a file that cannot be opened
     */
    public static @Nullable TableImage previous(Path directory) throws IOException {
        if (!Files.exists(InstanceFiles.table(directory))) {
            return null;
        }
        try {
            return TableImageReader.map(directory).read().image();
        } catch (final DataplaneException unusable) {
            return null;
        }
    }

    /**
     * Makes the file anew, or goes on with that of an earlier process, whose image stays the newest one until the first
     * write.
     *
     * @param slots number of server records that services and servers of an image share
     */
    public static TableImageWriter open(Path directory, int slots) throws IOException {
        final Path file = InstanceFiles.table(directory);
        final TableImage previous = previous(directory);
        final int areaLength = TableImageLayout.areaLength(slots);
        final Path fresh = file.resolveSibling("table.dat.new");
        Files.deleteIfExists(fresh);
        final AtomicBuffer buffer = InstanceFiles.mapOrCreateReadable(fresh, TableImageLayout.fileLength(areaLength));
        buffer.putInt(TableImageLayout.AREA_LENGTH_OFFSET, areaLength);
        final TableImageWriter writer = new TableImageWriter(buffer, areaLength, 0);
        writer.write(previous == null ? TableImage.EMPTY : previous);
        buffer.putIntRelease(TableImageLayout.VERSION_OFFSET, TableImageLayout.VERSION);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return writer;
    }

    /** Number of the newest image. */
    public long generation() {
        return generation;
    }

    /**
     * Writes an image, which readers find as soon as this returns.
     *
     * @throws IllegalStateException if it is too long; the image before stays
     */
    public void write(TableImage image) {
        SpecCodec.putImage(message.reset(), image);
        final int length = message.length();
        if (length > areaLength - TableImageLayout.AREA_HEADER_LENGTH) {
            throw new IllegalStateException("table image of " + length + " bytes, room for " + areaLength);
        }
        message.buffer().getBytes(0, scratch, 0, length);
        final long next = generation + 1;
        final int area = TableImageLayout.area(next, areaLength);
        buffer.putLongVolatile(area + TableImageLayout.AREA_GENERATION_OFFSET, -1);
        buffer.putInt(area + TableImageLayout.AREA_SIZE_OFFSET, length);
        buffer.putInt(area + TableImageLayout.AREA_CHECKSUM_OFFSET, TableImageLayout.checksum(scratch, length));
        buffer.putBytes(area + TableImageLayout.AREA_HEADER_LENGTH, scratch, 0, length);
        buffer.putLongVolatile(area + TableImageLayout.AREA_GENERATION_OFFSET, next);
        buffer.putLongVolatile(TableImageLayout.GENERATION_OFFSET, next);
        generation = next;
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.AtomicBuffer;
import org.jspecify.annotations.Nullable;

/** Reads whole images from {@code table.dat}, also while they change. One instance a thread. */
public final class TableImageReader {
    /**
     * An image and its number.
     *
     * @param generation grows by one with each image written
     * @param image the configuration
     */
    public record Snapshot(long generation, TableImage image) {}

    private static final int MAX_ATTEMPTS = 10_000;

    private final AtomicBuffer buffer;
    private final int areaLength;
    private final String name;

    private TableImageReader(AtomicBuffer buffer, int areaLength, String name) {
        this.buffer = buffer;
        this.areaLength = areaLength;
        this.name = name;
    }

    /**
     * Maps the image of an instance.
     *
     * @throws IOException if there is none or it cannot be opened
     * @throws DataplaneException if it is damaged or has another layout
     */
    public static TableImageReader map(Path directory) throws IOException {
        final Path file = InstanceFiles.table(directory);
        if (Files.size(file) < TableImageLayout.HEADER_LENGTH) {
            throw new DataplaneException(DataplaneException.Reason.DAMAGED, file + " is truncated");
        }
        final AtomicBuffer buffer = InstanceFiles.mapExisting(file, false);
        final int version = buffer.getIntVolatile(TableImageLayout.VERSION_OFFSET);
        if (version != TableImageLayout.VERSION) {
            throw new DataplaneException(
                    DataplaneException.Reason.OTHER_VERSION,
                    file + " has layout version " + version + ", expected " + TableImageLayout.VERSION);
        }
        final int areaLength = buffer.getInt(TableImageLayout.AREA_LENGTH_OFFSET);
        if (areaLength <= 0 || buffer.capacity() != TableImageLayout.fileLength(areaLength)) {
            throw new DataplaneException(DataplaneException.Reason.DAMAGED, file + " is truncated");
        }
        return new TableImageReader(buffer, areaLength, file.toString());
    }

    /** Number of the newest image. */
    public long generation() {
        return buffer.getLongVolatile(TableImageLayout.GENERATION_OFFSET);
    }

    /**
     * The newest image.
     *
     * @throws DataplaneException if no whole image can be found
     */
    public Snapshot read() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            final Snapshot snapshot = attempt(generation());
            if (snapshot != null) {
                return snapshot;
            }
            Thread.onSpinWait();
        }
        final Snapshot previous = attempt(generation() - 1);
        if (previous == null) {
            throw new DataplaneException(DataplaneException.Reason.DAMAGED, name + " holds no whole table image");
        }
        return previous;
    }

    private @Nullable Snapshot attempt(long generation) {
        try {
            return TableImageLayout.read(buffer, generation, areaLength);
        } catch (final MessageReader.MalformedException damaged) {
            return null;
        }
    }
}

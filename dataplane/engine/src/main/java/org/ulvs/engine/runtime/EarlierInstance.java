// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.RemovedServer;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.TableImage;
import org.ulvs.cnc.TableImageWriter;
import org.ulvs.engine.connection.Adoption;

/**
 * What an earlier dataplane left in the directory: its table, statistics and connections. The files are mapped and
 * removed at once; their contents stay readable until this object is dropped. Conductor, at start.
 */
final class EarlierInstance {
    private final TableImage image;
    private final @Nullable ServerRecords records;
    private final List<UnsafeBuffer> connections;
    private final @Nullable UnsafeBuffer templates;

    private EarlierInstance(
            TableImage image,
            @Nullable ServerRecords records,
            List<UnsafeBuffer> connections,
            @Nullable UnsafeBuffer templates) {
        this.image = image;
        this.records = records;
        this.connections = connections;
        this.templates = templates;
    }

    /**
     * Reads and removes what is there; null if there is no table that can be used.
     *
     * @throws IOException if a file cannot be read or removed
     */
    static @Nullable EarlierInstance take(Path directory) throws IOException {
        final TableImage image = TableImageWriter.previous(directory);
        final UnsafeBuffer servers = map(InstanceFiles.servers(directory));
        final List<UnsafeBuffer> files = new ArrayList<>();
        UnsafeBuffer file = map(InstanceFiles.connections(directory, 0));
        while (file != null) {
            files.add(file);
            file = map(InstanceFiles.connections(directory, files.size()));
        }
        if (image == null) {
            return null;
        }
        final boolean complete = files.size() == image.workers() + 1;
        return new EarlierInstance(
                image,
                open(servers),
                complete ? files.subList(0, image.workers()) : List.of(),
                complete ? files.get(image.workers()) : null);
    }

    private static @Nullable UnsafeBuffer map(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        final UnsafeBuffer contents = InstanceFiles.mapExisting(file, false);
        Files.delete(file);
        return contents;
    }

    private static @Nullable ServerRecords open(@Nullable UnsafeBuffer servers) {
        try {
            return servers == null ? null : ServerRecords.open(servers);
        } catch (final IllegalStateException unusable) {
            return null;
        }
    }

    /** The table as it was. */
    TableImage image() {
        return image;
    }

    /** Copies the statistics of all services and servers of the table into new records. */
    void copyRecords(ServerRecords target) {
        final ServerRecords source = records;
        if (source == null) {
            return;
        }
        for (final ServiceImage service : image.services()) {
            copy(source, target, service.slot());
            for (final ServerImage server : service.servers()) {
                copy(source, target, server.slot());
            }
        }
        for (final RemovedServer removed : image.removed()) {
            copy(source, target, removed.server().slot());
        }
    }

    private static void copy(ServerRecords source, ServerRecords target, int slot) {
        if (slot < source.slots() && slot < target.slots()) {
            target.adopt(source, slot);
        }
    }

    /** Hands the connections over, after the table has been. */
    void handOver(Adoption adoption) {
        if (templates != null) {
            adoption.adopt(templates, connections);
        }
    }
}

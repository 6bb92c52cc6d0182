// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The files of one dataplane instance: their names in its directory, and how they are mapped.
 *
 * <pre>
 *  cnc.dat             commands, replies, counters, errors; replaced at each start
 *  table.dat           configuration; survives restarts
 *  servers.dat         a record a real server and service; survives restarts
 *  connections-N.dat   connection table of worker N; survives restarts
 *  lock                locked by the running dataplane
 *  proc/net/           files in the layout of the kernel's /proc/net/ip_vs*
 * </pre>
 */
public final class InstanceFiles {
    /** Directory of the default instance. */
    public static final String DEFAULT_DIRECTORY = "/run/ulvs";
    /** Environment variable that names another. */
    public static final String DIRECTORY_VARIABLE = "ULVS_DIR";

    private InstanceFiles() {}

    /** Command and control file. */
    public static Path cnc(Path directory) {
        return directory.resolve("cnc.dat");
    }

    /** Table image. */
    public static Path table(Path directory) {
        return directory.resolve("table.dat");
    }

    /** Server records. */
    public static Path servers(Path directory) {
        return directory.resolve("servers.dat");
    }

    /** Connections of a worker. */
    public static Path connections(Path directory, int worker) {
        return directory.resolve("connections-" + worker + ".dat");
    }

    /** Lock file. */
    public static Path lock(Path directory) {
        return directory.resolve("lock");
    }

    /**
     * Maps a file for reading and writing; makes it, zeroed and for owner and group only, where it is missing.
     *
     * @throws IOException if it cannot be made, or exists with another length
     */
    public static UnsafeBuffer mapOrCreate(Path file, long length) throws IOException {
        return mapOrCreate(file, length, PosixFilePermissions.fromString("rw-rw----"));
    }

    /** The same for a file that anybody may read, as anybody may read the kernel's /proc/net/ip_vs. */
    public static UnsafeBuffer mapOrCreateReadable(Path file, long length) throws IOException {
        return mapOrCreate(file, length, PosixFilePermissions.fromString("rw-rw-r--"));
    }

    private static UnsafeBuffer mapOrCreate(Path file, long length, Set<PosixFilePermission> permissions)
            throws IOException {
        final boolean exists = Files.exists(file);
        if (exists && Files.size(file) != length) {
            throw new IOException(file + " has " + Files.size(file) + " bytes, expected " + length);
        }
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(permissions))) {
            if (!exists) {
                // whatever the process's mask says: who may use the group may give commands
                Files.setPosixFilePermissions(file, permissions);
            }
            return new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_WRITE, 0, length));
        }
    }

    /** Maps the whole of an existing file, for reading only or also for writing. */
    public static UnsafeBuffer mapExisting(Path file, boolean writable) throws IOException {
        final StandardOpenOption[] options = writable
                ? new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE}
                : new StandardOpenOption[] {StandardOpenOption.READ};
        try (FileChannel channel = FileChannel.open(file, options)) {
            final MappedByteBuffer map = channel.map(
                    writable ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new UnsafeBuffer(map);
        }
    }
}

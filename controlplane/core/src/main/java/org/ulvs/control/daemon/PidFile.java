// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file with the number of the running process, locked for as long as it runs: a stale one never counts. */
public final class PidFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private PidFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the file.
     *
     * @throws IOException if another process has it, or if it cannot be written
     */
    public static PidFile take(Path file) throws IOException {
        final FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        final FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new IOException("already running"
                    + pid(file).map(pid -> " (pid " + pid + ")").orElse(""));
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
        return new PidFile(file, channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The process that has the file, if one runs. */
    public static Optional<Long> running(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final FileLock lock = tryLock(channel);
            if (lock != null) {
                lock.release();
                return Optional.empty();
            }
            return pid(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> pid(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer buffer = ByteBuffer.allocate(32);
            channel.read(buffer);
            return Optional.of(Long.parseLong(
                    StandardCharsets.US_ASCII.decode(buffer.flip()).toString().strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        channel.close();
    }
}

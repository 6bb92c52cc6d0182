// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner may read. */
public final class PrivateFiles {
    /** Mode 0600. */
    public static final Set<PosixFilePermission> OWNER_ONLY = Set.copyOf(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles() {}

    /** Replaces a file as a whole; at no moment can anybody else read it. The owner of an existing file is kept. */
    public static void replace(Path path, String text) throws IOException {
        replace(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces a file as a whole; at no moment can anybody else read it. The owner of an existing file is kept. */
    public static void replace(Path path, byte[] bytes) throws IOException {
        final Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        final Path directory = target.getParent();
        if (directory == null) {
            throw new IOException(path + " is not a file");
        }
        final Path temporary = Files.createTempFile(
                directory,
                '.' + String.valueOf(target.getFileName()),
                ".new",
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.write(temporary, bytes);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            keepOwner(target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void keepOwner(Path from, Path to) throws IOException {
        final Path model = Files.exists(from, LinkOption.NOFOLLOW_LINKS) ? from : from.getParent();
        if (model == null) {
            return;
        }
        final PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
        final PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (!view.getOwner().equals(wanted.owner())) {
            view.setOwner(wanted.owner());
        }
    }
}

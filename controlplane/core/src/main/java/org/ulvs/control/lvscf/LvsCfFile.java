// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An lvs.cf on disk. Saving writes a new file beside it, forces it to disk and renames it over the old: a reader sees
 * the old text or the new one, never a part, and a full disk leaves the old file. Mode and owner are kept.
 *
 * @param path where it lies
 * @param content what it says
 * @param hash SHA-256 of its bytes, in hexadecimal
 * @param charset UTF-8, or ISO 8859-1 where the bytes are not UTF-8
 */
public record LvsCfFile(Path path, LvsCf content, String hash, Charset charset) {
    /** Where Piranha keeps it. */
    public static final Path DEFAULT_PATH = Path.of("/etc/sysconfig/ha/lvs.cf");

    /** Reads a file. */
    public static LvsCfFile load(Path path, Names names) throws IOException {
        final byte[] bytes = Files.readAllBytes(path);
        Charset charset = StandardCharsets.UTF_8;
        String text;
        try {
            text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            charset = StandardCharsets.ISO_8859_1;
            text = new String(bytes, charset);
        }
        return new LvsCfFile(path, LvsCf.read(text, names), hash(bytes), charset);
    }

    /**
     * Raises serial_no and writes the document.
     *
     * @param expectedHash of the file as it was loaded; the file is not written when it has changed since
     * @return the new hash
     * @throws ChangedException if somebody else has changed the file
     */
    public static String save(Path path, LvsCfDocument document, Charset charset, String expectedHash)
            throws IOException {
        if (Files.exists(path) && !hash(Files.readAllBytes(path)).equals(expectedHash)) {
            throw new ChangedException(path);
        }
        document.raiseSerial();
        final byte[] bytes = document.text().getBytes(charset);
        write(path, bytes);
        return hash(bytes);
    }

    /** Replaces a file's content as a whole; mode and owner are kept. */
    public static void write(Path path, byte[] bytes) throws IOException {
        final Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        final Path directory = target.getParent();
        if (directory == null) {
            throw new FileSystemException(path.toString(), null, "is not a file");
        }
        final Path temporary = Files.createTempFile(directory, "." + target.getFileName(), ".new");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                final ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            keepOwnerAndMode(target, temporary);
            rename(temporary, target);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void rename(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system of " + target + " cannot rename a file atomically", e);
        }
    }

    private static void keepOwnerAndMode(Path target, Path temporary) throws IOException {
        final PosixFileAttributeView to = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (!Files.exists(target)) {
            to.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
            return;
        }
        final PosixFileAttributeView from = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        final var attributes = from.readAttributes();
        if (!to.getOwner().equals(attributes.owner())) {
            to.setOwner(attributes.owner());
        }
        to.setGroup(attributes.group());
        to.setPermissions(attributes.permissions());
    }

    /** SHA-256 in hexadecimal. */
    public static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file is not the one that was read. */
    public static final class ChangedException extends IOException {
        private static final long serialVersionUID = 1L;

        ChangedException(Path path) {
            super(path + " has been changed by somebody else since it was read");
        }
    }
}

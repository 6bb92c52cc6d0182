// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that both directors share, and keys made from it: one a purpose. */
public final class PeerSecret {
    /** Bytes of a signature. */
    public static final int SIGNATURE_LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_LENGTH = 16;
    private static final Set<PosixFilePermission> OPEN_TO_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final byte[] secret;

    private PeerSecret(byte[] secret) {
        this.secret = secret.clone();
    }

    /** A secret in memory. */
    public static PeerSecret of(String text) {
        return new PeerSecret(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a file that only its owner can read.
     *
     * @throws IOException if there is none, if others can read it, or if it is shorter than 16 bytes
     */
    public static PeerSecret load(Path file) throws IOException {
        final byte[] bytes;
        try {
            for (final PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
                if (OPEN_TO_OTHERS.contains(permission)) {
                    throw new IOException("the secret " + file + " can be read by others: chmod 600 " + file);
                }
            }
            bytes = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "there is no secret " + file + ": make one with \"ulvs pulse secret\" and copy it to the other"
                            + " director, or set heartbeat_compat = 1",
                    e);
        }
        if (bytes.length < LEAST_LENGTH) {
            throw new IOException("the secret " + file + " is shorter than " + LEAST_LENGTH + " bytes");
        }
        return new PeerSecret(bytes);
    }

    /** Makes a file with a new random secret, mode 0600. Fails if there is one. */
    public static void create(Path file) throws IOException {
        final byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        final Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.UTF_8.encode(HexFormat.of().formatHex(random) + '\n'));
        }
    }

    /** A signer with a key of its own for a purpose. */
    public Mac signer(String purpose) {
        try {
            final Mac derive = Mac.getInstance(ALGORITHM);
            derive.init(new SecretKeySpec(secret, ALGORITHM));
            final byte[] key = derive.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
            final Mac signer = Mac.getInstance(ALGORITHM);
            signer.init(new SecretKeySpec(key, ALGORITHM));
            return signer;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

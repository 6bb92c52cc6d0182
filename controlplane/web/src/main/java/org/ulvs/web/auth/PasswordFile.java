// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The password of the user {@code piranha}: a file of mode 0600 with a line as {@code htpasswd -B} writes it. It
 * is read
 * anew for each login, so that a change by {@code piranha-passwd} counts at once.
 */
public final class PasswordFile {
    /** The one user. */
    public static final String USER = "piranha";
    /** Where Piranha kept it. */
    public static final Path DEFAULT_PATH = Path.of("/etc/sysconfig/ha/conf/piranha.passwd");
    /** Characters that a password must have at least. */
    public static final int MIN_LENGTH = 8;
    /** Bytes that bcrypt looks at. */
    public static final int MAX_BYTES = 72;

    private static final int DEFAULT_COST = 12;

    private final Path path;
    private final int cost;
    private @Nullable String known;

    /** A file that may not exist yet. */
    public PasswordFile(Path path) {
        this(path, DEFAULT_COST);
    }

    /**
     * A file that may not exist yet.
     *
     * @param cost of bcrypt: each step doubles the time
     */
    public PasswordFile(Path path, int cost) {
        this.path = path;
        this.cost = cost;
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    /** Whether somebody else has set the password, as piranha-passwd does, since this was asked last or set here. */
    public synchronized boolean changedElsewhere() {
        String now;
        try {
            now = hash().orElse("");
        } catch (IOException e) {
            now = "";
        }
        final boolean changed = known != null && !now.equals(known);
        known = now;
        return changed;
    }

    /** Why nobody can log in at present; empty when somebody can. */
    public Optional<String> problem() {
        try {
            if (hash().isEmpty()) {
                return Optional.of("No password has been set.");
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("The password file cannot be used: " + e.getMessage());
        }
    }

    /** Whether this is the user and the password. Takes the time of one bcrypt whatever the answer. */
    public boolean matches(String user, String password) {
        Optional<String> hash = Optional.empty();
        try {
            hash = hash();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(PasswordFile.class).warn("nobody can log in: {}", e.getMessage());
        }
        final byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        final boolean usable = USER.equals(user) && hash.isPresent() && bytes.length <= MAX_BYTES;
        if (!usable) {
            BCrypt.withDefaults().hash(cost, "a password to spend time on".getBytes(StandardCharsets.UTF_8));
            return false;
        }
        return BCrypt.verifyer().verify(bytes, hash.get().getBytes(StandardCharsets.US_ASCII)).verified;
    }

    private Optional<String> hash() throws IOException {
        final Set<PosixFilePermission> mode;
        try {
            mode = Files.getPosixFilePermissions(path);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!PrivateFiles.OWNER_ONLY.containsAll(mode)) {
            throw new IOException(path + " can be read or written by others than its owner; its mode must be 0600");
        }
        for (final String line : Files.readAllLines(path, StandardCharsets.US_ASCII)) {
            if (line.startsWith(USER + ':')) {
                return Optional.of(line.substring(USER.length() + 1).strip());
            }
        }
        return Optional.empty();
    }

    /** What is wrong with a new password; empty when it will do. */
    public static Optional<String> weakness(String password) {
        if (password.codePointCount(0, password.length()) < MIN_LENGTH) {
            return Optional.of("The password needs at least " + MIN_LENGTH + " characters.");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("The password may have at most " + MAX_BYTES + " bytes.");
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("The password holds a control character.");
        }
        return Optional.empty();
    }

    /**
     * Sets the password.
     *
     * @throws IllegalArgumentException if it is too weak
     */
    public synchronized void set(String password) throws IOException {
        final Optional<String> weakness = weakness(password);
        if (weakness.isPresent()) {
            throw new IllegalArgumentException(weakness.get());
        }
        final byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        final String hash =
                new String(BCrypt.with(BCrypt.Version.VERSION_2Y).hash(cost, bytes), StandardCharsets.US_ASCII);
        Arrays.fill(bytes, (byte) 0);
        PrivateFiles.replace(path, USER + ':' + hash + '\n');
        known = hash;
    }
}

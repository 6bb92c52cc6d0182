// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens of programs that use the REST interface or read the metrics: a file of mode 0600 with lines {@code
 * NAME:SHA-256}.
 * A token has 256 random bits, so its digest needs no salt.
 */
public final class TokenFile {
    private final Path path;

    /** A file that may not exist yet. */
    public TokenFile(Path path) {
        this.path = path;
    }

    /** The name of a token that is valid. */
    public Optional<String> name(String token) throws IOException {
        final String digest = Secrets.digest(token);
        Optional<String> found = Optional.empty();
        for (final Map.Entry<String, String> entry : read().entrySet()) {
            if (Secrets.same(entry.getValue(), digest)) {
                found = Optional.of(entry.getKey());
            }
        }
        return found;
    }

    /** Makes a token, in place of an earlier one of that name, and returns it: it cannot be read again. */
    public String create(String name) throws IOException {
        if (!name.matches("[A-Za-z0-9._-]{1,40}")) {
            throw new IllegalArgumentException("a token's name has letters, digits, dots, dashes, underscores only");
        }
        final String token = Secrets.random();
        final Map<String, String> tokens = read();
        tokens.put(name, Secrets.digest(token));
        write(tokens);
        return token;
    }

    /** Ends a token; whether there was one. */
    public boolean revoke(String name) throws IOException {
        final Map<String, String> tokens = read();
        final boolean found = tokens.remove(name) != null;
        write(tokens);
        return found;
    }

    private void write(Map<String, String> tokens) throws IOException {
        final List<String> lines = new ArrayList<>();
        tokens.forEach((name, digest) -> lines.add(name + ':' + digest + '\n'));
        PrivateFiles.replace(path, String.join("", lines));
    }

    private Map<String, String> read() throws IOException {
        final Map<String, String> tokens = new LinkedHashMap<>();
        if (!Files.exists(path)) {
            return tokens;
        }
        if (!PrivateFiles.OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
            throw new IOException(path + " can be read or written by others than its owner; its mode must be 0600");
        }
        for (final String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
            final int colon = line.indexOf(':');
            if (colon > 0) {
                tokens.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return tokens;
    }
}

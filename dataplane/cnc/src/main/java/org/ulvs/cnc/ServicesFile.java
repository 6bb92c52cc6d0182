// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine's file of service names, for tools that let people write ports by name. */
public final class ServicesFile {
    private static final Path FILE = Path.of("/etc/services");

    private ServicesFile() {}

    /** The lines of this machine's file; none where it cannot be read. */
    public static List<String> lines() {
        try {
            return Files.readAllLines(FILE, StandardCharsets.ISO_8859_1);
        } catch (final IOException e) {
            return List.of();
        }
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulvs.rules.PortNames;

/** The machine's file of service names, for tools that let people write ports by name. */
public final class ServicesFile {
    private static final Path FILE = Path.of("/etc/services");

    private ServicesFile() {}

    /** The names of this machine; none where its file cannot be read. */
    public static PortNames portNames() {
        try {
            return PortNames.of(Files.readAllLines(FILE, StandardCharsets.ISO_8859_1));
        } catch (final IOException e) {
            return PortNames.NONE;
        }
    }
}

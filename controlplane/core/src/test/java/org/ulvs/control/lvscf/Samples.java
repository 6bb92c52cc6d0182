// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Files that show the syntax found in published configurations. */
final class Samples {
    static final List<String> ALL = List.of(
            "two-eras.cf",
            "tool-written.cf",
            "fragment.cf",
            "udp-mark-program.cf",
            "indented-duplicates.cf",
            "device-without-alias.cf",
            "two-services-one-mark.cf",
            "trailing-comments.cf",
            "no-indent.cf",
            "director-is-server.cf",
            "other-port-direct.cf",
            "template.cf.j2",
            "brace-without-blank.cf");

    private Samples() {}

    static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream("/lvscf/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LvsCf read(String text) {
        return LvsCf.read(text, Names.of(Map.of("director", "192.0.2.1")));
    }
}

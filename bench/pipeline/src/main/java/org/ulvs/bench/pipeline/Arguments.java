// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the programs of this module are started with, and how they start others.
 *
 * @param out directory for results
 * @param quick fewer and shorter runs
 */
record Arguments(Path out, boolean quick) {
    private static final int UNSAFE_IS_WARNED_OF = 24;

    static Arguments parse(String... words) {
        Path out = Path.of(".");
        boolean quick = false;
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--quick" -> quick = true;
                case "--out" -> {
                    if (++i == words.length) {
                        throw new IllegalArgumentException("--out needs a directory");
                    }
                    out = Path.of(words[i]);
                }
                default -> throw new IllegalArgumentException("unknown argument: " + words[i]);
            }
        }
        return new Arguments(out, quick);
    }

    /** The flags of the dataplane's own process. */
    static List<String> dataplaneFlags() {
        final List<String> flags =
                new ArrayList<>(List.of("@tools/jvm/common.options", "@tools/jvm/dataplane.options"));
        if (Runtime.version().feature() >= UNSAFE_IS_WARNED_OF) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }
}

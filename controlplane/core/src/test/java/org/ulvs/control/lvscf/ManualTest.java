// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/lvs-cf.md names every key as the code knows it. */
class ManualTest {
    private static final Path MANUAL = Path.of("..", "..", "docs", "lvs-cf.md");

    @ParameterizedTest
    @EnumSource(BlockKind.class)
    void shouldDescribeEveryKey(BlockKind kind) throws IOException {
        final String manual = Files.readString(MANUAL);
        for (final Key<?> key : Keys.of(kind)) {
            assertThat(manual).contains(row(key));
        }
    }

    private static <T> String row(Key<T> key) {
        final String origin = switch (key.origin()) {
            case PIRANHA -> "";
            case WEB_TOOL -> "web tool only";
            case IGNORED -> "no effect";
            case ULVS -> "new";
        };
        return "| `" + key.name() + "` | " + key.typeLabel() + " | "
                + key.fallback().map(key::format).orElse("-") + " | " + origin + " | " + key.summary() + " |";
    }
}

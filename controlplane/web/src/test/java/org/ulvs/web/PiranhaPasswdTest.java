// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.web.auth.PasswordFile;

/** The command that sets the password. */
class PiranhaPasswdTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(PiranhaPasswd.@Nullable Prompt prompt, String input, String... arguments) {
        final String[] all = new String[arguments.length + 2];
        all[0] = "--conf";
        all[1] = directory.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return PiranhaPasswd.run(
                all,
                prompt,
                new BufferedReader(new StringReader(input)),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static PiranhaPasswd.Prompt typing(String... lines) {
        final Deque<String> queue = new ArrayDeque<>(List.of(lines));
        return prompt -> queue.removeFirst();
    }

    private PasswordFile file() {
        return new PasswordFile(GuiOptions.password(directory), 4);
    }

    @Test
    void shouldAskTwice() throws Exception {
        assertThat(run(typing("long enough", "long enough"), "")).isZero();
        assertThat(file().matches("piranha", "long enough")).isTrue();
        assertThat(Files.getPosixFilePermissions(GuiOptions.password(directory)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(GuiOptions.password(directory)))
                .startsWith("piranha:$2y$12$")
                .doesNotContain("enough");
    }

    @Test
    void shouldChangeNothingWhenTheTwoDiffer() {
        assertThat(run(typing("long enough", "long enougj"), "")).isEqualTo(1);
        assertThat(GuiOptions.password(directory)).doesNotExist();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("differ");
    }

    @Test
    void shouldReadOneLineFromThePipe() {
        assertThat(run(null, "from a pipe\nnot this\n")).isZero();
        assertThat(file().matches("piranha", "from a pipe")).isTrue();
    }

    @Test
    void shouldRefuseWeakPasswordsAndThoseOnTheCommandLine() {
        assertThat(run(null, "short\n")).isEqualTo(1);
        assertThat(run(null, "x".repeat(73) + "\n")).isEqualTo(1);
        assertThat(run(null, "", "on the command line")).isEqualTo(2);
        assertThat(GuiOptions.password(directory)).doesNotExist();
    }
}

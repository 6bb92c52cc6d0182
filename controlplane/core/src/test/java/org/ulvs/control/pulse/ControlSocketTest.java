// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private PosixFileAttributes attributes() throws IOException {
        return Files.readAttributes(directory.resolve("sock"), PosixFileAttributes.class);
    }

    @Test
    void shouldBeForRootAloneWhereThereIsNoGroup() throws IOException {
        assertThat(ControlSocket.group("no-such-group-here")).isEmpty();
        try (ControlSocket socket = ControlSocket.open(directory.resolve("sock"), Optional.empty(), line -> line)) {
            assertThat(PosixFilePermissions.toString(attributes().permissions()))
                    .isEqualTo("rw-------");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void shouldLetOneGroupAsk() throws IOException {
        final GroupPrincipal own =
                Files.readAttributes(directory, PosixFileAttributes.class).group();
        final Optional<GroupPrincipal> group = ControlSocket.group(own.getName());
        assertThat(group).contains(own);
        try (ControlSocket socket = ControlSocket.open(directory.resolve("sock"), group, line -> line)) {
            assertThat(PosixFilePermissions.toString(attributes().permissions()))
                    .isEqualTo("rw-rw----");
            assertThat(attributes().group()).isEqualTo(own);
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void shouldAnswerBesideAClientThatSaysNothing() throws IOException {
        final Path file = directory.resolve("sock");
        try (ControlSocket socket = ControlSocket.open(file, Optional.empty(), line -> "answer to " + line);
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            assertThat(silent.isConnected()).isTrue();
            assertThat(ControlSocket.ask(file, "status")).isEqualTo("answer to status");
            assertThat(socket).isNotNull();
        }
        assertThat(file).doesNotExist();
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Requests to a running pulse over its socket: one line there, a text back. */
final class PulseSocket {
    private PulseSocket() {}

    static String ask(Path file, String request) throws IOException {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connection.connect(UnixDomainSocketAddress.of(file));
            connection.write(StandardCharsets.UTF_8.encode(request + '\n'));
            return new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests to a running pulse: one line in, some text out, over a socket in the file system that only root opens. */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final int MAX_REQUEST = 256;

    private final Path file;
    private final ServerSocketChannel server;

    private ControlSocket(Path file, ServerSocketChannel server) {
        this.file = file;
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param answer called with each line, on the socket's thread
     */
    public static ControlSocket open(Path file, Function<String, String> answer) throws IOException {
        Files.deleteIfExists(file);
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        final ControlSocket socket = new ControlSocket(file, server);
        final Thread thread = new Thread(() -> socket.serve(answer), "control");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private void serve(Function<String, String> answer) {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                final ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST);
                connection.read(request);
                final String line =
                        StandardCharsets.UTF_8.decode(request.flip()).toString().strip();
                final ByteBuffer text = StandardCharsets.UTF_8.encode(answer.apply(line) + '\n');
                while (text.hasRemaining()) {
                    connection.write(text);
                }
            } catch (IOException | RuntimeException e) {
                if (server.isOpen()) {
                    LOG.debug("a request failed", e);
                }
            }
        }
    }

    /** Asks a running pulse. */
    public static String ask(Path file, String request) throws IOException {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            connection.write(StandardCharsets.UTF_8.encode(request + '\n'));
            return new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(file);
    }
}

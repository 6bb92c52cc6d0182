// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to a running pulse: one line in, some text out, over a socket in the file system that root opens, and one
 * group if told so.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final int MAX_REQUEST = 1_024;
    private static final long REQUEST_TIMEOUT_MS = 2_000;

    private final Path file;
    private final ServerSocketChannel server;

    private ControlSocket(Path file, ServerSocketChannel server) {
        this.file = file;
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param group that may ask too, as the configuration tool does; none for root alone
     * @param answer called with each line, on the socket's thread
     */
    public static ControlSocket open(Path file, Optional<GroupPrincipal> group, Function<String, String> answer)
            throws IOException {
        Files.deleteIfExists(file);
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        if (group.isPresent()) {
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group.get());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        }
        final ControlSocket socket = new ControlSocket(file, server);
        final Thread thread = new Thread(() -> socket.serve(answer), "control");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    /** The group of a name, if this machine knows it. */
    public static Optional<GroupPrincipal> group(String name) throws IOException {
        try {
            return Optional.of(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        }
    }

    private void serve(Function<String, String> answer) {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                final String line = request(connection);
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

    /** Whoever connects and says nothing holds up the others for a moment only. */
    private static String request(SocketChannel connection) throws IOException {
        final ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST);
        connection.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            connection.register(selector, SelectionKey.OP_READ);
            selector.select(REQUEST_TIMEOUT_MS);
            connection.read(request);
        }
        connection.configureBlocking(true);
        return StandardCharsets.UTF_8.decode(request.flip()).toString().strip();
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

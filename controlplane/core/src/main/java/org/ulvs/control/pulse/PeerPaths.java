// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;

/**
 * Which director this machine is, and the paths to the other one.
 *
 * @param role of this machine
 * @param paths heartbeat paths, the public one first; none without a backup
 */
record PeerPaths(Role role, List<HeartbeatChannel.Path> paths) {
    PeerPaths {
        paths = List.copyOf(paths);
    }

    /**
     * Finds out.
     *
     * @param local whether an address is this machine's
     * @throws IOException if this machine is neither director
     */
    static PeerPaths of(Configuration configuration, Predicate<InetAddress> local) throws IOException {
        final Optional<InetAddress> primary = configuration.global().find(GlobalKeys.PRIMARY);
        final Optional<InetAddress> backup = configuration.backup();
        final Role role;
        if (primary.isEmpty() || local.test(primary.get())) {
            role = Role.PRIMARY;
        } else if (backup.isPresent() && local.test(backup.get())) {
            role = Role.BACKUP;
        } else if (configuration
                .global()
                .find(GlobalKeys.BACKUP)
                .map(local::test)
                .orElse(false)) {
            throw new IOException("We are backup node and backup is marked inactive -- exiting pulse");
        } else {
            throw new IOException("this machine has neither the address of the primary ("
                    + primary.get().getHostAddress() + ") nor of the backup ("
                    + backup.map(InetAddress::getHostAddress).orElse("none") + ")");
        }
        if (primary.isEmpty() || backup.isEmpty()) {
            return new PeerPaths(role, List.of());
        }
        final int port = configuration.global().value(GlobalKeys.HEARTBEAT_PORT);
        final List<HeartbeatChannel.Path> paths = new ArrayList<>();
        paths.add(path(role, primary.get(), backup.get(), port));
        final Optional<InetAddress> primaryPrivate = configuration.primaryPrivate();
        final Optional<InetAddress> backupPrivate = configuration.backupPrivate();
        if (primaryPrivate.isPresent() && backupPrivate.isPresent()) {
            paths.add(path(role, primaryPrivate.get(), backupPrivate.get(), port));
        }
        return new PeerPaths(role, paths);
    }

    private static HeartbeatChannel.Path path(Role role, InetAddress primary, InetAddress backup, int port) {
        final InetSocketAddress first = new InetSocketAddress(primary, port);
        final InetSocketAddress second = new InetSocketAddress(backup, port);
        return role == Role.PRIMARY
                ? new HeartbeatChannel.Path(first, second)
                : new HeartbeatChannel.Path(second, first);
    }

    Set<InetAddress> peers() {
        final Set<InetAddress> peers = new LinkedHashSet<>();
        paths.forEach(path -> peers.add(path.peer().getAddress()));
        return peers;
    }

    List<InetAddress> own() {
        return paths.stream().map(path -> path.own().getAddress()).toList();
    }
}

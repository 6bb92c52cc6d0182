// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceConfig;
import org.ulvs.cnc.ServiceKey;

/** Makes the table equal to a given one: checks all first, so that the change is made wholly or not at all. */
final class TableReplacement {
    private record ServerKey(InetAddr address, int port) {
        static ServerKey of(ServerSpec server) {
            return new ServerKey(server.address(), server.port());
        }
    }

    private final TableEditor editor;

    TableReplacement(TableEditor editor) {
        this.editor = editor;
    }

    CommandResult apply(List<ServiceConfig> wanted) {
        final CommandResult fault = check(wanted);
        if (fault != null) {
            return fault;
        }
        final Map<ServiceKey, ServiceConfig> byKey = wanted.stream()
                .collect(Collectors.toMap(config -> config.service().key(), Function.identity()));
        for (final VirtualService service : editor.services()) {
            if (!byKey.containsKey(service.key())) {
                editor.deleteService(service.key());
            }
        }
        wanted.forEach(this::apply);
        return CommandResult.OK;
    }

    private void apply(ServiceConfig wanted) {
        final ServiceKey key = wanted.service().key();
        final VirtualService existing = editor.service(key);
        if (existing == null) {
            editor.addService(wanted.service());
        } else if (!existing.config().spec().equals(wanted.service())) {
            editor.editService(wanted.service());
        }
        final Map<ServerKey, ServerSpec> byKey =
                wanted.servers().stream().collect(Collectors.toMap(ServerKey::of, Function.identity()));
        final Map<ServerKey, ServerSpec> present = existing == null
                ? Map.of()
                : existing.config().servers().stream()
                        .map(RealServer::spec)
                        .collect(Collectors.toMap(ServerKey::of, Function.identity()));
        for (final ServerKey server : present.keySet()) {
            if (!byKey.containsKey(server)) {
                editor.deleteServer(key, server.address(), server.port());
            }
        }
        for (final ServerSpec server : wanted.servers()) {
            final ServerSpec before = present.get(ServerKey.of(server));
            if (before == null) {
                editor.addServer(key, server);
            } else if (!before.equals(server)) {
                editor.editServer(key, server);
            }
        }
    }

    private @Nullable CommandResult check(List<ServiceConfig> wanted) {
        final Set<ServiceKey> keys = new HashSet<>();
        int slots = 0;
        for (final ServiceConfig config : wanted) {
            final int error = editor.check(config.service());
            if (error != Errno.OK) {
                return CommandResult.failed(error, "service " + config.service().key());
            }
            if (!keys.add(config.service().key())) {
                return CommandResult.failed(
                        Errno.EEXIST, "service " + config.service().key());
            }
            final Set<ServerKey> servers = new HashSet<>();
            for (final ServerSpec server : config.servers()) {
                final int fault = servers.add(ServerKey.of(server)) ? editor.check(server) : Errno.EEXIST;
                if (fault != Errno.OK) {
                    return CommandResult.failed(
                            fault,
                            "server " + server + " of service "
                                    + config.service().key());
                }
            }
            slots += 1 + config.servers().size();
        }
        return editor.hasRoomFor(slots) ? null : CommandResult.failed(Errno.ENOMEM, slots + " records are needed");
    }
}

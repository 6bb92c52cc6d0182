// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceConfig;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableAdmin;

/** Reads all of stdin first, then replaces the whole table by it as one change. */
final class AtomicRestore {
    private final RequestParser parser;
    private final Map<ServiceKey, ServiceSpec> services = new LinkedHashMap<>();
    private final Map<ServiceKey, List<ServerSpec>> servers = new LinkedHashMap<>();
    private final int[] timeouts = new int[3];
    private int lineNumber;

    AtomicRestore(RequestParser parser) {
        this.parser = parser;
    }

    CommandResult run(BufferedReader in, TableAdmin table) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lineNumber++;
            final String[] words = Restore.words(line);
            if (words != null) {
                add(words);
            }
        }
        final List<ServiceConfig> configs = new ArrayList<>(services.size());
        for (final Map.Entry<ServiceKey, ServiceSpec> service : services.entrySet()) {
            configs.add(new ServiceConfig(service.getValue(), servers.getOrDefault(service.getKey(), List.of())));
        }
        final CommandResult result = table.replaceTable(configs);
        if (result.errno() != Errno.OK || (timeouts[0] | timeouts[1] | timeouts[2]) == 0) {
            return result;
        }
        return CommandResult.of(table.setTimeouts(timeouts[0], timeouts[1], timeouts[2]));
    }

    private Failure failure(int status, String message) {
        return new Failure(status, "line " + lineNumber + ": " + message + " (nothing was changed)");
    }

    private void add(String[] words) {
        final Request request;
        try {
            request = parser.parse(words);
        } catch (final WordReader.BadOption bad) {
            throw failure(Failure.REFUSED, bad.getMessage() == null ? "" : bad.getMessage());
        } catch (final Failure bad) {
            throw failure(bad.status(), bad.text());
        }
        switch (request.command) {
            case ADD -> addService(request);
            case ADD_SERVER -> addServer(request);
            case SET_TIMEOUTS -> System.arraycopy(request.timeouts, 0, timeouts, 0, timeouts.length);
            default ->
                throw failure(Failure.USAGE, "only -A, -a and --set describe a table that can be replaced at once");
        }
    }

    private void addService(Request request) {
        if (request.persistenceEngine != null) {
            throw failure(Failure.REFUSED, ErrorText.of(Command.ADD, Errno.ENOENT));
        }
        if (services.putIfAbsent(request.key(), request.service()) != null) {
            throw failure(Failure.REFUSED, ErrorText.of(Command.ADD, Errno.EEXIST));
        }
        servers.put(request.key(), new ArrayList<>());
    }

    private void addServer(Request request) {
        final List<ServerSpec> list = servers.get(request.key());
        if (list == null) {
            throw failure(Failure.REFUSED, ErrorText.of(Command.ADD_SERVER, Errno.ESRCH));
        }
        final ServerSpec server = request.server();
        for (final ServerSpec other : list) {
            if (other.address().equals(server.address()) && other.port() == server.port()) {
                throw failure(Failure.REFUSED, ErrorText.of(Command.ADD_SERVER, Errno.EEXIST));
            }
        }
        list.add(server);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.ConnectionEntry;
import org.ulvs.cnc.ConnectionFile;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.TableAdmin;

/** Does one command. */
final class Executor {
    private final Session session;
    private final StringBuilder out;
    private final NameService names;
    private final NanoClock clock;

    Executor(Session session, StringBuilder out, NameService names, NanoClock clock) {
        this.session = session;
        this.out = out;
        this.names = names;
        this.clock = clock;
    }

    /** Changes the table, through a proxy that may answer later. */
    CommandResult change(Request request, TableAdmin table) {
        if (request.persistenceEngine != null) {
            return CommandResult.of(refusePersistenceEngine(request));
        }
        return CommandResult.of(apply(request, table));
    }

    /** Changes a table; the number of the error. */
    static int apply(Request request, TableAdmin table) {
        return switch (request.command) {
            case ADD -> table.addService(request.service());
            case EDIT -> table.editService(request.service());
            case DELETE -> table.deleteService(request.key());
            case ADD_SERVER -> table.addServer(request.key(), request.server());
            case EDIT_SERVER -> table.editServer(request.key(), request.server());
            case DELETE_SERVER -> table.deleteServer(request.key(), request.serverAddress, request.serverPort);
            case FLUSH -> table.flush();
            case ZERO -> table.zero(request.has(Kind.SERVICE) ? request.key() : null);
            case SET_TIMEOUTS -> table.setTimeouts(request.timeouts[0], request.timeouts[1], request.timeouts[2]);
            case START_DAEMON -> table.startDaemon(request.daemon());
            case STOP_DAEMON -> table.stopDaemon(request.daemonState);
            default -> throw new IllegalStateException("not a change: " + request.command);
        };
    }

    static boolean isChange(Request request) {
        return switch (request.command) {
            case LIST, SAVE, RESTORE, HELP, VERSION -> false;
            default -> true;
        };
    }

    /** There is none, so the answer is that of a kernel without its module. */
    private int refusePersistenceEngine(Request request) {
        final boolean exists = find(request.key()) != null;
        if (request.command == Command.ADD) {
            return exists ? Errno.EEXIST : Errno.ENOENT;
        }
        return exists ? Errno.ENOENT : Errno.ESRCH;
    }

    private @Nullable LiveService find(ServiceKey key) {
        return LiveTable.read(session.client(), false).find(key);
    }

    /** Lists what was asked for. */
    void list(Request request) {
        final LiveTable table = LiveTable.read(session.client(), !request.has(Kind.NO_SORT));
        final ListPrinter printer = new ListPrinter(out, request, names);
        final JsonPrinter json = request.has(Kind.JSON) ? new JsonPrinter(out) : null;
        if (request.has(Kind.CONNECTION)) {
            connections(request, table, json);
        } else if (request.has(Kind.SERVICE)) {
            final LiveService service = table.find(request.key());
            if (service == null) {
                throw new Failure(Failure.LIST, ErrorText.of(Command.LIST, Errno.ESRCH));
            }
            if (json == null) {
                printer.one(service);
            } else {
                json.one(service);
            }
        } else if (request.has(Kind.TIMEOUT)) {
            if (json == null) {
                printer.timeouts(table.image());
            } else {
                json.timeouts(table.image());
            }
        } else if (request.has(Kind.DAEMON)) {
            if (json == null) {
                printer.daemons(table.image());
            } else {
                json.daemons(table.image());
            }
        } else if (json == null) {
            printer.all(table);
        } else {
            json.all(table);
        }
    }

    private void connections(Request request, LiveTable table, @Nullable JsonPrinter json) {
        final List<ConnectionEntry> entries = entries(table.image().workers());
        if (json == null) {
            new ConnectionPrinter(out, request.has(Kind.NUMERIC) ? null : names)
                    .print(entries, request.has(Kind.PERSISTENT_CONN));
        } else {
            json.connections(entries);
        }
    }

    private List<ConnectionEntry> entries(int workers) {
        final int tick = (int) (clock.nanoTime() / ConnectionLayout.TICK_NS);
        final List<ConnectionEntry> entries = new ArrayList<>();
        try {
            for (final ConnectionFile file : ConnectionFile.map(session.client().directory(), workers)) {
                final int before = entries.size();
                for (int line = 0; line < file.capacity() && entries.size() - before < file.count(); line++) {
                    final ConnectionEntry entry = file.entry(line, tick);
                    if (entry != null) {
                        entries.add(entry);
                    }
                }
            }
        } catch (final IOException failure) {
            throw new Failure(Failure.LIST, "cannot open file " + failure.getMessage());
        }
        return entries;
    }

    /** Writes the table as commands. */
    void save(Request request) {
        new SavePrinter(out, request.has(Kind.NUMERIC) ? null : names, request.has(Kind.SAVE_ALL))
                .print(LiveTable.read(session.client(), true));
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CommandPipeline;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.DataplaneException.Reason;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.TableAdmin;
import org.ulvs.cnc.TableImage;

/** The dataplane of an instance directory. */
public final class CncDirector implements Director {
    private static final long ATTACH_TIMEOUT_MS = 0;
    private static final long COMMAND_TIMEOUT_MS = 2_000;

    private final Path directory;
    private @Nullable CncClient client;
    private long patienceMs = CncClient.HEARTBEAT_TIMEOUT_MS;
    private String failure = "";

    /** Attaches later. */
    public CncDirector(Path directory) {
        this.directory = directory;
    }

    @Override
    public boolean connect() {
        try {
            if (client == null) {
                CncClient.attach(directory, SystemEpochClock.INSTANCE, ATTACH_TIMEOUT_MS)
                        .close();
                client = CncClient.attach(directory, SystemEpochClock.INSTANCE, COMMAND_TIMEOUT_MS);
            }
            client.checkAlive(patienceMs);
            failure = "";
            return true;
        } catch (DataplaneException e) {
            failure = String.valueOf(e.getMessage());
            close();
            return false;
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            return false;
        }
    }

    @Override
    public void patience(Duration limit) {
        patienceMs = limit.toMillis();
    }

    @Override
    public void supervise(boolean partner) {
        client().cnc().supervise(partner ? SystemEpochClock.INSTANCE.time() : 0);
    }

    private CncClient client() {
        if (client == null) {
            throw new DataplaneException(Reason.DOWN, failure.isEmpty() ? "not connected" : failure);
        }
        return client;
    }

    @Override
    public void run(List<TableCommand> commands, ObjIntConsumer<TableCommand> results) {
        final Deque<TableCommand> underWay = new ArrayDeque<>();
        final CommandPipeline pipeline =
                client().pipeline((number, result) -> results.accept(underWay.remove(), result.errno()));
        for (final TableCommand command : commands) {
            if (command.pipelined()) {
                underWay.add(command);
                command.apply(pipeline.table(), host());
            } else {
                pipeline.drain();
                results.accept(command, command.apply(table(), host()));
            }
        }
        pipeline.drain();
    }

    @Override
    public TableImage image() {
        return client().tableImages().read().image();
    }

    @Override
    public TableAdmin table() {
        return client().table();
    }

    @Override
    public HostAdmin host() {
        return client().host();
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        final CncClient open = client;
        client = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
        }
    }
}

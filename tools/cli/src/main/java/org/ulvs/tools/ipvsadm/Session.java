// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;

/** Attaches to the dataplane when it is first needed. */
final class Session implements AutoCloseable {
    private final Path directory;
    private final EpochClock clock;
    private final long timeoutMs;
    private @Nullable CncClient client;

    Session(Path directory, EpochClock clock, long timeoutMs) {
        this.directory = directory;
        this.clock = clock;
        this.timeoutMs = timeoutMs;
    }

    /**
     * The client.
     *
     * @throws DataplaneException if there is no dataplane
     */
    CncClient client() {
        if (client == null) {
            client = CncClient.attach(directory, clock, timeoutMs);
        }
        return client;
    }

    @Override
    public void close() throws IOException {
        if (client != null) {
            client.close();
        }
    }
}

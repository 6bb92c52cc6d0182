// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.nio.file.Path;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.shim.HugeMemory;

/** Makes connection tables: the lines in a file that outlives the process, the index in memory, both in huge pages. */
public final class ConnectionFiles {
    private ConnectionFiles() {}

    /**
     * An empty table.
     *
     * @param file to be made, for the lines
     * @param capacity lines
     * @param seed of the hash
     */
    public static ConnectionTable create(Path file, int capacity, long seed) throws IOException {
        final long length = ConnectionTable.fileLength(capacity);
        InstanceFiles.mapOrCreate(file, length);
        return new ConnectionTable(
                HugeMemory.file(file, length),
                HugeMemory.anonymous(ConnectionTable.indexLength(capacity)),
                capacity,
                seed);
    }
}

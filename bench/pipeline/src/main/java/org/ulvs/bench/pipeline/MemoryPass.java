// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one process measured of {@code memory}, on its way to the process that started it. Bytes and nanoseconds.
 *
 * @param residentBefore memory of the process before there were connections
 * @param resident the same with all connections
 * @param fillNs to open all of them
 * @param expiryNs until all had expired
 * @param undisturbed cycles while nothing expired
 * @param undisturbedCpu their CPU time
 * @param disturbed cycles while connections expired
 * @param disturbedCpu their CPU time
 */
record MemoryPass(
        long residentBefore,
        long resident,
        long fillNs,
        long expiryNs,
        Cycles undisturbed,
        Cycles undisturbedCpu,
        Cycles disturbed,
        Cycles disturbedCpu) {

    private static final JsonMapper JSON = new JsonMapper();

    static MemoryPass read(Path file) {
        return JSON.readValue(file.toFile(), MemoryPass.class);
    }

    void write(Path file) {
        JSON.writeValue(file.toFile(), this);
    }
}

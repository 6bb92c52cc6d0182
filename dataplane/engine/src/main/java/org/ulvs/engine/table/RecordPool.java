// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.List;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.schedulers.Counts;
import org.ulvs.schedulers.ServerPool;

/** The servers of a service over their shared records. Read by all workers. */
final class RecordPool implements ServerPool {
    private final ServerRecords records;
    private final int[] slots;
    private final int[] addresses;
    private final int[] ports;

    RecordPool(ServerRecords records, List<RealServer> servers) {
        this.records = records;
        this.slots = servers.stream().mapToInt(RealServer::slot).toArray();
        this.addresses = servers.stream().mapToInt(RealServer::address).toArray();
        this.ports = servers.stream().mapToInt(RealServer::port).toArray();
    }

    @Override
    public int size() {
        return slots.length;
    }

    @Override
    public int weight(int position) {
        return records.weight(slots[position]);
    }

    @Override
    public int lastWeight(int position) {
        return records.lastWeight(slots[position]);
    }

    @Override
    public long counts(int position) {
        return records.counts(slots[position]);
    }

    @Override
    public boolean tryBook(int position, long expected, boolean active) {
        final int slot = slots[position];
        return records.compareAndSetCounts(
                slot, expected, Counts.bound(expected, active, records.upperThreshold(slot)));
    }

    @Override
    public int address(int position) {
        return addresses[position];
    }

    @Override
    public int port(int position) {
        return ports[position];
    }

    @Override
    public int id(int position) {
        return slots[position];
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.concurrent.atomic.AtomicInteger;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.rules.Classifier;

/**
 * What all workers of a dataplane share: the published table, rules, timeouts and tunables, and the server records.
 * The conductor publishes; workers read each reference once a batch.
 */
public final class Director {
    private final ServerRecords records;
    private final SlotPool slots;
    private final WorkerEpochs epochs;
    private final Tunables tunables = new Tunables();
    private volatile ServiceTable services = ServiceTable.EMPTY;
    private final AtomicInteger sweeps = new AtomicInteger();
    private volatile Timeouts timeouts = Timeouts.defaults();
    private volatile Classifier classifier = Classifier.EMPTY;

    /** A director without services over an empty file of records. */
    public Director(ServerRecords records) {
        this.records = records;
        this.epochs = new WorkerEpochs(records.workers());
        this.slots = new SlotPool(records, epochs);
    }

    /** The server records. */
    public ServerRecords records() {
        return records;
    }

    /** The objects behind the records. */
    public SlotPool slots() {
        return slots;
    }

    /** Where workers show that they are between two batches. */
    public WorkerEpochs epochs() {
        return epochs;
    }

    /** The tunables. */
    public Tunables tunables() {
        return tunables;
    }

    /** The services as published last. */
    public ServiceTable services() {
        return services;
    }

    void services(ServiceTable services) {
        this.services = services;
    }

    /** Grows whenever connections of deleted servers are to be ended without waiting for a packet. */
    public int sweeps() {
        return sweeps.get();
    }

    void requestSweep() {
        sweeps.incrementAndGet();
    }

    /** The timeouts as published last. */
    public Timeouts timeouts() {
        return timeouts;
    }

    void timeouts(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** The firewall mark and source NAT rules as published last. */
    public Classifier classifier() {
        return classifier;
    }

    void classifier(Classifier classifier) {
        this.classifier = classifier;
    }
}

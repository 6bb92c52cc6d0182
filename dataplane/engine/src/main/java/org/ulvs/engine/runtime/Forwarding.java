// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.engine.forward.ArpHandler;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.engine.forward.OwnedAddresses;
import org.ulvs.engine.forward.PacketProcessor;

/** What the process does with packets and commands; the rest of it is rings, threads and the host's network. */
interface Forwarding {
    /** Makes the work of one worker. Called once for each, in order, before {@link #start}. */
    PacketProcessor processor(
            int worker, CncFile cnc, NextHops nextHops, OwnedAddresses owned, ArpHandler arp, long nowNs);

    /** The conductor begins: what an earlier process left is read back, and from now on commands are done. */
    void start(CncFile cnc, Conductor conductor);

    /** What the process must know of the table. */
    TableFacts facts();

    /** The addresses owned by name have changed. */
    void onOwnedAddresses(List<OwnedAddress> addresses);

    /** Commands, estimators, housekeeping. Conductor. */
    int doWork(long nowNs, long nowMs);
}

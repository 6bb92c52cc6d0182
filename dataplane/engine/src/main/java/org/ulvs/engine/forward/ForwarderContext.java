// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.agrona.concurrent.EpochClock;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.table.Director;

/**
 * What a worker's forwarder is made of.
 *
 * @param worker number of the worker, from 0
 * @param director what all workers share
 * @param table the worker's own connections, empty
 * @param templates shared by all workers
 * @param nextHops routes and neighbours
 * @param owned addresses that the dataplane answers for
 * @param arp takes ARP frames
 * @param counters of the worker
 * @param errorsPerSecond ICMP errors that the worker may originate, 0 for no limit
 * @param resetsPerSecond TCP resets that the worker may originate, 0 for no limit
 * @param epochClock wall clock, for the timestamp option of IPv4
 * @param seed of hashes that senders must not guess
 * @param nowNs the worker's clock now
 */
public record ForwarderContext(
        int worker,
        Director director,
        ConnectionTable table,
        Templates templates,
        NextHops nextHops,
        OwnedAddresses owned,
        ArpHandler arp,
        PacketCounters counters,
        int errorsPerSecond,
        int resetsPerSecond,
        EpochClock epochClock,
        int seed,
        long nowNs) {}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/** One AF_PACKET socket with its mapped receive ring. Opened by the conductor, silent until it is told to listen. */
final class PacketSocket implements AutoCloseable {
    private final int descriptor;
    private final long address;
    private final long length;
    private final LossCounter losses;

    /**
     * Opens a socket.
     *
     * @param version of TPACKET
     * @throws ShimException if the kernel refuses
     */
    PacketSocket(RingSettings settings, int version) {
        final int mib = version == RingSettings.V2 ? settings.slotMib() : settings.blockMib();
        final RingDescriptor ring = new RingDescriptor(settings.interfaceIndex(), version, mib);
        descriptor = ring.open(settings.interfaceName());
        address = ring.address();
        length = ring.length();
        losses = new LossCounter(descriptor);
    }

    int descriptor() {
        return descriptor;
    }

    /** First byte of the mapping. */
    long address() {
        return address;
    }

    /** Bytes of the mapping. */
    long length() {
        return length;
    }

    /** Frames lost for want of room since the last call. */
    long lost() {
        return losses.lost();
    }

    /** Joins a fanout group, or founds one where it is negative; returns its number. */
    int join(int group, String interfaceName) {
        return Shim.check(Shim.calls().fanoutJoin(descriptor, group), "interface " + interfaceName + ": PACKET_FANOUT");
    }

    /** Lets frames in. */
    void listen() {
        Shim.check(Shim.calls().filter(descriptor, 0, 0), "SO_DETACH_FILTER");
    }

    @Override
    public void close() {
        Shim.calls().ringClose(descriptor, address, length);
    }
}

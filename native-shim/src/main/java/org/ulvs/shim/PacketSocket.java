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
     * @throws ShimException if the kernel refuses
     */
    PacketSocket(RingSettings settings) {
        final RingDescriptor ring = new RingDescriptor(settings.interfaceIndex(), settings.mib());
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

    @Override
    public void close() {
        Shim.calls().ringClose(descriptor, address, length);
    }
}

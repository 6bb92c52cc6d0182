// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Keeps two directors from owning an address. While a pulse looks after this dataplane that is its affair. One that is
 * abandoned by its pulse forwards on, but asks from time to time whether somebody else has its addresses, and gives up
 * each one that another station claims (RFC 5227, section 2.4 (a)): the other director has taken it over.
 */
final class Fencing {
    /** A pulse that has not been seen for this time is gone. */
    static final long PULSE_TIMEOUT_MS = 2_000;
    /** An abandoned dataplane asks this often. */
    static final long PROBE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int CLAIMS_LENGTH = 4 * 1024;
    private static final int CLAIM_LENGTH = 2 * BitUtil.SIZE_OF_LONG;
    private static final int CLAIM_TYPE = 1;

    private final LongSupplier supervisedMs;
    private final OwnedAddressTable owned;
    private final Announcements announcements;
    private final List<Port> ports;
    private final AtomicCounter givenUp;
    private final ErrorHandler errors;
    private final RingBuffer claims = new OneToOneRingBuffer(new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(CLAIMS_LENGTH + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private boolean abandoned;
    private long nextProbeNs;

    /**
     * For one dataplane.
     *
     * @param supervisedMs when a pulse with a partner last looked after it, ms since 1970; 0 for never
     * @param errors hears of each address that is given up
     */
    Fencing(
            LongSupplier supervisedMs,
            OwnedAddressTable owned,
            Announcements announcements,
            List<Port> ports,
            AtomicCounter givenUp,
            ErrorHandler errors) {
        this.supervisedMs = supervisedMs;
        this.owned = owned;
        this.announcements = announcements;
        this.ports = ports;
        this.givenUp = givenUp;
        this.errors = errors;
    }

    /** Another station says that it has an address of ours. Forgotten when too many say so at once. Worker 0. */
    void onClaim(int address, long mac) {
        final int index = claims.tryClaim(CLAIM_TYPE, CLAIM_LENGTH);
        if (index > 0) {
            claims.buffer().putLong(index, address);
            claims.buffer().putLong(index + BitUtil.SIZE_OF_LONG, mac);
            claims.commit(index);
        }
    }

    /** Whether a pulse with a partner looked after this dataplane and is gone. Conductor. */
    boolean isAbandoned(long nowMs) {
        final long seenMs = supervisedMs.getAsLong();
        return seenMs != 0 && nowMs - seenMs > PULSE_TIMEOUT_MS;
    }

    /**
     * Heeds claims and asks. Conductor.
     *
     * @param known tells the hardware addresses of those that are no other director
     * @param giveUp stops answering for an address
     */
    int doWork(long nowNs, long nowMs, LongPredicate known, IntConsumer giveUp) {
        final boolean was = abandoned;
        abandoned = isAbandoned(nowMs);
        final int work = claims.read((type, buffer, index, length) ->
                heed((int) buffer.getLong(index), buffer.getLong(index + BitUtil.SIZE_OF_LONG), known, giveUp));
        if (abandoned && (!was || nowNs - nextProbeNs >= 0)) {
            nextProbeNs = nowNs + PROBE_INTERVAL_NS;
            probe();
        }
        return work;
    }

    private void heed(int address, long mac, LongPredicate known, IntConsumer giveUp) {
        if (abandoned && owned.contains(address) && !known.test(mac)) {
            giveUp.accept(address);
            givenUp.incrementRelease();
            errors.onError(new AddressTakenException(address, mac));
        }
    }

    private void probe() {
        for (final int address : owned.all()) {
            for (final Port port : ports) {
                if (owned.isAnsweredOn(address, port.index())) {
                    announcements.offerProbe(port.index(), address);
                }
            }
        }
    }

    /** Tells which address was given up to whom. */
    static final class AddressTakenException extends Exception {
        private static final long serialVersionUID = 1;

        AddressTakenException(int address, long mac) {
            super("gave up " + Addresses.format(address) + ": pulse is gone, and "
                    + String.format("%012x", mac).replaceAll("(..)(?!$)", "$1:") + " claims it");
        }
    }
}

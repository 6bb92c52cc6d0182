// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks for cache lines before they are needed and does not wait for them, for which Java has no instruction: a read
 * that misses holds up all that comes after it as soon as the processor's window is full. The call takes some ten
 * nanoseconds, so it is made for many lines at once. Owned by one thread.
 */
public final class Prefetch {
    private final ShimCalls calls = Shim.calls();
    private final UnsafeBuffer addresses;

    /** Room for so many addresses at a time. */
    public Prefetch(int capacity) {
        addresses =
                new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity * Long.BYTES, BitUtil.CACHE_LINE_LENGTH));
    }

    /** Notes the address of a line. It may be any number: what is not mapped is not fetched. */
    public void put(int index, long address) {
        addresses.putLong(index * Long.BYTES, address);
    }

    /** Asks for the first so many lines that were noted. */
    public void request(int count) {
        calls.prefetch(addresses.addressOffset(), count);
    }
}

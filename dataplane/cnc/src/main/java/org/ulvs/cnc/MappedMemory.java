// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Memory outside of the heap, for code that runs once a packet. What an {@link AtomicBuffer} does, but the compiler
 * knows that no access meets an object: it keeps what it has read in registers, where a buffer that may lie over an
 * array is read anew after each write. Offsets are longs, so that they need no sign extension. Checks its bounds unless
 * Agrona's buffers do not.
 */
public final class MappedMemory {
    private static final boolean CHECKED = DirectBuffer.SHOULD_BOUNDS_CHECK;

    /** Keeps the memory mapped. */
    private final AtomicBuffer owner;

    private final long address;
    private final long capacity;

    /**
     * The memory of a buffer.
     *
     * @throws IllegalArgumentException if the buffer lies over an array
     */
    public MappedMemory(AtomicBuffer buffer) {
        if (buffer.byteArray() != null) {
            throw new IllegalArgumentException("memory is on the heap");
        }
        owner = buffer;
        address = buffer.addressOffset();
        capacity = buffer.capacity();
    }

    /** The buffer over the same memory. */
    public AtomicBuffer buffer() {
        return owner;
    }

    /** Where it lies. */
    public long address() {
        return address;
    }

    /** Bytes. */
    public long capacity() {
        return capacity;
    }

    private long at(long index, int length) {
        if (CHECKED && (index < 0 || index + length > capacity)) {
            throw new IndexOutOfBoundsException("index=" + index + " length=" + length + " capacity=" + capacity);
        }
        return address + index;
    }

    /** Plain read. */
    public byte getByte(long index) {
        return UnsafeApi.getByte(at(index, Byte.BYTES));
    }

    /** Plain write. */
    public void putByte(long index, byte value) {
        UnsafeApi.putByte(at(index, Byte.BYTES), value);
    }

    /** Plain read. */
    public short getShort(long index) {
        return UnsafeApi.getShort(at(index, Short.BYTES));
    }

    /** Plain write. */
    public void putShort(long index, short value) {
        UnsafeApi.putShort(at(index, Short.BYTES), value);
    }

    /** Plain read. */
    public int getInt(long index) {
        return UnsafeApi.getInt(at(index, Integer.BYTES));
    }

    /** Plain write. */
    public void putInt(long index, int value) {
        UnsafeApi.putInt(at(index, Integer.BYTES), value);
    }

    /** Plain read. */
    public long getLong(long index) {
        return UnsafeApi.getLong(at(index, Long.BYTES));
    }

    /** Plain write. */
    public void putLong(long index, long value) {
        UnsafeApi.putLong(at(index, Long.BYTES), value);
    }

    /** Write after which other threads see all that was written before. */
    public void putIntRelease(long index, int value) {
        UnsafeApi.putIntRelease(null, at(index, Integer.BYTES), value);
    }

    /** Write after which other threads see all that was written before. */
    public void putLongRelease(long index, long value) {
        UnsafeApi.putLongRelease(null, at(index, Long.BYTES), value);
    }

    /** Volatile read. */
    public int getIntVolatile(long index) {
        return UnsafeApi.getIntVolatile(null, at(index, Integer.BYTES));
    }

    /** Volatile write. */
    public void putIntVolatile(long index, int value) {
        UnsafeApi.putIntVolatile(null, at(index, Integer.BYTES), value);
    }

    /** Volatile read. */
    public long getLongVolatile(long index) {
        return UnsafeApi.getLongVolatile(null, at(index, Long.BYTES));
    }

    /** Volatile write. */
    public void putLongVolatile(long index, long value) {
        UnsafeApi.putLongVolatile(null, at(index, Long.BYTES), value);
    }

    /** Atomic exchange of an expected value; whether it was as expected. */
    public boolean compareAndSetInt(long index, int expected, int update) {
        return UnsafeApi.compareAndSetInt(null, at(index, Integer.BYTES), expected, update);
    }

    /** Atomic exchange of an expected value; whether it was as expected. */
    public boolean compareAndSetLong(long index, long expected, long update) {
        return UnsafeApi.compareAndSetLong(null, at(index, Long.BYTES), expected, update);
    }

    /** Atomic addition; returns the value before. */
    public int getAndAddInt(long index, int delta) {
        return UnsafeApi.getAndAddInt(null, at(index, Integer.BYTES), delta);
    }
}

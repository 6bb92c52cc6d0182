// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions, named there {@code ulvs_ring_open} for {@link #ringOpen} and so on; {@code shim.h} is
 * their contract. Memory is passed by address. Each returns a number from 0 on, or a negative errno.
 */
public interface ShimCalls {
    /** Version of the library's interface. */
    @IgnoreError
    int version();

    /** Opens a packet ring described by {@code struct ulvs_ring}; see {@link RingDescriptor}. */
    @IgnoreError
    int ringOpen(long ring);

    /** Unmaps and closes a packet ring. */
    @IgnoreError
    int ringClose(int fd, long address, long length);

    /** Joins a fanout group, or founds one where {@code group} is negative; returns the group's number. */
    @IgnoreError
    int fanoutJoin(int fd, int group);

    /** Replaces the steering program of a group; waits for an RCU grace period, so not for a worker's thread. */
    @IgnoreError
    int fanoutProgram(int fd, long instructions, int count);

    /** Replaces a socket's filter, or removes it where {@code count} is 0. */
    @IgnoreError
    int filter(int fd, long instructions, int count);

    /** Writes two uint32: frames seen and frames lost since the last call. */
    @IgnoreError
    int statistics(int fd, long out);

    /** The error that a socket holds (0 or an errno), which this clears. */
    @IgnoreError
    int error(int fd);

    /**
     * Sends an array of {@code struct iovec}, each a virtio header and a frame; returns how many went.
     *
     * @param express address of an opened {@link ExpressSocket} for small frames, or 0
     */
    @IgnoreError
    int send(int fd, long express, long frames, int count);

    /** Opens what {@code struct ulvs_express} describes; see {@link ExpressSocket}. */
    @IgnoreError
    int expressOpen(long express);

    /** Closes what {@link #expressOpen} has opened. */
    @IgnoreError
    int expressClose(long express);

    /** Waits for an array of {@code struct pollfd}. */
    @IgnoreError
    int poll(long fds, int count, long timeoutNs);

    /** Opens an rtnetlink socket in multicast groups. */
    @IgnoreError
    int netlinkOpen(int groups);

    /** Sends one datagram to the kernel. */
    @IgnoreError
    int netlinkSend(int fd, long message, int length);

    /** Receives one datagram or frame without waiting. */
    @IgnoreError
    int receive(int fd, long buffer, int length);

    /** Closes a descriptor. */
    @IgnoreError
    int close(int fd);

    /** Of the CPUs that the calling thread may run on, the one that so many lie behind; -ERANGE where there is none. */
    @IgnoreError
    int cpu(int behind);

    /** Pins the calling thread to one CPU. */
    @IgnoreError
    int pin(int cpu);

    /** Sets the calling thread's nice value, from 0 up. */
    @IgnoreError
    int nice(int nice);

    /**
     * Takes CPUs from all other threads of the process, and so from those that they start later; a thread that had no
     * other CPU keeps what it had. Returns how many threads were moved.
     */
    @IgnoreError
    int keepOff(@In int[] cpus, int count);

    /** Maps a file, or memory of its own where {@code path} is null, see {@link HugeMemory}. */
    @IgnoreError
    int map(@Nullable String path, long length, long addressOut);

    /** Unmaps what {@link #map} has mapped. */
    @IgnoreError
    int unmap(long address, long length);

    /** Asks for the cache lines of an array of addresses, see {@link Prefetch}. */
    @IgnoreError
    int prefetch(long addresses, int count);
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What lblc and lblcr remember of destination addresses: for each address the servers that serve it, newest first.
 * Shared by all workers and by a service's successive schedulers; of fixed capacity, nothing is allocated later.
 *
 * <p>Whoever looks at an entry holds the lock of its bucket, which is meant for new connections only and held for the
 * time of one choice. {@link #tryLock} gives up after a bounded number of attempts.
 */
final class AddressTable {
    /** No such entry, or no room for one. */
    static final int NONE = -1;
    /** More entries than this are too many: those that were idle for some minutes go. */
    static final int MAX_ENTRIES = 16 * 1024;

    private static final int BUCKET_BITS = 10;
    private static final int BUCKETS = 1 << BUCKET_BITS;
    private static final int LOCK_ATTEMPTS = 10_000;
    private static final long CHECK_INTERVAL_MILLIS = 60_000;
    private static final long IDLE_MILLIS = 360_000;
    private static final int CHECKS_UNTIL_FULL_CHECK = 30;

    private final AtomicIntegerArray locks = new AtomicIntegerArray(BUCKETS);
    private final int[] buckets = new int[BUCKETS];
    private final FreeList freeEntries;
    private final int[] nextEntry;
    private final int[] addresses;
    private final long[] lastUse;
    private final long[] lastChange;
    private final int[] changes;
    private final int[] firstMember;
    private final FreeList freeMembers;
    private final int[] nextMember;
    private final int[] serverIds;
    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicLong overflows = new AtomicLong();

    // the conductor's
    private long nextCheck;
    private boolean checksBegan;
    private int checks = 1;
    private int rover;

    AddressTable(final int entryCapacity, final int memberCapacity) {
        Arrays.fill(buckets, NONE);
        freeEntries = new FreeList(entryCapacity);
        nextEntry = new int[entryCapacity];
        addresses = new int[entryCapacity];
        lastUse = new long[entryCapacity];
        lastChange = new long[entryCapacity];
        changes = new int[entryCapacity];
        firstMember = new int[entryCapacity];
        freeMembers = new FreeList(memberCapacity);
        nextMember = new int[memberCapacity];
        serverIds = new int[memberCapacity];
    }

    /** The bucket of an address. */
    static int bucket(final int address) {
        return AddressHash.hash(address, BUCKET_BITS);
    }

    /** Locks the bucket, unless another thread keeps it locked for long. */
    boolean tryLock(final int bucket) {
        for (int i = 0; i < LOCK_ATTEMPTS; i++) {
            if (locks.getPlain(bucket) == 0 && locks.compareAndSet(bucket, 0, 1)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    void unlock(final int bucket) {
        locks.set(bucket, 0);
    }

    /** The entry of an address, used now, or {@link #NONE}. The bucket is locked. */
    int use(final int bucket, final int address, final long nowMillis) {
        for (int entry = buckets[bucket]; entry != NONE; entry = nextEntry[entry]) {
            if (addresses[entry] == address) {
                lastUse[entry] = nowMillis;
                return entry;
            }
        }
        return NONE;
    }

    /** Adds an entry without members. Returns it, or {@link #NONE} if the table is full. The bucket is locked. */
    int add(final int bucket, final int address, final long nowMillis) {
        final int entry = freeEntries.take();
        if (entry != FreeList.NONE) {
            addresses[entry] = address;
            lastUse[entry] = nowMillis;
            lastChange[entry] = nowMillis;
            firstMember[entry] = NONE;
            nextEntry[entry] = buckets[bucket];
            buckets[bucket] = entry;
            entries.incrementAndGet();
        }
        return entry;
    }

    /** The bucket of an entry. */
    int bucketOf(final int entry) {
        return bucket(addresses[entry]);
    }

    /** When a member of the entry was added or removed last. */
    long lastChange(final int entry) {
        return lastChange[entry];
    }

    /** A number that differs after each change of the entry's set, the entry's end included. */
    int changes(final int entry) {
        return changes[entry];
    }

    /** The newest member of an entry, or {@link #NONE}. */
    int firstMember(final int entry) {
        return firstMember[entry];
    }

    /** The member after another one, or {@link #NONE}. */
    int nextMember(final int member) {
        return nextMember[member];
    }

    /** Id of the server that is the member. */
    int serverId(final int member) {
        return serverIds[member];
    }

    /** Replaces the server that is the member. */
    void serverId(final int member, final int id) {
        serverIds[member] = id;
    }

    /** Adds a member. Returns false if there is no room. */
    boolean addMember(final int entry, final int id, final long nowMillis) {
        final int member = freeMembers.take();
        if (member == FreeList.NONE) {
            return false;
        }
        serverIds[member] = id;
        nextMember[member] = firstMember[entry];
        firstMember[entry] = member;
        setChanged(entry, nowMillis);
        return true;
    }

    /** Removes a member. */
    void removeMember(final int entry, final int member, final long nowMillis) {
        if (firstMember[entry] == member) {
            firstMember[entry] = nextMember[member];
        } else {
            int before = firstMember[entry];
            while (nextMember[before] != member) {
                before = nextMember[before];
            }
            nextMember[before] = nextMember[member];
        }
        freeMembers.give(member);
        setChanged(entry, nowMillis);
    }

    private void setChanged(final int entry, final long nowMillis) {
        lastChange[entry] = nowMillis;
        changes[entry]++;
    }

    /** Something could not be remembered. */
    void overflowed() {
        overflows.incrementAndGet();
    }

    /** How often something could not be remembered. */
    long overflows() {
        return overflows.get();
    }

    /** Entries in use. */
    int size() {
        return entries.get();
    }

    /**
     * Once a minute drops entries that were idle for some minutes if there are too many, and at every thirtieth minute
     * without need of that, those that were not used for the time of expiration. Called by the conductor.
     */
    void tick(final long nowMillis, final long expirationMillis) {
        if (!checksBegan) {
            checksBegan = true;
            nextCheck = nowMillis + CHECK_INTERVAL_MILLIS;
        }
        if (nowMillis - nextCheck < 0) {
            return;
        }
        nextCheck = nowMillis + CHECK_INTERVAL_MILLIS;
        if (checks % CHECKS_UNTIL_FULL_CHECK == 0) {
            dropIdle(nowMillis, expirationMillis, Integer.MAX_VALUE);
            checks = 1;
        } else if (entries.get() <= MAX_ENTRIES) {
            checks++;
        } else {
            final int goal = Math.min((entries.get() - MAX_ENTRIES) * 4 / 3, MAX_ENTRIES / 2);
            dropIdle(nowMillis, IDLE_MILLIS, goal);
        }
    }

    private void dropIdle(final long nowMillis, final long idleMillis, final int goal) {
        int dropped = 0;
        for (int i = 0; i < BUCKETS && dropped < goal; i++) {
            rover = (rover + 1) & (BUCKETS - 1);
            // a bucket whose lock is not to be had has its turn at the next check
            if (tryLock(rover)) {
                dropped += dropIdleOf(rover, nowMillis, idleMillis);
                unlock(rover);
            }
        }
    }

    private int dropIdleOf(final int bucket, final long nowMillis, final long idleMillis) {
        int dropped = 0;
        int before = NONE;
        int entry = buckets[bucket];
        while (entry != NONE) {
            final int next = nextEntry[entry];
            if (nowMillis - lastUse[entry] < idleMillis) {
                before = entry;
            } else {
                if (before == NONE) {
                    buckets[bucket] = next;
                } else {
                    nextEntry[before] = next;
                }
                drop(entry);
                dropped++;
            }
            entry = next;
        }
        return dropped;
    }

    private void drop(final int entry) {
        int member = firstMember[entry];
        while (member != NONE) {
            final int next = nextMember[member];
            freeMembers.give(member);
            member = next;
        }
        changes[entry]++;
        freeEntries.give(entry);
        entries.decrementAndGet();
    }
}

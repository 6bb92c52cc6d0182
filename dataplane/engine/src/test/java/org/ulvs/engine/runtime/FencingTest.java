// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.Counters;

/** Claims of addresses, with clocks that the test turns. */
class FencingTest {
    private static final int VIP = Addresses.parse("192.0.2.10");
    private static final int ROUTER = Addresses.parse("10.9.0.254");
    private static final long PEER = 0x0200_0000_0002L;
    private static final long REAL_SERVER = 0x0200_0000_0003L;
    private static final long SEEN_MS = 1_000_000;
    private static final long GONE_MS = SEEN_MS + Fencing.PULSE_TIMEOUT_MS + 1;

    private final OwnedAddressTable owned = new OwnedAddressTable();
    private final Announcements announcements = new Announcements(new PublishedNextHops(new NeighbourRequests()));
    private final List<String> givenUp = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final AtomicCounter counter = new Counters(
                    new UnsafeBuffer(BufferUtil.allocateDirectAligned(CountersManager.METADATA_LENGTH, 64)),
                    new UnsafeBuffer(BufferUtil.allocateDirectAligned(CountersManager.COUNTER_LENGTH, 64)))
            .allocate(1, "given up", 0);

    private long supervisedMs = SEEN_MS;
    private long nowNs;

    private final Fencing fencing = new Fencing(
            () -> supervisedMs,
            owned,
            announcements,
            List.of(new Port(0, "out", true, false), new Port(1, "in", false, true)),
            counter,
            error -> errors.add(error.getMessage()));

    @BeforeEach
    void own() {
        owned.own(VIP, 0);
        owned.own(ROUTER, 1);
    }

    private void work(long nowMs) {
        fencing.doWork(nowNs, nowMs, mac -> mac == REAL_SERVER, address -> {
            givenUp.add(Addresses.format(address));
            owned.own(address, OwnedAddressTable.NO_PORT);
        });
    }

    private int announcementsWaiting() {
        return announcements.waiting();
    }

    @Test
    void shouldGiveUpWhatAnotherClaimsWhenPulseIsGone() {
        fencing.onClaim(VIP, PEER);
        fencing.onClaim(VIP, PEER);
        work(GONE_MS);

        assertThat(givenUp).containsExactly("192.0.2.10");
        assertThat(counter.get()).isEqualTo(1);
        assertThat(errors).containsExactly("gave up 192.0.2.10: pulse is gone, and 02:00:00:00:00:02 claims it");
        assertThat(owned.contains(VIP)).isFalse();
        assertThat(owned.contains(ROUTER)).isTrue();
        assertThat(owned.all()).contains(VIP);
    }

    @Test
    void shouldLeaveClaimsToPulseWhileItIsThere() {
        fencing.onClaim(VIP, PEER);
        work(GONE_MS - 1);
        // a claim counts when it is made, not later
        work(GONE_MS);

        assertThat(givenUp).isEmpty();
        assertThat(announcementsWaiting()).isEqualTo(2);
    }

    @Test
    void shouldLeaveClaimsAloneWherePulseNeverWasOrHasNoPartner() {
        supervisedMs = 0;
        fencing.onClaim(VIP, PEER);
        work(GONE_MS);

        assertThat(givenUp).isEmpty();
        assertThat(announcementsWaiting()).isZero();
    }

    @Test
    void shouldNotTakeARealServerWithTheAddressForADirector() {
        fencing.onClaim(VIP, REAL_SERVER);
        work(GONE_MS);

        assertThat(givenUp).isEmpty();
    }

    @Test
    void shouldAskOnceASecondForWhatItStillAnswersFor() {
        work(GONE_MS);
        assertThat(announcementsWaiting()).isEqualTo(2);
        work(GONE_MS);
        assertThat(announcementsWaiting()).isEqualTo(2);

        fencing.onClaim(VIP, PEER);
        nowNs += Fencing.PROBE_INTERVAL_NS;
        work(GONE_MS);
        assertThat(announcementsWaiting()).isEqualTo(3);
    }

    @Test
    void shouldForgetClaimsBeyondItsCapacity() {
        for (int i = 0; i < 10_000; i++) {
            fencing.onClaim(VIP + 1, PEER);
        }
        fencing.onClaim(VIP, PEER);
        // a ring is read to its end, then from its beginning
        work(GONE_MS);
        work(GONE_MS);
        assertThat(givenUp).isEmpty();

        fencing.onClaim(VIP, PEER);
        work(GONE_MS);
        work(GONE_MS);
        assertThat(givenUp).containsExactly("192.0.2.10");
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Writes down what the state machine wants. */
final class RecordedActions implements PulseActions {
    final List<String> orders = new ArrayList<>();
    final List<Beat> beats = new ArrayList<>();
    final List<String> sent = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    final List<String> counts = new ArrayList<>();

    void clear() {
        orders.clear();
        beats.clear();
        sent.clear();
        log.clear();
        counts.clear();
    }

    @Override
    public void activate(String cause) {
        orders.add("activate");
    }

    @Override
    public void adopt() {
        orders.add("adopt");
    }

    @Override
    public void testPeer() {
        orders.add("peer?");
    }

    @Override
    public void deactivate(String cause) {
        orders.add("deactivate");
    }

    @Override
    public void announceAgain() {
        orders.add("announce");
    }

    @Override
    public void announceAddresses() {
        orders.add("announce addresses");
    }

    @Override
    public void send(Beat beat) {
        beats.add(beat);
        sent.add(beat.kind()
                + (beat.running() ? " running" : " stopped")
                + (beat.leaving() ? " leaving" : "")
                + (beat.able() ? "" : " unable")
                + (beat.dataplaneAlive() ? "" : " dataplane-dead"));
    }

    @Override
    public void testGateway() {
        orders.add("gateway");
    }

    @Override
    public void log(Level level, String text) {
        log.add(text);
    }

    @Override
    public void journal(String kind, String text) {
        assertThat(kind).isNotEmpty();
        assertThat(text).isNotEmpty();
    }

    @Override
    public void count(Counter counter) {
        if (counter != Counter.ACTIVATIONS && counter != Counter.DEACTIVATIONS) {
            counts.add(counter.name());
        }
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvscf.Names;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.ControlPlane;

/** A control plane that says what a test tells it. */
final class FakeControlPlane implements ControlPlane {
    final Map<String, Health> health = new ConcurrentHashMap<>();
    final List<ChangeLog.Event> events = new CopyOnWriteArrayList<>();
    final AtomicInteger applied = new AtomicInteger();
    /** How often somebody wanted to know the health of servers. */
    final AtomicInteger asked = new AtomicInteger();

    private Map<String, Health> told = Map.of();
    final List<String> weighed = new ArrayList<>();
    volatile boolean changedOnDisk;
    volatile long serial = -1;
    volatile String onBehalf = "";
    private final ConfigStore store;

    FakeControlPlane(Path lvsCf) {
        this.store = new ConfigStore(lvsCf, Names.of(Map.of()));
    }

    @Override
    public List<Director> directors() {
        return List.of(
                new Director("primary", "192.168.26.201", true, true, "active", "serial_no " + Math.max(1, serial)),
                new Director(
                        "backup",
                        "192.168.26.202",
                        false,
                        true,
                        "standby",
                        "serial_no " + Math.max(1, serial) + ", the same configuration as here"));
    }

    @Override
    public List<ControlPlane.Task> processes() {
        return List.of(
                new ControlPlane.Task(1201, "dataplane --dir /run/ulvs --outside eth0 --inside eth1"),
                new ControlPlane.Task(1242, "pulse -n -c /etc/sysconfig/ha/lvs.cf"));
    }

    /** The checks of a server of the service at 192.168.26.10:80. */
    void says(String name, String address, boolean up, String reason, long sinceMs, LvsStatus.Checks checks) {
        health.put("TCP 192.168.26.10:80>" + address + ":80", new Health("http/" + name, up, reason, sinceMs, checks));
    }

    @Override
    public synchronized Map<String, Health> health() {
        asked.incrementAndGet();
        if (!told.equals(health)) {
            told = Map.copyOf(health);
        }
        return told;
    }

    @Override
    public long appliedSerial() {
        return serial;
    }

    @Override
    public Applied apply(String whom) throws IOException {
        applied.incrementAndGet();
        onBehalf = whom;
        serial = store.load().serial();
        return new Applied(true, "pulse: serial_no " + serial + " is running");
    }

    @Override
    public synchronized Applied weigh(String virtual, String server, int weight, String whom) {
        onBehalf = whom;
        weighed.add(virtual + '/' + server + ' ' + weight);
        serial = Math.addExact(serial, 1);
        return new Applied(true, "pulse: taken: serial " + serial + ".");
    }

    @Override
    public boolean changedOnDisk() {
        return changedOnDisk;
    }

    @Override
    public void observe() {
        // a test says itself what has happened
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("activations", 1L, "heartbeats.ACCEPTED", 9L, "heartbeats.SENT", 9L);
    }

    @Override
    public List<ChangeLog.Event> events(int count) {
        return List.copyOf(events);
    }

    @Override
    public void close() {
        // nothing is held
    }
}

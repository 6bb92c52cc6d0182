// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Packets of established connections, in a random order over all of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ForwardBenchmark {
    /** Forwarding method. */
    @Param("NAT")
    public String method = "NAT";

    /** From clients or from real servers. */
    @Param("HIT")
    public PacketKind packet = PacketKind.HIT;

    /** Established connections. */
    @Param("1000000")
    public int connections;

    /** Virtual services. */
    @Param("10")
    public int services;

    /** Real servers of each. */
    @Param("10")
    public int servers;

    private final Sequence sequence = new Sequence();
    private final int[] chosen = new int[Traffic.FRAMES];

    @SuppressWarnings("NullAway.Init") // made by JMH before anything else is called
    private Rig rig;

    /** Opens the connections. */
    @Setup(Level.Trial)
    public void establish() {
        rig = new Rig(new RigSettings(
                RigSettings.method(method),
                "rr",
                services,
                servers,
                0,
                connections + connections / 16 + 1024,
                RigSettings.MONTH));
        rig.establish(connections);
    }

    /** Plays the kernel: fills the ring. */
    @Setup(Level.Invocation)
    public void fill() {
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = sequence.next(connections);
        }
        rig.fill(packet, chosen);
    }

    /** A packet. */
    @Benchmark
    @OperationsPerInvocation(Traffic.FRAMES)
    public long forward(Allocation allocation, Yardstick yardstick) {
        allocation.begin();
        final long sent = rig.pass(packet);
        allocation.end();
        return sent;
    }
}

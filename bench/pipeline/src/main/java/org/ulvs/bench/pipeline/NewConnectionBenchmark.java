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

/**
 * First packets of connections, each from a client of its own, while many other connections stand. Those of one block
 * expire before the next block comes, outside of what is timed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NewConnectionBenchmark {
    private static final int SYN_SECONDS = 61;
    private static final int CLIENTS = 1 << 24;

    /** Forwarding method. */
    @Param("NAT")
    public String method = "NAT";

    /** Scheduler of the services. */
    @Param("wlc")
    public String scheduler = "wlc";

    /** Established connections. */
    @Param("1000000")
    public int connections;

    /** Virtual services. */
    @Param("1")
    public int services;

    /** Real servers of each. */
    @Param("100")
    public int servers;

    /** Firewall mark rules, 0 for services by address. */
    @Param("0")
    public int markRules;

    private final int[] chosen = new int[Traffic.FRAMES];
    private int next;

    @SuppressWarnings("NullAway.Init") // made by JMH before anything else is called
    private Rig rig;

    /** Opens the connections that stand. */
    @Setup(Level.Trial)
    public void establish() {
        rig = new Rig(new RigSettings(
                RigSettings.method(method),
                scheduler,
                services,
                servers,
                markRules,
                connections + connections / 16 + 2 * Traffic.FRAMES,
                RigSettings.MONTH));
        rig.establish(connections);
    }

    /** Lets the last block's connections expire, and fills the ring with the next. */
    @Setup(Level.Invocation)
    public void fill() {
        rig.advance(SYN_SECONDS);
        if (rig.table().count() != connections) {
            throw new IllegalStateException(rig.table().count() + " connections stand instead of " + connections);
        }
        for (int i = 0; i < chosen.length; i++) {
            // scattered, but each of them only once in a long time
            chosen[i] = connections + (next++ * 0x9E37_79B1 & CLIENTS - 1);
        }
        rig.fill(PacketKind.SYN, chosen);
    }

    /** A new connection. */
    @Benchmark
    @OperationsPerInvocation(Traffic.FRAMES)
    public long open(Allocation allocation, Yardstick yardstick) {
        allocation.begin();
        final long sent = rig.pass(PacketKind.SYN);
        allocation.end();
        return sent;
    }

    /** How many connections the block has opened. */
    int opened() {
        return rig.table().count() - connections;
    }
}

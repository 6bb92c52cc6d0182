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

/** Hits of NAT up to a stage: what a stage costs is the difference to the one before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StageBenchmark {
    /** The last stage that is passed. */
    @Param
    public Stages.Stage stage = Stages.Stage.RECEIVE;

    /** Established connections. */
    @Param("1000000")
    public int connections;

    private final Sequence sequence = new Sequence();
    private final int[] chosen = new int[Traffic.FRAMES];

    @SuppressWarnings("NullAway.Init") // made by JMH before anything else is called
    private Rig rig;

    @SuppressWarnings("NullAway.Init") // made by JMH before anything else is called
    private Stages stages;

    /** Opens the connections. */
    @Setup(Level.Trial)
    public void establish() {
        rig = new Rig(RigSettings.hits("NAT", connections));
        rig.establish(connections);
        stages = new Stages(rig);
    }

    /** Plays the kernel: fills the ring. */
    @Setup(Level.Invocation)
    public void fill() {
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = sequence.next(connections);
        }
        rig.fill(PacketKind.HIT, chosen);
    }

    /** A packet. */
    @Benchmark
    @OperationsPerInvocation(Traffic.FRAMES)
    public long pass(Yardstick yardstick) {
        return stages.pass(stage);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.SystemNanoClock;
import org.ulvs.control.check.CheckEngine;
import org.ulvs.control.check.CheckListener;
import org.ulvs.control.check.CheckOutcome;
import org.ulvs.control.check.CheckPlan;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.VirtualServer;

/** One check of one real server, made here and now, step by step. */
public final class Checkup {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Checkup() {}

    /**
     * A step.
     *
     * @param micros from the start
     * @param text what happened
     */
    public record Step(long micros, String text) {
        /** The time for people. */
        public String time() {
            return String.format(java.util.Locale.ROOT, "%.1f ms", micros / 1000.0);
        }
    }

    /**
     * What was found.
     *
     * @param what is checked and how
     * @param up whether the server is well
     * @param reason in words
     * @param steps in order
     */
    public record Report(String what, boolean up, String reason, List<Step> steps) {
        /** Keeps its own list. */
        public Report {
            steps = List.copyOf(steps);
        }
    }

    private static final class Listener implements CheckListener {
        private final List<Step> steps = new ArrayList<>();
        private boolean ended;
        private boolean up;
        private String reason = "the check did not end in time";

        @Override
        public void onOutcome(String id, CheckSpec spec, CheckOutcome outcome) {
            ended = true;
            up = outcome.up();
            reason = outcome.reason();
        }

        @Override
        public void onStep(String id, String step, long nanos) {
            if (!ended) {
                steps.add(new Step(nanos / 1_000, step));
            }
        }
    }

    /** Checks a server as pulse would. */
    public static Report run(VirtualServer virtual, RealServer server) throws IOException {
        final CheckSpec spec = CheckPlan.of(virtual, server);
        final Listener listener = new Listener();
        final long deadline = System.nanoTime() + LONGEST.toNanos();
        try (ProgramRunner programs = new ProgramRunner()) {
            final CheckEngine engine = new CheckEngine(SystemNanoClock.INSTANCE, listener, programs);
            engine.update(Map.of(spec.name(), spec));
            while (!listener.ended && System.nanoTime() < deadline) {
                engine.poll(10);
            }
            engine.close();
            // once closed, this only gives back what it holds
            engine.run();
        }
        return new Report(spec.describe(), listener.up, listener.reason, listener.steps);
    }
}

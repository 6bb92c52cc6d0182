// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.ulvs.control.check.ProgramResult.End;

/** A program's verdict. The time limit is the runner's, from the program's own start. */
final class ProgramAttempt extends SocketlessAttempt {
    private final Probe.Program probe;

    ProgramAttempt(CheckEngine.Slot slot, Probe.Program probe) {
        super(slot);
        this.probe = probe;
    }

    @Override
    void start() throws IOException {
        step("run " + String.join(" ", probe.command()));
        final boolean accepted = engine().programs()
                .submit(
                        probe.command(),
                        spec().readTimeout(),
                        result -> engine().execute(() -> guarded(() -> judge(result))));
        if (!accepted) {
            throw new IOException("too many programs are waiting to be run");
        }
    }

    private void judge(ProgramResult result) {
        step(result.describe() + (result.output().isEmpty() ? "" : ", wrote \"" + printable(result) + '"'));
        final boolean ended = result.end() == End.EXITED;
        if (probe.statusCounts() && !result.succeeded()) {
            finish(false, "program " + result.describe());
        } else if (probe.expect().isEmpty()) {
            finish(probe.statusCounts(), "program " + result.describe());
        } else if (!probe.statusCounts() && (!ended || result.output().isEmpty())) {
            // Piranha's rule: a program that says nothing has not said that the server is down
            finish(true, "didn't get anything back");
        } else if (withoutLineEnd(result.output()).equals(expected())) {
            finish(true, "program wrote what was expected");
        } else {
            finish(
                    false,
                    "Trouble. Received results are not what we expected from ("
                            + spec().target().getAddress().getHostAddress() + ':'
                            + spec().target().getPort()
                            + "): \"" + printable(result) + '"');
        }
    }

    private String expected() {
        return new String(probe.expect().orElse("").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String withoutLineEnd(String output) {
        return output.endsWith("\n") ? output.substring(0, output.length() - 1) : output;
    }

    private static String printable(ProgramResult result) {
        return Escapes.printable(result.output().getBytes(StandardCharsets.ISO_8859_1));
    }
}

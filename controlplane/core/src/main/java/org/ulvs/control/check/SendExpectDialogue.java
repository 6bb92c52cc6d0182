// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.nio.charset.StandardCharsets;
import org.ulvs.control.check.Expectation.Verdict;

/** Send and expect. */
final class SendExpectDialogue implements Dialogue {
    private final Probe.SendExpect probe;
    private String reason = "";

    SendExpectDialogue(Probe.SendExpect probe) {
        this.probe = probe;
    }

    @Override
    public byte[] request() {
        return probe.sendBytes();
    }

    @Override
    public boolean wantsAnswer() {
        return probe.expect().isPresent();
    }

    @Override
    public Verdict judge(String answer, boolean complete) {
        final Verdict verdict = probe.expect()
                .map(expectation -> expectation.compare(answer, complete))
                .orElse(Verdict.MATCH);
        if (verdict == Verdict.MATCH) {
            reason = "answered as expected";
        } else if (answer.isEmpty()) {
            reason = "closed the connection without an answer";
        } else {
            reason = "answered \"" + Escapes.printable(answer.getBytes(StandardCharsets.ISO_8859_1)) + "\", expected "
                    + probe.expect().map(Expectation::describe).orElse("anything");
        }
        return verdict;
    }

    @Override
    public String reason() {
        return reason;
    }
}

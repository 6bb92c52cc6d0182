// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

/** The right attempt for a probe. */
final class Attempts {
    private Attempts() {}

    static Attempt of(CheckEngine.Slot slot) {
        final Probe probe = slot.spec().probe();
        if (probe instanceof Probe.SendExpect sendExpect) {
            return sendExpect.udp()
                    ? new UdpAttempt(slot, sendExpect)
                    : new TcpAttempt(slot, new SendExpectDialogue(sendExpect), null);
        }
        if (probe instanceof Probe.Http http) {
            return new TcpAttempt(slot, new HttpDialogue(http), http.tls() ? http : null);
        }
        if (probe instanceof Probe.Program program) {
            return new ProgramAttempt(slot, program);
        }
        return new NoAttempt(slot);
    }

    /** For servers that are not checked. */
    private static final class NoAttempt extends SocketlessAttempt {
        NoAttempt(CheckEngine.Slot slot) {
            super(slot);
        }

        @Override
        void start() {
            finish(true, "not checked");
        }
    }
}

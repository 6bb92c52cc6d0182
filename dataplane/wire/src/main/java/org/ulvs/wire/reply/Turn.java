// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;

/** Turns a frame round: what the answer to it begins with. */
final class Turn {
    private Turn() {}

    /** Addresses {@code answer} to where {@code question} came from. */
    static void ethernet(final Frame question, final Frame answer) {
        final UnsafeBuffer from = question.buffer();
        final UnsafeBuffer to = answer.buffer();
        Ethernet.destination(to, answer.offset(), Ethernet.source(from, question.offset()));
        Ethernet.source(to, answer.offset(), Ethernet.destination(from, question.offset()));
        Ethernet.type(to, answer.offset(), Ethernet.type(from, question.offset()));
        answer.port(question.port());
    }
}

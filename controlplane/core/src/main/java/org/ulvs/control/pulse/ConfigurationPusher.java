// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.JournalEntry;

/**
 * Pushes this director's configuration to the partner: one push at a time, and where the partner goes on having another
 * one not more often than every five seconds. The owner of the mailbox calls; the sending is done elsewhere.
 */
final class ConfigurationPusher {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);

    private final Executor helper;
    private final Mailbox mailbox;
    private final ChangeJournal journal;
    private boolean pushing;
    private long nextNs;

    ConfigurationPusher(Executor helper, Mailbox mailbox, ChangeJournal journal, long nowNs) {
        this.helper = helper;
        this.mailbox = mailbox;
        this.journal = journal;
        this.nextNs = nowNs;
    }

    /** Pushes unless a push goes on or has gone out lately. */
    void pushAgain(long nowNs, PeerSync out, List<HeartbeatChannel.Path> ways, ConfigurationStore.Loaded pushed) {
        if (!pushing && nowNs - nextNs >= 0) {
            nextNs = nowNs + RETRY_NS;
            push(out, ways, pushed);
        }
    }

    /** Pushes at once, on the first of the ways that works. */
    void push(PeerSync out, List<HeartbeatChannel.Path> ways, ConfigurationStore.Loaded pushed) {
        pushing = true;
        helper.execute(() -> {
            final String result = send(out, ways, pushed);
            mailbox.leave(() -> {
                pushing = false;
                LOG.info(
                        "configuration serial {} pushed to the partner: {}",
                        pushed.configuration().serial(),
                        result);
                journal.append(JournalEntry.Kind.CONFIGURATION, "push", result);
            });
        });
    }

    private static String send(PeerSync out, List<HeartbeatChannel.Path> ways, ConfigurationStore.Loaded pushed) {
        String result = "";
        for (final HeartbeatChannel.Path path : ways) {
            try {
                return out.push(
                        path.own(),
                        path.peer(),
                        pushed.configuration().serial(),
                        pushed.text(),
                        pushed.rules().orElse(""));
            } catch (IOException e) {
                result = "not sent: " + e.getMessage();
            }
        }
        return result;
    }
}

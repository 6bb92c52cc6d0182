// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CommandPipeline;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;

/**
 * Does the commands on stdin one after the other, as the original: goes on after one that is refused, ends at one that
 * makes no sense, and returns the status of the last.
 */
final class Restore {
    /** Told about what was refused. */
    @FunctionalInterface
    interface Complaints {
        void refused(Command command, CommandResult result);
    }

    private final Session session;
    private final RequestParser parser;
    private final Executor executor;
    private final Complaints complaints;
    private final Queue<Command> sent = new ArrayDeque<>();
    private int status;

    Restore(Session session, RequestParser parser, Executor executor, Complaints complaints) {
        this.session = session;
        this.parser = parser;
        this.executor = executor;
        this.complaints = complaints;
    }

    /** The words of a line; null for an empty one. A leading "ipvsadm" is left out. */
    static String @Nullable [] words(String line) {
        final StringTokenizer tokens = new StringTokenizer(line, " \t\r");
        final List<String> words = new ArrayList<>(12);
        while (tokens.hasMoreTokens()) {
            final String word = tokens.nextToken();
            if (!words.isEmpty() || !word.equals("ipvsadm")) {
                words.add(word);
            }
        }
        return words.isEmpty() ? null : words.toArray(new String[0]);
    }

    int run(BufferedReader in, PrintStream err) throws IOException {
        final CommandPipeline pipeline = session.client().pipeline(this::onResult);
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                final String[] words = words(line);
                if (words != null) {
                    status = 0;
                    line(words, pipeline, err);
                }
            }
        } finally {
            pipeline.drain();
        }
        return status;
    }

    private void line(String[] words, CommandPipeline pipeline, PrintStream err) {
        final Request request;
        try {
            request = parser.parse(words);
        } catch (final WordReader.BadOption bad) {
            pipeline.drain();
            err.println(bad.getMessage());
            status = Failure.REFUSED;
            return;
        }
        switch (request.command) {
            case LIST -> {
                pipeline.drain();
                status = 0;
                executor.list(request);
            }
            case SAVE -> {
                pipeline.drain();
                status = 0;
                executor.save(request);
            }
            case RESTORE -> throw parser.tryHelp();
            case HELP, VERSION -> throw new Usage.Wanted(request.command);
            default -> {
                if (request.persistenceEngine != null) {
                    pipeline.drain();
                    onResult(request.command, executor.change(request, pipeline.table()));
                } else {
                    sent.add(request.command);
                    executor.change(request, pipeline.table());
                }
            }
        }
    }

    private void onResult(long number, CommandResult result) {
        onResult(sent.remove(), result);
    }

    private void onResult(Command command, CommandResult result) {
        status = result.errno() == Errno.OK ? 0 : Failure.REFUSED;
        if (status != 0) {
            complaints.refused(command, result);
        }
    }
}

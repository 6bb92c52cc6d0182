// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ulvs.control.check.Expectation.Verdict;

/** An HTTP/1.1 request and its answer: status, headers, then as much of the body as the pattern needs. */
final class HttpDialogue implements Dialogue {
    private static final int MAX_HEAD = 64 * 1024;

    private final Probe.Http probe;
    private String reason = "";

    HttpDialogue(Probe.Http probe) {
        this.probe = probe;
    }

    @Override
    public byte[] request() {
        final StringBuilder text = new StringBuilder();
        text.append(probe.method()).append(' ').append(probe.path()).append(" HTTP/1.1\r\n");
        text.append("Host: ").append(probe.host()).append("\r\n");
        text.append("User-Agent: ulvs-check\r\nAccept: */*\r\nConnection: close\r\n");
        probe.sendHeader().ifPresent(header -> text.append(header).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean wantsAnswer() {
        return true;
    }

    @Override
    public Verdict judge(String answer, boolean complete) {
        final int headEnd = answer.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            if (complete || answer.length() > MAX_HEAD || !startsLikeHttp(answer)) {
                reason = answer.isEmpty()
                        ? "closed the connection without an answer"
                        : "answered \"" + Escapes.printable(answer.getBytes(StandardCharsets.ISO_8859_1))
                                + "\", which is not HTTP";
                return Verdict.MISMATCH;
            }
            return Verdict.MORE;
        }
        final List<String> head = List.of(answer.substring(0, headEnd).split("\r\n", -1));
        final Optional<Verdict> early = judgeHead(head);
        if (early.isPresent()) {
            return early.get();
        }
        final Optional<Pattern> body = probe.bodyPattern();
        if (body.isEmpty()) {
            return Verdict.MATCH;
        }
        final Body read = Body.of(head, answer.substring(headEnd + 4), complete);
        if (Expectation.find(body.get(), read.text)) {
            return Verdict.MATCH;
        }
        if (!read.complete) {
            return Verdict.MORE;
        }
        reason = "body does not contain /" + body.get() + '/';
        return Verdict.MISMATCH;
    }

    private static boolean startsLikeHttp(String answer) {
        return answer.startsWith("HTTP/") || "HTTP/".startsWith(answer);
    }

    private Optional<Verdict> judgeHead(List<String> head) {
        final String[] status = head.get(0).split(" ", 3);
        if (!status[0].startsWith("HTTP/") || status.length < 2 || !status[1].matches("[1-9][0-9][0-9]")) {
            reason = "status line \"" + Escapes.printable(head.get(0).getBytes(StandardCharsets.ISO_8859_1)) + '"';
            return Optional.of(Verdict.MISMATCH);
        }
        reason = "status " + status[1];
        if (!probe.status().contains(Integer.parseInt(status[1]))) {
            reason += ", expected " + probe.status();
            return Optional.of(Verdict.MISMATCH);
        }
        final Optional<Pattern> header = probe.headerPattern();
        if (header.isPresent()
                && head.subList(1, head.size()).stream().noneMatch(line -> Expectation.find(header.get(), line))) {
            reason = "no header matches /" + header.get() + '/';
            return Optional.of(Verdict.MISMATCH);
        }
        return Optional.empty();
    }

    @Override
    public String reason() {
        return reason;
    }

    /** The body as far as it has come, chunks put together. */
    private record Body(String text, boolean complete) {
        static Body of(List<String> head, String raw, boolean closed) {
            final List<String> lower = new ArrayList<>();
            head.forEach(line -> lower.add(line.toLowerCase(Locale.ROOT)));
            if (lower.stream().anyMatch(line -> line.startsWith("transfer-encoding:") && line.contains("chunked"))) {
                return chunked(raw, closed);
            }
            for (final String line : lower) {
                if (line.startsWith("content-length:")) {
                    final String length = line.substring(15).strip();
                    final boolean whole = length.matches("\\d{1,9}") && raw.length() >= Integer.parseInt(length);
                    return new Body(raw, closed || whole);
                }
            }
            return new Body(raw, closed);
        }

        private static Body chunked(String raw, boolean closed) {
            final StringBuilder text = new StringBuilder();
            int position = 0;
            while (true) {
                final int end = raw.indexOf("\r\n", position);
                if (end < 0) {
                    return new Body(text.toString(), closed);
                }
                final String size =
                        raw.substring(position, end).split(";", 2)[0].strip();
                if (!size.matches("[0-9a-fA-F]{1,7}")) {
                    return new Body(text.toString(), true);
                }
                final int length = Integer.parseInt(size, 16);
                if (length == 0) {
                    return new Body(text.toString(), true);
                }
                final int from = end + 2;
                text.append(raw, from, Math.min(raw.length(), from + length));
                if (raw.length() < from + length + 2) {
                    return new Body(text.toString(), closed);
                }
                position = from + length + 2;
            }
        }
    }
}

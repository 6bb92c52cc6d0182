// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.Section;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.lvscf.VirtualServer;

/** From a virtual server's keys to checks. */
public final class CheckPlan {
    private static final int WEB_PORT = 80;
    private static final int JITTER_PART = 10;

    private CheckPlan() {}

    /** The check of a server in its virtual server. */
    public static CheckSpec of(VirtualServer virtual, RealServer server) {
        return of(virtual, virtual.name() + '/' + server.name(), server.address(), server.checkPort());
    }

    /** The check of a failover service at its own address, as the standby director makes it. */
    public static CheckSpec remote(VirtualServer failover) {
        return of(failover, failover.name(), failover.address().address(), failover.port());
    }

    private static CheckSpec of(VirtualServer virtual, String name, InetAddress address, int port) {
        final Section section = virtual.section();
        final Duration timeout = section.value(VirtualKeys.TIMEOUT);
        final Duration interval = section.find(VirtualKeys.CHECK_INTERVAL).orElse(timeout);
        final long rise = section.find(VirtualKeys.RISE)
                .orElseGet(() -> Math.max(1, section.value(VirtualKeys.REENTRY).dividedBy(interval)));
        return new CheckSpec(
                name,
                new InetSocketAddress(address, port),
                probe(virtual, address, port),
                interval,
                section.find(VirtualKeys.CONNECT_TIMEOUT).orElse(timeout),
                section.find(VirtualKeys.READ_TIMEOUT).orElse(timeout),
                section.find(VirtualKeys.JITTER).orElseGet(() -> interval.dividedBy(JITTER_PART)),
                (int) Math.min(rise, Integer.MAX_VALUE),
                section.value(VirtualKeys.FALL).intValue());
    }

    private static Probe probe(VirtualServer virtual, InetAddress address, int port) {
        final Section section = virtual.section();
        final Optional<String> program = section.find(VirtualKeys.SEND_PROGRAM).filter(text -> !text.isBlank());
        final String kind = section.find(VirtualKeys.CHECK).orElse(program.isPresent() ? "program" : "send");
        final boolean udp = "udp".equals(virtual.protocol());
        return switch (kind) {
            case "none" -> new Probe.None();
            case "connect" -> new Probe.SendExpect(false, "", Optional.empty());
            case "http" -> http(virtual, false);
            case "https" -> http(virtual, true);
            case "program" ->
                program.<Probe>map(line -> program(section, line, address, port))
                        .orElseGet(() -> sendExpect(section, udp, virtual.port()));
            default -> sendExpect(section, udp, virtual.port());
        };
    }

    private static Probe http(VirtualServer virtual, boolean tls) {
        final Section section = virtual.section();
        return new Probe.Http(
                tls,
                section.value(VirtualKeys.HTTP_METHOD),
                section.value(VirtualKeys.HTTP_PATH),
                section.find(VirtualKeys.HTTP_HOST)
                        .orElseGet(() -> virtual.address().address().getHostAddress()),
                section.find(VirtualKeys.HTTP_SEND_HEADER),
                StatusRanges.parse(section.value(VirtualKeys.HTTP_STATUS)),
                section.find(VirtualKeys.HTTP_HEADER),
                section.find(VirtualKeys.HTTP_BODY),
                section.value(VirtualKeys.TLS_VERIFY),
                section.find(VirtualKeys.TLS_CERTIFICATE));
    }

    private static Probe program(Section section, String line, InetAddress address, int port) {
        final Optional<String> expect = section.find(VirtualKeys.EXPECT)
                .map(text -> new String(Escapes.translate(text), StandardCharsets.UTF_8))
                .filter(text -> !text.isEmpty());
        return new Probe.Program(words(line, address, port), expect, section.value(VirtualKeys.PROGRAM_STATUS));
    }

    /** Splits a command at blanks and puts address and port in for words that are exactly %h and %p. */
    public static List<String> words(String line, InetAddress address, int port) {
        final List<String> words = new ArrayList<>();
        for (final String word : line.strip().split("[ \t]+", -1)) {
            words.add(
                    switch (word) {
                        case "%h" -> address.getHostAddress();
                        case "%p" -> Integer.toString(port);
                        default -> word;
                    });
        }
        return words;
    }

    private static Probe sendExpect(Section section, boolean udp, int servicePort) {
        final Optional<String> send = section.find(VirtualKeys.SEND);
        final Optional<String> expect = section.find(VirtualKeys.EXPECT);
        if (send.isEmpty() && expect.isEmpty() && servicePort == WEB_PORT && !udp) {
            return sendExpect(false, "GET / HTTP/1.0\\r\\n\\r\\n", "HTTP", false, false);
        }
        return sendExpect(
                udp,
                send.orElse(""),
                expect.orElse(""),
                section.value(VirtualKeys.USE_REGEX),
                section.value(VirtualKeys.EXPECT_ANYWHERE));
    }

    /**
     * A send/expect probe.
     *
     * @param send with backslash sequences, empty for none
     * @param expect with backslash sequences, empty for none; a regular expression if so told
     */
    public static Probe sendExpect(boolean udp, String send, String expect, boolean regex, boolean anywhere) {
        final Optional<Expectation> expectation;
        if (expect.isEmpty()) {
            expectation = Optional.empty();
        } else if (regex) {
            expectation = Optional.of(Expectation.pattern(expect));
        } else if (anywhere) {
            expectation = Optional.of(Expectation.anywhere(Escapes.translate(expect)));
        } else {
            expectation = Optional.of(Expectation.prefix(Escapes.translate(expect)));
        }
        return new Probe.SendExpect(udp, new String(Escapes.translate(send), StandardCharsets.ISO_8859_1), expectation);
    }
}

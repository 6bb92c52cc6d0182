// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a server is asked whether it works. */
public sealed interface Probe {
    /** In one line, for explain and logs. */
    String describe();

    /** Always up. */
    record None() implements Probe {
        @Override
        public String describe() {
            return "no check";
        }
    }

    /**
     * Connect, send a text, compare the answer.
     *
     * @param udp datagrams instead of a TCP connection
     * @param send bytes to send as ISO 8859-1, empty for none
     * @param expect what the answer must be like, empty for anything (TCP: the connect is enough)
     */
    record SendExpect(boolean udp, String send, Optional<Expectation> expect) implements Probe {
        byte[] sendBytes() {
            return send.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String describe() {
            return (udp ? "udp" : "tcp connect")
                    + (send.isEmpty() ? "" : ", send \"" + Escapes.printable(sendBytes()) + '"')
                    + expect.map(expectation -> ", expect " + expectation.describe())
                            .orElse("");
        }
    }

    /**
     * An HTTP request.
     *
     * @param tls whether over TLS
     * @param method for example GET
     * @param path with its query
     * @param host of the Host header and of the TLS server name
     * @param sendHeader one more header line
     * @param status good status codes
     * @param header expression that a header line must match
     * @param body expression to be found in the body
     * @param verify {@code none}, {@code system} or a PEM file
     * @param certificate PKCS#12 file to show
     */
    record Http(
            boolean tls,
            String method,
            String path,
            String host,
            Optional<String> sendHeader,
            StatusRanges status,
            Optional<String> header,
            Optional<String> body,
            String verify,
            Optional<String> certificate)
            implements Probe {
        @Override
        public String describe() {
            return (tls ? "https " : "http ") + method + ' ' + path + " (host " + host + "), status " + status
                    + header.map(text -> ", header /" + text + '/').orElse("")
                    + body.map(text -> ", body /" + text + '/').orElse("")
                    + (tls && !"none".equals(verify) ? ", certificate verified (" + verify + ")" : "");
        }

        Optional<Pattern> bodyPattern() {
            return body.map(Pattern::compile);
        }

        Optional<Pattern> headerPattern() {
            return header.map(Pattern::compile);
        }
    }

    /**
     * A program.
     *
     * @param command words, address and port put in
     * @param expect the output that counts as up; empty: any output
     * @param statusCounts whether a status other than 0 means down whatever the output
     */
    record Program(List<String> command, Optional<String> expect, boolean statusCounts) implements Probe {
        /** Keeps its own list. */
        public Program {
            command = List.copyOf(command);
        }

        @Override
        public String describe() {
            return "run " + String.join(" ", command)
                    + expect.map(text -> ", expect \"" + text + '"').orElse("");
        }
    }
}

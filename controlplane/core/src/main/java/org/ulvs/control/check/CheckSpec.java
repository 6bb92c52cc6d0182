// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A check of one service on one real server.
 *
 * @param name what it is called: {@code http/web1}
 * @param target address and port that are checked
 * @param probe how
 * @param interval from the start of one check to the start of the next
 * @param connectTimeout for a TCP connect (and TLS handshake)
 * @param readTimeout for the whole answer, or for the whole run of a program
 * @param jitter random part of each interval
 * @param rise good checks in a row before a server that was down is up
 * @param fall failed checks in a row before a server that was up is down
 */
public record CheckSpec(
        String name,
        InetSocketAddress target,
        Probe probe,
        Duration interval,
        Duration connectTimeout,
        Duration readTimeout,
        Duration jitter,
        int rise,
        int fall) {
    /** In one line, for explain. */
    public String describe() {
        return "every " + seconds(interval) + " s " + target.getAddress().getHostAddress() + ':' + target.getPort()
                + ": " + probe.describe() + "; connect within " + seconds(connectTimeout) + " s, answer within "
                + seconds(readTimeout) + " s, up after " + rise + ", down after " + fall;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1000.0);
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.time.Duration;

/**
 * What a client may use up.
 *
 * @param bodyBytes of a request
 * @param headerBytes of a request, the address included
 * @param bodyTime for a whole body
 * @param idle without a request, or for a request's headers; then the connection ends
 * @param connections at a time
 */
public record Limits(int bodyBytes, int headerBytes, Duration bodyTime, Duration idle, int connections) {
    /** What is used unless a test wants less. */
    public static final Limits DEFAULT =
            new Limits(512 * 1024, 8 * 1024, Duration.ofSeconds(10), Duration.ofSeconds(15), 256);
}

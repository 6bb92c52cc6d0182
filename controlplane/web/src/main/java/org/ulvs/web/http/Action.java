// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.io.IOException;

/** What a route does. */
@FunctionalInterface
public interface Action {
    /**
     * Answers. May take a while: it runs on a thread of its own.
     *
     * @throws IOException if something outside cannot be read or written; becomes an error page that says so
     */
    Reply answer(Exchange exchange) throws IOException;
}

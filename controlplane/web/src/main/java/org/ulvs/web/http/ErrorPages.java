// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

/** How an error looks. */
@FunctionalInterface
public interface ErrorPages {
    /**
     * A page for an error.
     *
     * @param status of HTTP
     * @param reason a sentence for people
     */
    Reply reply(int status, String reason);
}

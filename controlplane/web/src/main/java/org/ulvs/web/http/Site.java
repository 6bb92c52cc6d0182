// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import org.ulvs.web.auth.AddressList;
import org.ulvs.web.auth.Sessions;
import org.ulvs.web.auth.TokenFile;

/**
 * What is served, and to whom.
 *
 * @param routes what can be asked for
 * @param errorPages how an error looks
 * @param sessions of who has logged in
 * @param tokens of programs
 * @param allowed addresses
 * @param feed of events
 * @param limits of requests
 */
public record Site(
        Routes routes,
        ErrorPages errorPages,
        Sessions sessions,
        TokenFile tokens,
        AddressList allowed,
        EventFeed feed,
        Limits limits) {}

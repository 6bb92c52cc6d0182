// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of pages. */
public final class Links {
    private Links() {}

    /** For the query of an address. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

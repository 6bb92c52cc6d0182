// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

/** The two cookies: of the session, and of the login form. */
public final class Cookies {
    private Cookies() {}

    /** Name of the session's cookie; over TLS no other host and no plain connection can set it. */
    public static String sessionName(boolean secure) {
        return secure ? "__Host-piranha" : "piranha";
    }

    /** Name of the login form's cookie. */
    public static String loginName(boolean secure) {
        return secure ? "__Host-piranha-login" : "piranha-login";
    }

    /** A Set-Cookie header that lasts as long as the browser. */
    public static String set(String name, String value, boolean secure) {
        return name + '=' + value + "; Path=/; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    /** A Set-Cookie header that ends a cookie. */
    public static String end(String name, boolean secure) {
        return set(name, "", secure) + "; Max-Age=0";
    }

    /** A cookie's value in a Cookie header, empty where it is not there. */
    public static String find(String header, String name) {
        for (final String part : header.split(";", -1)) {
            final String pair = part.strip();
            if (pair.startsWith(name + '=')) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

/** What a segment of an FTP control connection says about data connections. */
public enum FtpCommand {
    /** Nothing. */
    NONE,
    /** The client will listen: {@code PORT h1,h2,h3,h4,p1,p2} (RFC 959). */
    PORT,
    /** The client will listen: {@code EPRT |1|address|port|} (RFC 2428). */
    EPRT,
    /** The client asks the server to listen: {@code PASV}. */
    PASV,
    /** The client asks the server to listen: {@code EPSV}. */
    EPSV,
    /** The server listens: {@code 227 ... (h1,h2,h3,h4,p1,p2)}. */
    PASSIVE_REPLY,
    /** The server listens: {@code 229 ... (|||port|)}. */
    EXTENDED_PASSIVE_REPLY
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

/** What packets a ring is filled with. */
public enum PacketKind {
    /** A client's first. */
    SYN,
    /** A client's on an established connection. */
    HIT,
    /** A real server's on an established connection. */
    REPLY
}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Frames that the director makes itself: ICMP errors, echo replies, resets and ARP. */
@NullMarked
package org.ulvs.wire.reply;

import org.jspecify.annotations.NullMarked;

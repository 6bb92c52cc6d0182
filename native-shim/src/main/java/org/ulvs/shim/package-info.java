// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Binding of the C shim: packet rings, fanout, batch sends, netlink. No policy. */
@NullMarked
package org.ulvs.shim;

import org.jspecify.annotations.NullMarked;

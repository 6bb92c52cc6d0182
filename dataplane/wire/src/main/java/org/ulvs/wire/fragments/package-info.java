// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Fragments of IPv4 datagrams: held until all are there, and made where a link demands it. */
@NullMarked
package org.ulvs.wire.fragments;

import org.jspecify.annotations.NullMarked;

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Replays recordings of kernel IPVS against the code that forwards, and says where they differ. */
@NullMarked
package org.ulvs.conform;

import org.jspecify.annotations.NullMarked;

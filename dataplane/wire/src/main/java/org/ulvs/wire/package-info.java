// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Frames and the headers in them: flyweights, parsing, checksums. No policy, no I/O. */
@NullMarked
package org.ulvs.wire;

import org.jspecify.annotations.NullMarked;

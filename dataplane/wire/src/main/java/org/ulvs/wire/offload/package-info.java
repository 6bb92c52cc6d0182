// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The work that a network card would do for a frame: finishing checksums, cutting super-frames. */
@NullMarked
package org.ulvs.wire.offload;

import org.jspecify.annotations.NullMarked;

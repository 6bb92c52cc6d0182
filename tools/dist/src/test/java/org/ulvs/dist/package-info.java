// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Rules that hold over all modules of the distribution. */
@NullMarked
package org.ulvs.dist;

import org.jspecify.annotations.NullMarked;

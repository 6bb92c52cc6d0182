// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Tests. */
@NullMarked
package org.ulvs.tools.stat;

import org.jspecify.annotations.NullMarked;

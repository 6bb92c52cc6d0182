// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** What the dataplane's table should hold, and the fewest commands that bring it there. */
@NullMarked
package org.ulvs.control.table;

import org.jspecify.annotations.NullMarked;

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Checks of real servers: what nanny did, for all servers at once and without a thread or process each. */
@NullMarked
package org.ulvs.control.check;

import org.jspecify.annotations.NullMarked;

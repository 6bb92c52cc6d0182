// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** {@code ulvs address}: the addresses that a dataplane answers for. */
@NullMarked
package org.ulvs.tools.address;

import org.jspecify.annotations.NullMarked;

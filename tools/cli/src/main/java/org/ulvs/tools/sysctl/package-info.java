// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Tunables of a dataplane, as sysctl shows them. */
@NullMarked
package org.ulvs.tools.sysctl;

import org.jspecify.annotations.NullMarked;

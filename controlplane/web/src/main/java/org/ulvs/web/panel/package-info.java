// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The panels as pages. */
@NullMarked
package org.ulvs.web.panel;

import org.jspecify.annotations.NullMarked;

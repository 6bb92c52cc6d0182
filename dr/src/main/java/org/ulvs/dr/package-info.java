// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** One-way forwarding: direct routing and IPIP tunnelling. */
@NullMarked
package org.ulvs.dr;

import org.jspecify.annotations.NullMarked;

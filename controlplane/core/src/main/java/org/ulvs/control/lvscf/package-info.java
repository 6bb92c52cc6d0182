// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The configuration file lvs.cf: a lossless document, its typed meaning, findings, and the writer. */
@NullMarked
package org.ulvs.control.lvscf;

import org.jspecify.annotations.NullMarked;

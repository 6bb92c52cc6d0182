// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** What happened, when and why, kept on disk. */
@NullMarked
package org.ulvs.control.journal;

import org.jspecify.annotations.NullMarked;

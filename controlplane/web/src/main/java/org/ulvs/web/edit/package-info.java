// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Changing lvs.cf: drafts, previews, and writing. */
@NullMarked
package org.ulvs.web.edit;

import org.jspecify.annotations.NullMarked;

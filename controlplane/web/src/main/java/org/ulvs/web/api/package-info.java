// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The REST interface and the metrics. */
@NullMarked
package org.ulvs.web.api;

import org.jspecify.annotations.NullMarked;

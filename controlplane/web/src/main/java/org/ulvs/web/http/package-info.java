// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The guarded web server: transport, limits, sessions and routes. */
@NullMarked
package org.ulvs.web.http;

import org.jspecify.annotations.NullMarked;

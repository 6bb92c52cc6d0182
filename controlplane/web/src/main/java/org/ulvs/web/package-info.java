// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The Piranha configuration tool: a web server process beside the director. */
@NullMarked
package org.ulvs.web;

import org.jspecify.annotations.NullMarked;

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Reads what benchmarks measured, judges whether it is well formed, and shows it to people. */
@NullMarked
package org.ulvs.bench.report;

import org.jspecify.annotations.NullMarked;

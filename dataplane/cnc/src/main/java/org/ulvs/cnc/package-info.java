// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The mapped files in which processes meet: commands, replies, counters, table, server records; and the client. */
@NullMarked
package org.ulvs.cnc;

import org.jspecify.annotations.NullMarked;

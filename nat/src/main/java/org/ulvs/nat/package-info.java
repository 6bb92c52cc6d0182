// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Masquerading: rewriting of packets both ways, errors about them, and the FTP helper. */
@NullMarked
package org.ulvs.nat;

import org.jspecify.annotations.NullMarked;

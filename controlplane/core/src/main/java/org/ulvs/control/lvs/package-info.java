// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** What the lvs daemon did: keeps the dataplane's table and addresses as configuration and health ask for. */
@NullMarked
package org.ulvs.control.lvs;

import org.jspecify.annotations.NullMarked;

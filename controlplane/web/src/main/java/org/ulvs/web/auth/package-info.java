// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Who may come in: password, tokens, sessions and addresses. */
@NullMarked
package org.ulvs.web.auth;

import org.jspecify.annotations.NullMarked;

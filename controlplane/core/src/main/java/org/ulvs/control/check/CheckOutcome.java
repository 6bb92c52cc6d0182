// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

/**
 * What one check found.
 *
 * @param up whether the server did as expected
 * @param reason for people: what it did instead, or what it did
 * @param nanos from the start of the check
 */
public record CheckOutcome(boolean up, String reason, long nanos) {}

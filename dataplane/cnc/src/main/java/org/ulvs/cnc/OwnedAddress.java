// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * An address for which the dataplane answers.
 *
 * @param address the address
 * @param device interface on which it answers, or empty for all
 */
public record OwnedAddress(InetAddr address, String device) {}

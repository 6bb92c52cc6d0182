// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

/**
 * The first place where a recording and the replay differ.
 *
 * @param event index of the event or packet
 * @param what the event or packet, for a person
 * @param expected what the kernel did
 * @param actual what the replay did
 */
record Difference(int event, String what, String expected, String actual) {}

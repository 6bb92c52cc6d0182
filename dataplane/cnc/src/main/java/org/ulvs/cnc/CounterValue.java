// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * One counter row as read.
 *
 * @param typeId kind of counter
 * @param worker number of the worker, {@link Counters#CONDUCTOR} for the conductor
 * @param label text for people
 * @param value at the moment of reading
 */
public record CounterValue(int typeId, int worker, String label, long value) {}

// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The merge sort behind the C library's qsort. The original compares by differences that overflow, which is no order,
 * so the outcome depends on the algorithm; the sort of Java refuses such comparisons.
 */
final class MergeSort {
    private MergeSort() {}

    static <T> void sort(List<T> list, Comparator<T> comparator) {
        sort(list, 0, list.size(), comparator);
    }

    private static <T> void sort(List<T> list, int from, int to, Comparator<T> comparator) {
        if (to - from <= 1) {
            return;
        }
        final int middle = from + (to - from) / 2;
        sort(list, from, middle, comparator);
        sort(list, middle, to, comparator);
        final List<T> merged = new ArrayList<>(to - from);
        int left = from;
        int right = middle;
        while (left < middle && right < to) {
            merged.add(comparator.compare(list.get(left), list.get(right)) <= 0 ? list.get(left++) : list.get(right++));
        }
        while (left < middle) {
            merged.add(list.get(left++));
        }
        for (int i = 0; i < merged.size(); i++) {
            list.set(from + i, merged.get(i));
        }
    }
}

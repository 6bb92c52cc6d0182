/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/* What it takes to hand a line of memory over from one CPU to another, which a host may change by placing them elsewhere. */
#define _GNU_SOURCE
#include "common.h"

#include <pthread.h>
#include <stdio.h>

#define PARTS 15
#define ROUND_TRIPS 1000
#define MOST_CPUS 1024

static _Alignas(64) uint32_t line;

static void await(uint32_t value)
{
    while (__atomic_load_n(&line, __ATOMIC_ACQUIRE) != value) {
    }
}

static void *answer(void *cpu)
{
    pin(*(const int *)cpu);
    for (uint32_t i = 0; i <= PARTS * ROUND_TRIPS; i++) {
        await(2 * i + 1);
        __atomic_store_n(&line, 2 * i + 2, __ATOMIC_RELEASE);
    }
    return NULL;
}

static void ask(uint32_t number)
{
    __atomic_store_n(&line, 2 * number + 1, __ATOMIC_RELEASE);
    await(2 * number + 2);
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fputs("Usage: handover CPU CPU\nPrints the nanoseconds of one handover, the median of 15 parts.\n", stderr);
        return 2;
    }
    pin((int)number("CPU", arguments[1], 0, MOST_CPUS - 1));
    int other = (int)number("CPU", arguments[2], 0, MOST_CPUS - 1);
    pthread_t thread;
    if (pthread_create(&thread, NULL, answer, &other) != 0) {
        fail("a second thread");
    }
    uint32_t trip = 0;
    ask(trip++); /* until the other one is there */
    uint32_t parts[PARTS]; /* nanoseconds */
    for (int part = 0; part < PARTS; part++) {
        const uint64_t began = now_ns();
        for (int i = 0; i < ROUND_TRIPS; i++) {
            ask(trip++);
        }
        parts[part] = (uint32_t)(now_ns() - began);
    }
    pthread_join(thread, NULL);
    sort(parts, PARTS);
    printf("%.1f\n", parts[PARTS / 2] / (2.0 * ROUND_TRIPS));
    return 0;
}

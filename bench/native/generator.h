/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends frames of many connections in turn at a steady rate. Fast ones are made in the kernel, by an XDP program that
 * is run over live frames and redirects them to the interface; slow ones by a packet socket, as applications send.
 */
#ifndef ULVS_BENCH_GENERATOR_H
#define ULVS_BENCH_GENERATOR_H

#include "common.h"

#include <stdint.h>

/* Frames a second from which on the kernel makes them. */
#define FAST_RATE 10000

struct load {
    struct headers headers;
    uint64_t frames;
    uint64_t rate; /* frames a second; 0 is as fast as can be */
    /* At a fast rate: sleep between bursts of what is due; 0 waits for each frame's time at full speed. */
    uint64_t pause_ns;
    uint32_t flows; /* connections, a power of two; of neighbouring source ports */
    uint32_t batch; /* frames that leave together, at a fast rate */
    int cpu;        /* where the sending thread runs; any where negative */
};

/* What was sent. */
struct sent {
    uint64_t frames;
    uint64_t elapsed_ns;
    uint64_t late_ns; /* by how much a frame was too late, at worst */
};

/* Sends; returns when all is sent. The calling thread is in the namespace of the interface. */
void generate(const struct place *from, const struct load *load, struct sent *sent);

#endif

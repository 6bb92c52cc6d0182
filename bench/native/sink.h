/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts the generator's frames where they arrive, finds those out of order, and keeps the delay of each one. The
 * kernel does it in the tap of a packet socket, which costs a forwarder next to nothing; or an application does that
 * sleeps until a frame comes, as servers do.
 */
#ifndef ULVS_BENCH_SINK_H
#define ULVS_BENCH_SINK_H

#include "common.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Delays that are kept, of the last frames; a power of two. */
#define MAX_DELAYS (1u << 20)

/* What arrived. Written by the sink. */
struct arrivals {
    uint64_t frames;
    uint64_t reordered; /* not newer than what came before on the same connection */
    uint64_t last_ns;
    uint64_t first_ns;
    uint32_t first_flow; /* which frame was the first */
    uint32_t first_sequence;
    uint32_t next[MAX_FLOWS]; /* sequence that each connection expects */
    uint32_t delay_ns[MAX_DELAYS];
};

struct sink {
    struct arrivals *arrivals;
    int socket;
    bool application;
    pthread_t thread;
};

/* Begins to count. The calling thread is in the namespace of the interface. */
void sink_open(struct sink *sink, const struct place *at, bool application);

/* Waits until nothing has come for a while, or as many as were sent have come, and stops counting. */
void sink_close(struct sink *sink, uint64_t sent);

#endif

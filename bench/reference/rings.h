/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/* What the references share: the dataplane's ring of small slots, its ways out, and how it mends a checksum. */
#ifndef ULVS_BENCH_RINGS_H
#define ULVS_BENCH_RINGS_H

#include "../../native-shim/src/main/c/shim.h"
#include "../native/common.h"

#include <linux/virtio_net.h>

/* As the dataplane's rings: see RingSettings. */
#define BLOCK_SIZE (1u << 20)
#define BLOCK_COUNT 64u
#define RESERVE 70
/* Frames between two releases, looks at empty rings before it sleeps: see Worker and WorkerIdle. */
#define BATCH 64u
#define SPINS 20u
/* Right before each frame. */
#define VNET_LENGTH sizeof(struct virtio_net_hdr)

/* A ring as the dataplane opens it, and where it is read. */
struct slots {
    struct ulvs_ring ring;
    int fd;
    unsigned next;   /* slot to be taken */
    unsigned held;   /* slots that were taken since the last release */
    unsigned copied; /* long frames among them */
    uint8_t *copies; /* room for these */
};

void slots_open(struct slots *slots, const struct place *place);

/* Whether the frame has arrived that is so many places behind the next one. */
bool slots_arrived(const struct slots *slots, unsigned places);

/* The next frame, its virtio header before it, valid until the release; NULL where none has arrived. */
uint8_t *slots_take(struct slots *slots, uint32_t *length);

/* Gives all frames that were taken back to the kernel. */
void slots_release(struct slots *slots);

/* Sends as the dataplane does: through an AF_XDP socket, or where there is none by sendmmsg, from where frames lie. */
struct sender {
    int fd;
    struct ulvs_express express;
    bool expressed;
    struct iovec parts[BATCH];
    unsigned queued;
};

/* Sends through a packet socket of the place, which is open. */
void sender_open(struct sender *sender, const struct place *place, int fd);
void sender_put(struct sender *sender, uint8_t *frame, uint32_t length);
void sender_flush(struct sender *sender);

/* RFC 1624: what a checksum becomes when 16-bit words change. */
uint16_t adjust(uint16_t checksum, uint32_t before, uint32_t after);

#endif

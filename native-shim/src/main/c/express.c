/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <linux/if_xdp.h>
#include <linux/virtio_net.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef XDP_MAX_TX_SKB_BUDGET
#define XDP_MAX_TX_SKB_BUDGET 9
#endif

#define RING 256u
/* the least that the kernel takes */
#define CHUNK 2048u
#define LONGEST 256u
/* Frames lie at different places in their chunks, so that they are in different sets of a cache. */
#define PLACE(I) ((I) * CHUNK + (I) % 24 * 64)
#define COMPLETIONS 4096u
#define BUFFER (16 * 1024 * 1024)
#define TRIES 16

static uint32_t *at(uint64_t address)
{
    return (uint32_t *)(uintptr_t)address;
}

static void *map_ring(int fd, uint64_t length, uint64_t offset)
{
    return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)offset);
}

static int set_xdp(int fd, int option, int value)
{
    return setsockopt(fd, SOL_XDP, option, &value, sizeof(value));
}

static int map_rings(struct ulvs_express *express, int fd)
{
    struct xdp_mmap_offsets offsets;
    socklen_t size = sizeof(offsets);
    if (getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &size) < 0) {
        return -1;
    }
    express->ring_length = offsets.tx.desc + RING * sizeof(struct xdp_desc);
    void *const ring = map_ring(fd, express->ring_length, XDP_PGOFF_TX_RING);
    if (ring == MAP_FAILED) {
        return -1;
    }
    express->ring = (uint64_t)(uintptr_t)ring;
    express->completion_length = offsets.cr.desc + COMPLETIONS * sizeof(uint64_t);
    void *const completion = map_ring(fd, express->completion_length, XDP_UMEM_PGOFF_COMPLETION_RING);
    if (completion == MAP_FAILED) {
        return -1;
    }
    express->completion = (uint64_t)(uintptr_t)completion;
    express->producer = express->ring + offsets.tx.producer;
    express->consumer = express->ring + offsets.tx.consumer;
    express->descriptors = express->ring + offsets.tx.desc;
    express->completed = express->completion + offsets.cr.producer;
    express->collected = express->completion + offsets.cr.consumer;
    return 0;
}

static int bind_to(const struct ulvs_express *express, int fd, unsigned queue)
{
    struct sockaddr_xdp address;
    memset(&address, 0, sizeof(address));
    address.sxdp_family = AF_XDP;
    address.sxdp_flags = XDP_COPY;
    address.sxdp_ifindex = (unsigned)express->interface_index;
    address.sxdp_queue_id = queue;
    return bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

/* Frames of two sockets stay in order only where there is one queue: where the second one cannot be bound to. */
static int bind_to_only_queue(const struct ulvs_express *express, int fd)
{
    if (bind_to(express, fd, 1) == 0) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return errno == EINVAL ? bind_to(express, fd, 0) : -1;
}

static int set_up(struct ulvs_express *express, int fd)
{
    void *const memory =
        mmap(NULL, RING * CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) {
        return -1;
    }
    express->memory = (uint64_t)(uintptr_t)memory;
    struct xdp_umem_reg area;
    memset(&area, 0, sizeof(area));
    area.addr = express->memory;
    area.len = RING * CHUNK;
    area.chunk_size = CHUNK;
    const int buffer = BUFFER;
    if (setsockopt(fd, SOL_XDP, XDP_UMEM_REG, &area, sizeof(area)) < 0 ||
        set_xdp(fd, XDP_UMEM_FILL_RING, 1) < 0 || set_xdp(fd, XDP_UMEM_COMPLETION_RING, COMPLETIONS) < 0 ||
        set_xdp(fd, XDP_TX_RING, RING) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) < 0) {
        return -1;
    }
    /* more frames a call, where the kernel knows of it */
    (void)set_xdp(fd, XDP_MAX_TX_SKB_BUDGET, RING);
    return map_rings(express, fd) < 0 ? -1 : bind_to_only_queue(express, fd);
}

int ulvs_express_open(struct ulvs_express *express)
{
    const int index = express->interface_index;
    memset(express, 0, sizeof(*express));
    express->interface_index = index;
    express->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (express->fd < 0) {
        return -errno;
    }
    if (set_up(express, express->fd) < 0) {
        const int error = errno;
        ulvs_express_close(express);
        return -error;
    }
    return 0;
}

static void unmap(uint64_t address, uint64_t length)
{
    if (address != 0) {
        munmap((void *)(uintptr_t)address, length);
    }
}

int ulvs_express_close(struct ulvs_express *express)
{
    const int result = close(express->fd) < 0 ? -errno : 0;
    unmap(express->ring, express->ring_length);
    unmap(express->completion, express->completion_length);
    unmap(express->memory, RING * CHUNK);
    return result;
}

int ulvs_express_takes(const struct iovec *frame)
{
    const struct virtio_net_hdr *const facts = frame->iov_base;
    return frame->iov_len <= sizeof(*facts) + LONGEST && (facts->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) == 0 &&
           facts->gso_type == VIRTIO_NET_HDR_GSO_NONE;
}

static uint32_t waiting(const struct ulvs_express *express)
{
    return express->position - __atomic_load_n(at(express->consumer), __ATOMIC_ACQUIRE);
}

int ulvs_express_flush(struct ulvs_express *express)
{
    int tries = TRIES;
    int error = 0;
    for (uint32_t before = waiting(express); before > 0 && tries > 0;) {
        error = sendto(express->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 ? errno : ENXIO;
        express->dropped += error == EBUSY;
        /* the frames are copied by then, so that who completes them when does not matter */
        __atomic_store_n(at(express->collected), __atomic_load_n(at(express->completed), __ATOMIC_ACQUIRE),
                         __ATOMIC_RELEASE);
        const uint32_t after = waiting(express);
        tries = after < before ? TRIES : tries - 1;
        before = after;
    }
    return waiting(express) == 0 ? 0 : -error;
}

static void put(struct ulvs_express *express, const struct iovec *frame)
{
    const uint32_t slot = express->position++ % RING;
    const size_t length = frame->iov_len - sizeof(struct virtio_net_hdr);
    struct xdp_desc *const descriptor = (struct xdp_desc *)(uintptr_t)express->descriptors + slot;
    memcpy((uint8_t *)(uintptr_t)express->memory + PLACE(slot),
           (const uint8_t *)frame->iov_base + sizeof(struct virtio_net_hdr), length);
    descriptor->addr = PLACE(slot);
    descriptor->len = (uint32_t)length;
    descriptor->options = 0;
}

int ulvs_express_send(struct ulvs_express *express, const struct iovec *frames, int count)
{
    const uint32_t room = RING - waiting(express);
    const uint32_t put_in = (uint32_t)count < room ? (uint32_t)count : room;
    for (uint32_t i = 0; i < put_in; i++) {
        put(express, &frames[i]);
    }
    __atomic_store_n(at(express->producer), express->position, __ATOMIC_RELEASE);
    const int result = ulvs_express_flush(express);
    if (result == 0 || result == -EAGAIN || result == -EBUSY || result == -ENOBUFS || result == -EINTR) {
        /* what waits now leaves by the next flush */
        return put_in > 0 ? (int)put_in : -EAGAIN;
    }
    const uint32_t left = waiting(express);
    express->position -= left;
    __atomic_store_n(at(express->producer), express->position, __ATOMIC_RELEASE);
    return left < put_in ? (int)(put_in - left) : result;
}

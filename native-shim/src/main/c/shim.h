/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls that the dataplane needs and Java has not: packet rings, fanout, batch sends, netlink.
 * No policy, no state, no allocation of its own. Every call returns a number from 0 on, or a negative errno.
 * The binding is org.ulvs.shim.ShimCalls; the structures are laid out for it field by field.
 */
#ifndef ULVS_SHIM_H
#define ULVS_SHIM_H

#include <stdint.h>
#include <sys/uio.h>

/* Version of this interface; the binding refuses another one. */
#define ULVS_SHIM_VERSION 5

/* Steps of ulvs_ring_open, so that an error can say what the kernel refused. */
enum ulvs_ring_step {
    ULVS_STEP_SOCKET = 1,
    ULVS_STEP_VERSION,
    ULVS_STEP_RESERVE,
    ULVS_STEP_VNET_HDR,
    ULVS_STEP_IGNORE_OUTGOING,
    ULVS_STEP_QDISC_BYPASS,
    ULVS_STEP_COPY,
    ULVS_STEP_RING,
    ULVS_STEP_MAP,
    ULVS_STEP_BUFFER,
    ULVS_STEP_FILTER,
    ULVS_STEP_BIND
};

/* A packet ring: what it is to be, and where it then lies. */
struct ulvs_ring {
    int32_t interface_index;
    int32_t block_size;      /* bytes, multiple of the page size */
    int32_t block_count;
    int32_t slot_size;       /* bytes, multiple of 16 */
    int32_t headroom;        /* bytes to reserve before each frame */
    int32_t failed_step;     /* out: enum ulvs_ring_step */
    uint64_t address;        /* out: of the mapping */
    uint64_t length;         /* out: of the mapping */
};

/* A socket that sends small frames with less work than a packet socket has; it copies them into memory of its own. */
struct ulvs_express {
    int32_t interface_index;
    int32_t fd;
    uint64_t memory;
    uint64_t ring;
    uint64_t ring_length;
    uint64_t completion;
    uint64_t completion_length;
    uint64_t producer;
    uint64_t consumer;
    uint64_t descriptors;
    uint64_t completed;
    uint64_t collected;
    uint32_t position;
    uint32_t dropped; /* frames that the interface took and dropped for want of room */
};

/* ULVS_SHIM_VERSION of the library. */
int ulvs_version(void);

/*
 * Opens a socket bound to ETH_P_ALL of one interface, with its receive ring mapped. It ignores frames that leave, sends
 * around the queueing discipline, has struct virtio_net_hdr on both ways, and drops all frames until
 * ulvs_filter(fd, 0, 0). A frame that is longer than a slot waits for ulvs_receive as well. Returns the descriptor.
 */
int ulvs_ring_open(struct ulvs_ring *ring);
int ulvs_ring_close(int fd, uint64_t address, uint64_t length);

/* Joins (or with group < 0 founds) a fanout group steered by a classic BPF program; returns the group's number. */
int ulvs_fanout_join(int fd, int group);

/* Replaces the steering program of the group that fd belongs to. Waits for an RCU grace period. */
int ulvs_fanout_program(int fd, const void *instructions, int count);

/* Replaces the socket's filter; with count 0 removes it. */
int ulvs_filter(int fd, const void *instructions, int count);

/* Frames and losses since the last call: out[0] frames seen, out[1] lost for want of room. */
int ulvs_statistics(int fd, uint32_t *out);

/* Error that the socket holds, and clears it: 0 or an errno. */
int ulvs_error(int fd);

/*
 * Sends frames in order, each a struct virtio_net_hdr with the frame behind it; returns how many went, fewer at the
 * first that the kernel refuses. Does not wait. Where express is not null, runs of small plain frames leave through it.
 */
int ulvs_send(int fd, struct ulvs_express *express, struct iovec *frames, int count);

/*
 * Opens an AF_XDP socket of express->interface_index that only sends, in copy mode, which every interface knows. Fails
 * with EOPNOTSUPP where the interface has several queues, since frames of different queues overtake each other, and
 * with EBUSY where another socket has the queue. Frames go around the queueing discipline, as those of a ring do.
 */
int ulvs_express_open(struct ulvs_express *express);
int ulvs_express_close(struct ulvs_express *express);

/* Whether a frame, with its struct virtio_net_hdr, can leave that way: short and without offload. */
int ulvs_express_takes(const struct iovec *frame);

/* As ulvs_send, for frames that it takes. What the interface has no room for stays and leaves first next time. */
int ulvs_express_send(struct ulvs_express *express, const struct iovec *frames, int count);

/* Hands over what has stayed; returns 0 when nothing is left. */
int ulvs_express_flush(struct ulvs_express *express);

/* Receives one datagram or frame. Does not wait. */
int ulvs_receive(int fd, void *buffer, int length);

/* Waits until one of the descriptors is readable; fds is an array of struct pollfd. */
int ulvs_poll(void *fds, int count, int64_t timeout_ns);

/* rtnetlink: a socket that has joined the groups of the bit mask, for ulvs_receive too; a send. */
int ulvs_netlink_open(uint32_t groups);
int ulvs_netlink_send(int fd, const void *message, int length);

int ulvs_close(int fd);

/* Of the CPUs that the calling thread may run on, the one that so many lie behind; -ERANGE where there is none. */
int ulvs_cpu(int behind);

/* Pins the calling thread to one CPU. */
int ulvs_pin(int cpu);

/* Sets the calling thread's nice value, from 0 up. */
int ulvs_nice(int nice);

/*
 * Takes these CPUs from all other threads of the process, and so from those that they start later; a thread that had no
 * other CPU keeps what it had. Returns how many threads were moved.
 */
int ulvs_keep_off(const int *cpus, int count);

/*
 * Maps a whole file for reading and writing (shared), or zeroed memory of its own where path is null, in huge pages as
 * far as the kernel gives them: also in a tmpfs that was not mounted for them (MADV_COLLAPSE, Linux 6.1), where all of
 * the file takes memory then. A file on a disk is mapped as it is. Sets *address.
 */
int ulvs_map(const char *path, uint64_t length, uint64_t *address);
int ulvs_unmap(uint64_t address, uint64_t length);

/* Asks for the cache lines of so many addresses, to be written, without waiting for them. Returns 0. */
int ulvs_prefetch(const uint64_t *addresses, int count);

#endif

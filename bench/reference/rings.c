/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rings.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>

/* As the dataplane's: see RingSettings, and SlotReceiver for frames that are longer than a slot. */
#define SLOT_SIZE 1728u
#define SLOTS_PER_BLOCK (BLOCK_SIZE / SLOT_SIZE)
#define SLOT_COUNT (SLOTS_PER_BLOCK * BLOCK_COUNT)
#define COPY_SIZE (66u * 1024)
#define COPY_HEADROOM 82u

void slots_open(struct slots *slots, const struct place *place)
{
    memset(slots, 0, sizeof(*slots));
    slots->ring.interface_index = place->index;
    slots->ring.block_size = BLOCK_SIZE;
    slots->ring.block_count = BLOCK_COUNT;
    slots->ring.slot_size = SLOT_SIZE;
    slots->ring.headroom = RESERVE;
    slots->fd = ulvs_ring_open(&slots->ring);
    if (slots->fd < 0) {
        errno = -slots->fd;
        fail("step %d of a ring at %s", slots->ring.failed_step, place->interface);
    }
    slots->copies = aligned_alloc(64, BATCH * COPY_SIZE);
    if (slots->copies == NULL || ulvs_filter(slots->fd, NULL, 0) < 0) {
        fail("memory or filter of a ring at %s", place->interface);
    }
}

static struct tpacket2_hdr *slot_header(const struct slots *slots, unsigned slot)
{
    const size_t offset =
        (size_t)(slot / SLOTS_PER_BLOCK) * BLOCK_SIZE + (size_t)(slot % SLOTS_PER_BLOCK) * SLOT_SIZE;
    return (void *)((uintptr_t)slots->ring.address + offset);
}

static uint32_t status_of(const struct slots *slots, unsigned slot)
{
    return __atomic_load_n(&slot_header(slots, slot)->tp_status, __ATOMIC_ACQUIRE);
}

bool slots_arrived(const struct slots *slots, unsigned places)
{
    return (status_of(slots, (slots->next + places) % SLOT_COUNT) & TP_STATUS_USER) != 0;
}

static uint8_t *fetch(struct slots *slots, uint32_t *length)
{
    uint8_t *const frame = slots->copies + (size_t)slots->copied++ * COPY_SIZE + COPY_HEADROOM;
    const int n = ulvs_receive(slots->fd, frame - VNET_LENGTH, COPY_SIZE - COPY_HEADROOM + (int)VNET_LENGTH);
    *length = n < (int)VNET_LENGTH ? 0 : (uint32_t)n - (uint32_t)VNET_LENGTH;
    return frame;
}

uint8_t *slots_take(struct slots *slots, uint32_t *length)
{
    const uint32_t status = status_of(slots, slots->next);
    const bool copied = (status & TP_STATUS_COPY) != 0;
    if ((status & TP_STATUS_USER) == 0 || slots->held == SLOT_COUNT || (copied && slots->copied == BATCH)) {
        return NULL;
    }
    struct tpacket2_hdr *const header = slot_header(slots, slots->next);
    slots->next = (slots->next + 1) % SLOT_COUNT;
    slots->held++;
    if (copied) {
        return fetch(slots, length);
    }
    *length = header->tp_snaplen;
    return (uint8_t *)header + header->tp_mac;
}

void slots_release(struct slots *slots)
{
    for (unsigned slot = slots->next + SLOT_COUNT - slots->held; slots->held > 0; slot++, slots->held--) {
        __atomic_store_n(&slot_header(slots, slot % SLOT_COUNT)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    }
    slots->copied = 0;
}

void sender_open(struct sender *sender, const struct place *place, int fd)
{
    memset(sender, 0, sizeof(*sender));
    sender->fd = fd;
    sender->express.interface_index = place->index;
    sender->expressed = ulvs_express_open(&sender->express) == 0;
}

void sender_put(struct sender *sender, uint8_t *frame, uint32_t length)
{
    struct iovec *const part = &sender->parts[sender->queued++];
    part->iov_base = frame - VNET_LENGTH;
    part->iov_len = length + VNET_LENGTH;
    if (sender->queued == BATCH) {
        sender_flush(sender);
    }
}

void sender_flush(struct sender *sender)
{
    struct ulvs_express *const express = sender->expressed ? &sender->express : NULL;
    unsigned sent = 0;
    while (sent < sender->queued) {
        const int n = ulvs_send(sender->fd, express, &sender->parts[sent], (int)(sender->queued - sent));
        sent += n > 0 ? (unsigned)n : 1;
    }
    sender->queued = 0;
}

uint16_t adjust(uint16_t checksum, uint32_t before, uint32_t after)
{
    uint64_t sum = (uint16_t)~checksum;
    sum += (~before & 0xffff) + (~before >> 16) + (after & 0xffff) + (after >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that a director over packet rings can do: reads frames from a ring as the dataplane's rings are, gives
 * those to one address and port another destination, and sends them as the dataplane does: through an AF_XDP socket, or
 * where there is none by sendmmsg straight from where they came in. No connections, no routes, no counters: what it
 * reaches is the limit for the rings.
 */
#define _GNU_SOURCE
#include "../../native-shim/src/main/c/shim.h"
#include "../native/common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* As the dataplane's rings: see RingSettings. */
#define BLOCK_SIZE (1u << 20)
#define BLOCK_COUNT 16u
#define SLOT_SIZE 1728u
#define RETIRE_MS 1
#define RESERVE 70
#define SEND_BUFFER (16 * 1024 * 1024)
#define BATCH 64
#define VNET_LENGTH sizeof(struct virtio_net_hdr)
/* Looks at an empty ring before it sleeps. */
#define SPINS 20
/* After a batch of so many frames slots are left alone until many frames wait, as Worker does it at a high rate. */
#define LARGE_BATCH 16
#define DISTANCE (2 * BATCH)
#define PAUSE_NS 10000
#define LOOKS 4
#define MOST_SECONDS 3600

struct forwarder {
    struct place in;
    struct place out;
    struct in_addr virtual;
    uint16_t virtual_port;
    struct in_addr server;
    uint16_t server_port;
    uint8_t server_mac[6];
    bool blocks;
    int receive;
    int send;
    struct ulvs_express *express; /* or null */
    uint8_t *ring;
    struct iovec parts[BATCH];
    unsigned queued;
};

static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
    (void)signal;
    ended = 1;
}

/* RFC 1624: what a checksum becomes when 16-bit words change. */
static uint16_t adjust(uint16_t checksum, uint32_t before, uint32_t after)
{
    uint64_t sum = (uint16_t)~checksum;
    sum += (~before & 0xffff) + (~before >> 16) + (after & 0xffff) + (after >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* Whether the frame is for the virtual address; then it has a new destination afterwards. */
static bool rewrite(const struct forwarder *forwarder, uint8_t *frame, uint32_t length)
{
    struct ether_header *const ethernet = (struct ether_header *)frame;
    struct iphdr *const ip = (struct iphdr *)(frame + sizeof(*ethernet));
    struct udphdr *const udp = (struct udphdr *)(frame + sizeof(*ethernet) + sizeof(*ip));
    if (length < HEADERS_LENGTH || ethernet->ether_type != htons(ETHERTYPE_IP) || ip->ihl != 5 ||
        ip->protocol != IPPROTO_UDP || ip->daddr != forwarder->virtual.s_addr || udp->dest != forwarder->virtual_port ||
        ip->ttl <= 1) {
        return false;
    }
    if (udp->check != 0) {
        udp->check = adjust(udp->check, ip->daddr, forwarder->server.s_addr);
        udp->check = adjust(udp->check, udp->dest, forwarder->server_port);
    }
    udp->dest = forwarder->server_port;
    ip->check = adjust(ip->check, ip->daddr, forwarder->server.s_addr);
    ip->daddr = forwarder->server.s_addr;
    ip->check = adjust(ip->check, htons((uint16_t)(ip->ttl << 8)), htons((uint16_t)((ip->ttl - 1) << 8)));
    ip->ttl--;
    memcpy(ethernet->ether_dhost, forwarder->server_mac, ETH_ALEN);
    memcpy(ethernet->ether_shost, forwarder->out.mac, ETH_ALEN);
    return true;
}

static void flush(struct forwarder *forwarder)
{
    unsigned sent = 0;
    while (sent < forwarder->queued) {
        const int n =
            ulvs_send(forwarder->send, forwarder->express, &forwarder->parts[sent], (int)(forwarder->queued - sent));
        sent += n > 0 ? (unsigned)n : 1;
    }
    forwarder->queued = 0;
}

/* The virtio header of a received frame lies right before it: both leave in one piece. */
static void forward(struct forwarder *forwarder, uint8_t *frame, uint32_t length)
{
    if (rewrite(forwarder, frame, length)) {
        struct iovec *const part = &forwarder->parts[forwarder->queued++];
        part->iov_base = frame - VNET_LENGTH;
        part->iov_len = length + VNET_LENGTH;
        if (forwarder->queued == BATCH) {
            flush(forwarder);
        }
    }
}

static void await(const struct forwarder *forwarder)
{
    struct pollfd fd = {forwarder->receive, POLLIN, 0};
    (void)poll(&fd, 1, 100);
}

static void read_blocks(struct forwarder *forwarder)
{
    unsigned block = 0;
    unsigned idle = 0;
    while (!ended) {
        struct tpacket_block_desc *const desc = (void *)(forwarder->ring + (size_t)block * BLOCK_SIZE);
        if ((__atomic_load_n(&desc->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0) {
            if (++idle > SPINS) {
                await(forwarder);
            }
            continue;
        }
        idle = 0;
        uint8_t *packet = (uint8_t *)desc + desc->hdr.bh1.offset_to_first_pkt;
        for (uint32_t left = desc->hdr.bh1.num_pkts; left > 0; left--) {
            const struct tpacket3_hdr *const header = (const void *)packet;
            forward(forwarder, packet + header->tp_mac, header->tp_snaplen);
            packet += header->tp_next_offset;
        }
        flush(forwarder);
        __atomic_store_n(&desc->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        block = (block + 1) % BLOCK_COUNT;
    }
}

static struct tpacket2_hdr *slot_header(const struct forwarder *forwarder, unsigned slot)
{
    const unsigned each = BLOCK_SIZE / SLOT_SIZE;
    return (void *)(forwarder->ring + (size_t)(slot / each) * BLOCK_SIZE + (size_t)(slot % each) * SLOT_SIZE);
}

static bool has_arrived(const struct forwarder *forwarder, unsigned slot)
{
    const struct tpacket2_hdr *const header = slot_header(forwarder, slot);
    return (__atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

static void read_slots(struct forwarder *forwarder)
{
    const unsigned count = BLOCK_SIZE / SLOT_SIZE * BLOCK_COUNT;
    unsigned slot = 0;
    unsigned idle = 0;
    unsigned looks = 0;
    while (!ended) {
        if (looks > 0 && !has_arrived(forwarder, (slot + DISTANCE) % count)) {
            looks--;
            const uint64_t until = now_ns() + PAUSE_NS;
            while (now_ns() < until) {
            }
            continue;
        }
        unsigned taken = 0;
        while (taken < BATCH && has_arrived(forwarder, (slot + taken) % count)) {
            struct tpacket2_hdr *const header = slot_header(forwarder, (slot + taken) % count);
            forward(forwarder, (uint8_t *)header + header->tp_mac, header->tp_snaplen);
            taken++;
        }
        if (taken == 0) {
            if (++idle > SPINS) {
                await(forwarder);
            }
            continue;
        }
        idle = 0;
        flush(forwarder);
        for (unsigned i = 0; i < taken; i++) {
            __atomic_store_n(&slot_header(forwarder, slot)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
            slot = (slot + 1) % count;
        }
        looks = taken < LARGE_BATCH ? 0 : LOOKS;
    }
}

static void set(int fd, int option, int value)
{
    if (setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) < 0) {
        fail("option %d of a packet socket", option);
    }
}

static void open_ring(struct forwarder *forwarder)
{
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fail("a packet socket");
    }
    set(fd, PACKET_VERSION, forwarder->blocks ? TPACKET_V3 : TPACKET_V2);
    set(fd, PACKET_RESERVE, RESERVE);
    set(fd, PACKET_VNET_HDR, 1);
    struct tpacket_req3 request;
    memset(&request, 0, sizeof(request));
    request.tp_block_size = BLOCK_SIZE;
    request.tp_block_nr = BLOCK_COUNT;
    request.tp_frame_size = forwarder->blocks ? 2048 : SLOT_SIZE;
    request.tp_frame_nr = request.tp_block_size / request.tp_frame_size * request.tp_block_nr;
    request.tp_retire_blk_tov = RETIRE_MS;
    const socklen_t size = forwarder->blocks ? sizeof(request) : sizeof(struct tpacket_req);
    if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, size) < 0) {
        fail("a ring");
    }
    const size_t length = (size_t)BLOCK_SIZE * request.tp_block_nr;
    forwarder->ring = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (forwarder->ring == MAP_FAILED) {
        fail("mapping a ring");
    }
    struct sockaddr_ll address;
    memset(&address, 0, sizeof(address));
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = forwarder->in.index;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        fail("binding to %s", forwarder->in.interface);
    }
    forwarder->receive = fd;
}

static void open_sender(struct forwarder *forwarder)
{
    forwarder->send = packet_socket(&forwarder->out, false);
    set(forwarder->send, PACKET_VNET_HDR, 1);
    const int buffer = SEND_BUFFER;
    if (setsockopt(forwarder->send, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) < 0) {
        fail("a send buffer");
    }
    static struct ulvs_express express;
    express.interface_index = forwarder->out.index;
    forwarder->express = ulvs_express_open(&express) == 0 ? &express : NULL;
}

static uint16_t read_endpoint(const char *option, char *text, struct in_addr *address)
{
    char *const colon = strchr(text, ':');
    if (colon == NULL) {
        usage("%s: \"%s\" is not ADDRESS:PORT", option, text);
    }
    *colon = '\0';
    if (inet_pton(AF_INET, text, address) != 1) {
        usage("%s: \"%s\" is no IPv4 address", option, text);
    }
    return htons((uint16_t)number(option, colon + 1, 1, UINT16_MAX));
}

int main(int count, char **arguments)
{
    static const char *const help = "Usage: forwarder IN OUT VIRTUAL:PORT SERVER:PORT MAC blocks|slots CPU SECONDS\n"
                                    "IN and OUT are NAMESPACE:INTERFACE; MAC is the next hop's; ends by itself.\n";
    if (count != 9) {
        fputs(help, stderr);
        return 2;
    }
    static struct forwarder forwarder;
    forwarder.virtual_port = read_endpoint("VIRTUAL", arguments[3], &forwarder.virtual);
    forwarder.server_port = read_endpoint("SERVER", arguments[4], &forwarder.server);
    read_mac(arguments[5], forwarder.server_mac);
    forwarder.blocks = strcmp(arguments[6], "blocks") == 0;
    pin((int)number("CPU", arguments[7], 0, 1023));
    enter(&forwarder.out, arguments[2]);
    open_sender(&forwarder);
    enter(&forwarder.in, arguments[1]);
    open_ring(&forwarder);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    signal(SIGALRM, on_signal);
    alarm((unsigned)number("SECONDS", arguments[8], 1, MOST_SECONDS));
    if (forwarder.blocks) {
        read_blocks(&forwarder);
    } else {
        read_slots(&forwarder);
    }
    return 0;
}

/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that a director over packet rings can do: reads frames from a ring as the dataplane's rings are, gives
 * those to one address and port another destination, and sends them as the dataplane does. No connections, no routes, no
 * counters: what it reaches is the limit for the rings.
 */
#define _GNU_SOURCE
#include "rings.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define RETIRE_MS 1
#define SEND_BUFFER (16 * 1024 * 1024)
/* After a batch of so many frames slots are left alone until many frames wait, as Distance does it at a high rate. */
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
    struct sender sender;
};

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

static void forward(struct forwarder *forwarder, uint8_t *frame, uint32_t length)
{
    if (rewrite(forwarder, frame, length)) {
        sender_put(&forwarder->sender, frame, length);
    }
}

static void await(int fd)
{
    struct pollfd entry = {fd, POLLIN, 0};
    (void)poll(&entry, 1, 100);
}

static void read_blocks(struct forwarder *forwarder, int fd, uint8_t *ring)
{
    unsigned block = 0;
    unsigned idle = 0;
    while (true) {
        struct tpacket_block_desc *const desc = (void *)(ring + (size_t)block * BLOCK_SIZE);
        if ((__atomic_load_n(&desc->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0) {
            if (++idle > SPINS) {
                await(fd);
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
        sender_flush(&forwarder->sender);
        __atomic_store_n(&desc->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        block = (block + 1) % BLOCK_COUNT;
    }
}

static void read_slots(struct forwarder *forwarder, struct slots *slots)
{
    unsigned idle = 0;
    unsigned looks = 0;
    while (true) {
        if (looks > 0 && !slots_arrived(slots, DISTANCE)) {
            looks--;
            const uint64_t until = now_ns() + PAUSE_NS;
            while (now_ns() < until) {
            }
            continue;
        }
        unsigned taken = 0;
        uint32_t length;
        uint8_t *frame;
        while (taken < BATCH && (frame = slots_take(slots, &length)) != NULL) {
            forward(forwarder, frame, length);
            taken++;
        }
        if (taken == 0) {
            if (++idle > SPINS) {
                await(slots->fd);
            }
            continue;
        }
        idle = 0;
        sender_flush(&forwarder->sender);
        slots_release(slots);
        looks = taken < LARGE_BATCH ? 0 : LOOKS;
    }
}

static void set(int fd, int option, int value)
{
    if (setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) < 0) {
        fail("option %d of a packet socket", option);
    }
}

/* Returns the socket; *ring is where its blocks lie. */
static int open_blocks(const struct place *place, uint8_t **ring)
{
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fail("a packet socket");
    }
    set(fd, PACKET_VERSION, TPACKET_V3);
    set(fd, PACKET_RESERVE, RESERVE);
    set(fd, PACKET_VNET_HDR, 1);
    struct tpacket_req3 request;
    memset(&request, 0, sizeof(request));
    request.tp_block_size = BLOCK_SIZE;
    request.tp_block_nr = BLOCK_COUNT;
    request.tp_frame_size = 2048;
    request.tp_frame_nr = request.tp_block_size / request.tp_frame_size * request.tp_block_nr;
    request.tp_retire_blk_tov = RETIRE_MS;
    if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)) < 0) {
        fail("a ring");
    }
    *ring = mmap(NULL, (size_t)BLOCK_SIZE * BLOCK_COUNT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (*ring == MAP_FAILED) {
        fail("mapping a ring");
    }
    struct sockaddr_ll address;
    memset(&address, 0, sizeof(address));
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = place->index;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        fail("binding to %s", place->interface);
    }
    return fd;
}

static int open_send_socket(const struct place *place)
{
    const int fd = packet_socket(place, false);
    set(fd, PACKET_VNET_HDR, 1);
    const int buffer = SEND_BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) < 0) {
        fail("a send buffer");
    }
    return fd;
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
    static const char *const help = "Usage: forwarder IN OUT VIRTUAL:PORT SERVER:PORT MAC blocks|slots CPU|last SECONDS\n"
                                    "IN and OUT are NAMESPACE:INTERFACE; MAC is the next hop's; ends by itself.\n";
    if (count != 9) {
        fputs(help, stderr);
        return 2;
    }
    static struct forwarder forwarder;
    forwarder.virtual_port = read_endpoint("VIRTUAL", arguments[3], &forwarder.virtual);
    forwarder.server_port = read_endpoint("SERVER", arguments[4], &forwarder.server);
    read_mac(arguments[5], forwarder.server_mac);
    const bool blocks = strcmp(arguments[6], "blocks") == 0;
    pin(strcmp(arguments[7], "last") == 0 ? ulvs_cpu(0) : (int)number("CPU", arguments[7], 0, 1023));
    enter(&forwarder.out, arguments[2]);
    sender_open(&forwarder.sender, &forwarder.out, open_send_socket(&forwarder.out));
    enter(&forwarder.in, arguments[1]);
    alarm((unsigned)number("SECONDS", arguments[8], 1, MOST_SECONDS));
    if (blocks) {
        uint8_t *ring;
        const int fd = open_blocks(&forwarder.in, &ring);
        read_blocks(&forwarder, fd, ring);
    } else {
        static struct slots slots;
        slots_open(&slots, &forwarder.in);
        read_slots(&forwarder, &slots);
    }
}

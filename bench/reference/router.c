/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that a director for TCP over packet rings can do: one virtual address stands for one server, and each packet is
 * rewritten by that alone. Reads, fetches, sends and sleeps as the dataplane does, on the same CPU. No connections, no
 * routes, no counters: what it reaches is the limit for the rings.
 */
#define _GNU_SOURCE
#include "rings.h"

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SLEEP_NS 5000000
#define MOST_SECONDS 3600

enum { OUTSIDE, INSIDE, SIDES };

/* An interface: of what arrives, what has this address is passed on, with another one. */
struct side {
    struct place place;
    struct slots slots;
    struct sender sender;
    uint8_t next_hop[ETH_ALEN]; /* of what leaves here */
    in_addr_t taken;
    in_addr_t given;
};

static struct side sides[SIDES];

/* A checksum that is left to an interface holds the sum of the pseudo header alone, not its complement. */
static uint16_t adjust_transport(uint16_t checksum, bool unfinished, in_addr_t before, in_addr_t after)
{
    return unfinished ? (uint16_t)~adjust((uint16_t)~checksum, before, after) : adjust(checksum, before, after);
}

/* Whether the frame is one to be passed on; then it is as it leaves. */
static bool rewrite(int from, uint8_t *frame, uint32_t length)
{
    const struct side *const side = &sides[from];
    const struct side *const other = &sides[SIDES - 1 - from];
    const struct virtio_net_hdr *const facts = (const void *)(frame - VNET_LENGTH);
    struct ether_header *const ethernet = (void *)frame;
    struct iphdr *const ip = (void *)(frame + sizeof(*ethernet));
    struct tcphdr *const tcp = (void *)(frame + sizeof(*ethernet) + sizeof(*ip));
    in_addr_t *const address = from == OUTSIDE ? &ip->daddr : &ip->saddr;
    if (length < sizeof(*ethernet) + sizeof(*ip) + sizeof(*tcp) || ethernet->ether_type != htons(ETHERTYPE_IP) ||
        ip->ihl != 5 || ip->protocol != IPPROTO_TCP || ip->ttl <= 1 || *address != side->taken) {
        return false;
    }
    const bool unfinished = (facts->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) != 0;
    tcp->check = adjust_transport(tcp->check, unfinished, *address, side->given);
    ip->check = adjust(ip->check, *address, side->given);
    *address = side->given;
    ip->check = adjust(ip->check, htons((uint16_t)(ip->ttl << 8)), htons((uint16_t)((ip->ttl - 1) << 8)));
    ip->ttl--;
    memcpy(ethernet->ether_dhost, other->next_hop, ETH_ALEN);
    memcpy(ethernet->ether_shost, other->place.mac, ETH_ALEN);
    return true;
}

/* Passes on what has arrived at one side; returns how many frames were taken. */
static unsigned pass(int from)
{
    struct slots *const slots = &sides[from].slots;
    struct sender *const sender = &sides[SIDES - 1 - from].sender;
    unsigned taken = 0;
    uint32_t length;
    uint8_t *frame;
    while (taken < BATCH && (frame = slots_take(slots, &length)) != NULL) {
        taken++;
        if (rewrite(from, frame, length)) {
            sender_put(sender, frame, length);
        }
    }
    sender_flush(sender);
    slots_release(slots);
    return taken;
}

static void run(void)
{
    struct pollfd fds[SIDES] = {{sides[OUTSIDE].slots.fd, POLLIN, 0}, {sides[INSIDE].slots.fd, POLLIN, 0}};
    unsigned idle = 0;
    while (true) {
        if (pass(OUTSIDE) + pass(INSIDE) > 0) {
            idle = 0;
        } else if (++idle > SPINS) {
            (void)ulvs_poll(fds, SIDES, SLEEP_NS);
        }
    }
}

static in_addr_t read_address(const char *option, const char *text)
{
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1) {
        usage("%s: \"%s\" is no IPv4 address", option, text);
    }
    return address.s_addr;
}

static void open_side(struct side *side, const char *place, const char *next_hop)
{
    enter(&side->place, place);
    read_mac(next_hop, side->next_hop);
    slots_open(&side->slots, &side->place);
    sender_open(&side->sender, &side->place, side->slots.fd);
}

int main(int count, char **arguments)
{
    static const char *const help = "Usage: router OUTSIDE INSIDE CLIENT-MAC SERVER-MAC VIRTUAL nat|dr SERVER SECONDS\n"
                                    "OUTSIDE and INSIDE are NAMESPACE:INTERFACE; ends by itself.\n";
    if (count != 9) {
        fputs(help, stderr);
        return 2;
    }
    pin(ulvs_cpu(0));
    const bool translates = strcmp(arguments[6], "nat") == 0;
    const in_addr_t virtual = read_address("VIRTUAL", arguments[5]);
    const in_addr_t server = read_address("SERVER", arguments[7]);
    open_side(&sides[OUTSIDE], arguments[1], arguments[3]);
    open_side(&sides[INSIDE], arguments[2], arguments[4]);
    sides[OUTSIDE].taken = virtual;
    sides[OUTSIDE].given = translates ? server : virtual;
    /* by direct routing servers answer past us */
    sides[INSIDE].taken = translates ? server : INADDR_NONE;
    sides[INSIDE].given = virtual;
    alarm((unsigned)number("SECONDS", arguments[8], 1, MOST_SECONDS));
    run();
}

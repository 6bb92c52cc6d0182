// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// Sends gratuitous ARP with the arguments of Piranha's send_arp:
//
//   send_arp [-i DEVICE] SRC_IP SRC_MAC TARGET_IP TARGET_MAC
//
// Two frames of 60 bytes go out, an ARP reply and an ARP request, both saying that SRC_IP is at SRC_MAC: some hosts
// heed only the one, some only the other. TARGET_MAC is where the frames are sent; TARGET_IP is accepted and ignored,
// as in the later Piranha.

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAC_LENGTH = 6, FRAME_LENGTH = 60, ETHERTYPE_ARP_ = 0x0806, REQUEST = 1, REPLY = 2 };

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Twelve hexadecimal digits, with or without colons.
static int parse_mac(const char *text, uint8_t mac[MAC_LENGTH]) {
    int digits = 0;
    for (; *text != '\0'; text++) {
        if (*text == ':' && digits > 0 && digits % 2 == 0) {
            continue;
        }
        const int digit = hex_digit(*text);
        if (digit < 0 || digits == 2 * MAC_LENGTH) {
            return -1;
        }
        mac[digits / 2] = (uint8_t) (digits % 2 == 0 ? digit << 4 : mac[digits / 2] | digit);
        digits++;
    }
    return digits == 2 * MAC_LENGTH ? 0 : -1;
}

static int parse_address(const char *text, uint32_t *address) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(text, NULL, &hints, &found) != 0) {
        return -1;
    }
    struct sockaddr_in inet;
    memcpy(&inet, found->ai_addr, sizeof inet);
    *address = inet.sin_addr.s_addr;
    freeaddrinfo(found);
    return 0;
}

static void put16(uint8_t *to, int value) {
    to[0] = (uint8_t) (value >> 8);
    to[1] = (uint8_t) value;
}

// RFC 826 in an Ethernet frame; sender and target are the same, which makes it gratuitous.
static void build(uint8_t frame[FRAME_LENGTH], int operation, uint32_t address, const uint8_t source[MAC_LENGTH],
                  const uint8_t destination[MAC_LENGTH]) {
    memset(frame, 0, FRAME_LENGTH);
    memcpy(frame, destination, MAC_LENGTH);
    memcpy(frame + 6, source, MAC_LENGTH);
    put16(frame + 12, ETHERTYPE_ARP_);
    put16(frame + 14, 1);      // hardware: Ethernet
    put16(frame + 16, 0x0800); // protocol: IPv4
    frame[18] = MAC_LENGTH;
    frame[19] = 4;
    put16(frame + 20, operation);
    memcpy(frame + 22, source, MAC_LENGTH);
    memcpy(frame + 28, &address, 4);
    memcpy(frame + 32, source, MAC_LENGTH);
    memcpy(frame + 38, &address, 4);
}

static int usage(void) {
    fputs("Usage: send_arp [-i DEVICE] SRC_IP SRC_MAC TARGET_IP TARGET_MAC\n"
          "Says on DEVICE (eth0) that SRC_IP is at SRC_MAC, in a frame to TARGET_MAC; MACs with or without colons.\n",
          stderr);
    return 2;
}

int main(int argc, char **argv) {
    const char *device = "eth0";
    int option;
    while ((option = getopt(argc, argv, "i:")) != -1) {
        if (option != 'i') {
            return usage();
        }
        device = optarg;
    }
    if (argc - optind != 4) {
        return usage();
    }
    uint32_t address;
    uint8_t source[MAC_LENGTH];
    uint8_t destination[MAC_LENGTH];
    if (parse_address(argv[optind], &address) != 0) {
        fprintf(stderr, "send_arp: not an address: %s\n", argv[optind]);
        return 2;
    }
    if (parse_mac(argv[optind + 1], source) != 0 || parse_mac(argv[optind + 3], destination) != 0) {
        fprintf(stderr, "send_arp: not a hardware address: %s or %s\n", argv[optind + 1], argv[optind + 3]);
        return 2;
    }
    const unsigned int index = if_nametoindex(device);
    if (index == 0) {
        fprintf(stderr, "send_arp: there is no device %s\n", device);
        return 1;
    }
    const int socket_ = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (socket_ < 0) {
        fprintf(stderr, "send_arp: cannot open a packet socket: %s (are you root?)\n", strerror(errno));
        return 1;
    }
    struct sockaddr_ll to = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE_ARP_), .sll_ifindex = (int) index};
    const int operations[] = {REPLY, REQUEST};
    for (unsigned int i = 0; i < 2; i++) {
        uint8_t frame[FRAME_LENGTH];
        build(frame, operations[i], address, source, destination);
        if (sendto(socket_, frame, sizeof frame, 0, (struct sockaddr *) &to, sizeof to) != FRAME_LENGTH) {
            fprintf(stderr, "send_arp: cannot send on %s: %s\n", device, strerror(errno));
            return 1;
        }
    }
    return 0;
}

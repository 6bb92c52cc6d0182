/* Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0 */
/* One measurement: sends frames into one interface and counts what comes out of another. */
#define _GNU_SOURCE
#include "generator.h"
#include "sink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* However it goes on, it ends: so many seconds after it should. */
#define TIME_LIMIT_S 60
#define MAX_FRAMES 100000000ull

static const char *const HELP =
    "Usage: trial --from NAMESPACE:IF --to NAMESPACE:IF --mac MAC [OPTION…]\n"
    "  --from, --to   where frames are sent, and where they are to arrive\n"
    "  --mac MAC      hardware address to send to: the forwarder's\n"
    "  --napi N:IF    receive there in NAPI mode: the other end of --from, without which no frame can be redirected\n"
    "  --source A     IPv4 address that frames come from (10.81.0.2)\n"
    "  --target A:P   IPv4 address and port that they are sent to (10.81.0.10:9)\n"
    "  --port N       source port of the first connection (1024)\n"
    "  --flows N      connections, a power of two (1024)\n"
    "  --rate N       frames a second; 0 is as fast as can be (0)\n"
    "  --frames N     how many (100000)\n"
    "  --batch N      frames that leave together (1)\n"
    "  --pause N      microseconds of sleep between bursts; 0 waits for each frame's time at full speed (0)\n"
    "  --sink kernel|application   who receives (kernel)\n"
    "  --cpu N        CPU of the generator\n"
    "  --log FILE     writes the delays there, of 32 bits in nanoseconds, native byte order\n"
    "Prints one line of numbers by name; times are in nanoseconds; first is the number of the first frame that "
    "arrived,\narrived the time of the day when it did, in microseconds since 1970.\n";

struct options {
    const char *from;
    const char *to;
    const char *napi;
    const char *log;
    bool application;
    struct load load;
};

static void read_address(const char *option, const char *text, struct in_addr *address)
{
    if (inet_pton(AF_INET, text, address) != 1) {
        usage("%s: \"%s\" is no IPv4 address", option, text);
    }
}

static void read_target(char *text, struct headers *headers)
{
    char *const colon = strchr(text, ':');
    if (colon == NULL) {
        usage("--target: \"%s\" is not ADDRESS:PORT", text);
    }
    *colon = '\0';
    read_address("--target", text, &headers->destination);
    headers->destination_port = (uint16_t)number("--target", colon + 1, 1, UINT16_MAX);
}

static void read_options(int count, char **arguments, struct options *options)
{
    static const struct option names[] = {
        {"from", required_argument, NULL, 'f'},
        {"to", required_argument, NULL, 't'},
        {"mac", required_argument, NULL, 'm'},
        {"napi", required_argument, NULL, 'n'},
        {"source", required_argument, NULL, 's'},
        {"target", required_argument, NULL, 'd'},
        {"port", required_argument, NULL, 'p'},
        {"flows", required_argument, NULL, 'w'},
        {"rate", required_argument, NULL, 'r'},
        {"frames", required_argument, NULL, 'c'},
        {"pause", required_argument, NULL, 'a'},
        {"batch", required_argument, NULL, 'b'},
        {"sink", required_argument, NULL, 'k'},
        {"cpu", required_argument, NULL, 'u'},
        {"log", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct load *const load = &options->load;
    bool mac = false;
    int option;
    while ((option = getopt_long(count, arguments, "", names, NULL)) >= 0) {
        switch (option) {
        case 'f': options->from = optarg; break;
        case 't': options->to = optarg; break;
        case 'n': options->napi = optarg; break;
        case 'm':
            read_mac(optarg, load->headers.destination_mac);
            mac = true;
            break;
        case 's': read_address("--source", optarg, &load->headers.source); break;
        case 'd': read_target(optarg, &load->headers); break;
        case 'p': load->headers.source_port = (uint16_t)number("--port", optarg, 1, UINT16_MAX); break;
        case 'w': load->flows = (uint32_t)number("--flows", optarg, 1, MAX_FLOWS); break;
        case 'r': load->rate = number("--rate", optarg, 0, MAX_FRAMES); break;
        case 'c': load->frames = number("--frames", optarg, 1, MAX_FRAMES); break;
        case 'b': load->batch = (uint32_t)number("--batch", optarg, 1, 256); break;
        case 'a': load->pause_ns = 1000 * number("--pause", optarg, 0, 1000000); break;
        case 'u': load->cpu = (int)number("--cpu", optarg, 0, 1023); break;
        case 'l': options->log = optarg; break;
        case 'k':
            options->application = strcmp(optarg, "application") == 0;
            if (!options->application && strcmp(optarg, "kernel") != 0) {
                usage("--sink: \"%s\" is neither kernel nor application", optarg);
            }
            break;
        case 'h': fputs(HELP, stdout); exit(0);
        default: exit(2);
        }
    }
    if (optind < count || options->from == NULL || options->to == NULL || !mac) {
        usage("trial needs --from, --to and --mac, and nothing but options; --help explains them");
    }
    if ((load->flows & (load->flows - 1)) != 0) {
        usage("--flows: %u is no power of two", load->flows);
    }
}

static void write_log(const char *file, const uint32_t *delays, size_t count)
{
    FILE *const out = fopen(file, "w");
    if (out == NULL || fwrite(delays, sizeof(*delays), count, out) != count || fclose(out) != 0) {
        fail("writing %s", file);
    }
}

/* The time of the day, which scripts can read too, of a time of CLOCK_MONOTONIC. */
static uint64_t microseconds_since_1970(uint64_t monotonic_ns)
{
    struct timespec day;
    const uint64_t now = now_ns();
    clock_gettime(CLOCK_REALTIME, &day);
    return ((uint64_t)day.tv_sec * 1000000000ull + (uint64_t)day.tv_nsec - (now - monotonic_ns)) / 1000;
}

static void report(const struct options *options, const struct sent *sent, struct arrivals *arrivals)
{
    const uint64_t received = arrivals->frames;
    const size_t kept = received < MAX_DELAYS ? (size_t)received : MAX_DELAYS;
    if (options->log != NULL) {
        write_log(options->log, arrivals->delay_ns, kept);
    }
    sort(arrivals->delay_ns, kept);
    const uint64_t rate = sent->elapsed_ns == 0 ? 0 : sent->frames * 1000000000ull / sent->elapsed_ns;
    printf("rate=%llu sent=%llu elapsed=%llu received=%llu lost=%lld reordered=%llu late=%llu first=%llu",
           (unsigned long long)rate, (unsigned long long)sent->frames, (unsigned long long)sent->elapsed_ns,
           (unsigned long long)received, (long long)(sent->frames - received), (unsigned long long)arrivals->reordered,
           (unsigned long long)sent->late_ns,
           (unsigned long long)arrivals->first_sequence * options->load.flows + arrivals->first_flow);
    if (kept > 0) {
        const uint32_t *const delay = arrivals->delay_ns;
        printf(" arrived=%llu", (unsigned long long)microseconds_since_1970(arrivals->first_ns));
        printf(" p50=%u p90=%u p99=%u p999=%u max=%u", delay[kept / 2], delay[kept * 90 / 100], delay[kept * 99 / 100],
               delay[kept * 999 / 1000], delay[kept - 1]);
    }
    printf("\n");
}

int main(int count, char **arguments)
{
    struct options options;
    memset(&options, 0, sizeof(options));
    options.load.cpu = -1;
    options.load.frames = 100000;
    options.load.flows = 1024;
    options.load.batch = 1;
    options.load.headers.source_port = 1024;
    options.load.headers.destination_port = 9;
    options.load.headers.source.s_addr = inet_addr("10.81.0.2");
    options.load.headers.destination.s_addr = inet_addr("10.81.0.10");
    read_options(count, arguments, &options);
    alarm(TIME_LIMIT_S + (options.load.rate == 0 ? 0 : (unsigned)(options.load.frames / options.load.rate)));

    struct place to;
    enter(&to, options.to);
    struct sink sink;
    sink_open(&sink, &to, options.application);
    if (options.napi != NULL) {
        struct place napi;
        enter(&napi, options.napi);
        use_napi(&napi);
    }
    struct place from;
    enter(&from, options.from);
    memcpy(options.load.headers.source_mac, from.mac, sizeof(from.mac));
    struct sent sent;
    generate(&from, &options.load, &sent);
    sink_close(&sink, sent.frames);
    report(&options, &sent, sink.arrivals);
    return 0;
}

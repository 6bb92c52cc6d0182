# shellcheck shell=bash
# Made-up tables for tests and benchmarks. Sourced, never run.

# large_table SERVICES SERVERS: lines for ipvsadm -R, so many services with so many servers each.
large_table() {
    awk -v services="$1" -v servers="$2" 'BEGIN {
        for (i = 0; i < services; i++) {
            service = "-t 10." int(i / 250) "." i % 250 ".1:80"
            print "-A " service " -s wlc"
            for (j = 1; j <= servers; j++) print "-a " service " -r 10.100." i % 250 "." j ":80 -m -w " j
        }
    }'
}

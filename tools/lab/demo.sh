#!/usr/bin/env bash
# The main job before one's eyes: real clients reach real servers through ulvs, and everything shown is checked.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# A lab of its own, so that one that is up stays as it is.
export ULVS_LAB=${ULVS_LAB:-ulvsdemo}
# shellcheck source=tools/lab/all.sh
source "$ULVS_ROOT/tools/lab/all.sh"
# shellcheck source=tools/lab/checks.sh
source "$ULVS_ROOT/tools/lab/checks.sh"
# shellcheck source=tools/lab/capture.sh
source "$ULVS_ROOT/tools/lab/capture.sh"

readonly DEMO_REQUESTS=300
methods='nat dr'
bulk_seconds=10

demo_usage() {
    cat <<'END'
Usage: ./ulvs demo [--method nat|dr] [--reals N] [--workers N] [--seconds N]

Builds ulvs, brings up a lab of a client, a director and real servers in network namespaces, forwards real traffic by
NAT and then by direct routing, checks and shows what happened, and takes everything down again. Exit 0 means that
everything it printed was checked and true.

  --method     only one of the two
  --reals      how many real servers (default 3)
  --workers    worker threads of the dataplane (default 1)
  --seconds    how long iperf3 runs, for each method (default 10)

Examples:
  ./ulvs demo
  ./ulvs demo --method dr --workers 2
END
}

demo_method() {
    CONFIG_METHOD=$1
    say
    case $1 in
        nat) say "== NAT: the director rewrites requests and replies; the real servers know only the private network" ;;
        dr) say "== Direct routing: the director passes requests on, the real servers answer the client directly" ;;
    esac
    make_lab | sed 's/^/   /'
    captures_start
    check_traffic "$DEMO_REQUESTS" "$bulk_seconds"
    check_restart
    say "   counters of the director since that start:"
    run_on_director director stat | awk '$NF != 0 { print "         " $0 }'
}

while [ $# -gt 0 ]; do
    case $1 in
        --method | --reals | --workers | --seconds) [ $# -ge 2 ] || usage_error "demo: $1 needs a value" ;;
    esac
    case $1 in
        --method)
            [[ $2 =~ ^(nat|dr)$ ]] || usage_error "demo: --method is nat or dr, not \"$2\""
            methods=$2
            ;;
        --reals) number demo --reals "$2" 1 "$MOST_REALS"; CONFIG_REALS=$((10#$2)) ;;
        --workers) number demo --workers "$2" 1 64; CONFIG_WORKERS=$((10#$2)) ;;
        --seconds) number demo --seconds "$2" 1 600; bulk_seconds=$((10#$2)) ;;
        -h | --help) demo_usage; exit 0 ;;
        *) usage_error "demo: unknown argument \"$1\"; ./ulvs demo --help explains it" ;;
    esac
    shift 2
done

need_root "the demo"
need_packages "the demo" "$PACKAGES_LAB"
network_possible
build
lab_lock
trap 'remove_lab' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
began=$(now_ms)
for method in $methods; do
    demo_method "$method"
done
say
say "Everything above was checked. The demo took $(seconds_since "$began"); ./ulvs lab up is the same lab for you to use."

#!/usr/bin/env bash
# The lab: a client, a director and real servers in network namespaces.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=tools/lab/all.sh
source "$ULVS_ROOT/tools/lab/all.sh"

lab_usage() {
    cat <<'END'
Usage: ./ulvs lab up [--method nat|dr|tun] [--reals N] [--workers N] [--scheduler NAME] [--without-dataplane | --pair]
       ./ulvs lab status [--json]
       ./ulvs lab exec NODE COMMAND…
       ./ulvs lab start|stop PROCESS
       ./ulvs lab drill
       ./ulvs lab down

A lab of network namespaces on this machine. Nodes, with eth0 on the public and eth1 on the private network:

  ulvs-client      192.168.26.100                the client
  ulvs-director    192.168.26.9    10.11.12.9    the director; virtual IP 192.168.26.10, NAT router 10.11.12.10
  ulvs-realN       (dr, tun only)  10.11.12.N    a real server: nginx on 80, iperf3 on 5201, UDP echo on 7

  up       makes the lab, or completes it; a lab of other settings is replaced
           --method     how the director forwards: nat (default), dr (direct routing), tun (IPIP)
           --reals      how many real servers, 1 to 99 (default 3)
           --workers    worker threads of the dataplane (default 1)
           --scheduler  of the virtual services (default rr)
           --without-dataplane   network and servers only: bring your own director
           --pair       two directors that run pulse; the second is ulvs-backup, .8 on both networks
  status   nodes, addresses, processes, virtual services, counters
  exec     runs a command on a node (client, director, realN), our ipvsadm on its PATH
  start    starts a process of `status` again, as real2/nginx or director/dataplane; stop ends it
  drill    with --pair: kills, cuts and restores the directors in turn, tells the outage of each step
  down     ends everything and leaves nothing behind

Services: VIP:80/tcp, VIP:5201/tcp (persistent: iperf3 opens several connections) and VIP:7/udp over all real servers.
State and logs are in /run/ulvs-lab. ULVS_LAB=name makes a second lab of names name-client … beside the first.

Examples:
  ./ulvs lab up --method dr --reals 5
  ./ulvs lab exec client curl http://192.168.26.10/
  ./ulvs lab exec director ipvsadm -Ln --stats
  ./ulvs lab stop real1/nginx
END
}

parse_up() {
    while [ $# -gt 0 ]; do
        case $1 in
            --method | --reals | --workers | --scheduler)
                [ $# -ge 2 ] || usage_error "lab up: $1 needs a value"
                ;;
        esac
        case $1 in
            --method)
                [[ $2 =~ ^(nat|dr|tun)$ ]] || usage_error "lab up: --method is nat, dr or tun, not \"$2\""
                CONFIG_METHOD=$2
                shift
                ;;
            --reals) number "lab up" --reals "$2" 1 "$MOST_REALS"; CONFIG_REALS=$((10#$2)); shift ;;
            --workers) number "lab up" --workers "$2" 1 64; CONFIG_WORKERS=$((10#$2)); shift ;;
            --scheduler) CONFIG_SCHEDULER=$2; shift ;;
            --without-dataplane) CONFIG_DATAPLANE=no ;;
            --pair) CONFIG_PAIR=yes ;;
            *) usage_error "lab up: unknown argument \"$1\"; ./ulvs lab --help explains it" ;;
        esac
        shift
    done
    [ "$CONFIG_PAIR/$CONFIG_DATAPLANE" != yes/no ] || usage_error "lab up: --pair needs the dataplane"
}

lab_up() {
    parse_up "$@"
    need_root "the lab"
    need_packages "the lab" "$PACKAGES_LAB"
    network_possible
    build
    lab_lock
    make_lab
}

lab_down() {
    [ $# -eq 0 ] || usage_error "lab down takes no arguments"
    need_root "the lab"
    lab_lock
    remove_lab
    say "lab $LAB: down"
}

lab_exec() {
    local node=${1:-}
    [ $# -ge 2 ] || usage_error "lab exec: give a node and a command, as in: lab exec client curl http://$VIP/"
    need_root "the lab"
    need_lab
    namespace_exists "$node" || usage_error "lab exec: there is no node \"$node\"; there are: $(nodes | xargs)"
    shift
    exec ip netns exec "$(namespace "$node")" env PATH="$ULVS_ROOT/tools/bin:$ULVS_ROOT:$PATH:/usr/sbin:/sbin" \
        ULVS_DIR="$(director_dir "$node")" "$@"
}

lab_process() {
    local action=$1 id=${2:-}
    [ $# -eq 2 ] || usage_error "lab $action: name one process, as in: lab $action real1/nginx"
    need_root "the lab"
    need_lab
    grep -qxF -- "$id" <<<"$(lab_processes)" \
        || usage_error "lab $action: there is no process \"$id\"; there are: $(lab_processes | xargs)"
    lab_lock
    case $action/${id#*/} in
        stop/*) stop_process "$id" ;;
        start/dataplane) dataplane_up "${id%/*}" ;;
        start/*) start_process "$id"; await_process "$id" ;;
    esac
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
    up | down | exec | status | start | stop)
        if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
            lab_usage
            exit 0
        fi
        ;;
esac
case $command in
    up) lab_up "$@" ;;
    down) lab_down "$@" ;;
    status) lab_status "$@" ;;
    exec) lab_exec "$@" ;;
    drill)
        case ${1:-} in -h | --help) drill_usage ;; *) lab_drill "$@" ;; esac
        ;;
    start | stop) lab_process "$command" "$@" ;;
    -h | --help | help) lab_usage ;;
    '') lab_usage >&2; exit "$EXIT_USAGE" ;;
    *) usage_error "lab: there is no command \"$command\"; ./ulvs lab --help lists them" ;;
esac

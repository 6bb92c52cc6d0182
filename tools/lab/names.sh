# shellcheck shell=bash disable=SC2034
# Names, addresses and the stored configuration of a lab. Sourced, never run.

# Several labs can live side by side: ULVS_LAB is the prefix of all names.
readonly LAB=${ULVS_LAB:-ulvs}
[[ $LAB =~ ^[a-z][a-z0-9]{0,9}$ ]] \
    || usage_error "ULVS_LAB is \"$LAB\": it must be 1 to 10 small letters and digits"
readonly RUN=/run/$LAB-lab
readonly LAB_TOOLS=$ULVS_ROOT/tools/lab/target

readonly PUBLIC=192.168.26 PRIVATE=10.11.12 PREFIX_LENGTH=24
readonly VIP=$PUBLIC.10 CLIENT_ADDRESS=$PUBLIC.100 NAT_ROUTER=$PRIVATE.10
# On every node eth0 is on the public network and eth1 on the private one.
readonly PUBLIC_DEVICE=eth0 PRIVATE_DEVICE=eth1
readonly MOST_REALS=99
readonly ECHO_PORT=7 WEB_PORT=80 IPERF_PORT=5201 HEARTBEAT_PORT=539
readonly DOWNLOAD=100M DOWNLOAD_BYTES=104857600

# The configuration of the lab that is up, or is to come up.
CONFIG_METHOD=nat CONFIG_REALS=3 CONFIG_WORKERS=1 CONFIG_SCHEDULER=rr CONFIG_DATAPLANE=yes
CONFIG_PAIR=no

config_text() {
    printf '%s\n' "method $CONFIG_METHOD" "reals $CONFIG_REALS" "workers $CONFIG_WORKERS" \
        "scheduler $CONFIG_SCHEDULER" "dataplane $CONFIG_DATAPLANE" "pair $CONFIG_PAIR"
}

# Sets CONFIG_… from the lab that is up; fails when there is none.
config_load() {
    local key value
    [ -r "$RUN/config" ] || return 1
    while read -r key value; do
        case $key in
            method) CONFIG_METHOD=$value ;;
            reals) CONFIG_REALS=$value ;;
            workers) CONFIG_WORKERS=$value ;;
            scheduler) CONFIG_SCHEDULER=$value ;;
            dataplane) CONFIG_DATAPLANE=$value ;;
            pair) CONFIG_PAIR=$value ;;
        esac
    done <"$RUN/config"
}

need_lab() {
    config_load || die "there is no lab here: ./ulvs lab up makes one"
}

namespace() { printf '%s-%s' "$LAB" "$1"; }
namespace_exists() { [ -e "/run/netns/$LAB-$1" ]; }
lab_namespaces() {
    local path
    for path in /run/netns/"$LAB"-*; do
        path=${path##*/}
        [[ $path =~ ^$LAB-(client|net|director|backup|real[0-9]+)$ ]] && printf '%s\n' "$path"
    done
    return 0
}

directors() {
    printf 'director\n'
    [ "$CONFIG_PAIR" = no ] || printf 'backup\n'
}
reals() { seq -f 'real%.0f' 1 "$CONFIG_REALS"; }
nodes() { printf 'client\n'; directors; reals; }

# Host part of a node's address, the same on both networks. The real servers .8, .9 and .10 would have a director's
# address or the virtual one: they are at .108, .109 and .110.
node_number() {
    local i
    case $1 in
        client) printf 100 ;;
        director) printf 9 ;;
        backup) printf 8 ;;
        real*)
            i=${1#real}
            case $i in 8 | 9 | 10) i=$((100 + i)) ;; esac
            printf '%s' "$i"
            ;;
    esac
}
public_address() { printf '%s.%s' "$PUBLIC" "$(public_number "$1")"; }
private_address() { printf '%s.%s' "$PRIVATE" "$(node_number "$1")"; }
# Real servers have their public addresses from .120 on, out of the way of the named ones.
public_number() {
    case $1 in
        real*) printf '%s' $((120 + ${1#real})) ;;
        *) node_number "$1" ;;
    esac
}

director_dir() { printf '%s/%s' "$RUN" "$1"; }

# in_node NODE COMMAND…
in_node() {
    local node=$1
    shift
    ip netns exec "$(namespace "$node")" "$@"
}

# run_on_director NODE COMMAND ARGUMENT…: a subcommand of ulvs for that director's instance.
run_on_director() {
    local node=$1 command=$2
    shift 2
    in_node "$node" "$ULVS_ROOT/ulvs" "$command" --dir "$(director_dir "$node")" "$@"
}

# shellcheck shell=bash
# docs/walk-through.md, command by command, on machines that have folders of their own.

lab() { "$ULVS_ROOT/ulvs" lab "$@"; }

# machine NODE: a view of the file system in which /run, /etc and /var/lib may be written and nothing of it stays.
machine() {
    # shellcheck disable=SC2016
    daemon "$1" bash -c '
        mount -t tmpfs none /run && mount -t tmpfs none /var/lib && mkdir /run/upper /run/work \
            && mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc \
            && echo ready && exec sleep infinity' </dev/null >"$RUN/log/$1-machine.log" 2>&1 &
    printf '%d' $! >"$RUN/$1.machine"
    disown $!
    until_done 10 grep -q ready "$RUN/log/$1-machine.log"
}
machine_pid() { cat "$RUN/$1.machine"; }
on_machine() {
    local node=$1
    shift
    nsenter -t "$(machine_pid "$node")" -m -n --wd="$ULVS_ROOT" env -u ULVS_DIR PATH="$ULVS_ROOT:$PATH" "$@"
}

# copy_over "FILE… NODE:FOLDER": what scp does.
copy_over() {
    local -a words
    read -r -a words <<<"$1"
    local target=${words[-1]} file
    for file in "${words[@]::${#words[@]}-1}"; do
        cp -p "/proc/$(machine_pid director)/root$file" "/proc/$(machine_pid "${target%%:*}")/root${target#*:}"
    done
}

# play NODE PROMPT COMMAND: what changes something is done once, what looks is tried until it is so.
play() {
    case $2$3 in
        '#scp -p '*) copy_over "${3#scp -p }" ;;
        '#'*' &') on_machine "$1" bash -c "setsid ${3% &} </dev/null >>/run/said 2>&1 &" ;;
        '#'*) on_machine "$1" bash -c "$3" 9>&- ;;
        *) until_done 40 on_machine "$1" bash -c "$3" ;;
    esac
}

# follow LEAST SED-SCRIPT: plays the commands of the part of the walk-through that the script prints.
follow() {
    local line node prompt played=0
    while read -r line; do
        node=${line%%[#\$] *}
        prompt=${line:${#node}:1}
        printf '%s\n' "$line"
        play "$node" "$prompt" "${line#*"$prompt" }" </dev/null || fail "docs/walk-through.md: $line"
        played=$((played + 1))
    done < <(sed "$2" "$ULVS_ROOT/docs/walk-through.md" | sed -n 's/^    \([a-z]*[0-9]*[#$] .*\)/\1/p')
    [ "$played" -ge "$1" ] || fail "only $played commands were found"
}

should_follow_the_manual() {
    local node
    lab up --without-dataplane --reals 2
    config_load
    add_namespace backup
    add_director backup
    for node in director backup client $(reals); do
        mkdir -p "$RUN/$node"
        machine "$node"
    done
    follow 50 '/^\*\*2, direct routing/,/^\*\*3, /d'
    equal "addresses that a host has" "" "$(in_node director ip -o -4 address show to "$VIP")"
}

should_follow_the_manual_in_direct_routing() {
    local node
    lab up --method dr --reals 2
    config_load
    # Without the lab's own way to keep real servers quiet.
    for node in $(reals); do
        set_kernel "$node" net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0
        ip -n "$(namespace "$node")" address delete "$VIP/32" dev lo
    done
    for node in client $(reals); do
        machine "$node"
    done
    follow 6 '/^\*\*2, direct routing/,/^\*\*3, /!d'
    answers_for_vip director
    equal "who answered" "real1 10 real2 10" \
        "$(curl_many 20 "http://$VIP/" | sort | uniq -c | awk '{ print $2, $1 }' | xargs)"
}

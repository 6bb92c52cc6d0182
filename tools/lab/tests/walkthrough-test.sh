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

should_follow_the_manual() {
    local line node prompt played=0
    lab up --without-dataplane --reals 2
    config_load
    add_namespace backup
    add_director backup
    for node in director backup client $(reals); do
        mkdir -p "$RUN/$node"
        machine "$node"
    done
    while read -r line; do
        node=${line%%[#\$] *}
        prompt=${line:${#node}:1}
        printf '%s\n' "$line"
        play "$node" "$prompt" "${line#*"$prompt" }" </dev/null || fail "docs/walk-through.md: $line"
        played=$((played + 1))
    done < <(sed -n 's/^    \([a-z]*[0-9]*[#$] .*\)/\1/p' "$ULVS_ROOT/docs/walk-through.md")
    [ "$played" -ge 50 ] || fail "only $played commands were found"
    equal "addresses that a host has" "" "$(in_node director ip -o -4 address show to "$VIP")"
}

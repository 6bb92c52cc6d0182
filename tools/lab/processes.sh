# shellcheck shell=bash
# The processes of the lab: each is known by NODE/NAME, has a pid file with its start time and a log.
# Sourced, never run.

# All of the lab's processes in the order in which they start.
lab_processes() {
    local node
    for node in $(reals); do
        printf '%s\n' "$node/nginx" "$node/iperf3" "$node/echo"
        [ ! -e "$RUN/tunnel-by-program" ] || printf '%s\n' "$node/tunnel"
    done
    [ "$CONFIG_DATAPLANE" = yes ] || return 0
    for node in $(directors); do
        printf '%s\n' "$node/dataplane"
        [ "$CONFIG_PAIR" = no ] || printf '%s\n' "$node/pulse"
    done
}

# Sets PROCESS to the command of NODE/NAME.
process_command() {
    local node=${1%/*}
    case ${1#*/} in
        nginx) PROCESS=(nginx -c "$RUN/$node/nginx.conf" -p "$RUN/$node") ;;
        iperf3) PROCESS=(iperf3 -s -p "$IPERF_PORT" --forceflush) ;;
        tunnel) PROCESS=("$LAB_TOOLS/ipip-end" tunl-ulvs) ;;
        echo) PROCESS=("$LAB_TOOLS/udp-echo" "$ECHO_PORT") ;;
        dataplane)
            PROCESS=("$ULVS_ROOT/ulvs" dataplane --dir "$(director_dir "$node")"
                --outside "$PUBLIC_DEVICE" --inside "$PRIVATE_DEVICE" --workers "$CONFIG_WORKERS" --idle backoff)
            # The gateway of the real servers; of two directors pulse decides which one has it.
            [ "$CONFIG_METHOD/$CONFIG_PAIR" != nat/no ] || PROCESS+=(--own "$NAT_ROUTER@$PRIVATE_DEVICE")
            ;;
        pulse)
            PROCESS=("$ULVS_ROOT/ulvs" pulse -n -c "$(lvs_cf "$node")" --dir "$(director_dir "$node")")
            ;;
        *) die "the lab has no process \"$1\"" ;;
    esac
}

# The listening socket that shows that NODE/NAME has started, as a filter for ss.
process_listens() {
    case ${1#*/} in
        nginx) printf -- '-Hltn sport = :%s' "$WEB_PORT" ;;
        iperf3) printf -- '-Hltn sport = :%s' "$IPERF_PORT" ;;
        echo) printf -- '-Hlun sport = :%s' "$ECHO_PORT" ;;
        pulse) printf -- '-Hlun sport = :%s' "$HEARTBEAT_PORT" ;;
    esac
}

pid_file() { printf '%s/%s.pid' "$RUN" "$1"; }
log_file() { printf '%s/log/%s.log' "$RUN" "${1/\//-}"; }

# Prints the pid of NODE/NAME if that very process is alive, and fails otherwise.
process_pid() {
    local pid started
    { read -r pid started <"$(pid_file "$1")"; } 2>/dev/null || return 1
    [ -n "$started" ] && [ "$(process_start_time "$pid")" = "$started" ] || return 1
    [[ $(<"/proc/$pid/stat") != *') Z '* ]] 2>/dev/null || return 1
    printf '%s' "$pid"
}
process_running() { process_pid "$1" >/dev/null; }

# daemon NODE COMMAND…: becomes the command, which belongs to no terminal and holds nothing of ours: neither the lab's
# lock nor what a caller has open. To be run in the background.
daemon() {
    local node=$1 descriptor
    shift
    for descriptor in /proc/self/fd/*; do
        descriptor=${descriptor##*/}
        [ "$descriptor" -le 2 ] || exec {descriptor}>&-
    done
    exec setsid ip netns exec "$(namespace "$node")" "$@"
}

start_process() {
    local id=$1 node=${1%/*} pid
    process_running "$id" && return 0
    process_command "$id"
    mkdir -p "$RUN/log" "$RUN/$node"
    daemon "$node" "${PROCESS[@]}" </dev/null >>"$(log_file "$id")" 2>&1 &
    pid=$!
    # The shell shall not tell of its end.
    disown "$pid"
    printf '%s %s\n' "$pid" "$(process_start_time "$pid")" >"$(pid_file "$id")"
}

# Waits until NODE/NAME listens; shows its log when it has died or takes too long.
await_process() {
    local id=$1 node=${1%/*} deadline
    local -a filter
    read -r -a filter <<<"$(process_listens "$id")"
    deadline=$(($(now_ms) + 10000))
    while process_running "$id" && [ "$(now_ms)" -lt "$deadline" ]; do
        [ -z "$(in_node "$node" ss "${filter[@]}")" ] || return 0
        sleep 0.05
    done
    tail -n 20 "$(log_file "$id")" >&2 || true
    die "$id did not start; its log is $(log_file "$id")"
}

# stop_pids SECONDS PID…: asks them to end, waits, then kills what is left.
stop_pids() {
    local deadline=$(($(now_ms) + $1 * 1000)) pid
    shift
    [ $# -gt 0 ] || return 0
    kill -TERM "$@" 2>/dev/null || true
    for pid in "$@"; do
        while kill -0 "$pid" 2>/dev/null && [ "$(now_ms)" -lt "$deadline" ]; do
            sleep 0.05
        done
    done
    kill -KILL "$@" 2>/dev/null || true
    for pid in "$@"; do
        while [ -d "/proc/$pid" ] && ! grep -qs '^State:.*Z' "/proc/$pid/status"; do
            sleep 0.02
        done
    done
}

# kill_process ID: ends it at once, as a crash does; returns when it is gone.
kill_process() {
    local pid
    pid=$(process_pid "$1") || fail "$1 is not running"
    kill -KILL "$pid"
    # Reaps it if it is ours.
    wait "$pid" 2>/dev/null || true
    while [ -d "/proc/$pid" ]; do
        sleep 0.02
    done
}

stop_process() {
    local pid
    if pid=$(process_pid "$1"); then
        stop_pids 5 "$pid"
    fi
    rm -f "$(pid_file "$1")"
}

# Everything that the lab or its users started: what the pid files name, and what lives in its namespaces.
processes_down() {
    local file id ns pid
    local -a pids=()
    for file in "$RUN"/*/*.pid; do
        [ -e "$file" ] || continue
        id=${file#"$RUN"/}
        if pid=$(process_pid "${id%.pid}"); then
            pids+=("$pid")
        fi
    done
    for ns in $(lab_namespaces); do
        for pid in $(ip netns pids "$ns" 2>/dev/null); do
            [ "$pid" = $$ ] || pids+=("$pid")
        done
    done
    stop_pids 5 "${pids[@]}"
}

write_nginx_conf() {
    local node=$1
    mkdir -p "$RUN/$node/tmp"
    cat >"$RUN/$node/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $RUN/$node/nginx-master.pid;
error_log $RUN/log/$node-nginx.log warn;
events { worker_connections 4096; }
http {
    access_log off;
    default_type text/plain;
    client_body_temp_path $RUN/$node/tmp;
    proxy_temp_path $RUN/$node/tmp;
    fastcgi_temp_path $RUN/$node/tmp;
    uwsgi_temp_path $RUN/$node/tmp;
    scgi_temp_path $RUN/$node/tmp;
    sendfile on;
    keepalive_requests 1000000;
    server {
        listen $WEB_PORT backlog=4096;
        location = /$DOWNLOAD { root $RUN/files; }
        location / { return 200 "$node\n"; }
    }
}
END
}

# The file of the download: numbers, one a line, so that a byte lost or out of place changes the sum.
write_download() {
    local file=$RUN/files/$DOWNLOAD
    [ ! -e "$file" ] || return 0
    mkdir -p "$RUN/files"
    { seq 1 20000000 2>/dev/null || true; } | head -c "$DOWNLOAD_BYTES" >"$file.part"
    mv "$file.part" "$file"
}

servers_up() {
    local node id
    write_download
    for node in $(reals); do
        write_nginx_conf "$node"
        [ ! -e "$RUN/tunnel-by-program" ] || start_process "$node/tunnel"
        for id in "$node/nginx" "$node/iperf3" "$node/echo"; do
            start_process "$id"
        done
    done
    for node in $(reals); do
        for id in "$node/nginx" "$node/iperf3" "$node/echo"; do
            await_process "$id"
        done
    done
}

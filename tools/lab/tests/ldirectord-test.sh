# shellcheck shell=bash disable=SC2034
# Debian's ldirectord, unmodified, with our ipvsadm: it adds its services, takes a server out and back in.

readonly LDIRECTORD=ulvs-system-test

# start_ldirectord QUIESCENT: in the foreground it takes ./ipvsadm, which is ours.
start_ldirectord() {
    local node
    remove_lab
    CONFIG_METHOD=nat
    make_lab
    director_ipvsadm director -C
    mkdir -p "$RUN/ldirectord"
    ln -s "$ULVS_ROOT/tools/bin/ipvsadm" "$RUN/ldirectord/ipvsadm"
    {
        printf '%s\n' "checktimeout = 1" "checkinterval = 1" "quiescent = $1" "autoreload = no" \
            "logfile = \"$RUN/log/ldirectord.log\"" "virtual = $VIP:$WEB_PORT"
        for node in $(reals); do
            printf '\treal = %s:%s masq 2\n' "$(private_address "$node")" "$WEB_PORT"
        done
        printf '\t%s\n' "service = http" "request = \"health\"" "receive = \"real\"" "scheduler = rr" \
            "protocol = tcp" "checktype = negotiate"
    } >"$RUN/ldirectord/$LDIRECTORD.cf"
    cd "$RUN/ldirectord" || fail "no folder"
    ULVS_DIR=$(director_dir director) daemon director ldirectord -d "$RUN/ldirectord/$LDIRECTORD.cf" start \
        </dev/null >"$RUN/log/ldirectord.out" 2>&1 &
    LDIRECTORD_PID=$!
    # Its pid file is on the host.
    trap 'rm -f "/run/ldirectord.$LDIRECTORD.pid"' EXIT
}

# The servers of the service as "address:weight …".
servers_now() {
    director_ipvsadm director -Ln | awk '$1 == "->" && $2 ~ /^[0-9]/ { sub(/:.*/, "", $2); print $2 ":" $4 }' | sort | xargs
}

# await_servers TEXT
await_servers() {
    local deadline
    deadline=$(($(now_ms) + 20000))
    until [ "$(servers_now)" = "$1" ]; do
        [ "$(now_ms)" -lt "$deadline" ] \
            || fail "the servers are \"$(servers_now)\", not \"$1\": $(tail -n 5 "$RUN/log/ldirectord.out")"
        sleep 0.1
    done
}

# Which real servers answer 12 requests; no request may fail.
answering() { curl_many 12 "http://$VIP/" | sort -u | xargs; }

# A request every 50 ms until the file is gone; one line each: time, answer.
keep_asking() {
    : >"$RUN/asking"
    while [ -e "$RUN/asking" ]; do
        printf '%s %s\n' "$(now_ms)" "$(curl_many 1 "http://$VIP/" | tr '\n' ' ' | sed 's, *$,,')"
        sleep 0.05
    done >"$RUN/answers"
}

# serve_through_an_outage SERVERS-WITHOUT-REAL2
serve_through_an_outage() {
    local all="10.11.12.1:2 10.11.12.2:2 10.11.12.3:2" killed out asking late
    await_servers "$all"
    equal "answers before" "real1 real2 real3" "$(answering)"
    keep_asking &
    asking=$!
    sleep 0.3
    killed=$(now_ms)
    stop_process real2/nginx
    await_servers "$1"
    out=$(now_ms)
    equal "answers without real2" "real1 real3" "$(answering)"
    start_process real2/nginx
    await_process real2/nginx
    await_servers "$all"
    equal "answers after" "real1 real2 real3" "$(answering)"
    rm "$RUN/asking"
    wait "$asking"
    # Requests may fail only between the death of the server and its removal.
    late=$(awk -v killed="$killed" -v out="$out" '!/ real[1-3]$/ && ($1 < killed - 100 || $1 > out)' "$RUN/answers")
    [ -z "$late" ] || fail "requests failed while no server was missing: $late"
    awk -v killed="$killed" -v out="$out" '/ real[1-3]$/ { before += $1 < killed; after += $1 > out }
        END { exit !(before && after) }' "$RUN/answers" || fail "requests did not go on: $(<"$RUN/answers")"
}

should_take_a_dead_server_out_and_back_in() {
    start_ldirectord no
    serve_through_an_outage "10.11.12.1:2 10.11.12.3:2"
}

should_quiesce_a_dead_server_and_restore_it() {
    start_ldirectord yes
    serve_through_an_outage "10.11.12.1:2 10.11.12.2:0 10.11.12.3:2"
}

should_remove_its_services_when_it_ends() {
    start_ldirectord no
    await_servers "10.11.12.1:2 10.11.12.2:2 10.11.12.3:2"
    stop_pids 10 "$LDIRECTORD_PID"
    equal "table" "" "$(director_ipvsadm director -Sn)"
}

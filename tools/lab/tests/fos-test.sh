# shellcheck shell=bash
# Failover services under two pulses in the background, and the manners of that daemon.

lab() { "$ULVS_ROOT/ulvs" lab "$@"; }
readonly FOS_ADDRESS=$PUBLIC.77 FOS_PORT=8080

fos_dir() { printf '%s/fos-%s' "$RUN" "$1"; }

# One lvs.cf for both. The service is an nginx that says on which director it runs.
fos_files() {
    local node
    (umask 077 && head -c 32 /dev/urandom | sha256sum | cut -c1-64 >"$RUN/fos.secret")
    for node in director backup; do
        # one that a failed test has left
        [ ! -e "$(fos_dir "$node")/pulse/pid" ] || fos_pulse "$node" stop
        mkdir -p "$(fos_dir "$node")/tmp"
        cat >"$(fos_dir "$node")/nginx.conf" <<END
pid $(fos_dir "$node")/nginx.pid;
error_log $(fos_dir "$node")/nginx.log;
events { }
http {
    access_log off;
    client_body_temp_path $(fos_dir "$node")/tmp;
    proxy_temp_path $(fos_dir "$node")/tmp;
    fastcgi_temp_path $(fos_dir "$node")/tmp;
    uwsgi_temp_path $(fos_dir "$node")/tmp;
    scgi_temp_path $(fos_dir "$node")/tmp;
    server { listen $FOS_PORT; location / { return 200 "$node"; } }
}
END
        cat >"$(fos_dir "$node")/lvs.cf" <<END
serial_no = 1
primary = $(public_address director)
service = fos
backup_active = 1
backup = $(public_address backup)
heartbeat_port = $HEARTBEAT_PORT
keepalive = 0.2
deadtime = 1
arp_interval = 0.2
push_config = 0
peer_secret = $RUN/fos.secret
gateway_test = $CLIENT_ADDRESS
active_cmd = "/usr/bin/touch $(fos_dir "$node")/was-active"
failover page {
     active = 1
     address = $FOS_ADDRESS $PUBLIC_DEVICE:1
     vip_nmask = 255.255.255.0
     port = $FOS_PORT
     send = "GET / HTTP/1.0\r\n\r\n"
     expect = "HTTP"
     timeout = 1
     start_cmd = "$(command -v nginx) -c $(fos_dir "$node")/nginx.conf -p $(fos_dir "$node")"
     stop_cmd = "/bin/sh $(fos_dir "$node")/stop"
}
END
        # shellcheck disable=SC2016
        printf 'kill "$(cat %s/nginx.pid)" 2>/dev/null\nexit 0\n' "$(fos_dir "$node")" >"$(fos_dir "$node")/stop"
    done
}

# fos_pulse NODE ARGUMENT…
fos_pulse() {
    local node=$1
    shift
    in_node "$node" "$ULVS_ROOT/ulvs" pulse -c "$(fos_dir "$node")/lvs.cf" --dir "$(fos_dir "$node")" "$@"
}
page_is() { [ "$(in_node client curl -s -m 1 "http://$FOS_ADDRESS:$FOS_PORT/")" = "$1" ]; }
address_gone() { [ -z "$(in_node "$1" ip -o -4 address show to "$FOS_ADDRESS")" ]; }
serial_is() { grep -q "\"serial\":$2,\"hash\"" "$(fos_dir "$1")/pulse/status.json"; }
status_is() {
    local code=0
    fos_pulse "$1" status || code=$?
    [ "$code" -eq "$2" ]
}

should_move_failover_services_and_behave_as_a_daemon() {
    lab up --pair --reals 1
    stop_process director/pulse
    stop_process backup/pulse
    fos_files
    fos_pulse director || fail "pulse does not start in the background"
    fos_pulse backup || fail "pulse does not start in the background"
    until_done 30 page_is director
    [ -e "$(fos_dir director)/was-active" ] || fail "active_cmd has not been run"
    [ ! -e "$(fos_dir backup)/was-active" ] || fail "active_cmd has been run on the standby"

    status_is director 0 || fail "status does not say that pulse runs"
    ! fos_pulse director || fail "a second pulse starts beside the first"
    sed -i 's/^serial_no = .*/serial_no = 7/' "$(fos_dir director)/lvs.cf"
    kill -HUP "$(<"$(fos_dir director)/pulse/pid")"
    until_done 20 serial_is director 7

    # The service alone dies: the standby sees it, its gateway answers, it takes over.
    until_done 20 grep -qs 'Remote service .* is available' "$(fos_dir backup)/pulse/out" /dev/null
    kill "$(<"$(fos_dir director)/nginx.pid")"
    until_done 30 page_is backup
    [ -e "$(fos_dir backup)/was-active" ] || fail "active_cmd has not been run on the backup"
    until_done 10 address_gone director

    fos_pulse backup stop || fail "pulse does not stop"
    until_done 30 page_is director
    status_is backup 3 || fail "status does not say that pulse has ended"
    [ ! -e "$(fos_dir backup)/pulse/sock" ] || fail "the socket is still there"
    fos_pulse director stop
    address_gone director || fail "a stopped director keeps the address"
}

journal_says() {
    nsenter -t "$(<"$(fos_dir director)/pulse/pid")" -m "$ULVS_ROOT/ulvs" journal --dir "$(fos_dir director)" | grep -q "$1"
}
lost_entries() { ! grep -q '"journalEntriesLost":0[,}]' "$(fos_dir director)/pulse/status.json"; }
reload_as() {
    sed -i "s/^serial_no = .*/serial_no = $1/" "$(fos_dir director)/lvs.cf"
    fos_pulse director reload
    until_done 10 serial_is director "$1"
}

# The journal lies on a disk of its own, which fills up while pulse serves.
should_serve_on_while_the_disk_of_the_journal_is_full() {
    lab up --pair --reals 1
    stop_process director/pulse
    stop_process backup/pulse
    fos_files
    local journal disk
    journal=$(fos_dir director)/pulse/journal
    mkdir -p "$journal"
    # What ip netns exec mounts is seen only there.
    # shellcheck disable=SC2016
    in_node director bash -c 'mount -t tmpfs -o size=80m none "$1" && exec "${@:2}"' bash "$journal" \
        "$ULVS_ROOT/ulvs" pulse -n -c "$(fos_dir director)/lvs.cf" --dir "$(fos_dir director)" \
        >"$RUN/log/fos-pulse.log" 2>&1 &
    until_done 30 page_is director
    until_done 10 journal_says 'partner dead: activating'
    ! lost_entries || fail "entries were lost while there was room"

    disk=/proc/$(<"$(fos_dir director)/pulse/pid")/root$journal
    ! head -c 100M /dev/zero 2>/dev/null >"$disk/fill" || fail "the disk is larger than it was to be"
    reload_as 7
    until_done 10 lost_entries
    page_is director || fail "the service has stopped"
    equal "complaints" 1 "$(grep -c 'journal' "$RUN/log/fos-pulse.log")"

    rm "$disk/fill"
    reload_as 8
    until_done 10 journal_says 'serial 8'
    ! journal_says 'serial 7' || fail "what was counted as lost was written"
    page_is director || fail "the service has stopped"
    fos_pulse director stop
}

# shellcheck shell=bash
# tools/bin/ipvsadm as a program: its start, a large table, clients that die, a dataplane that dies, a monitor that reads along.
# No lab: a dataplane without interfaces in a directory of its own.
# shellcheck source=tools/lab/tables.sh
source "$ULVS_ROOT/tools/lab/tables.sh"

readonly DIST=$ULVS_ROOT/tools/dist/target/dist

start_instance() {
    INSTANCE=$(mktemp -d)
    export ULVS_DIR=$INSTANCE/run
    "$ULVS_ROOT/tools/launcher/dataplane.sh" --dir "$ULVS_DIR" --idle backoff >"$INSTANCE/log" 2>&1 9>&- &
    DATAPLANE=$!
    trap 'kill -KILL "$DATAPLANE" ${OTHERS:-} 2>/dev/null || true; rm -rf "$INSTANCE"' EXIT
    local deadline
    deadline=$(($(now_ms) + 30000))
    until ipvsadm -Ln >/dev/null 2>&1; do
        kill -0 "$DATAPLANE" 2>/dev/null || fail "the dataplane ended: $(<"$INSTANCE/log")"
        [ "$(now_ms)" -lt "$deadline" ] || fail "the dataplane did not start: $(<"$INSTANCE/log")"
        sleep 0.05
    done
}

ipvsadm() { "$ULVS_ROOT/tools/bin/ipvsadm" "$@"; }

# A class that the archive lacks has to be found in a jar and verified at each call; `./ulvs bench start` has the times.
should_start_from_an_archive_of_classes() {
    local java
    start_instance
    read -r java <"$DIST/ipvsadm.java"
    "$java" "@$DIST/ipvsadm.options" "@$DIST/ipvsadm.archive" "-Xlog:class+load:file=$INSTANCE/classes" \
        org.ulvs.tools.ipvsadm.Ipvsadm -Ln >"$INSTANCE/table"
    equal "the table" "$(ipvsadm -Ln)" "$(<"$INSTANCE/table")"
    grep -q 'org.ulvs.tools.ipvsadm.Ipvsadm source: shared objects file' "$INSTANCE/classes" || fail "there is no archive"
    equal "classes from jars" "" "$(grep 'org.ulvs.* source: \(file\|jar\):' "$INSTANCE/classes")"
}

should_restore_a_large_table() {
    start_instance
    large_table 500 20 >"$INSTANCE/table"
    ipvsadm -R <"$INSTANCE/table"
    equal "lines that ipvsadm saves" "$(wc -l <"$INSTANCE/table")" "$(ipvsadm -Sn | wc -l)"
    ipvsadm -C
    ipvsadm -R --atomic <"$INSTANCE/table"
    equal "lines after an atomic restore" "$(wc -l <"$INSTANCE/table")" "$(ipvsadm -Sn | wc -l)"
}

should_go_on_after_a_client_was_killed() {
    local client
    start_instance
    for i in 1 2 3 4 5; do
        {
            large_table 400 10
            sleep 60
        } | ipvsadm -R &
        client=$!
        OTHERS="${OTHERS:-} $(jobs -p | xargs)"
        sleep "0.$((i + 1))"
        kill -KILL "$client"
        ipvsadm -A -f "$i" -s rr || fail "no service could be added after a client was killed"
    done
    equal "mark services" "5" "$(ipvsadm -Ln | grep -c '^FWM')"
}

should_say_that_the_dataplane_died() {
    local said status=0
    start_instance
    ipvsadm -A -t 10.0.0.1:80 -s sh -b sh-port
    kill -KILL "$DATAPLANE"
    wait "$DATAPLANE" || true
    said=$(ipvsadm -A -t 10.0.0.2:80 2>&1) || status=$?
    equal "exit status" 2 "$status"
    [[ $said == "Can't initialize ipvs: "*"has died" ]] || fail "it said: $said"
}

should_show_its_numbers_to_prometheus() {
    local exporter metrics
    start_instance
    ipvsadm -A -t 10.0.0.1:80 -s wlc -p 300
    ipvsadm -a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 7
    ipvsadm -A -f 80
    ipvsadm -a -f 80 -r 10.0.1.2
    prometheus-node-exporter --path.procfs="$ULVS_DIR/proc" --collector.disable-defaults --collector.ipvs \
        --web.listen-address=127.0.0.1:19180 >"$INSTANCE/exporter.log" 2>&1 9>&- &
    exporter=$!
    OTHERS=$exporter
    for ((i = 0; i < 100; i++)); do
        metrics=$(curl -s --noproxy '*' http://127.0.0.1:19180/metrics || true)
        if [[ $metrics == *'remote_address="10.0.1.2"'* ]]; then
            break
        fi
        sleep 0.1
    done
    for line in 'node_scrape_collector_success{collector="ipvs"} 1' 'node_ipvs_connections_total 0' \
        'node_ipvs_backend_weight{local_address="10.0.0.1",local_mark="",local_port="80",proto="TCP",remote_address="10.0.1.1",remote_port="8080"} 7' \
        'node_ipvs_backend_weight{local_address="",local_mark="00000050",local_port="0",proto="FWM",remote_address="10.0.1.2",remote_port="0"} 1' \
        'node_ipvs_backend_connections_active{local_address="10.0.0.1",local_mark="",local_port="80",proto="TCP",remote_address="10.0.1.1",remote_port="8080"} 0'; do
        grep -qxF "$line" <<<"$metrics" || fail "the exporter does not say $line: $metrics $(<"$INSTANCE/exporter.log")"
    done
}

# shellcheck shell=bash
# The bench itself, in its shortest form: what it writes, what it refuses, what it leaves behind. No figure is judged.

# bench ARGUMENT…: its output in SAID, its exit code in CODE.
bench() {
    CODE=0
    SAID=$("$ULVS_ROOT/ulvs" bench "$@" 2>&1) || CODE=$?
}

bench_folder() {
    BENCH_OUT=$(mktemp -d)
    trap 'rm -rf "$BENCH_OUT"' EXIT
}

# holds WHAT TEXT: that WHAT was said.
holds() { [[ $SAID == *"$1"* ]] || fail "the bench does not say \"$1\": $SAID"; }

# Namespaces, folders and processes of the bench; its locks stay.
left_behind() {
    ip netns list | grep -o '^ulvs-bench[^ ]*' || true
    find /run -maxdepth 1 -name 'ulvs-bench*'
    pgrep -f "^$ULVS_ROOT/bench/|DataplaneMain --dir /run/ulvs-bench" || true
}

nothing_left() { equal 'what the bench left behind' '' "$(left_behind | xargs)"; }

should_list_the_benchmarks_and_refuse_what_it_does_not_know() {
    bench --list
    equal 'exit code' 0 "$CODE"
    equal 'benchmarks' 'pipeline memory veth tcp start idle' "$(xargs <<<"$SAID")"
    bench vthe
    equal 'exit code for an unknown name' 2 "$CODE"
    holds 'there is no benchmark "vthe"; there are: pipeline memory veth tcp start idle'
    bench --out
    equal 'exit code for --out alone' 2 "$CODE"
    holds '--out needs a folder'
    bench idle --fast
    equal 'exit code for an unknown option' 2 "$CODE"
    holds 'unknown argument "--fast"'
}

# The report believes nothing: a broken or missing figure of any script makes the exit code 1.
should_write_results_a_page_and_a_document_of_what_was_asked_for() {
    local name
    bench_folder
    ULVS_BENCH_HEADROOM=0.1 bench veth tcp start idle --smoke --out "$BENCH_OUT" --markdown "$BENCH_OUT/figures.md"
    equal "exit code of: $SAID" 0 "$CODE"
    holds "results in $BENCH_OUT"
    for name in veth tcp start idle; do
        grep -q "^    \"$name\" : {" "$BENCH_OUT/results.json" || fail "results.json has no $name"
        grep -q "^## $name" "$BENCH_OUT/figures.md" || fail "the document has no $name"
    done
    equal 'benchmarks that were not asked for' '' "$(grep -E '"(pipeline|memory)" : \{' "$BENCH_OUT/results.json" || true)"
    for name in time commit cpu cores memory kernel jdk run jvm; do
        grep -q "\"$name\" : \".\+\"" "$BENCH_OUT/results.json" || fail "results.json does not state the $name"
    done
    grep -q '"run" : "smoke"' "$BENCH_OUT/results.json" || fail 'results.json does not say that the run was a short one'
    # Each path was measured, and no figure is missing.
    for name in 'ulvs NAT' 'ulvs direct routing' 'nftables DNAT' 'HAProxy mode tcp' 'routed, no balancer' 'C reference, blocks' 'C reference, NAT' \
        'C reference, direct routing'; do
        grep -q "^| $name | .*[0-9]" "$BENCH_OUT/figures.md" || fail "the document has no figures of $name"
    done
    equal 'targets without a figure' '' "$(grep '"measured" : null' "$BENCH_OUT/results.json" || true)"
    grep -q '<svg ' "$BENCH_OUT/report.html" || fail 'the page has no plot'
    equal 'requests of the page to elsewhere' '' "$(grep -oE '(src|href)=|url\(|@import|<script' "$BENCH_OUT/report.html" || true)"
    grep -q 'Tag=ulvs-application.1,' "$BENCH_OUT/veth.hlog" || fail 'there is no log of the delays'
    nothing_left
}

should_refuse_figures_when_the_generator_is_no_faster_than_what_it_measures() {
    bench_folder
    ULVS_BENCH_HEADROOM=1000 bench veth --smoke --out "$BENCH_OUT"
    equal "exit code of: $SAID" 1 "$CODE"
    holds 'REFUSED: The generator alone makes'
    grep -q 'Refused: The generator alone makes' "$BENCH_OUT/report.html" || fail 'the page does not say so'
    ! grep -q '<svg ' "$BENCH_OUT/report.html" || fail 'the page shows figures that were refused'
    nothing_left
}

# bench_beside_other_load ARGUMENT…: as bench, into BENCH_OUT, while all CPUs are taken.
bench_beside_other_load() {
    local i
    local -a loads=()
    bench_folder
    for ((i = 0; i < $(nproc); i++)); do
        while :; do :; done &
        loads+=("$!")
    done
    ULVS_BENCH_WAIT=1 bench "$@" --out "$BENCH_OUT"
    kill "${loads[@]}"
}

should_refuse_to_measure_on_a_busy_machine() {
    bench_beside_other_load idle --quick
    equal "exit code of: $SAID" 1 "$CODE"
    holds 'REFUSED: before it began, other load took'
    grep -q '"refused" : "before it began' "$BENCH_OUT/results.json" || fail 'results.json does not say so'
    [[ $SAID != *'Once more'* ]] || fail 'a quick run takes time for what was refused'
}

should_measure_what_was_refused_once_more_in_a_full_run() {
    bench_beside_other_load idle
    equal "exit code of: $SAID" 1 "$CODE"
    equal 'refusals, with that of the report' 3 "$(grep -c 'REFUSED: before it began' <<<"$SAID")"
    holds 'Once more, since it was refused'
}

# in_veth SCRIPT: a script among the functions of `veth`; what it says in SAID, its exit code in CODE.
in_veth() {
    CODE=0
    SAID=$(bash -c "source \"$ULVS_ROOT/bench/veth.sh\"; $1" 2>&1) || CODE=$?
}

# A path that bears up to 600 packets/s, in a minute in which the first TRIALS trials lose frames at any rate.
# shellcheck disable=SC2016  # the other shell expands it
readonly FAKE_PATH='offered=0
    offer() {
        offered=$((offered + 1)) T=([rate]=$(($2 == 0 ? 1000 : $2)) [received]=900 [elapsed]=1000000000)
        [ "$offered" -gt "$TRIALS" ] && [ "$2" -gt 0 ] && [ "$2" -le 600 ]
    }
    search ulvs 1 5; echo "rate${rates[ulvs-generator]}, $offered trials"'

should_search_the_rate_again_when_none_was_borne() {
    TRIALS=0 in_veth "$FAKE_PATH"
    equal 'the rate' 'rate 593' "${SAID%,*}"
    # A search has one trial at full speed and two at each of twelve rates.
    TRIALS=25 in_veth "$FAKE_PATH"
    equal 'the rate of the second search' 'rate 593' "${SAID%,*}"
    TRIALS=50 in_veth "$FAKE_PATH"
    equal 'exit code where none is borne' 1 "$CODE"
    holds 'veth: ulvs NAT bears no rate, the last one tried was'
}

# shellcheck disable=SC2016  # the other shell expands it
should_refuse_only_for_forwarders_that_a_target_compares() {
    local figures='rates=([refs-generator]=550 [ulvs-generator]=540 [nft-generator]=290 [refb-generator]=640
        [refs-forwarder]=300 [ulvs-forwarder]=290 [nft-forwarder]=430 [refb-forwarder]=310); calibrations=(740 750 760) SIZE=full;'
    in_veth "$figures"' refusal; note_bounds; echo "$json_notes"'
    equal 'exit code' 0 "$CODE"
    [[ $SAID != *'not clearly more'* ]] || fail "refused for what no target compares: $SAID"
    holds 'C reference, blocks, receiving on the CPU of the generator: at least this'
    in_veth "$figures rates[ulvs-generator]=640; refusal"
    equal 'refusal' 'The generator alone makes 750 packets/s, which is not clearly more than the 640 of ulvs NAT.' "$SAID"
}

should_tell_a_machine_that_changes_its_speed() {
    local said
    # shellcheck source=bench/noise.sh
    source "$ULVS_ROOT/bench/noise.sh"
    calibrations_agree 70 90
    ! said=$(calibrations_agree 70 95) || fail 'a third slower is taken for the same'
    equal 'sentence' 'a fixed piece of work took 70 ms before and 95 ms after it, a ratio of 1.36, where 1.35 is allowed' "$said"
    ! calibrations_agree 95 70 >/dev/null || fail 'a third quicker is taken for the same'
}

await_dataplane_of_the_bench() {
    local deadline=$(($(now_ms) + 60000))
    until pgrep -f 'DataplaneMain --dir /run/ulvs-bench' >/dev/null; do
        [ "$(now_ms)" -lt "$deadline" ] || fail 'the benchmark starts no dataplane'
        sleep 0.1
    done
}

should_leave_nothing_when_interrupted() {
    local run signal
    bench_folder
    for signal in INT TERM; do
        # A job of a script ignores INT unless it is told not to.
        env --default-signal=INT "$ULVS_ROOT/ulvs" bench veth --smoke --out "$BENCH_OUT" >"$BENCH_OUT/said" 2>&1 &
        run=$!
        await_dataplane_of_the_bench
        kill "-$signal" "$run"
        CODE=0
        wait "$run" || CODE=$?
        equal "exit code after $signal" 1 "$CODE"
        SAID=$(<"$BENCH_OUT/said")
        holds 'bench: interrupted'
        nothing_left
    done
}

should_leave_nothing_and_say_so_when_a_benchmark_fails() {
    bench_folder
    mkdir "$BENCH_OUT/bin"
    printf '#!/bin/sh\necho "nft: broken" >&2\nexit 1\n' >"$BENCH_OUT/bin/nft"
    chmod +x "$BENCH_OUT/bin/nft"
    PATH=$BENCH_OUT/bin:$PATH bench veth --smoke --out "$BENCH_OUT/results"
    equal "exit code of: $SAID" 1 "$CODE"
    holds 'nft: broken'
    holds 'FAILED after'
    nothing_left
}

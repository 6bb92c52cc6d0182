#!/usr/bin/env bash
# Measures ulvs beside its peers: benchmark after benchmark, one report.
# shellcheck disable=SC2317  # functions are called by name
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"
# shellcheck source=bench/noise.sh
source "$ULVS_ROOT/bench/noise.sh"

readonly BENCHMARKS=(pipeline memory veth tcp start idle)
# Looks at the machine's speed beside each iteration, and does not count slow ones (docs/decisions/128).
readonly WITH_YARDSTICK=pipeline
readonly BENCH_LOCK=/run/lock/ulvs-bench-run.lock BENCH_SECONDS=900
failed=0 running='' refused=()

bench_usage() {
    cat <<'END'
Usage: ./ulvs bench [NAME…] [--quick|--smoke] [--list] [--out DIR] [--markdown FILE]

Measures ulvs beside its peers on this machine, prints tables with ratios and targets, and writes results.json and
report.html. Installs the peers (nftables, HAProxy, wrk, iperf3, nginx) where they are missing. Another run is waited for.

  NAME…      only these benchmarks; --list tells their names
  --quick    fewer sizes and shorter rounds
  --smoke    as short as it can be, on a busy machine too: whether the bench works; its figures mean nothing
  --out      folder of the results (default target/bench/TIME)
  --markdown writes the tables as a document too, as docs/performance.md is

Exit code 0 when all was measured (a missed target is told, not an error), 1 when a benchmark failed or was refused
because the machine was noisy or the generator too slow. A full run measures what was refused once more in the end.
Nothing else should run on the machine. bench/README.md explains every figure.

Examples:
  ./ulvs bench --quick
  ./ulvs bench tcp veth --out /tmp/figures
END
}

is_benchmark() { printf '%s\n' "${BENCHMARKS[@]}" | grep -qxF -- "$1"; }

# Sets COMMAND to what measures NAME.
benchmark_command() {
    local class=
    case $1 in
        pipeline) class=PipelineMain ;;
        memory) class=MemoryMain ;;
    esac
    if [ -n "$class" ]; then
        COMMAND=("$JAVA_HOME/bin/java" "@$ULVS_ROOT/tools/jvm/common.options"
            -cp "$ULVS_ROOT/bench/pipeline/target/classes:$ULVS_ROOT/bench/pipeline/target/lib/*"
            "org.ulvs.bench.pipeline.$class" --out "$RUNDIR")
        [ "$SIZE" = full ] || COMMAND+=(--quick)
    else
        COMMAND=("$ULVS_ROOT/bench/$1.sh" "$RUNDIR")
        [ "$SIZE" = full ] || COMMAND+=("--$SIZE")
    fi
}

# run_benchmark NAME: a benchmark that fails leaves the others alone, and so does one whose figures cannot be relied on.
run_benchmark() {
    local name=$1 reason before='' began status=0
    began=$(now_ms)
    # What an earlier run left is not taken for this one's.
    rm -f "$RUNDIR/$name.json" "$RUNDIR/$name.noise"
    say "== $name"
    if [ "$SIZE" != smoke ] && ! reason=$(machine_free); then
        json_write "$name" "$RUNDIR/$name.json" "$reason"
        refuse "$name" "$reason"
        return
    fi
    [ "$SIZE" = smoke ] || [ "$name" = "$WITH_YARDSTICK" ] || before=$(calibration)
    benchmark_command "$name"
    # Beside this shell, so that a signal is answered at once.
    (cd "$ULVS_ROOT" && exec timeout --kill-after 20 "$BENCH_SECONDS" "${COMMAND[@]}") </dev/null 9>&- &
    running=$!
    wait "$running" || status=$?
    running=''
    if [ "$status" -ne 0 ] || [ ! -s "$RUNDIR/$name.json" ]; then
        say "   FAILED after $(seconds_since "$began") (exit $status)"
        failed=1
        return
    fi
    if ! grep -qE '"refused" ?: ?null' "$RUNDIR/$name.json"; then
        refuse "$name" "its generator or its own rounds say so"
    elif [ -n "$before" ] && ! reason=$(calibrations_agree "$before" "$(calibration)"); then
        printf '%s\n' "$reason" >"$RUNDIR/$name.noise"
        refuse "$name" "$reason"
    fi
    say "   done in $(seconds_since "$began")"
}

refuse() {
    say "   REFUSED: $2"
    refused+=("$1")
}

# Measures what was refused once more: a minute later the machine may be another. A quick run has no time for it.
run_refused_again() {
    local name
    local -a names=("${refused[@]}")
    [ "$SIZE" = full ] || return 0
    refused=()
    for name in "${names[@]}"; do
        say "== Once more, since it was refused:"
        run_benchmark "$name"
    done
}

# Ends the benchmark that runs, which cleans up.
interrupted() {
    trap '' INT TERM
    if [ -n "$running" ]; then
        kill -TERM "$running" 2>/dev/null || true
        wait "$running" || true
    fi
    die "bench: interrupted"
}

facts() {
    local commit
    commit=$(git -C "$ULVS_ROOT" describe --always --dirty --abbrev=12 2>/dev/null) || commit=unknown
    printf '%s\n' "time=$(date -u +%Y-%m-%dT%H:%M:%SZ)" "commit=$commit" \
        "cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "cores=$(nproc)" \
        "memory=$(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)" "kernel=$(uname -sr)" \
        "jdk=$ULVS_JAVA_VERSION" "run=$SIZE" \
        "jvm=$(grep -hv '^#' "$ULVS_ROOT"/tools/jvm/{common,dataplane}.options | xargs)"
}

report() {
    local fact
    local -a words=()
    while read -r fact; do
        words+=(--fact "$fact")
    done < <(facts)
    [ -z "$MARKDOWN" ] || words+=(--markdown "$MARKDOWN")
    report_program ReportMain "$RUNDIR" "${words[@]}"
}

main() {
    local name began
    local -a names=()
    SIZE=full RUNDIR='' MARKDOWN=''
    while [ $# -gt 0 ]; do
        case $1 in
            --quick | --smoke) SIZE=${1#--} ;;
            --list) printf '%s\n' "${BENCHMARKS[@]}"; exit 0 ;;
            --out)
                [ $# -ge 2 ] || usage_error "bench: --out needs a folder"
                RUNDIR=$2
                shift
                ;;
            --markdown)
                [ $# -ge 2 ] || usage_error "bench: --markdown needs a file"
                MARKDOWN=$(realpath -m -- "$2")
                shift
                ;;
            -h | --help) bench_usage; exit 0 ;;
            -*) usage_error "bench: unknown argument \"$1\"; ./ulvs bench --help explains it" ;;
            *)
                is_benchmark "$1" || usage_error "bench: there is no benchmark \"$1\"; there are: ${BENCHMARKS[*]}"
                names+=("$1")
                ;;
        esac
        shift
    done
    [ ${#names[@]} -gt 0 ] || names=("${BENCHMARKS[@]}")
    need_root "the bench"
    need_packages bench "$PACKAGES_BUILD" "$PACKAGES_BENCH"
    build_if_needed
    run_step "Building the generator and the reference" "$ULVS_ROOT/target/log/bench-native.log" \
        make -C "$ULVS_ROOT/bench/native" || die "the C programs of the bench do not compile"
    exec 9>"$BENCH_LOCK"
    flock -n 9 || { say "== Another run of the bench is waited for"; flock 9; }
    RUNDIR=$(realpath -m -- "${RUNDIR:-$ULVS_ROOT/target/bench/$(date -u +%Y%m%dT%H%M%SZ)}")
    mkdir -p "$RUNDIR"
    trap interrupted INT TERM
    began=$(now_ms)
    for name in "${names[@]}"; do
        run_benchmark "$name"
    done
    run_refused_again
    [ ${#refused[@]} -eq 0 ] || failed=1
    report || failed=1
    say "== The bench took $(seconds_since "$began"); results in $RUNDIR"
    exit "$failed"
}

# In one piece, so that an edit of this file does not disturb a run.
main "$@"; exit

# shellcheck shell=bash disable=SC2034
# What the benchmarks of packets share: arguments, trials, medians. Sourced, never run.

# Two cores are enough: the generator has the first one, what forwards the second.
readonly GENERATOR_CPU=0 FORWARDER_CPU=1

# bench_arguments NAME ARGUMENT…: sets RUNDIR and SIZE.
bench_arguments() {
    local name=$1
    shift
    RUNDIR='' SIZE=full
    while [ $# -gt 0 ]; do
        case $1 in
            --quick | --smoke) SIZE=${1#--} ;;
            -h | --help) say "Usage: bench/$name.sh RUNDIR [--quick|--smoke]"; say "Writes RUNDIR/$name.json."; exit 0 ;;
            -*) usage_error "$name: unknown argument \"$1\"" ;;
            *)
                [ -z "$RUNDIR" ] || usage_error "$name: one RUNDIR only"
                RUNDIR=$1
                ;;
        esac
        shift
    done
    [ -n "$RUNDIR" ] || usage_error "$name: where to? Usage: bench/$name.sh RUNDIR [--quick|--smoke]"
    mkdir -p "$RUNDIR"
    need_root "the benchmark $name"
    [ "$(nproc)" -ge 2 ] || missing "the benchmark $name needs 2 CPUs: one for the generator, one for what forwards."
}

# Installs the peers, builds what is measured and what measures, and waits for another run on this machine. Sets
# DATAPLANE to the words that start one.
bench_prepare() {
    need_packages bench "$PACKAGES_BUILD" "$PACKAGES_BENCH"
    exec 9>"/run/lock/$BENCH.lock"
    flock -w 600 9 || die "another benchmark has been running for 10 minutes"
    build_if_needed
    java_words dataplane
    DATAPLANE=("${JAVA_WORDS[@]}" org.ulvs.engine.runtime.DataplaneMain)
    make -s -C "$ULVS_ROOT/bench/native" >&2
}

# report_program CLASS ARGUMENT…: a program of the report.
report_program() {
    local class=$1
    shift
    "$JAVA_HOME/bin/java" "@$ULVS_ROOT/tools/jvm/tools.options" \
        -cp "$ULVS_ROOT/bench/report/target/classes:$ULVS_ROOT/bench/report/target/lib/*" "org.ulvs.bench.report.$class" "$@"
}

# by_size SMOKE QUICK FULL: one of the values.
by_size() {
    case $SIZE in
        smoke) printf '%s' "$1" ;;
        quick) printf '%s' "$2" ;;
        full) printf '%s' "$3" ;;
    esac
}

# Reads a line of `trial` into the numbers T[…].
declare -A T
read_trial() {
    local word
    T=([p50]=0 [p90]=0 [p99]=0 [p999]=0 [max]=0)
    for word in $1; do
        T[${word%%=*}]=${word#*=}
    done
    [ -n "${T[sent]:-}" ] || die "a trial gave no figures: $1"
}

# calculate EXPRESSION: as awk does it, with 4 decimals at most.
calculate() { awk "BEGIN { printf \"%.4f\", $1 }" | sed 's/\.\?0*$//'; }
is_true() { awk "BEGIN { exit !($1) }"; }

# The middle one of some numbers, or the mean of the two in the middle.
median() {
    printf '%s\n' "$@" | sort -g \
        | awk '{ v[NR] = $1 } END { printf "%.10g", (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'
}
# quotients NUMBERS OTHERS: each number divided by the other one at its place, a line each.
quotients() { paste <(tr ' ' '\n' <<<"$1") <(tr ' ' '\n' <<<"$2") | awk 'NF == 2 { printf "%.4f\n", $1 / $2 }'; }
# in_turn ROUND WORD…: the words, in reversed order every other round.
in_turn() {
    local round=$1
    shift
    if [ $((round % 2)) -eq 1 ]; then printf '%s\n' "$@"; else printf '%s\n' "$@" | tac; fi
}
least() { printf '%s\n' "$@" | sort -g | head -n 1; }
greatest() { printf '%s\n' "$@" | sort -g | tail -n 1; }
# thousands NUMBER: 1,234,567.
thousands() { sed ':a; s/\B[0-9]\{3\}\>/,&/; ta' <<<"$1"; }
microseconds() { calculate "$1 / 1000"; }

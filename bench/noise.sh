# shellcheck shell=bash
# Whether this machine can be measured on. Sourced, never run.

readonly NOISE_BUSY_PERCENT=15 NOISE_WAIT_SECONDS=${ULVS_BENCH_WAIT:-30} NOISE_CALIBRATION_RATIO=1.35

# Ticks of all cores since boot: other than idle, stolen by other machines, all.
machine_ticks() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9, $9, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9; exit }' /proc/stat; }

# Fails with a sentence when other programs or machines take the CPU for half a minute.
machine_free() {
    local busy0 steal0 all0 busy1 steal1 all1 deadline percent stolen
    deadline=$((SECONDS + NOISE_WAIT_SECONDS))
    while :; do
        read -r busy0 steal0 all0 < <(machine_ticks)
        sleep 1
        read -r busy1 steal1 all1 < <(machine_ticks)
        percent=$(((busy1 - busy0) * 100 / (all1 - all0))) stolen=$(((steal1 - steal0) * 100 / (all1 - all0)))
        [ "$percent" -ge "$NOISE_BUSY_PERCENT" ] || return 0
        [ "$SECONDS" -lt "$deadline" ] || break
    done
    printf 'before it began, other load took %d %% of the CPU (%d %% stolen), where less than %d %% is asked for' \
        "$percent" "$stolen" "$NOISE_BUSY_PERCENT"
    return 1
}

# Milliseconds of a fixed piece of work: the mean of twenty, on one CPU after the other, since a host slows down single CPUs
# for a second or two.
calibration() {
    local i began ended cpus
    cpus=$(nproc)
    for ((i = 0; i < 20; i++)); do
        began=$(date +%s%N)
        taskset -c $((i % cpus)) awk 'BEGIN { for (i = 0; i < 1000000; i++) s += i % 7; exit s < 0 }'
        ended=$(date +%s%N)
        printf '%s\n' "$((ended - began))"
    done | awk '{ sum += $1 } END { printf "%.1f", sum / NR / 1e6 }'
}

# calibrations_agree BEFORE AFTER: fails with a sentence when the machine changed its speed under the benchmark.
calibrations_agree() {
    awk -v a="$1" -v b="$2" -v limit="$NOISE_CALIBRATION_RATIO" 'BEGIN {
        r = a > b ? a / b : b / a
        if (r <= limit) exit 0
        printf "a fixed piece of work took %s ms before and %s ms after it, a ratio of %.2f, where %s is allowed", a, b, r, limit
        exit 1 }'
}

# shellcheck shell=bash
# Everything that a script of the lab needs, and the lab's making and removal. Sourced, never run.
# shellcheck source=tools/launcher/all.sh
source "$ULVS_ROOT/tools/launcher/all.sh"
# shellcheck source=tools/lab/names.sh
source "$ULVS_ROOT/tools/lab/names.sh"
# shellcheck source=tools/lab/network.sh
source "$ULVS_ROOT/tools/lab/network.sh"
# shellcheck source=tools/lab/processes.sh
source "$ULVS_ROOT/tools/lab/processes.sh"
# shellcheck source=tools/lab/services.sh
source "$ULVS_ROOT/tools/lab/services.sh"
# shellcheck source=tools/lab/pair.sh
source "$ULVS_ROOT/tools/lab/pair.sh"
# shellcheck source=tools/lab/drill.sh
source "$ULVS_ROOT/tools/lab/drill.sh"
# shellcheck source=tools/lab/status.sh
source "$ULVS_ROOT/tools/lab/status.sh"
PATH=$PATH:/usr/sbin:/sbin

# One at a time. The lock is on the folder above, for the run folder comes and goes and nothing may stay behind.
lab_lock() {
    exec 9</run
    flock 9
}

network_complete() {
    local node
    [ -e "$RUN/network" ] || return 1
    for node in net $(nodes); do
        namespace_exists "$node" || return 1
    done
}

# Makes the lab of CONFIG_…, keeping what is already right.
make_lab() {
    local node wanted
    wanted=$(config_text)
    if [ ! -r "$RUN/config" ] || [ "$(<"$RUN/config")" != "$wanted" ] || ! network_complete; then
        remove_lab
        mkdir -p "$RUN/log"
        printf '%s\n' "$wanted" >"$RUN/config"
        network_up
        : >"$RUN/network"
    fi
    servers_up
    if [ "$CONFIG_PAIR" = yes ]; then
        pair_up
    elif [ "$CONFIG_DATAPLANE" = yes ]; then
        for node in $(directors); do
            dataplane_up "$node"
            services_up "$node"
        done
    fi
    say "lab $LAB: up ($CONFIG_METHOD, $CONFIG_REALS real servers, virtual IP $VIP)"
}

remove_lab() {
    processes_down
    network_down
    rm -rf "$RUN"
}

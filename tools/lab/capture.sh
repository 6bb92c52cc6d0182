# shellcheck shell=bash
# Captures on all nodes of what must not be seen, and the judgement on it. Sourced, never run.

# ICMP errors (unreachable, quench, redirect, time exceeded, parameter problem), resets, and replies on wrong ways.
readonly ICMP_ERROR='(icmp[icmptype] == 3 or icmp[icmptype] == 4 or icmp[icmptype] == 5
    or icmp[icmptype] == 11 or icmp[icmptype] == 12)'
readonly RESET='(tcp[tcpflags] & tcp-rst != 0)'

device_mac() { in_node "$1" cat "/sys/class/net/$2/address"; }

# capture NODE DEVICE FILTER: starts tcpdump; its lines go to $RUN/capture/NODE-DEVICE.
capture() {
    local node=$1 device=$2 filter=$3 file
    file=$RUN/capture/$node-$device
    mkdir -p "$RUN/capture"
    daemon "$node" tcpdump -i "$device" -U -l -nn -e -S -tt -s 128 "$filter" </dev/null >"$file" 2>"$file.err" &
    CAPTURES+=($!)
    CAPTURE_FILES+=("$file")
}

# Until all captures listen; frames before that are not seen.
captures_await() {
    local file deadline
    deadline=$(($(now_ms) + 10000))
    for file in "${CAPTURE_FILES[@]}"; do
        until grep -q 'listening on' "$file.err"; do
            [ "$(now_ms)" -lt "$deadline" ] || fail "tcpdump did not start: $(<"$file.err")"
            sleep 0.02
        done
    done
}

# Ends all captures; their files are complete then.
captures_end() {
    sleep 0.2
    kill -TERM "${CAPTURES[@]}"
    wait "${CAPTURES[@]}" 2>/dev/null || true
}

captures_start() {
    local node mac wrong_way
    CAPTURES=() CAPTURE_FILES=()
    mac=$(device_mac director "$PUBLIC_DEVICE")
    case $CONFIG_METHOD in
        nat) wrong_way="src net $PRIVATE.0/$PREFIX_LENGTH or (ip src $VIP and not ether src $mac)" ;;
        *) wrong_way="src net $PRIVATE.0/$PREFIX_LENGTH or (ip src $VIP and ether src $mac and not icmp)" ;;
    esac
    capture client "$PUBLIC_DEVICE" "ip and ($RESET or $ICMP_ERROR or $wrong_way)"
    capture director "$PUBLIC_DEVICE" "ip and $ICMP_ERROR"
    capture director "$PRIVATE_DEVICE" "ip and $ICMP_ERROR"
    for node in $(reals); do
        capture "$node" any "ip and ($RESET or $ICMP_ERROR)"
    done
    captures_await
}

# resets TO|FROM FILE…: prints "client-port sequence-number" of the resets to or from the client.
resets() {
    local direction=$1
    shift
    cat "$@" | awk -v direction="$direction" -v client="$CLIENT_ADDRESS" '
        /Flags \[[^]]*R/ {
            for (i = 1; i <= NF; i++) if ($i == ">" && $(i + 2) == "Flags") { from = $(i - 1); to = $(i + 1) }
            sub(/:$/, "", to)
            end = direction == "to" ? to : from
            if (index(end, client ".") != 1) next
            n = split(end, part, ".")
            match($0, /seq [0-9]+/)
            print part[n], RSTART ? substr($0, RSTART + 4, RLENGTH - 4) : "-"
        }' | sort -u
}

# captures_check: ends the captures; nothing may be in them that a kernel director would not have sent.
captures_check() {
    local errors wrong made
    captures_end
    errors=$(cat "${CAPTURE_FILES[@]}" | grep 'ICMP' || true)
    [ -z "$errors" ] || fail "ICMP errors or redirects were seen: $(head -n 5 <<<"$errors")"
    wrong=$(grep -v 'Flags \[[^]]*R' "$RUN/capture/client-$PUBLIC_DEVICE" || true)
    wrong+=$(grep " $PRIVATE\.[0-9]*\." "$RUN/capture/client-$PUBLIC_DEVICE" || true)
    [ -z "$wrong" ] || fail "replies came the wrong way: $(head -n 5 <<<"$wrong")"
    made=$(comm -23 <(resets to "$RUN/capture/client-$PUBLIC_DEVICE") <(resets to "$RUN"/capture/real*-any))
    [ -z "$made" ] || fail "the client saw resets that no real server sent (port, sequence): $(head -n 5 <<<"$made")"
    made=$(comm -23 <(resets from "$RUN"/capture/real*-any) <(resets from "$RUN/capture/client-$PUBLIC_DEVICE"))
    [ -z "$made" ] || fail "real servers saw resets that the client did not send: $(head -n 5 <<<"$made")"
    case $CONFIG_METHOD in
        nat) seen "captures: no reset, ICMP error or redirect of the director's making, no reply that bypasses NAT" ;;
        *) seen "captures: no reset, ICMP error or redirect of the director's making; replies go straight to the client" ;;
    esac
}

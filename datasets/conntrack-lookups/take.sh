#!/bin/sh
# Takes the conntrack-lookups dataset on the running kernel: two network namespaces joined by a veth pair, a known load (drive.py), and the
# client's connection tracking table while it holds more than 100,000 entries.
#
#   sudo ./take.sh [FOLDER]     writes FOLDER/capture.tar.gz and FOLDER/ground-truth.json (default: beside this script)
#
# Needs root, iproute2, nftables, conntrack-tools, gzip, tar and python3. Takes about a minute. Changes nothing outside its namespaces.
set -eu
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
client=plimsoll-ct-client
server=plimsoll-ct-server
python=/usr/bin/python3
state=$(mktemp -d)
pids=

finish() {
    trap - EXIT INT TERM
    for pid in $pids; do
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    done
    for ns in $client $server; do
        ip netns del "$ns" 2>/dev/null || :
    done
    rm -rf "$state"
}

for ns in $client $server; do
    if ip netns list | grep -qw "$ns"; then
        echo "take.sh: network namespace $ns exists already; remove it first (ip netns del $ns)" >&2
        exit 2
    fi
done
trap finish EXIT
trap 'exit 130' INT TERM

await() { # FILE: until it is there, at most 120 s
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 1200 ]; then
            echo "take.sh: no $(basename "$1") after 120 s" >&2
            exit 1
        fi
        sleep 0.1
    done
}

ip netns add $client
ip netns add $server
ip link add veth0 netns $client type veth peer name veth0 netns $server
for address in 10.8.1.1 10.8.1.2 10.8.1.3; do
    ip -n $client addr add $address/16 dev veth0
done
ip -n $server addr add 10.8.0.2/16 dev veth0
ip -n $server addr add 10.8.0.53/16 dev veth0
for ns in $client $server; do
    ip -n $ns link set lo up
    ip -n $ns link set veth0 up
done
# A namespace tracks connections only once a rule asks for their state.
ip netns exec $client nft -f - <<'RULES'
table inet tracking {
    chain output {
        type filter hook output priority 0; policy accept;
        ct state new counter
    }
}
RULES

for role in server dns; do
    ip netns exec $server $python "$here/drive.py" $role "$state" &
    pids="$pids $!"
    await "$state/$role"
done
ip netns exec $client $python "$here/drive.py" client "$state" &
pids="$pids $!"
await "$state/client"

take=$state/capture
mkdir "$take"
in_client() { ip netns exec $client "$@"; }
date -u +%Y-%m-%dT%H:%M:%SZ >"$take/date.txt"
in_client conntrack -L >"$take/conntrack-L.txt" 2>/dev/null
in_client conntrack -S >"$take/conntrack-S.txt"
in_client sysctl -a 2>/dev/null | grep '^net\.netfilter\.nf_conntrack' >"$take/sysctl-nf_conntrack.txt"
in_client ss -s >"$take/ss-s.txt"
# the builder's suffix of the release is nobody's business
uname -a | sed 's/\( [0-9][0-9.]*\)-[^ ]*/\1/' >"$take/uname.txt"
cp /etc/os-release "$take/os-release"
tar -C "$take" --sort=name --owner=0 --group=0 --numeric-owner -cf - . | gzip -9n >"$out/capture.tar.gz"
cp "$state/client" "$out/ground-truth.json"

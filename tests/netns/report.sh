#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a collector counted of packets that were sent here, as report tells it; and names that no
# server answers for keep no report waiting.
set -u

verdict() { # name, what was expected, what there was
	if [[ $2 == "$3" ]]; then
		echo "ok report.$1"
	else
		echo "not ok report.$1: expected $2, got $3"
	fi
}

if ! "$NETACCT" --help | grep -qw report; then
	echo 'skip report: built without sqlite3'
	exit
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mount -t bpf bpf /sys/fs/bpf
ip link add v0 type veth peer name v1
echo 1 >/proc/sys/net/ipv6/conf/v0/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/v1/disable_ipv6
ip link set v0 up
ip link set v1 up
ip addr add 10.9.0.1/24 dev v0
for host in 2 3; do ip neigh add 10.9.0.$host lladdr 02:00:00:00:00:0$host dev v0; done

"$NETACCT" collect --duration 3 --history "$folder/history.db" v0 "$folder/v0.json" \
	>"$folder/log" 2>&1 &
for ((i = 0; i < 30; i++)); do
	tc filter show dev v0 egress 2>/dev/null | grep -q bpf && break
	sleep 0.1
done
for ((i = 0; i < 10; i++)); do
	printf '%100s' x >/dev/udp/10.9.0.2/9
	((i % 2)) || printf '%200s' x >/dev/udp/10.9.0.3/9
done
wait

# Each with 42 bytes of Ethernet, IPv4 and UDP.
rows=$("$NETACCT" report --history "$folder/history.db" --since 1h --by remote --csv |
	awk -F, 'NR > 1 { print $1, $4, $5 }')
verdict by_remote $'10.9.0.2 10 1420\n10.9.0.3 5 1210' "$rows"
[[ -n $rows ]] || sed 's/^/# /' "$folder/log"
rows=$("$NETACCT" report --history "$folder/history.db" --since 1h --total --csv |
	awk -F, 'NR > 1 { print $3, $4 }')
verdict total '15 2630' "$rows"

# A server that takes each question and answers none.
echo 'nameserver 10.9.0.2' >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" "$(realpath /etc/resolv.conf)"
begun=${EPOCHREALTIME/./}
rows=$("$NETACCT" report --history "$folder/history.db" --since 1h --by remote --resolve --csv |
	wc -l)
took=$(((${EPOCHREALTIME/./} - begun) / 1000))
umount "$(realpath /etc/resolv.conf)"
verdict resolve_waits_not '3 true' "$rows $([[ $took -lt 7000 ]] && echo true || echo "$took ms")"
umount /sys/fs/bpf

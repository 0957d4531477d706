#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# verify --plugin: one line, and the exit status of monitoring systems.
set -u

expect() { # name, status, words, argument…
	local name=$1 status=$2 words=$3 out got
	shift 3
	out=$("$NETACCT" "$@" 2>&1)
	got=$?
	if [[ $got == "$status" && $out == "NETACCT $words"* && $(wc -l <<<"$out") == 1 ]]; then
		echo "ok plugin.$name"
	else
		echo "not ok plugin.$name: exit status $got, expected $status; $out"
	fi
}

if ! type -P ip >/dev/null || ! type -P tc >/dev/null; then
	echo 'skip plugin: all of it: iproute2 is not installed'
	exit 0
fi
mount -t bpf bpf /sys/fs/bpf
ip link add v0 type veth peer name v1
ip link set v0 up
ip link set v1 up
expect without_meters 1 'WARNING - no meters' verify --plugin
"$NETACCT" attach --max-flows 2 v0 >/dev/null
expect all_is_well 0 'OK - the books balance' verify --plugin
for port in 1 2 3 4 5; do
	ip addr add 10.9.$port.1/24 dev v0 2>/dev/null
	ip neigh add 10.9.$port.2 lladdr 02:00:00:00:00:0$port dev v0
	(echo x >"/dev/udp/10.9.$port.2/9") 2>/dev/null
done
expect too_full 1 'WARNING - host--v0: ' verify --plugin
sleep 2
expect too_old 1 'WARNING - ' verify --plugin --max-use 100 --max-age 1 host--v0
tc filter del dev v0 egress
expect broken 2 'CRITICAL - host--v0: ' verify --plugin
if "$NETACCT" verify --max-use 3 >/dev/null 2>&1; [[ $? == 2 ]]; then
	echo 'ok plugin.limits_need_it'
else
	echo 'not ok plugin.limits_need_it: --max-use without --plugin is no usage error'
fi
"$NETACCT" detach -q --all
umount /sys/fs/bpf

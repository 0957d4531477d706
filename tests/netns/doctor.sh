#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# netacct doctor: finds nothing missing where the other tests run, tries every hook of a veth and
# leaves nothing, says what it could not see without root, and names what the first tool left.
# Run it in a network and a mount namespace of its own (scripts/isolated); NETACCT is the program.
set -u -o pipefail

netacct=${NETACCT:-build/netacct}
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

ok() { echo "ok doctor: $1"; }
not_ok() {
	echo "not ok doctor: $1: ${2//$'\n'/ }"
	bad=1
}
skip() { echo "skip doctor: $1: $2"; }
bad=0

# expect NAME STATUS COMMAND…: runs it, with its output in $out and $work/err.
expect() {
	local name=$1 want=$2 got
	shift 2
	out=$("$@" 2>"$work/err")
	got=$?
	if ((got == want)); then ok "$name"; else not_ok "$name" "exit status $got: $out $(<"$work/err")"; fi
}

has() { # name, pattern, text
	if grep -qE -e "$2" <<<"$3"; then ok "$1"; else not_ok "$1" "no '$2' in: $3"; fi
}

hasnt() {
	if grep -qE -e "$2" <<<"$3"; then not_ok "$1" "'$2' is in: $3"; else ok "$1"; fi
}

parses() { # name; the document on stdin
	if ! type -P python3 >/dev/null; then
		skip "$1" 'python3 is not installed'
	elif why=$(python3 -c '
import json, sys
document = json.load(sys.stdin)
assert document["schema"] == "netacct-doctor/1", "schema"
assert document["checks"], "no checks"
for check in document["checks"]:
    assert check["state"] in ("good", "missing", "note"), check
    assert set(check) == {"name", "state", "needed", "unseen", "text", "to_do", "log"}, check
assert document["good"] == (not any(
    c["needed"] and c["state"] == "missing" for c in document["checks"])), "good"' 2>&1); then
		ok "$1"
	else
		not_ok "$1" "$why"
	fi
}

# The ids of all programs, maps and links, as the kernel lists them.
objects() {
	local kind
	for kind in prog map link; do
		bpftool -j $kind show | tr , '\n' | sed -nE "s/.*\"id\":([0-9]+).*/$kind \1/p"
	done | sort
}

# What a device holds, and what lies in bpffs.
around() {
	tc qdisc show
	tc filter show dev try0 ingress
	tc filter show dev try0 egress
	ip link show
	ip netns list
	find /sys/fs/bpf
	cat /proc/self/mounts
}

# What is new since then goes, some milliseconds after its last user; others may work here, too.
settled() { # before
	local new
	new=$(comm -13 <(echo "$1") <(objects))
	for _ in {1..300}; do
		new=$(comm -12 <(echo "$new") <(objects))
		[[ -n $new ]] || return 0
		sleep 0.1
	done
	echo "$new"
	return 1
}

leaves_nothing() { # name, objects before, surroundings before
	if [[ $(around) != "$3" ]]; then
		not_ok "$1" "$(diff <(echo "$3") <(around))"
	elif ! type -P bpftool >/dev/null; then
		skip "$1" 'bpftool is not there'
	elif why=$(settled "$2"); then
		ok "$1"
	else
		not_ok "$1" "still there: $why"
	fi
}

ids=''
remember() {
	! type -P bpftool >/dev/null || ids=$(objects)
	places=$(around)
}

if ! type -P ip >/dev/null || ! type -P tc >/dev/null; then
	skip 'all of it' 'iproute2 is not installed'
	exit 0
fi
if ! ip link add try0 type veth peer name try1; then
	skip 'all of it' 'no veth here'
	exit 0
fi
ip link set try0 up && ip link set try1 up

test_system() {
	remember
	expect 'nothing is missing here' 0 "$netacct" doctor
	hasnt 'no needed row is missing' '^missing +needed' "$out"
	has 'the release is there' "$(uname -r)" "$out"
	for row in bpf map-hash map-batch memlock tc-ingress-program test-run tc-egress bpffs; do
		has "$row is good" "^good +needed +$row " "$out"
	done
	has 'BTF is not needed' '^[a-z]+ +btf .*does not need it' "$out"
	if (($(wc -L <<<"$out") <= 100)); then
		ok 'fits in 100 columns'
	else
		not_ok 'fits in 100 columns' "$(grep -E '.{101}' <<<"$out")"
	fi
	leaves_nothing 'leaves nothing' "$ids" "$places"
	"$netacct" doctor -j | parses 'JSON'
	"$netacct" doctor --pretty | parses 'indented JSON'
}

test_try() {
	local row rows='tc-ingress tc-egress xdp-native xdp-generic'
	remember
	expect 'the hooks of a veth' 0 "$netacct" doctor --try try0
	! bpftool link show 2>/dev/null | grep -q tcx && ! grep -q tcx /proc/kallsyms ||
		rows+=' tcx-ingress tcx-egress'
	for row in $rows; do
		has "--try: $row works" "^good +(needed +)?$row " "$out"
	done
	leaves_nothing '--try leaves nothing' "$ids" "$places"
	tc qdisc add dev try0 clsact
	remember
	expect 'somebody else has a clsact' 0 "$netacct" doctor --try try0
	leaves_nothing 'the clsact of somebody else stays' "$ids" "$places"
	tc qdisc del dev try0 clsact
	"$netacct" doctor --try try0 -j | parses '--try: JSON'
}

test_ingress_qdisc() {
	tc qdisc add dev try0 ingress
	remember
	out=$("$netacct" doctor --try try0 2>&1)
	has 'an ingress qdisc: in the words of the kernel' '^missing +(needed +)?tc-ingress ' "$out"
	has 'and what to do' 'Exclusivity flag|File exists' "$out"
	leaves_nothing 'the ingress qdisc stays' "$ids" "$places"
	tc qdisc del dev try0 ingress
}

test_other_namespace() {
	ip netns add blue && ip -n blue link add blue0 type veth peer name blue1
	expect 'an interface of another namespace' 0 "$netacct" doctor --try blue/blue0
	expect 'and by --netns' 0 "$netacct" doctor --netns blue --try blue0
	has 'tc works there' '^good +needed +tc-ingress ' "$out"
	if [[ $(ip netns exec blue tc qdisc show dev blue0) == *clsact* ]]; then
		not_ok 'leaves nothing there' 'a clsact qdisc'
	else
		ok 'leaves nothing there'
	fi
	ip netns del blue
}

test_meter_there() {
	"$netacct" attach try0 >/dev/null || {
		not_ok 'a meter is there' 'attach failed'
		return
	}
	expect 'a meter is there' 0 "$netacct" doctor --try try0
	has 'it is named' '^note +meter .*host--try0' "$out"
	hasnt 'nothing is tried' 'tc-ingress' "$out"
	expect 'it still counts' 0 "$netacct" verify
	"$netacct" detach -q try0
}

test_foreign_xdp() {
	local object
	object=$(ls "$(dirname "$netacct")"/tests/peer.bpf.o 2>/dev/null)
	if [[ -z $object ]] || ! ip link set dev try0 xdpgeneric obj "$object" sec xdp 2>"$work/err"; then
		skip 'a foreign XDP program' "cannot be attached: $(head -n 1 "$work/err")"
		return
	fi
	remember
	expect 'a foreign XDP program' 0 "$netacct" doctor --try try0
	has 'XDP is not tried' '^note +xdp-native +not tried: .*XDP program' "$out"
	has 'tc is' '^good +needed +tc-ingress ' "$out"
	leaves_nothing 'it stays' "$ids" "$places"
	ip link set dev try0 xdpgeneric off
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

test_nobody() {
	install -m 755 "$netacct" "$work/netacct" && chmod 755 "$work"
	expect 'as nobody' 0 as_nobody "$work/netacct" doctor
	has 'says what it could not see' '^not seen: .*capabilities' "$out"
	has 'and that this is not all' 'of what could be seen' "$out"
	has 'each row' '^note +needed +map-hash +not seen: ' "$out"
	as_nobody "$work/netacct" doctor -j | parses 'JSON as nobody'
	expect '--try needs root' 1 as_nobody "$work/netacct" doctor --try try0
	if [[ -e /sys/fs/bpf/netacct ]]; then
		not_ok 'and makes nothing' "$(ls -ld /sys/fs/bpf/netacct)"
	else
		ok 'and makes nothing'
	fi
}

# Root of a container that was given too little.
test_container() {
	if ! setpriv --bounding-set=-bpf,-perfmon,-sys_admin true 2>/dev/null; then
		skip 'a container without CAP_BPF' 'setpriv knows no CAP_BPF'
		return
	fi
	expect 'a container without CAP_BPF' 3 \
		setpriv --bounding-set=-bpf,-perfmon,-sys_admin "$netacct" doctor
	has 'its capabilities are named' '^missing +needed +capabilities .*CAP_BPF' "$out"
	has 'with the flags that help' '--cap-add BPF --cap-add PERFMON' "$(tr -s ' \n' ' ' <<<"$out")"
	has 'and at the end' '^missing and needed: .*capabilities' "$out"
}

test_bpffs() {
	mount -o remount,ro,bind /sys/fs/bpf 2>/dev/null || {
		skip 'a read-only bpffs' 'cannot be made so'
		return
	}
	expect 'a read-only bpffs' 3 "$netacct" doctor
	has 'is said to be' '^missing +needed +bpffs .*read-only' "$out"
	mount -o remount,rw,bind /sys/fs/bpf
	umount /sys/fs/bpf
	remember
	expect 'no bpffs' 0 "$netacct" doctor
	has 'can be mounted' '^good +needed +bpffs +not mounted; it can be' "$out"
	expect '--try needs none' 0 "$netacct" doctor --try try0
	leaves_nothing 'and mounts none' "$ids" "$places"
	mount -t bpf bpf /sys/fs/bpf
}

test_first_tool() {
	local object
	expect 'nothing of the first tool' 0 "$netacct" doctor
	has 'is said' '^good +first-tool +nothing' "$out"
	object=$(ls "$(dirname "$netacct")"/tests/peer.bpf.o 2>/dev/null)
	cp "$object" "$work/network_accounting_eth0.bpf.o" 2>/dev/null
	tc qdisc add dev try0 clsact
	if ! type -P bpftool >/dev/null ||
		! bpftool map create /sys/fs/bpf/theirs type hash key 4 value 8 entries 8 \
			name t_m_a_r_eth0 2>"$work/err"; then
		skip 'its map' "cannot be made: $(head -n 1 "$work/err")"
	else
		expect 'its map' 0 "$netacct" doctor
		has 'is named' '^note +first-tool .*t_m_a_r_eth0' "$out"
		has 'and how to find its pin' 'bpftool -f map show id' "$out"
		rm /sys/fs/bpf/theirs
	fi
	tc qdisc del dev try0 clsact
}

test_usage() {
	expect '--netns without --try' 2 "$netacct" doctor --netns blue
	expect 'an argument too many' 2 "$netacct" doctor try0
	expect 'no such interface' 1 "$netacct" doctor --try nothing0
	expect 'several interfaces' 2 "$netacct" doctor --try 'try*'
	expect 'no bad name' 2 "$netacct" doctor --try 'a b'
}

test_system
test_try
test_ingress_qdisc
test_other_namespace
test_meter_there
test_foreign_xdp
test_nobody
test_container
test_bpffs
test_first_tool
test_usage
exit $bad

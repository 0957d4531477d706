#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the commands say and refuse: departed sources, options that do not go together, names of
# meters, -v and -vv, no meters at all, no root, a directory of somebody else's.
# Run it in a network and a mount namespace of its own (scripts/isolated); NETACCT is the program.
set -u -o pipefail

# Others may be at work on this machine, and cleanup looks into the namespaces of all processes.
[[ -n ${ALONE-} ]] ||
	ALONE=1 exec unshare --pid --fork --kill-child --mount-proc -- bash "$0" "$@" || exit

netacct=${NETACCT:-build/netacct}
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

ok() { echo "ok commands: $1"; }
not_ok() {
	echo "not ok commands: $1: ${2//$'\n'/ }"
	bad=1
}
skip() { echo "skip commands: $1: $2"; }
bad=0

caller=(env) # what runs it

# expect NAME STATUS ARGUMENT…: runs netacct, with its output in $out and $err.
expect() {
	local name=$1 want=$2 got
	shift 2
	out=$("${caller[@]}" "$netacct" "$@" 2>"$work/err")
	got=$?
	err=$(<"$work/err")
	if ((got == want)); then ok "$name"; else not_ok "$name" "exit status $got: $out $err"; fi
}

has() { # name, text, where
	if [[ $3 == *"$2"* ]]; then ok "$1"; else not_ok "$1" "no '$2' in: $3"; fi
}

hasnt() {
	if [[ $3 == *"$2"* ]]; then not_ok "$1" "'$2' is in: $3"; else ok "$1"; fi
}

is() { # name, expected, what is
	if [[ $3 == "$2" ]]; then ok "$1"; else not_ok "$1" "'$3' where '$2' is due"; fi
}

lines() { if [[ -n $1 ]]; then wc -l <<<"$1"; else echo 0; fi; }

if ! type -P ip >/dev/null || ! type -P tc >/dev/null; then
	skip 'all of it' 'iproute2 is not installed'
	exit 0
fi
if ! ip link add one0 type veth peer name one1 || ! ip link add two0 type veth peer name two1; then
	skip 'all of it' 'no veth here'
	exit 0
fi
for device in one0 one1 two0 two1; do ip link set $device up; done
type -P ping >/dev/null && ip address add 192.0.2.1/24 dev one0

some_packets() {
	ping -q -c 3 -i 0.05 -W 1 192.0.2.2 >/dev/null 2>&1
	ip -6 neigh flush all 2>/dev/null
	return 0
}

test_words() {
	expect 'a command far from all' 2 frob
	is 'has no nearest one' "netacct: frob: no such command (see 'netacct --help')" "$err"
	expect 'a slip' 2 dumb
	has 'has one' "the nearest is 'dump'" "$err"
	expect 'a beginning' 2 att
	has 'has one, too' "the nearest is 'attach'" "$err"
	expect 'a name with a backslash' 1 detach 'a\x1b'
	has 'shows two' 'detach: a\\x1b: ' "$err"
}

test_nothing() {
	expect 'verify without meters' 0 verify
	is 'says so' 'no meters' "$out"
	expect 'and in JSON' 0 verify -j
	is 'has no sources' '{"schema":"netacct-verify/1","sources":[],"good":true}' "$out"
	expect 'cleanup of nothing' 0 cleanup
	is 'is silent' '' "$out$err"
	expect 'cleanup of nothing, -v' 0 cleanup -v
	has 'says that there was nothing' 'nothing to clean up' "$err"
	is 'on standard error alone' '' "$out"
	expect 'nothing to detach' 0 detach --all
}

test_usage() {
	local command
	for command in dump drain verify 'detach --all'; do
		# shellcheck disable=SC2086 # two words
		expect "$command -n without a METER" 2 $command -n blue
		is "$command -n: one line" 1 "$(lines "$err")"
	done
	for command in dump drain; do
		expect "$command -j --format table" 2 $command -j --format table
		has "$command: named" '--json' "$err"
		expect "$command -p --format csv" 2 $command --format csv -p
		expect "$command -p --format json" 0 $command --format json -p
	done
}

test_cleanup_configuration() {
	expect 'cleanup -c: a missing file' 1 cleanup -c "$work/none.json"
	has 'is named' "$work/none.json: " "$err"
	has 'and why' 'No such file' "$err"
	echo 'instances' >"$work/bad.json"
	expect 'cleanup -c: not JSON' 1 cleanup -c "$work/bad.json"
	is 'one line' 1 "$(lines "$err")"
	has 'names it' "$work/bad.json: " "$err"
	echo '{"anomalies": true}' >"$work/bad.json"
	expect 'cleanup -c: no instances' 1 cleanup -c "$work/bad.json"
	has 'names them' '"instances"' "$err"
	echo '{"instances": [{"interface": "one0"}]}' >"$work/good.json"
	expect 'cleanup -c: a good file' 0 cleanup -c "$work/good.json"
	expect 'cleanup -c without FILE' 2 cleanup -c
}

test_second_attach() {
	local command
	expect 'attach' 0 attach one0
	expect 'a second attach' 1 attach one0
	has 'says what to do' '(detach it first, or --replace)' "$err"
	expect 'detach' 0 detach one0
	hasnt 'speaks of no records that it shows' 'shown' "$out"
	expect 'a detach of nothing' 1 detach one0
	expect 'attach, once more' 0 attach one0
	for command in dump drain verify detach; do
		expect "$command: one of two" 1 $command nothing0 one0
		has "$command: the other is named" 'nothing0' "$err"
		has "$command: the one is done" 'host--one0' "$out"
		expect "$command: none" 1 $command nothing0
		is "$command: none is silent" '' "$out"
	done
}

test_departed() {
	expect 'a group of two' 0 attach --group pair one0 two0
	expect 'one leaves' 0 detach one0
	expect 'it leaves again' 1 detach one0
	is 'and is told' 'netacct: detach: host--one0: departed already; its records wait for a drain' \
		"$err"
	is 'without totals' '' "$out"
	expect 'it comes back' 1 attach one0
	has 'and is told what to do' 'drain it first, or give it another name with --tag' "$err"
	expect 'with a tag' 0 attach --tag again one0
	expect 'which leaves by its place' 0 detach one0
	hasnt 'and is not blamed for the other' 'departed already' "$err"
	has 'with its totals' 'host--one0--again' "$out"
	expect 'the last one takes all along' 0 detach two0
	has 'the departed one too' 'host--one0' "$out"
	expect 'and nothing stays' 0 verify
	is 'no meters' 'no meters' "$out"
}

test_names() {
	local name directory
	expect 'attach a group' 0 attach --group pair one0 two0
	expect 'and another meter' 0 attach one1
	directory=$("$netacct" dump -j pair | grep -oE '"meter":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
	for name in pair "$directory" "m-$directory"; do
		expect "by $name" 0 dump --format csv "$name"
		out=$("$netacct" verify "$name" | awk '{ print $2 }' | sort -u | xargs)
		is "$name is both of its sources" 'host--one0 host--two0' "$out"
	done
	some_packets
	"$netacct" drain pair >/dev/full 2>/dev/null
	expect 'a drain that was cut off' 0 drain pair
	has 'comes again, by the id' 'drain: host--one0 (group pair): warning: generation ' "$err"
	hasnt 'not by the directory' 'm-' "$err"
	expect 'detach of a group' 0 detach pair
	expect 'the other stays' 0 dump one1
	expect 'and goes' 0 detach -q --all
}

test_taken() {
	type -P ping >/dev/null || { skip 'handed out' 'ping is not installed'; return; }
	ip netns add red && ip link set one1 netns red && ip -n red link set one1 up &&
		ip -n red address add 192.0.2.2/24 dev one1
	expect 'attach' 0 attach one0
	some_packets
	expect 'before a drain' 0 dump --format table
	hasnt 'nothing was handed out' 'handed out' "$out"
	expect 'a drain' 0 drain
	expect 'after it' 0 dump --format table
	has 'it was handed out' $'\n  handed out ' "$out"
	expect 'detach' 0 detach one0
	has 'says so too' $'\n  handed out ' "$out"
	ip link del one0 && ip netns del red
	ip link add one0 type veth peer name one1 && ip link set one0 up && ip link set one1 up
}

test_gone() {
	ip link add gone0 type veth peer name gone1
	expect 'attach what will go' 0 attach gone0
	ip link del gone0
	expect 'verify finds it gone' 3 verify
	# shellcheck disable=SC2016 # as it is written
	has 'and says what to do' '`netacct detach host--gone0` prints its final totals' "$out"
	expect 'which does it' 0 detach host--gone0
}

test_verbose() {
	local command
	expect 'attach -v' 0 attach -v one0
	has 'says its steps' 'netacct: attaching "host--one0"' "$err"
	hasnt 'but no netlink' 'netlink: ' "$err"
	for command in dump drain verify cleanup list-all; do
		expect "$command -v" 0 $command -v
		if (($(lines "$err") > 0)); then ok "$command says steps"; else
			not_ok "$command says steps" 'nothing'
		fi
		hasnt "$command -v: no netlink" 'netlink: ' "$err"
	done
	expect 'drain -v' 0 drain -v
	for command in flipping 'read generation' printing committing zeroed; do
		has "drain: $command" "$command" "$err"
	done
	expect 'list-all -vv' 0 list-all -vv
	has 'requests' 'netacct: netlink: sent RTM_GETLINK, flags 0x' "$err"
	has 'answers' 'netacct: netlink: received RTM_NEWLINK, flags 0x' "$err"
	has 'verdicts' 'netlink: received NLMSG_DONE, flags 0x' "$err"
	expect 'detach -vv' 0 detach -vv one0
	has 'changes' 'netlink: sent RTM_DELTFILTER' "$err"
	has 'and their verdicts' ', error 0' "$err"
}

test_descriptors() {
	local i
	for i in {1..40}; do ip netns add "many$i" || break; done
	out=$(ulimit -Sn 20 && "$netacct" list-all 2>&1)
	hasnt 'more namespaces than descriptors at first' 'Too many open files' "$out"
	is 'all are seen' 40 "$(grep -c '^namespace many' <<<"$out")"
	for i in {1..40}; do ip netns del "many$i"; done
}

test_unnamed_namespace() {
	local pid name
	unshare --net sleep 60 &
	pid=$!
	for _ in {1..100}; do
		[[ $(readlink /proc/$pid/ns/net) == $(readlink /proc/$$/ns/net) ]] || break
		sleep 0.05
	done
	expect 'a namespace without a name' 0 list-all
	name=$(grep -oE "reached as pid:$pid/" <<<"$out")
	is 'can be reached' "reached as pid:$pid/" "$name"
	expect 'as it says' 0 attach "pid:$pid/lo"
	expect 'and left' 0 detach -q "pid:$pid/lo"
	kill $pid
	wait $pid 2>/dev/null
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

test_nobody() {
	local real=$netacct command
	install -m 755 "$netacct" "$work/netacct" && chmod 755 "$work" && netacct=$work/netacct
	for command in 'attach one0' dump drain verify 'detach --all' cleanup; do
		# shellcheck disable=SC2086 # words
		as_nobody "$netacct" $command >/dev/null 2>"$work/err"
		hasnt "$command makes nothing as nobody" netacct "$(ls /sys/fs/bpf)"
	done
	chmod 1777 /sys/fs/bpf
	caller=(as_nobody)
	expect 'attach as nobody where all may write' 1 attach one0
	has 'needs root' '(netacct attach needs root)' "$err"
	hasnt 'and makes nothing' netacct "$(ls /sys/fs/bpf)"
	caller=(env)
	expect 'root can attach then' 0 attach one0
	caller=(as_nobody)
	for command in dump drain verify 'detach --all' 'detach one0' cleanup 'attach one0'; do
		# shellcheck disable=SC2086 # words
		expect "$command as nobody" 1 $command
		is "$command: once" 1 "$(grep -cE 'needs root\)|root is needed' <<<"$err")"
		is "$command: one line" 1 "$(lines "$err")"
	done
	expect 'list-all as nobody' 0 list-all
	is 'list-all: once' 1 "$(grep -c '(netacct list-all needs root)' <<<"$err")"
	caller=(env)
	expect 'root detaches' 0 detach -q --all
	netacct=$real
}

# On a bpffs that everybody may write to, somebody came first.
test_foreign_directory() {
	local command
	chmod 1777 /sys/fs/bpf
	if ! as_nobody mkdir -m 700 /sys/fs/bpf/netacct 2>"$work/err"; then
		skip 'a directory of another' "$(<"$work/err")"
		return
	fi
	for command in 'attach one0' 'detach --all' dump drain verify cleanup; do
		# shellcheck disable=SC2086 # words
		expect "$command: a directory of another" 1 $command
		has "$command: whose" 'belongs to uid 65534' "$err"
		is "$command: one line" 1 "$(lines "$err")"
	done
	expect 'list-all: a directory of another' 0 list-all
	has 'list-all: whose' 'belongs to uid 65534' "$err"
	rmdir /sys/fs/bpf/netacct
	chmod 700 /sys/fs/bpf
}

test_words
test_nothing
test_usage
test_cleanup_configuration
test_second_attach
test_departed
test_names
test_taken
test_gone
test_verbose
test_descriptors
test_unnamed_namespace
test_nobody
test_foreign_directory
exit $bad

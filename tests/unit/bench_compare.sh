#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# scripts/bench-compare: what is beyond the noise, and in which direction.
set -u

if ! type -P python3 >/dev/null; then
	echo 'skip bench-compare: python3 is not installed'
	exit 0
fi
cd "$(dirname "$0")/../.." || exit
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT

figures() { # file, "what unit low median high ratio"…
	local file=$1 line what unit low median high ratio comma=''
	shift
	{
		echo '{"schema": "netacct-bench/2", "kernel": "6", "processor": "p", "cpus": 2, "figures": ['
		for line in "$@"; do
			read -r what unit low median high ratio <<<"$line"
			printf '%s{"part": "packets", "table": "tc", "scene": "64 flows", "what": "%s",
				"unit": "%s", "low": %s, "median": %s, "high": %s%s}' \
				"$comma" "$what" "$unit" "$low" "$median" "$high" \
				"${ratio:+, \"ratio\": $ratio}"
			comma=,
		done
		echo ']}'
	} >"$folder/$file"
}

expect() { # name, status, line that is in the output
	local out got
	out=$(scripts/bench-compare "$folder/a" "$folder/b" 2>&1)
	got=$?
	if [[ $got == "$2" ]] && grep -qF -e "$3" <<<"$out"; then
		echo "ok bench-compare.$1"
	else
		echo "not ok bench-compare.$1: exit status $got, expected $2 and: $3; $out"
	fi
}

where='packets: tc; 64 flows:'
figures a 'netacct ns 10 11 12'
figures b 'netacct ns 10 11 12'
expect the_same 0 '0 slower, 0 larger, 0 faster, 0 smaller, 0 changed, 0 new, 0 gone, 1 same'
figures b 'netacct ns 14 15 16'
expect slower 3 "slower   $where netacct: 11 -> 15 ns, 1.36x"
figures b 'netacct ns 5 5.5 6'
expect faster 0 "faster   $where netacct: 11 -> 5.5 ns, 0.50x"
figures b 'netacct ns 11.5 15 20'
expect ranges_overlap 0 '1 same'
figures a 'netacct ns 99 100 101'
figures b 'netacct ns 101.5 102 103'
expect three_percent 0 '1 same'
figures b 'netacct ns 101.5 103.5 105'
expect more_than_three_percent 3 '1 slower'
figures a 'netacct ns 100 100 100'
figures b 'netacct ns 109 109 109'
expect once_within_ten_percent 0 '1 same'
figures b 'netacct ns 111 111 111'
expect once_beyond_ten_percent 3 '1 slower'
figures a 'netacct Gbit/s 10 11 12'
figures b 'netacct Gbit/s 20 21 22'
expect more_a_second_is_faster 0 "faster   $where netacct: 11 -> 21 Gbit/s"
figures b 'netacct Gbit/s 5 6 7'
expect less_a_second_is_slower 3 "slower   $where netacct: 11 -> 6 Gbit/s"
figures a 'netacct KiB 10 11 12'
figures b 'netacct KiB 20 21 22'
expect larger 3 "larger   $where netacct: 11 -> 21 KiB"
figures a 'netacct packets 10 11 12'
figures b 'netacct packets 20 21 22'
expect neither_good_nor_bad 0 "changed  $where netacct: 11 -> 21 packets"
figures a 'netacct ns 10 11 12' 'old ns 1 2 3'
figures b 'netacct ns 10 11 12' 'fresh ns 1 2 3'
expect new 0 "new      $where fresh: 2 ns"
expect gone 0 "gone     $where old: 2 ns"
figures a 'netacct ns 10 11 12 0.5'
figures b 'netacct ns 20 21 22 0.51'
expect the_machine_is_slower 0 '1 same'
figures b 'netacct ns 20 21 22 0.4'
expect faster_on_a_slower_machine 0 '1 same'
figures b 'netacct ns 20 21 22 0.9'
expect slower_beside_others_too 3 '1 slower'
figures a 'twice ns 10 11 12' 'twice ns 20 21 22'
figures b 'twice ns 10 11 12' 'twice ns 30 31 32'
expect lines_of_one_name 3 "slower   $where twice: 21 -> 31 ns"
figures a 'below_zero ns -2 -1 0'
figures b 'below_zero ns 1 2 3'
expect below_zero 3 "slower   $where below_zero: -1 -> 2 ns"
sed -i 's/"cpus": 2/"cpus": 4/' "$folder/b"
expect another_machine 3 'not the same machine: 6, p, 2; 6, p, 4'
echo '{"figures": [{}]}' >"$folder/b"
expect not_figures 2 "netacct: bench-compare: $folder/b: not what BENCH_JSON writes"
echo '[' >"$folder/b"
expect not_json 2 "netacct: bench-compare: $folder/b: not what BENCH_JSON writes"
rm "$folder/b"
expect no_file 2 "netacct: bench-compare: $folder/b: No such file or directory"
if scripts/bench-compare "$folder/a" >/dev/null 2>&1; [[ $? == 2 ]]; then
	echo 'ok bench-compare.two_files'
else
	echo 'not ok bench-compare.two_files: one file is no usage error'
fi

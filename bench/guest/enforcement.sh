# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench/enforcement.sh that runs in the guest: prints ratios.

on() { digsig start -q --trust /etc/digsig/trust --mode enforcing || exit 1; }
off() { digsig stop || exit 1; }

# percent A B: A as a share of B, two places
ratio() { echo "$1 $2" | awk '{ printf "%.3f", $1 / $2 }'; }
median() { sort -n | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }

echo "kernel $(uname -r)"

# The engine on and off in turn, so that a drift of the machine's speed falls on both.
cached() {
	local program=$1 without with
	for _ in 1 2 3 4 5; do
		exec-each 100 "$program" >/dev/null
		without=$(exec-each 600 "$program") || exit 1
		on
		exec-each 100 "$program" >/dev/null
		with=$(exec-each 600 "$program") || exit 1
		off
		echo "$(ratio "$with" "$without") $without $with"
	done >/tmp/cached
	sort -n /tmp/cached | awk -v what="$2" '{ line[NR] = $0 } END { split(line[3], f, " ")
		printf "exec, verdict cached, %s: %s of no engine (%.0f us, %.0f us)\n", what, f[1], f[2] / 1000, f[3] / 1000 }'
}
cached /bench/small-1 "static program of $(wc -c </bench/small-1) bytes"

# Every file once per start of the engine: its first use.
first() {
	local what=$1 without with
	shift
	cat "$@" >/dev/null
	for _ in 1 2 3 4 5; do
		without=$(exec-each 1 --hash "$@") || exit 1
		on
		with=$(exec-each 1 "$@") || exit 1
		off
		echo "$(ratio "$with" "$without") $without $with"
	done >/tmp/first
	sort -n /tmp/first | awk -v what="$what" '{ line[NR] = $0 } END { split(line[3], f, " ")
		printf "exec, first use, %s: %s of exec plus sha256sum (%.0f us, %.0f us)\n", what, f[1], f[2] / 1000, f[3] / 1000 }'
}
# shellcheck disable=SC2046 # names without spaces
first "static program of $(wc -c </bench/small-1) bytes" $(ls /bench/small-*)
# shellcheck disable=SC2046
first "static program of $(wc -c </bench/large-1) bytes" $(ls /bench/large-*)
echo "(DigSig 0.2, 2003: exec took 4 times as long with every check, by its authors' own figures)"

files=$(find /bench/admit -type f | wc -l)
for _ in 1 2 3; do
	on
	# shellcheck disable=SC2046
	alone=$(cd /bench/admit && signatures-alone /bench/trusted.der $(ls)) || exit 1
	result=$(count-io digsig admit -q /bench/admit) || exit 1
	empty=$(count-io digsig admit -q /bench/admit-nothing) || exit 1
	off
	echo "$(ratio "${result% *}" "$alone") $alone $result ${empty#* }"
done >/tmp/admit
sort -n /tmp/admit | awk -v files="$files" '{ line[NR] = $0 } END { split(line[2], f, " ")
	printf "admit of %d files: %s of their signature checks alone (%.0f ms, %.0f ms), %.0f bytes read a file\n",
		files, f[1], f[2] / 1e6, f[3] / 1e6, (f[4] - f[5]) / files }'

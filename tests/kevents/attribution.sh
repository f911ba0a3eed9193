#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real runtimes make thousands of functions, one in the place of another, and say which ran when;
# samples of that are put down to functions by kevents_resolve and by a plain reader of the last perf
# map. Ours may say that it is not certain; what it calls certain is right. In the Test Anything Protocol.
#
#   attribution.sh ATTRIBUTION SOURCES
set -uo pipefail

attribution=$(realpath "${1:?usage: attribution.sh ATTRIBUTION SOURCES}")
sources=$(realpath "${2:?}")/tests/kevents
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# They run on real processors, of which there may be few: a function is in no hurry.
node_functions=700
java_classes=700

pids=()
clean_up() {
	for pid in "${pids[@]}"; do
		rm -f "/tmp/perf-$pid.map"
	done
}

# measure NAME COMMAND...: the command writes "truth"; what is counted becomes variables.
measure() {
	local name=$1 key rest

	shift
	rm -f truth
	"$attribution" truth "$@" >.output 2>.errors
	ok "$name: measured" $?
	cat .errors >>.output
	judged=0 plain_wrong=0 certain_right=0 certain_wrong=0
	while read -r key rest; do
		# shellcheck disable=SC2086 # words
		set -- $rest
		case $key in
		command) pids+=("$1") ;;
		judged) judged=$1 ;;
		plain) plain_wrong=$4 ;;
		certain) certain_right=$2 certain_wrong=$4 ;;
		possible | ambiguous) ;;
		esac
	done <.output
	grep -E '^(judged|plain|certain|possible|ambiguous) ' .output | sed "s/^/# $name: /"
	[[ $judged -ge 100 ]]
	ok "$name: enough samples to judge" $?
	[[ $certain_wrong -eq 0 ]]
	ok "$name: what is certain is right" $?
}

if ! "$attribution" -w 1 /dev/null true >/dev/null 2>.errors && grep -q 'CAP_\|ermission\|ermitted' .errors; then
	echo "1..0 # SKIP the right to watch the kernel is missing"
	exit 0
fi

if command -v node >/dev/null; then
	# Its own log is not asked for, and goes nowhere.
	node() { measure "$1" node --expose-gc --no-logfile-per-isolate --logfile=v8.log "${@:2}" \
		"$sources/churn.js" "$node_functions" 5000 truth; }
	node "node, perf map" --perf-basic-prof
	[[ $plain_wrong -gt $((judged / 4)) ]]
	ok "node, perf map: a plain reader is wrong often" $?
	[[ $certain_right -gt 0 ]]
	ok "node, perf map: some are certain" $?
	node "node, jitdump" --perf-basic-prof --perf-prof
	[[ $certain_right -gt $((judged * 98 / 100)) ]]
	ok "node, jitdump: all but some are certain" $?
	[[ $plain_wrong -gt $((judged / 4)) ]]
	ok "node, jitdump: a plain reader of the perf map is wrong often" $?
else
	skip "node" "node is not installed"
fi

java_home=$(dirname "$(dirname "$(realpath "$(command -v javac)" 2>/dev/null)")")
if [[ -f $java_home/include/jvmti.h ]]; then
	cc -O1 -shared -fPIC -I"$java_home/include" -I"$java_home/include/linux" -o agent.so \
		"$sources/jvmti_jitdump.c" &&
		javac -d . "$sources/Churn.java" "$sources/work_0_.java"
	ok "JVM: an agent and classes are built" $?
	options="-XX:+UnlockDiagnosticVMOptions -XX:+DumpPerfMapAtExit -XX:TieredStopAtLevel=1
		-XX:ReservedCodeCacheSize=5m -XX:+UseSerialGC -Xmx64m"
	# shellcheck disable=SC2086 # words
	measure "JVM, jitdump" java -agentpath:"$PWD/agent.so=$PWD" $options -cp . Churn \
		"$java_classes" 4000 truth
	[[ $certain_right -gt $((judged / 2)) ]]
	ok "JVM, jitdump: most are certain" $?

	cat >snapshots.sh <<-EOF
		# The JVM writes its map whenever it is told to.
		pid=\$\$
		(
			while sleep 0.2 && kill -0 \$pid 2>/dev/null; do
				jcmd \$pid Compiler.perfmap
			done
		) >/dev/null 2>&1 &
		exec "\$@"
	EOF
	# shellcheck disable=SC2086 # words
	measure "JVM, perf maps now and then" sh snapshots.sh java $options -cp . Churn \
		"$java_classes" 4000 truth
	[[ $plain_wrong -gt 0 ]]
	ok "JVM, perf maps now and then: a plain reader is wrong" $?
else
	skip "JVM" "no JDK is installed"
fi

echo "1..$count"

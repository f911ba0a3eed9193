#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap status, watch, advise and maintain on recorded machines: what they print, as text, JSON and metrics, on a pipe
# and in a real terminal; and what they refuse. In the Test Anything Protocol.
#
#   ramswap-status.sh RAMSWAP FIXTURES LINT
#   UPDATE=yes   writes the expected texts anew, to be looked at
set -uo pipefail

ramswap=$(realpath "${1:?usage: ramswap-status.sh RAMSWAP FIXTURES LINT}")
fixtures=$(realpath "${2:?usage: ramswap-status.sh RAMSWAP FIXTURES LINT}")
lint=$(realpath "${3:?usage: ramswap-status.sh RAMSWAP FIXTURES LINT}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# member PATH: of the JSON object that the last command printed; PATH as Python has it: "['devices'][0]['used']".
member() {
	python3 -c "import json, sys; print(json.loads(sys.stdin.readline())$1)" <.output
}

# has PATH VALUE NAME: the last command's JSON object has that.
has() {
	[[ $(member "$1" 2>&1) == "$2" ]]
	ok "$3" $?
}

# --- status: usage
expect 2 "an argument" "$ramswap" status zram0
expect 2 "a column that is not there" "$ramswap" status -o COLOUR
expect 2 "--prometheus and --json" "$ramswap" status --prometheus --json
expect 2 "--prometheus and --explain" "$ramswap" status --prometheus --explain
expect 2 "--latency of another machine" "$ramswap" status --latency --root /
says "it cannot be with --root" "it says so"
expect 3 "a folder that is not there" "$ramswap" status --root nowhere
mkdir empty
expect 3 "a folder that is no machine" "$ramswap" status --root empty
says "ramswap: /proc/meminfo: No such file or directory" "it says what is missing"
expect 0 "this machine" "$ramswap" status
expect 0 "this machine as JSON" "$ramswap" status --json
"$ramswap" status --prometheus | "$lint" >.output
ok "this machine's metrics are good" $?
if ! "$ramswap" status -n -r -o NAME | grep -q .; then
	expect 3 "latency without swap" "$ramswap" status --latency
	says "There is no swap." "what there is to say is said all the same"
fi

# --- status: recorded machines, those of guests with pages in zram first
for root in "$fixtures"/status/*/ "$fixtures"/roots/*/; do
	root=${root%/}
	name=${root##*/}
	if [[ $root == "$fixtures"/status/* ]]; then
		[[ -z ${UPDATE-} ]] || "$ramswap" status --root "$root" --explain >"$root/expected.status"
		"$ramswap" status --root "$root" --explain 2>&1 | diff "$root/expected.status" - >.output 2>&1
		ok "$name" $?
	fi
	"$ramswap" status --root "$root" --prometheus 2>&1 | "$lint" >.output
	ok "$name: metrics" $?
	"$ramswap" status --root "$root" --json --explain 2>&1 | python3 -m json.tool >.output 2>&1
	ok "$name: JSON" $?
	# All of them say the same.
	table=$("$ramswap" status --root "$root" -b -n -r -o NAME,SIZE,SAVED)
	json=$("$ramswap" status --root "$root" --json | python3 -c '
import json, sys
for device in json.loads(sys.stdin.readline())["devices"]:
	name = device["path"].encode("unicode_escape").decode() if device["path"].isascii() else device["path"]
	print(name.replace(" ", r"\x20"), device["size"], device["saved"] if device["swap"] else "")')
	[[ $table == "$json" || $name == nonsense ]]
	ok "$name: table and JSON agree" $?
done
root=$fixtures/status/written-back-7.2
expect 0 "columns" "$ramswap" status --root "$root" -b -n -r -o NAME,KIND,STORED,RAM,PEAK,BACK,BACK-WRITTEN,HUGE,ALGORITHM,BACKING
says "/dev/zram0 zram 16781312 12603392 16797696 4194304 4194304 12582912 lz4 /dev/vda" "they are what the kernel said"
expect 0 "JSON" "$ramswap" status --root "$root" --json
has "['devices'][0]['zram']['written_back']" 4194304 "written back"
has "['devices'][0]['ours']" True "it is ours: the state says so"
has "['total']['gained']" 4173824 "gained"
has "['since_start']['zeros_out']" 16777216 "zeros"
has "['groups']" None "groups were not asked for"
has "['upkeep']" None "nothing was written back by upkeep"
cp -r "$root" upkeep
mkdir -p upkeep/var/lib/ramswap
hour=$(($(date +%s) / 3600))
printf 'ramswap-budget 1\n%d 5\n%d 4194304\n%d 1048576\n' $((hour - 30)) $((hour - 2)) "$hour" >upkeep/var/lib/ramswap/budget
expect 0 "upkeep wrote back" "$ramswap" status --root upkeep
says "In the last 24 hours ramswap maintain wrote 5.0M back to disk." "how much, in a day"
expect 0 "upkeep, as JSON" "$ramswap" status --root upkeep --json
has "['upkeep']['written_back_in_24_hours']" 5242880 "how much, as JSON"
"$ramswap" status --root upkeep --prometheus | tee metrics | "$lint" >.output
ok "upkeep: good metrics" $?
grep -qx 'ramswap_written_back_24_hours_bytes 5242880' metrics
ok "how much, as a metric" $?
echo nonsense >upkeep/var/lib/ramswap/budget
expect 3 "a record that is none" "$ramswap" status --root upkeep
says "/var/lib/ramswap/budget: it is no record of ramswap's" "it says so"
says "/dev/zram0" "what there is to say is said all the same"

# --- status: control groups
cp -r "$fixtures/status/zeros-6.12" groups
expect 3 "control groups of another version" "$ramswap" status --root groups --groups
says "do not count swap" "it says so"
says "/dev/zram0" "what there is to say is said all the same"
mkdir -p groups/sys/fs/cgroup/{system.slice/a\\x2db.service,user.slice}
echo 5000000 >groups/sys/fs/cgroup/system.slice/memory.swap.current
echo 3000000 >'groups/sys/fs/cgroup/system.slice/a\x2db.service/memory.swap.current'
echo 0 >groups/sys/fs/cgroup/user.slice/memory.swap.current
expect 0 "control groups" "$ramswap" status --root groups --groups -b
matches '^/system\.slice/a\\x5cx2db\.service 3000000 3000000' "the most first"
matches '^/system\.slice +2000000 5000000' "without those in it, and with"
says_not "user.slice" "none without pages"
"$ramswap" status --root groups --groups --prometheus >metrics
"$lint" <metrics >.output
ok "metrics of groups" $?
# shellcheck disable=SC1003 # the backslash is one of the metric's
grep -qF 'ramswap_group_bytes{group="/system.slice/a\\x2db.service"} 3000000' metrics
ok "the name is escaped once" $?

# --- watch on a pipe
expect 2 "no delay" "$ramswap" watch -d 0
expect 3 "watch no machine" "$ramswap" watch --root empty --for 1s
cp -r "$fixtures/status/written-back-7.2" machine
expect 0 "a second" "$ramswap" watch --root machine -d 0.3 --for 0.9
matches '^TIME +IN/s +OUT/s +SOME% +FULL% +USED +STORED +RAM +RATIO +GAINED$' "headings"
matches '^[0-9:]{8} +0 +0 +0\.0 +0\.0 +16\.0M +16\.0M +12\.0M +1\.00 +4\.0M$' "figures"
[[ $(grep -c '^[0-9:]\{8\} ' .output) -eq 3 && $(grep -c TIME .output) -eq 1 ]]
ok "a line for each interval" $?
(
	sleep 0.5
	sed -i 's/^pswpin .*/pswpin 104096/; s/^pswpout .*/pswpout 66384/' machine/proc/vmstat
) &
expect 0 "what happens" "$ramswap" watch --root machine -d 1 --for 1
wait
[[ $(awk '/^[0-9]/ && $2 ~ /^3[0-9][0-9]\.[0-9]M$/ && $3 ~ /^19[0-9]\.[0-9]M$/' .output | wc -l) -eq 1 ]]
ok "rates: 390.6M and 195.3M, in a second or a little more" $?
timeout -s INT 1 "$ramswap" watch --root machine -d 10 >.output
[[ $? -le 124 && $(wc -l <.output) -eq 1 ]]
ok "it ends when it is interrupted" $?
"$ramswap" watch --root machine -d 0.1 | head -n 2 >.output
[[ ${PIPESTATUS[0]} -le 141 && $(wc -l <.output) -eq 2 ]]
ok "the reader of the pipe has enough" $?

# --- advise
for trace in "$fixtures"/traces/*; do
	case ${trace##*/} in
	idle) code=1 answer=no ;;
	zram-busy) code=1 answer=too-much ;;
	killed) code=0 answer=larger ;;
	files-without-swap | swap-on-disk) code=0 answer=yes ;;
	*) code=0 answer=enough ;;
	esac
	expect $code "advice: ${trace##*/}" "$ramswap" advise --trace "$trace" --json
	has "['answer']" $answer "it is $answer"
	expect $code "the same in words" "$ramswap" advise --trace "$trace"
done
expect 2 "a trace and a record" "$ramswap" advise --trace x --record 1
expect 2 "a trace that is kept again" "$ramswap" advise --trace x --keep y
expect 3 "no such trace" "$ramswap" advise --trace nowhere
says "nowhere: No such file or directory" "it says so"
expect 3 "no trace" "$ramswap" advise --trace "$ramswap"
says "it is no trace" "it says so"
head -n 2 "$fixtures/traces/idle" >short
expect 3 "one sample" "$ramswap" advise --trace short
says "nothing can be said" "it says so"
"$ramswap" advise --record 2 --keep kept --json >.output
[[ $? -le 1 ]]
ok "this machine" $?
diff .output <("$ramswap" advise --trace kept --json)
ok "a trace that was kept gives the same answer" $?
[[ $(wc -l <kept) -eq 4 ]]
ok "it has a sample a second" $?
(
	sleep 1.5
	pkill -INT -P $$ -x ramswap
) &
"$ramswap" advise --record 100 --keep early >.output
[[ $? -le 1 && $(wc -l <early) -ge 3 ]]
ok "Ctrl-C: what was seen counts" $?
wait
expect 3 "a trace that cannot be kept" "$ramswap" advise --record 1 --keep /proc/trace
says "--keep /proc/trace" "it says so"

# --- maintain, without doing it
expect 2 "another machine cannot be changed" "$ramswap" maintain --root machine
cp -r "$fixtures/status/written-back-7.2" ours
mkdir -p ours/etc
expect 0 "without settings" "$ramswap" maintain --dry-run --root ours
says "neither idle-after nor recompress-after is set" "nothing is wanted"
printf '[zram]\nidle-after = 1h\nwriteback-daily = 8M\n' >ours/etc/ramswap.conf
expect 0 "settings" "$ramswap" maintain --dry-run --root ours
says "idle pages would be written back" "they are obeyed"
says "4.0M of the 8.0M" "what was written before counts"
expect 0 "as JSON" "$ramswap" maintain --dry-run --root ours --json
has "['budget']['left']" 4194304 "what is left"
has "['devices'][0]['writes_back']" True "it is wanted"
mkdir -p ours/var/lib/ramswap
echo "ramswap-budget 1" >ours/var/lib/ramswap/budget
echo "$(($(date +%s) / 3600)) 4194304" >>ours/var/lib/ramswap/budget
expect 0 "a budget that is spent" "$ramswap" maintain --dry-run --root ours
says "all of the 8.0M for 24 hours were written" "it says so"
printf 'ramswap-upkeep 1\nzram0 1 0 1024 4096 0 0\n' >ours/run/ramswap/upkeep
echo "1024 3000 1024" >ours/sys/block/zram0/bd_stat
expect 0 "what came back" "$ramswap" maintain --dry-run --root ours
says "11.7M of 16.0M that were written back came back since the last time (73 %)" "it says so"
echo nonsense >ours/run/ramswap/upkeep
expect 3 "nonsense" "$ramswap" maintain --dry-run --root ours
says "/run/ramswap/upkeep: it is no record of ramswap's" "it says so"
expect 3 "settings that are wrong" "$ramswap" maintain --dry-run --root ours --config "$lint"
[[ -z $(find ours -newer .output -type f) ]]
ok "nothing was written" $?

# --- watch in a real terminal
if ! command -v tmux >/dev/null; then
	skip "a real terminal" "no tmux"
	echo "1..$count"
	exit 0
fi
# shellcheck source=tests/cli/terminal.sh
. "$(dirname "$(realpath "$0")")/terminal.sh"
for size in 40x12 60x16 80x24 132x30 200x50; do
	open_terminal "${size%x*}" "${size#*x}" "$ramswap" watch --root machine -d 0.3
	shows '^Swap: 16\.0M of 256\.0M used, 4\.0M gained' "$size: the sum"
	shows '^zram0 +16\.0M +12\.0M +1\.00' "$size: the device"
	fits "${size%x*}" "$size: no line is longer"
	press q
	ends 0 "$size: q ends it"
done
open_terminal 100 20 "$ramswap" watch --root machine -d 0.3
shows '^From swap /s' "titles"
shows 'SIZE +STORED +SAVED +LIMIT% +PRIO' "all columns"
(
	for pages in 200000 250000 300000 350000; do
		sed -i "s/^pswpin .*/pswpin $pages/" machine/proc/vmstat
		sleep 0.4
	done
) &
shows '^From swap /s +[0-9.]+[KMG] +[0-9.]+[KMG] +.*[▁▂▃▄▅▆▇█]' "rates, and a plot of them"
terminal resize-window -x 50 -y 14
shows '^In /s' "a smaller window"
fits 50 "it fits"
terminal resize-window -x 160 -y 40
shows '^From swap /s' "a larger window"
rm machine/proc/meminfo
ends 3 "a machine that went"
show
matches '/proc/meminfo: No such file' "it says so, below the screen that was there"
cp "$fixtures/status/written-back-7.2/proc/meminfo" machine/proc/
open_terminal 80 24 env TERM=dumb "$ramswap" watch --root machine -d 0.3 --for 1
shows '^[0-9:]{8} +0 +0 ' "a dumb terminal gets lines"
ends 0 "until its end"
open_terminal 80 24 "$ramswap" watch --root machine --for 1
ends 0 "--for ends it"
wait
echo "1..$count"

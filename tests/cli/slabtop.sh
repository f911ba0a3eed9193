#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# slabtop without its screen: one snapshot in every form, compared with procps-ng's slabtop to the
# byte; options, errors and exit codes; recordings, diff, watch, plot. In the Test Anything Protocol.
#
#   slabtop.sh SLABTOP FIXTURES
# shellcheck disable=SC2016 # inner shells' and Perl's
set -uo pipefail

slabtop=$(realpath "${1:?usage: slabtop.sh SLABTOP FIXTURES}")
fixtures=$(realpath "${2:?usage: slabtop.sh SLABTOP FIXTURES}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
sample=$fixtures/machine.slabinfo
head='slabinfo - version: 2.1
# name <active_objs> <num_objs> ...'

# info NAME LINE...: a slabinfo file; each line without its right half, which is made of the number of
# slabs at its end: "name active num size per-slab pages slabs".
info() {
	local file=$1 line

	shift
	echo "$head" >"$file"
	for line; do
		echo "${line% *} : tunables 0 0 0 : slabdata ${line##* } ${line##* } 0" >>"$file"
	done
}

## the table: what procps-ng's own tests ask of it, and more

"$slabtop" --help >help
name=$("$slabtop" --version | cut -d ' ' -f 1)
grep -zqE "^\s+Usage:\s+$name \[options\]" help
ok "--help begins as procps-ng's" $?
number='[0-9]+' size='[0-9]+\.[0-9]+K' percent='\([0-9]+\.[0-9]%\)'
used='\(% used\) +:'
{
	for what in Objects Slabs Caches; do
		echo "^ Active / Total $what $used $number / $number $percent\$"
	done
	echo "^ Active / Total Size $used $size / $size $percent\$"
	echo "^ Minimum / Average / Maximum Object : $size / $size / $size\$"
	echo '^$'
	echo '^ *OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME +$'
} >patterns
"$slabtop" -o --file "$sample" >table
paste -d '\n' patterns <(head -n 7 table) | while read -r pattern && IFS= read -r line; do
	[[ $line =~ $pattern ]] || echo "$line: not $pattern"
done >.output
[[ ! -s .output && $(wc -l <table) -eq $(($(wc -l <"$sample") + 5)) ]]
ok "-o: the header, and a line a cache" $?
# is_sorted NAME OPTION...: "sorted" has a line of each cache, in the order that sort(1) makes.
is_sorted() {
	local name=$1

	shift
	[[ $(wc -l <sorted) -eq $(($(wc -l <"$sample") - 2)) ]] && sort -c "$@" sorted >.output 2>&1
	ok "$name" $?
}
column=0
for letter in o a u s l b c; do
	column=$((column + 1))
	"$slabtop" -o -s "$letter" --file "$sample" | tail -n +8 | awk -v column="$column" '{ print $column }' |
		tr -d 'K%' >sorted
	is_sorted "-s $letter: descending" -r -n
done
"$slabtop" -o -s n --file "$sample" | tail -n +8 | awk '{ print $NF }' >sorted
is_sorted "-s n: by name"
"$slabtop" -o -s n --reverse --file "$sample" | tail -n +8 | awk '{ print $NF }' >sorted
is_sorted "--reverse" -r

peer=/usr/bin/slabtop
peers() {
	unshare -m sh -c 'mount --bind "$1" /proc/slabinfo && "$2" -o -s "$3" && echo -- && "$4" -o -s "$3"' \
		sh "$1" "$peer" "$2" "$slabtop" 2>&1
}
if "$peer" -V 2>/dev/null | grep -q 'procps-ng 4\.0\.2$' && peers "$sample" o >/dev/null; then
	for letter in a b c l v n o p s u; do
		peers "$sample" "$letter" >both
		sed '/^--$/,$d' both >theirs
		sed '1,/^--$/d' both >ours
		expect 0 "-o -s $letter: the same bytes as procps-ng's" diff theirs ours
	done
else
	skip "-o: the same bytes as procps-ng's" "no procps-ng 4.0.2, or no right to mount"
fi

## names and figures

info odd 'a b 1 2 64 2 1 1' 'twin 5 6 64 2 1 3' 'twin 7 8 64 2 1 4' 'ends in 12 1 2 64 2 1 1' \
	'all : tunables 1 2 3 1 2 64 2 1 1' $'esc\e[31m 1 2 64 2 1 1' 'comma,"quote" 1 2 64 2 1 1'
expect 0 "names of any kind" "$slabtop" -o --file odd
matches '1  50%    0.06K      1        2         4K a b +$' "a name with a space"
matches ' ends in 12 +$' "a name that ends in a number"
matches ' all : tunables 1 2 3 +$' "a name like the middle of a line"
says 'esc\x1b[31m' "a name cannot speak to the terminal"
[[ $(grep -c ' twin ' .output) -eq 2 ]]
ok "two caches of the same name" $?
info large 'big 5000000000 6000000000 64 2 1 3000000000'
expect 0 "more than 32 bits" "$slabtop" -o --file large
says "6000000000 5000000000  83%" "more than 32 bits: in full"
echo "$head" >empty
expect 0 "no caches at all" "$slabtop" -o --file empty
says_not nan "no caches at all: no nan"
says "0 / 0 (0.0%)" "no caches at all: 0.0%"
info zero 'idle 0 0 64 2 1 0'
expect 0 "a cache without objects" "$slabtop" -o --file zero
says "     0      0   0%" "a cache without objects: 0%"
expect 0 "--page-size" "$slabtop" -o --page-size 65536 --file odd
matches ' 64K a b' "--page-size: counts"
expect 0 "--human" "$slabtop" -o --human --file "$sample"
matches '[0-9.]+M +[a-z]' "--human: megabytes"
expect 0 "--filter" "$slabtop" -o -f '^twin$' --file odd
[[ $(tail -n +8 .output | grep -c '^ ') -eq 2 ]]
ok "--filter: two caches" $?

## sysfs

mkdir -p sys/:0000064 sys/dentry
echo 0 >sys/:0000064/reclaim_account
echo 1 | tee sys/dentry/reclaim_account >sys/dentry/poison
echo "7 N0=3 N1=4" >sys/dentry/objects
echo "9 N0=4 N1=5" >sys/dentry/total_objects
ln -s :0000064 sys/kmalloc-64
ln -s :0000064 sys/pid
info two 'dentry 7 9 192 21 1 1' 'kmalloc-64 50 64 64 64 1 1'
from=(--file two --sysfs sys)
expect 0 "--aliases" "$slabtop" -o --aliases "${from[@]}"
matches '^ +  = pid$' "--aliases: the other name of a merged cache"
expect 0 "--nodes" "$slabtop" -o --nodes "${from[@]}"
matches '^ +5 +4  80% .*node 1$' "--nodes: what the second one has"
expect 0 "--filter knows the other names" "$slabtop" -o -f '^pid$' "${from[@]}"
says "kmalloc-64" "--filter knows the other names: shows the cache"
expect 0 "--unreclaimable" "$slabtop" -o -u "${from[@]}"
says_not dentry "--unreclaimable: no dentry"
expect 0 "--reclaimable" "$slabtop" -o -r "${from[@]}"
says_not kmalloc "--reclaimable: no kmalloc-64"

## for programs

json() {
	"$slabtop" --json --nodes "$@" | perl -MJSON::PP -e '
		local $/; my $all = decode_json(<STDIN>); my %by = map { $_->{name} => $_ } @{$all->{caches}};
		print eval($ARGV[0]) // die "$@", "\n"' "$expression"
}
while read -r wanted expression; do
	got=$(json "${from[@]}" 2>.output)
	[[ $got == "$wanted" ]]
	ok "--json: $expression is $wanted" $?
done <<'END'
2 scalar @{$all->{caches}}
pid join ",", @{$by{"kmalloc-64"}{aliases}}
1 $by{dentry}{reclaimable} ? 1 : 0
reclaimable,poison join ",", @{$by{dentry}{flags}}
4 $by{dentry}{nodes}[1]{active_objs}
4096 $all->{totals}{reclaimable_bytes}
4544 $all->{totals}{active_bytes}
END
expression='join "|", sort keys %by'
got=$(json --file odd 2>.output)
[[ $got == *$'esc\e[31m'* && $got == *'a b'* ]]
ok "--json: names of any kind" $?
"$slabtop" --json --file odd >.output
says 'esc\u001b[31m' "--json: a name cannot speak to the terminal"
expect 0 "--csv" "$slabtop" --csv --file odd
says '"comma,""quote""",1,2,64,2,1,1,1,4096,' "--csv: quotes"
expect 0 "--prometheus" "$slabtop" --prometheus --file odd --output out.prom
[[ $(wc -l <.output) -eq 1 && -s out.prom ]]
ok "--output: into the file alone" $?
cp out.prom .output
matches '^slabtop_active_objects\{cache="comma,\\"quote\\"",.*\} 1$' "--prometheus: escapes"
[[ $(grep -v '^#' out.prom | sed 's/ [0-9]*$//' | sort | uniq -d | wc -l) -eq 0 ]]
ok "--prometheus: no two lines with the same labels" $?
if command -v promtool >/dev/null; then
	expect 0 "--prometheus: promtool has no complaint" promtool check metrics <out.prom
fi
echo old >kept
expect 3 "--output: nowhere" "$slabtop" --json --file two --output nowhere/out
mkdir full
expect 3 "a full disk" sh -c '"$1" -o --file "$2" >/dev/full' sh "$slabtop" two
says "standard output cannot be written: No space left on device" "a full disk: says so"
expect 0 "a reader that has enough" bash -c '"$1" -o --file "$2" | head -n 1' bash "$slabtop" "$sample"
says_not "cannot be written" "a reader that has enough: nothing is said"

## errors

expect 2 "-o with -d" "$slabtop" -o -d 1
says "Cannot combine -d and -o options" "-o with -d: procps-ng's words"
expect 2 "-o with -m" "$slabtop" -o -m 1K
for delay in 0 -1 0.0 1e9; do
	expect 2 "-d $delay" "$slabtop" -d "$delay"
done
says "illegal delay: '1e9'" "-d 1e9: says so"
expect 2 "-d 1x" "$slabtop" -d 1x
says "illegal delay: '1x'" "-d 1x: procps-ng's words"
expect 2 "-s y" "$slabtop" -o -s y
expect 2 "-y" "$slabtop" -y
says "invalid option -- 'y'" "-y: says so"
expect 2 "--nonsense" "$slabtop" --nonsense
expect 2 "-s without a value" "$slabtop" -s
says "option requires an argument -- 's'" "-s without a value: says so"
expect 2 "a bad expression" "$slabtop" -o -f '('
expect 2 "an unknown subcommand" "$slabtop" nonsense
expect 2 "no terminal" "$slabtop" --file two
says "add --once" "no terminal: what to do"
expect 3 "a file that is not there" "$slabtop" -o --file nowhere
expect 3 "not slabinfo" "$slabtop" -o --file help
expect 3 "a folder" "$slabtop" -o --file .
echo 'slabinfo - version: 9.0' >future
expect 3 "an unknown version" "$slabtop" -o --file future
says "not known" "an unknown version: says so"
head -c 700 "$sample" >half
expect 0 "a cut file" "$slabtop" -o --file half
says "1 lines were not understood" "a cut file: says so"
if [[ $(id -u) -eq 0 ]] && command -v setpriv >/dev/null && [[ -e /proc/slabinfo ]]; then
	cp "$slabtop" /tmp/slabtop-$$ && chmod 755 /tmp/slabtop-$$
	expect 3 "no right to read" setpriv --reuid 65534 --clear-groups --inh-caps=-all /tmp/slabtop-$$ -o
	says "run as root" "no right to read: what to do"
	rm -f /tmp/slabtop-$$
else
	skip "no right to read" "not root"
fi

## recordings

info now 'steady 100 100 64 2 1 50' 'leak 100 200 128 2 1 100' 'gone 5 5 64 2 1 3'
"$slabtop" record rec --file now --delay 0.05 &
recorder=$!
# Until there are ten, however long that takes, and growth in them.
for i in {1..500}; do
	sleep 0.06
	grown=$((i < 15 ? i : 15))
	# In place, and of the same size: at no time is there less than a file.
	info next 'steady 100 100 64 2 1 50' "leak $((100 + 40 * grown)) 200 128 2 1 100" 'came 5 5 64 2 1 3'
	dd if=next of=now conv=notrunc status=none
	[[ $i -lt 15 || $(grep -c '^end ' rec) -lt 10 ]] || break
done
kill -INT "$recorder"
wait "$recorder"
ok "record" $?
expect 0 "record: the head" head -n 3 rec
says "slabtop recording 1" "record: a text"
frames=$(grep -c '^frame ' rec)
[[ $frames -ge 10 && $(grep -c '^end ' rec) -eq $frames ]]
ok "record: snapshots" $?
expect 3 "record: a file that is there" "$slabtop" record rec --file now --for 1s
says "--force" "record: a file that is there: what to do"
expect 3 "record to a full disk" "$slabtop" record /dev/full --force --file now --for 1s
says "/dev/full: cannot be written: No space left on device" "record to a full disk: says so"
expect 2 "record without a file" "$slabtop" record
expect 0 "diff of a recording with itself: from first to last" "$slabtop" diff rec rec
matches '^ *\+[0-9.]+K? +[0-9]+ +[0-9]+ +128 changed leak$' "diff: what grew"
matches ' gone +gone$' "diff: what went"
matches ' new +came$' "diff: what came"
matches '^ *GROWN +BEFORE +AFTER +SIZE +CHANGE +NAME$' "diff: headings"
says_not steady "diff: what stayed is not there"
expect 0 "--diff, of copies" "$slabtop" --diff two odd
matches ' new +a b$' "--diff: what came"
expect 0 "diff -n -r -o" "$slabtop" diff -n -r -o name,grown two odd
grep -q -x 'a\\x20b [1-9][0-9]*' .output
ok "diff -r: for a script, bytes as digits" $?
says_not "caches changed" "diff -n: no explanation"
expect 2 "diff -o: misspelt" "$slabtop" diff -o grwon two odd
says "did you mean GROWN?" "diff -o: misspelt: what was meant"
expect 0 "diff --json" "$slabtop" diff --json two odd
says '"change":"gone"' "diff --json: what went"
expect 2 "diff of one" "$slabtop" diff rec
expect 3 "diff with nothing" "$slabtop" diff rec nowhere
head -c -20 rec >rec.cut
expect 0 "a recording that is cut" "$slabtop" diff rec.cut rec.cut
says "cut off" "a recording that is cut: says so"
sed '8s/^/x/' rec >rec.bad
expect 3 "a recording with nothing whole" "$slabtop" diff rec.bad rec.bad
echo "$head" >not-a-recording
expect 3 "replay of something else" "$slabtop" replay not-a-recording
expect 2 "replay of nothing" "$slabtop" replay

## watch: verdicts over recordings made to measure

# recorded NAME EXPRESSION: 300 snapshots, a second apart, of a cache with $i-th figure EXPRESSION, and one
# that stays.
recorded() {
	perl -e 'srand(7); my $walk = 50000; print "slabtop recording 1\npage-size 4096\nkernel x\n";
		for my $i (0 .. 299) {
			$walk += int(rand(41)) - 20;
			my $value = int(eval $ARGV[0]);
			print "frame $i ", $i * 1e9, " ", $i * 1e9, $i ? "\n" : " key\n";
			print "cache 0 64 64 1 u quiet\ncache 1 128 32 1 $ARGV[1] suspect\nalso 1 double\n0 5 64 1 1\n" unless $i;
			print "1 $value 99999 2000 2000\nend $i ", $i ? 1 : 5, "\n";
		}' "$2" "${3:-u}" >"$1"
}
{
	recorded leaks '50000 + 3 * $i + rand(20)'
	recorded walks '$walk'
	recorded noise '50000 + rand(200)'
	recorded jumps '$i > 90 ? 60000 : 50000'
	recorded fills '50000 + 5000 * (1 - exp(-$i / 30))'
	recorded shrinks '50000 - 3 * $i + rand(20)'
	recorded caches '50000 + 3 * $i' r
}
expect 1 "watch: a leak" "$slabtop" watch --leak leaks
matches '^ *\+3(8|9)[0-9] .* suspect, or one of those merged with it: double$' "watch: how fast, and all its names"
says "1 of 2 caches grows" "watch: of how many"
for kind in walks noise jumps fills shrinks; do
	expect 0 "watch: what $kind is no leak" "$slabtop" watch --leak "$kind"
done
expect 0 "watch: reclaimable" "$slabtop" watch --leak caches
says suspect "watch: reclaimable: named"
expect 1 "watch --reclaimable" "$slabtop" watch --leak --reclaimable caches
expect 0 "watch --min-growth" "$slabtop" watch --leak --min-growth 1M leaks
expect 0 "watch --filter" "$slabtop" watch --leak --filter quiet leaks
expect 1 "watch --json" "$slabtop" watch --leak --json leaks
says '"name":"suspect"' "watch --json: which"
head -n 30 leaks >short
expect 3 "watch: too short a recording" "$slabtop" watch --leak short
expect 2 "watch: too short a time" "$slabtop" watch --leak --for 5s -d 1
expect 2 "watch for nothing" "$slabtop" watch
expect 2 "watch --confidence 100" "$slabtop" watch --leak --confidence 100
expect 2 "a confidence is no size" "$slabtop" watch --leak --confidence 0.06K
expect 0 "watch what stays, now" "$slabtop" watch --leak --for 1s -d 0.05 --file two

## plot

expect 0 "plot" "$slabtop" plot leaks -o out.svg
cp out.svg .output
says "suspect +" "plot: the name and the growth"
if command -v xmllint >/dev/null; then
	expect 0 "plot: well-formed" xmllint --noout out.svg
else
	expect 0 "plot: well-formed" perl -0ne '
		my @open; while (m{<(/?)(\w+)[^>]*?(/?)>}g) { next if $3; if ($1) { die unless pop @open eq $2 } else { push @open, $2 } }
		die if @open' out.svg
fi
# The legend's letters have one width, 7.2 or a little more, and begin 36 behind the plot, which ends at 710.
long=suspect_$(printf 'W%.0s' {1..50})
sed "s/suspect/$long/" leaks >wide
expect 0 "plot of a long name" "$slabtop" plot wide -o out.svg
label=$(sed -n "s/.*class=\"name\"[^>]*>\($long [^<]*\)<.*/\1/p" out.svg)
width=$(sed -n 's/^<svg .* width="\([0-9]*\)".*/\1/p' out.svg)
echo "$label: $width" >.output
[[ -n $label && $width -ge $((710 + 36 + ${#label} * 73 / 10)) ]]
ok "plot of a long name: the legend has room" $?
sed 's/suspect/<b>\&"/' leaks >hostile
expect 0 "plot: a page" "$slabtop" plot hostile -o out.html
cp out.html .output
says '&lt;b&gt;&amp;&quot;' "plot: names are escaped"
says "<table>" "plot: the figures"
says_not "<b>" "plot: names are no markup"
expect 2 "plot into something else" "$slabtop" plot leaks -o out.png
expect 3 "plot: nowhere" "$slabtop" plot leaks -o nowhere/out.svg
expect 3 "plot of one snapshot" "$slabtop" plot <(head -n 9 leaks) -o out.svg

echo "1..$count"

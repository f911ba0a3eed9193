#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kevents report: what is in the page, and what hostile names do not become. In the Test Anything
# Protocol.
#
#   report.sh KEVENTS MAKE_RECORDING
set -uo pipefail

kevents=$(realpath "${1:?usage: report.sh KEVENTS MAKE_RECORDING}")
make_recording=$(realpath "${2:?}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# data CONDITION NAME: of the data in page.html, as Python sees it.
data() {
	python3 - "$1" >.output 2>&1 <<-'E2'
		import json, re, sys
		page = open("page.html", encoding="utf-8").read()
		text = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1)
		data = json.loads(text)
		processes = data["processes"]
		print({k: v for k, v in data.items() if k not in ("processes", "strings", "rates")})
		sys.exit(not eval(sys.argv[1]))
	E2
	ok "$2" $?
}

expect 0 "--help" "$kevents" report --help
says "usage: kevents report" "--help: says how"
expect 0 "--version" "$kevents" report --version
for wrong in "" "x" "-o page.html" "x y -o page.html" "--processes 0 -o p x" "--processes x -o p x" \
	"--nonsense"; do
	# shellcheck disable=SC2086 # words
	expect 2 "wrong: $wrong" "$kevents" report $wrong
done

"$make_recording" 350 >recording
expect 0 "a page" "$kevents" report recording -o page.html
data 'len(processes) == 351 and data["omitted"] == 0' "all processes are there"
data 'sum(data["rates"]["fork"]) == 350 == sum(data["rates"]["exec"])' "forks and execs are counted"
data 'sum(data["rates"]["lost"]) == 4711 == data["lost"]' "what was lost is told"
data 'data["account"]["lost"] == 4711 and data["account"]["incomplete"] == 1 and not data["account"]["agree"]' \
	"the account is told"
data 'all(p[1] < i for i, p in enumerate(processes))' "parents come before their children"
data 'sum(p[1] == -1 for p in processes) == 1' "all hang together"
data 'sum(p[4] == 3 for p in processes) == 60' "how they ended"
data 'any("</script><script>document.title=" in s for s in data["strings"])' "hostile names are there"

## and are nothing but text

[[ $(grep -oi '<script' page.html | wc -l) -eq 2 && $(grep -oi '</script' page.html | wc -l) -eq 2 ]]
ok "no name becomes a script" $?
! grep -qiE '<(img|b>|!--)' page.html
ok "no name becomes markup" $?
! grep -qE '(src|href)=["'\'']?(http|//)|url\(|@import|https?://' page.html
ok "nothing comes from elsewhere" $?
grep -q "default-src 'none'" page.html
ok "nothing else is allowed" $?
LC_ALL=C.UTF-8 grep -qaxv '.*' page.html
ok "it is UTF-8" $((! $?))
! grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae' page.html
ok "no control characters" $?
if command -v chromium >/dev/null; then
	timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
		--virtual-time-budget=3000 --dump-dom "file://$PWD/page.html" >.output 2>/dev/null
	says '<h1 id="title">&lt;/title&gt;&lt;script&gt;: 351 processes in 35.0 ms</h1>' "in a browser: it is drawn"
	says "4,711 records were lost" "in a browser: it warns"
	says "4,711 lost, 1 incomplete." "in a browser: the account"
	says "The account does not agree" "in a browser: it warns of an account that does not agree"
	says_not "<title>TAKEN" "in a browser: no name becomes a script"
else
	skip "in a browser" "chromium is not installed"
fi

## large, cut, and unlike a recording

"$make_recording" 20000 >large
expect 0 "--processes" "$kevents" report --processes 500 large -o page.html
data '500 <= len(processes) < 600 and len(processes) + data["omitted"] == 20001' "--processes: so many"
data 'sum(data["rates"]["fork"]) == 20000' "--processes: all are counted"
data 'all(p[1] < i for i, p in enumerate(processes))' "--processes: with whose children they are"
[[ $(stat -c %s page.html) -lt 300000 ]]
ok "--processes: the page is small" $?
# shellcheck disable=SC2016 # for that bash
expect 0 "to stdout" bash -c '"$0" report - -o - <recording >stdout.html' "$kevents"
[[ $(wc -l <stdout.html) -gt 100 ]]
ok "to stdout: a page" $?
head -c -100 recording >short
rm page.html
expect 1 "a recording that is cut off" "$kevents" report short -o page.html
says "short: " "a recording that is cut off: says so"
data 'len(processes) > 100' "a recording that is cut off: what there is of it"
rm page.html
head -c 3000 /dev/urandom >noise
expect 1 "no recording" "$kevents" report noise -o page.html
[[ ! -e page.html ]]
ok "no recording: no page" $?
expect 1 "a recording that is not there" "$kevents" report nowhere -o page.html
says "nowhere: No such file" "a recording that is not there: says so"
expect 1 "a folder that is not there" "$kevents" report recording -o nowhere/page.html
says "nowhere/page.html: No such file" "a folder that is not there: says so"

echo "1..$count"

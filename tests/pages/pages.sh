#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The pages of kevents report, slabtop plot and digsig fleet report in a real browser, wide and narrow, light and dark, and on
# paper: axe-core finds nothing wrong with them, and nothing is wider than the window. In the Test
# Anything Protocol.
#
#   pages.sh KEVENTS MAKE_RECORDING SLABTOP [DIGSIG FLEET-PUT]
#
# Without the last two, in a build without NATS, the page of the fleet is left out.
#
# axe-core (MPL-2.0) is fetched by npm, from the registry that is configured, in the version and with the
# checksum of package-lock.json. With KEEP=FOLDER pictures of the pages are left there.
# shellcheck disable=SC2119 # nats_start and nats_stop without arguments
set -uo pipefail

usage='usage: pages.sh KEVENTS MAKE_RECORDING SLABTOP [DIGSIG FLEET-PUT]'
kevents=$(realpath "${1:?$usage}")
make_recording=$(realpath "${2:?$usage}")
slabtop=$(realpath "${3:?$usage}")
digsig=${4:+$(realpath "$4")}
fleet_put=${5:+$(realpath "$5")}
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/lib/nats.sh
. "$here/../lib/nats.sh"
clean_up() { nats_stop; }

for program in chromium npm; do
	if ! command -v "$program" >/dev/null; then
		echo "1..0 # SKIP no $program"
		exit 0
	fi
done
mkdir axe
cp "$here/package.json" "$here/package-lock.json" axe
if ! (cd axe && timeout 120 npm ci --ignore-scripts --no-audit --no-fund --cache "$work/npm" \
	--fetch-retries 1 --fetch-timeout 30000) >.output 2>&1; then
	# What came is not what it should be: that is no reason to skip.
	if grep -q EINTEGRITY .output; then
		ok "axe-core has its checksum" 1
		echo "1..$count"
		exit
	fi
	echo "1..0 # SKIP npm cannot fetch axe-core: $(grep -m 1 -oE 'E[A-Z_]{4,}[0-9]*' .output)"
	exit 0
fi

# browse WIDTH SCHEME OPTION...
browse() {
	local width=$1 scheme=1

	[[ $2 == light ]] || scheme=0
	shift 2
	timeout 90 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
		--user-data-dir="$work/profile" --blink-settings=preferredColorScheme="$scheme" \
		--allow-file-access-from-files --window-size="$width,900" --virtual-time-budget=10000 "$@" \
		2>/dev/null
}

# The page with axe-core in it, which the page's own policy would not let in.
with_axe() {
	python3 - "$1" "$2" <<-'E2'
		import re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
		page += """<script src="axe/node_modules/axe-core/axe.min.js"></script><script>
		const wide = document.documentElement.scrollWidth - innerWidth;
		const back = getComputedStyle(document.body).backgroundColor;
		axe.run().then((result) => {
			const pre = document.createElement('pre');
			pre.textContent = 'RESULT ' + result.passes.length + ' passed, too wide by ' + wide +
				', back ' + back + '\\n' + result.violations.map((v) => 'VIOLATION ' + v.id + ': ' +
				v.nodes.map((n) => n.target + ' ' + n.failureSummary).join('; ')).join('\\n');
			document.body.append(pre);
		});
		</script>"""
		open(sys.argv[2], "w", encoding="utf-8").write(page)
	E2
}

# judged NAME PAGE: in every width and scheme.
judged() {
	local name=$1 page=$2 width scheme back

	with_axe "$page" axe.html
	for width in 1280 500; do
		for scheme in light dark; do
			browse "$width" "$scheme" --dump-dom "file://$PWD/axe.html" |
				grep -E '<pre>RESULT|^VIOLATION' >.output
			matches '<pre>RESULT [1-9][0-9]+ passed' "$name, $width pixels, $scheme: axe-core ran"
			matches_not '^VIOLATION' "$name, $width pixels, $scheme: axe-core finds nothing"
			matches 'too wide by (0|-[0-9]+),' "$name, $width pixels: as wide as the window"
			back='255, 255, 255'
			[[ $scheme == light ]] || back='[0-4]?[0-9], [0-4]?[0-9], [0-4]?[0-9]'
			matches "back rgb\\($back\\)" "$name, $width pixels: $scheme"
			[[ -z ${KEEP-} ]] || browse "$width" "$scheme" \
				--screenshot="$KEEP/$name-$width-$scheme.png" "file://$PWD/$page"
		done
	done
	browse 1280 dark --print-to-pdf="$name.pdf" --no-pdf-header-footer "file://$PWD/$page"
	pdftotext -layout "$name.pdf" .output 2>/dev/null || : >.output
	[[ -z ${KEEP-} ]] || cp "$name.pdf" "$KEEP"
}

"$make_recording" build >build.kevents
expect 0 "kevents report" "$kevents" report build.kevents -o report.html
judged report report.html
if command -v pdftotext >/dev/null; then
	says "builder: 63 processes" "report: printed"
	# No buttons that nobody can press on paper.
	says_not "Whole time" "report: printed without its tools"
	[[ $(pdfinfo report.pdf | sed -n 's/^Pages: *//p') -ge 2 ]]
	ok "report: all rows are printed" $?
fi
# What is drawn cannot be read in a browser: the function that cuts labels, on letters of 7 pixels.
cuts() {
	node - "$@" >.output 2>&1 <<-'E2'
		const page = require('fs').readFileSync('report.html', 'utf8');
		const of = (name) => page.match(new RegExp('^function ' + name + '\\([^]*?^}', 'm'))[0];
		const cutCommand = eval('(() => {' + ['most', 'cut', 'cutCommand'].map(of).join('\n') +
			'return cutCommand; })()');
		const [line, letters, expected] = process.argv.slice(2);
		const got = cutCommand({ measureText: (text) => ({ width: 7 * text.length }) }, line, 7 * letters);
		console.log(got);
		process.exit(got === expected ? 0 : 1);
	E2
	ok "report: a label of $2 letters: $3" $?
}
if command -v node >/dev/null; then
	cuts "/usr/lib/gcc/cc1 -quiet source/module.c" 39 "/usr/lib/gcc/cc1 -quiet source/module.c"
	cuts "/usr/lib/gcc/cc1 -quiet source/module.c" 30 "cc1 -quiet source/module.c"
	cuts "/usr/lib/gcc/cc1 -quiet source/module.c" 20 "cc1 …source/module.c"
	cuts "/usr/lib/gcc/cc1 -quiet source/module.c" 6 "cc1 -…"
fi

perl -e 'print "slabtop recording 1\npage-size 4096\nkernel 6.12.38\n"; for my $i (0 .. 99) {
	print "frame $i ", (1700000000 + $i) * 1e9, " ", $i * 1e9, $i ? "\n" : " key\n";
	unless ($i) { print "cache $_ ", 192 + 64 * $_, " 21 1 u ", "a_cache_name_" x ($_ % 4 + 1), "$_\n" for 0 .. 19 }
	print "$_ ", 50000 + $i * (30 - $_), " 99999 5000 5000\n" for 0 .. 19;
	print "end $i ", $i ? 20 : 40, "\n"; }' >night.slab
expect 0 "slabtop plot" "$slabtop" plot night.slab --top 20 -o plot.html
judged plot plot.html
if command -v pdftotext >/dev/null; then
	matches 'a_cache_name_0 .*\+[0-9.]+[KM] ' "plot: printed, sizes in the units of the picture"
fi

# fleet_raw SUBJECT TEXT
fleet_raw() {
	echo "$2" >raw
	"$fleet_put" "$nats_url" raw "$1" raw
}

# A host in each state, and what they denied: names as hosts that somebody took over may send them.
fleet_page() {
	local host=0 digsigd now

	now=$(date -u +%FT%TZ)
	nats_start
	"$fleet_put" "$nats_url" streams
	for digsigd in '"stale":false' '"stale":true' '"at_next_start":["trust"]' '"refused":{"reason":"<b>expired</b>"}'; do
		host=$((host + 1))
		fleet_raw "digsig.host.web.w$host.example.org" "{\"kernel\":\"6.12.$host\",\"digsigd\":{\"group\":{\"sequence\":4},
			$digsigd,\"engine\":{\"running\":true,\"mode\":\"enforcing\",\"locked\":true}}}"
		fleet_raw "digsig.event.web.w$host.example.org" "{\"boot\":\"b\",\"sequence\":$host,\"entry\":{\"time\":\"$now\",
			\"action\":\"denied\",\"verdict\":\"unsigned\",\"path\":\"/opt/</script><script>document.title=7</script>$host\"}}"
	done
	fleet_raw digsig.host.db.d1 '{"digsigd":null}'
	expect 0 "digsig fleet report" "$digsig" fleet report --server "$nats_url" -o fleet.html
	nats_stop
	judged fleet fleet.html
	browse 1280 light --dump-dom "file://$PWD/fleet.html" >.output
	says '<title>DigSig: the fleet</title>' "fleet: no name becomes a script"
	matches '<b>5</b>|<b>1</b>no-engine' "fleet: the hosts are counted by state"
	says '<td class="long">/opt/&lt;/script&gt;' "fleet: a program's name is text"
	if command -v pdftotext >/dev/null; then
		pdftotext -layout fleet.pdf .output
		says "w4.example.org" "fleet: printed"
	fi
}
if [[ -z $fleet_put ]]; then
	skip "digsig fleet report" "built without NATS"
elif ! command -v nats-server >/dev/null; then
	skip "digsig fleet report" "there is no nats-server"
else
	fleet_page
fi

echo "1..$count"

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 10
# The kernel itself refuses catalogs by a stranger's key, changed ones, and malformed ones.
digest=$(sha256sum "$unsigned/intruder-static")
digest=${digest%% *}
refuses() {
	perform raw-catalog "$@"
	case $output in
	"refused: verdict "*) ;;
	*) fail "not refused: raw-catalog $*" ;;
	esac
	refused INTRUDER "$unsigned/intruder-static"
	refused hello /tmp/greet
}
runs INTRUDER "$unsigned/intruder-static"
cp "$unsigned/hello-static" /tmp/greet
engine_start enforcing
perform digsig catalog load "$catalogs/stranger.catalog"
[ "$status" -eq 67 ] || fail "exit $status, not 67, for a stranger's catalog"
refuses "$catalogs/stranger.catalog"
refuses -d "$digest" "$catalogs/one.catalog"
# Magic, version, part size, number of digests, part number, time, the digest, its padding, the CMS,
# the footer; and cut short by a little, or by more.
for offset in 0 8 16 20 24 32 56 256 288 320 640; do
	refuses -o "$offset" "$catalogs/one.catalog"
done
for bytes in 1 64 576 832; do
	refuses -t "$bytes" "$catalogs/one.catalog"
done
refuses -t -64 "$catalogs/one.catalog"
refuses -t -2000000 "$catalogs/one.catalog"
# digsig says so before it asks the kernel.
head -c 700 "$catalogs/one.catalog" >/tmp/short.catalog
perform digsig catalog load /tmp/short.catalog
[ "$status" -eq 68 ] || fail "exit $status, not 68, for a catalog cut short"
perform raw-catalog "$catalogs/one.catalog"
case $output in
"admitted: verdict 1,"*) ;;
*) fail "the catalog itself was not admitted" ;;
esac
runs hello /tmp/greet
refused INTRUDER "$unsigned/intruder-static"

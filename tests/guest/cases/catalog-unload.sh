# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# What a catalog brought is taken out with it, cached verdicts included, locked or not; what a later
# catalog or a signature vouches for as well stays.
# boot: digsig-guest=locked
catalog() {
	perform digsig catalog "$2" "$3"
	[ "$status" -eq "$1" ] || fail "exit $status instead of $1: catalog $2 $3"
}
said() {
	echo "$output" | grep -q "^$1\$" || fail "does not say: $1"
}
cp "$unsigned/hello" /tmp/greet
cp "$unsigned/hello-static" /tmp/greet-static
engine_start enforcing
catalog 0 load "$catalogs/trusted.catalog"
everyone runs hello /tmp/greet
everyone runs hello /tmp/greet-static
catalog 0 unload "$catalogs/trusted.catalog"
said "3 digests, 3 of them not trusted any more"
everyone refused hello /tmp/greet
everyone refused hello /tmp/greet-static
catalog 0 unload "$catalogs/trusted.catalog"
said "3 digests, 0 of them not trusted any more"
# A digest of two catalogs goes with the one that was loaded last.
catalog 0 load "$catalogs/trusted.catalog"
catalog 0 load "$catalogs/one.catalog"
everyone runs hello /tmp/greet-static
catalog 0 unload "$catalogs/trusted.catalog"
said "3 digests, 2 of them not trusted any more"
everyone refused hello /tmp/greet
everyone runs hello /tmp/greet-static
catalog 0 unload "$catalogs/one.catalog"
everyone refused hello /tmp/greet-static
# Back and away, often: the verdict is never an old one.
for i in 1 2 3 4 5 6 7 8 9 10; do
	catalog 0 load "$catalogs/trusted.catalog"
	runs hello /tmp/greet
	catalog 0 unload "$catalogs/trusted.catalog"
	refused hello /tmp/greet
done
# What has a signature of its own needs no catalog.
everyone runs hello "$signed/hello"
# Nobody's catalog takes nothing out, and an unprivileged user no one's.
catalog 0 load "$catalogs/trusted.catalog"
catalog 67 unload "$catalogs/stranger.catalog"
who=user
catalog 1 unload "$catalogs/trusted.catalog"
who=root
everyone runs hello /tmp/greet
# Not what digsig itself needs.
cp "$(command -v digsig)" /tmp/digsig
digsig strip -q /tmp/digsig
catalog 0 load "$catalogs/digsig.catalog"
perform /tmp/digsig catalog unload "$catalogs/digsig.catalog"
[ "$status" -eq 1 ] || fail "exit $status: took out what it needs itself"
runs enforcing /tmp/digsig mode
perform /tmp/digsig catalog unload --force "$catalogs/digsig.catalog"
[ "$status" -eq 0 ] || fail "exit $status with --force"
refused enforcing /tmp/digsig mode
# Locked: less trust is always allowed.
perform digsig lock
[ "$status" -eq 0 ] || fail "digsig lock failed"
catalog 0 unload "$catalogs/trusted.catalog"
everyone refused hello /tmp/greet
catalog 0 load "$catalogs/trusted.catalog"
everyone runs hello /tmp/greet

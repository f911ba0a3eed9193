# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 17
# While catalogs are loaded, somebody exchanges the digest in them all the time: what was checked is
# what is trusted.
digest=$(sha256sum "$unsigned/intruder-static")
digest=${digest%% *}
runs INTRUDER "$unsigned/intruder-static"
engine_start enforcing
perform raw-catalog -r -d "$digest" "$catalogs/one.catalog"
[ "$status" -eq 0 ] || fail "the race did not come about"
everyone runs hello "$unsigned/hello-static"
everyone refused INTRUDER "$unsigned/intruder-static"

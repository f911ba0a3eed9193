# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# No key can be added to the trusted keyring, or linked into it, or all of them taken out.
# attack: 18
for how in add link clear; do
	runs INTRUDER add-key -m "$how" intruder-control /t/stranger.der
done
engine_start enforcing
ring=$(add-key find digsig 2>&1) || fail "no keyring with digsig in its name: $(cat /proc/keys)"
for how in add link clear; do
	everyone refused INTRUDER add-key "$how" "$ring" /t/stranger.der
done
everyone refused INTRUDER "$stranger/intruder"
everyone runs hello "$signed/hello"

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Permissive mode: what is not signed runs and is logged, what is signed badly is denied.
attacks() {
	for region in first-page manifest padding; do
		tampered_copy "$region"
		everyone attack hello "/tmp/$region"
	done
	everyone attack INTRUDER "$stranger/intruder"
}
prove permissive attacks
logged tampered /tmp/first-page denied
logged badsig /tmp/manifest denied
logged malformed /tmp/padding denied
logged unknownkey "$stranger/intruder" denied

everyone runs INTRUDER "$unsigned/intruder"
everyone runs INTRUDER env LD_PRELOAD="$unsigned/libintruder.so" "$signed/hello"
everyone runs hello "$signed/hello"
logged unsigned "$unsigned/intruder" allowed
logged unsigned "$unsigned/libintruder.so" allowed

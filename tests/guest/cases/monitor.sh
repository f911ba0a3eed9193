# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Monitor mode: everything runs, and everything is logged.
engine_start monitor
for region in first-page manifest padding; do
	tampered_copy "$region"
	everyone runs hello "/tmp/$region"
done
everyone runs hello "$signed/hello"
everyone runs INTRUDER "$unsigned/intruder"
everyone runs INTRUDER "$stranger/intruder"
everyone runs INTRUDER env LD_PRELOAD="$unsigned/libintruder.so" "$signed/hello"
logged tampered /tmp/first-page allowed
logged badsig /tmp/manifest allowed
logged malformed /tmp/padding allowed
logged ok "$signed/hello" allowed
logged unsigned "$unsigned/intruder" allowed
logged unknownkey "$stranger/intruder" allowed
logged unsigned "$unsigned/libintruder.so" allowed

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# ld.so, itself signed, does not carry an unsigned program past the check.
# attack: 3
attacks() {
	for who in root user userns; do
		attack INTRUDER /lib64/ld-linux-x86-64.so.2 "$unsigned/intruder"
	done
	who=root
}
prove enforcing attacks
logged unsigned "$unsigned/intruder" denied

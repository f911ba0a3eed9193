# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A key that nobody trusts signs nothing.
# attack: 1
attacks() {
	everyone attack INTRUDER "$stranger/intruder"
	everyone attack INTRUDER "$stranger/intruder-static"
	everyone attack INTRUDER env LD_PRELOAD="$stranger/libintruder.so" "$signed/hello"
}
prove enforcing attacks
logged unknownkey "$stranger/intruder" denied
logged unknownkey "$stranger/intruder-static" denied
logged unknownkey "$stranger/libintruder.so" denied

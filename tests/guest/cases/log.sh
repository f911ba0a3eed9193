# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# The log says who did what, in one JSON object a line.
engine_start enforcing
who=user
refused INTRUDER "$unsigned/intruder"
logged unsigned "$unsigned/intruder" denied
line=$(sed 's/": /":/g; s,\\/,/,g' "$seen" | grep -F "\"path\":\"$unsigned/intruder\"" | head -n 1)
for field in '"uid":1000' '"time":' '"hook":' '"pid":' '"ppid":' '"comm":"' '"digest":' '"cached":'; do
	case $line in
	*"$field"*) ;;
	*) fail "no $field in: $line" ;;
	esac
done
digest=$(sha256sum <"$unsigned/intruder" | cut -d ' ' -f 1)
case $line in
*"$digest"*) ;;
*) fail "not the file's digest: $line" ;;
esac

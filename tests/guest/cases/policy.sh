# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# digsig policy shows what is judged and changes it, at the start and later; a mistake changes
# nothing.
engine_start enforcing --scope modules=off --scope exec=off --scope mmap=off --wx deny
output=$(digsig policy --json)
[ "$output" = '{"wx":"deny","scope":{"exec":false,"mmap":false,"mprotect":true,"scripts":true,"modules":false,"firmware":false,"kexec":true}}' ] ||
	fail "not the policy of the start"
everyone runs INTRUDER "$unsigned/intruder-static"
everyone runs INTRUDER "$signed/load-library" "$unsigned/libintruder.so"
perform digsig policy exec=on nonsense=on
[ "$status" -eq 2 ] || fail "exit $status instead of 2"
everyone runs INTRUDER "$unsigned/intruder-static"
output=$(digsig policy exec=on 2>&1) || fail "digsig policy failed"
everyone refused INTRUDER "$unsigned/intruder-static"
everyone runs INTRUDER "$signed/load-library" "$unsigned/libintruder.so"
# The same in words, a line each.
output=$(digsig status | sed -n '/^not judged/,/^trust/p' | cut -c 13- | head -n 3 | tr '\n' ';')
[ "$output" = "loaders and libraries when mapped as code;kernel modules;firmware;" ] ||
	fail "digsig status does not say what is not judged"

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 16
# No module and no other kernel gets into the kernel, out of memory or out of a file that is not
# signed.
attacks() {
	attack INTRUDER kernel-code init "$unsigned/hello"
	attack INTRUDER kernel-code finit "$unsigned/hello"
	attack INTRUDER kernel-code finit "$stranger/intruder"
	attack INTRUDER kernel-code kexec
	attack INTRUDER kernel-code kexec-file "$unsigned/hello"
	# Out of memory nothing can be judged, signed or not.
	attack INTRUDER kernel-code init "$signed/specimen"
}
prove enforcing attacks
logged unsigned "$unsigned/hello" denied
logged unknownkey "$stranger/intruder" denied
# What is signed is let in, and found by the kernel to be no module and no kernel.
runs ENOEXEC kernel-code finit "$signed/specimen"
runs "let in" kernel-code kexec-file "$signed/specimen"
# One scope at a time.
output=$(digsig policy modules=off 2>&1) || fail "digsig policy modules=off failed"
runs INTRUDER kernel-code init "$unsigned/hello"
runs INTRUDER kernel-code finit "$unsigned/hello"
refused INTRUDER kernel-code kexec
output=$(digsig policy modules=on kexec=off 2>&1) || fail "digsig policy kexec=off failed"
runs INTRUDER kernel-code kexec
runs INTRUDER kernel-code kexec-file "$unsigned/hello"
refused INTRUDER kernel-code finit "$unsigned/hello"

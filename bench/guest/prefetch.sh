# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Faults with and without the module, in turn: those that succeed, and those that end in a signal. A first run is not
# counted: the guest is still busy with its start.
faults >/dev/null
for round in $(seq "${rounds:-3}"); do
	without=$(faults)
	insmod /lib/modules/prefetch_fixup.ko force=1 || exit 1
	with=$(faults)
	rmmod prefetch_fixup
	echo "$round $without $with"
done | awk '
	function pair(name, without, with) { printf "; %s: %s, %s: %.4f", name, without, with, with / without }
	{
		printf "round %d, without and with the module", $1
		pair("a fault that succeeds", $2, $5)
		pair("one that ends in a signal, at a MOVZX", $3, $6)
		pair("at a MOV with a prefix", $4, $7)
		print ""
	}'

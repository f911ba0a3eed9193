# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Faults with and without the module, in turn: those that succeed, and those that end in a signal.
for round in $(seq "${rounds:-3}"); do
	without=$(faults)
	insmod /lib/modules/prefetch_fixup.ko force=1 || exit 1
	with=$(faults)
	rmmod prefetch_fixup
	echo "$round $without $with"
done | awk '{
	printf "round %d: a fault that succeeds: %s, with the module %s: %.4f; one that ends in a signal: %s, %s: %.4f\n",
		$1, $2, $4, $4 / $2, $3, $5, $5 / $3
}'

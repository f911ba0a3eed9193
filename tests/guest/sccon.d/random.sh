# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# All faults, at random by seed.
if [ -n "$soak" ]; then
	seeds=${seeds:-1 2 3 4 5 6 7 8 9 10 11 12}
	seconds=10
else
	seeds=${seeds:-1 2}
	seconds=3
fi
reload
for seed in $seeds; do
	moves "seed $seed" 100 /data /short --random "$seed" $seconds
done
statistics

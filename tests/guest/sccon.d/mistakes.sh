# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# Whether this kernel notices mistakes, and we its reports. It has a guest of its own: after the first report about locks, or a
# broken memory, a kernel looks at locks no more.
for mistake in lock-order sleep shift leak use-after-free; do
	dmesg -c >/dev/null
	insmod /mistakes.ko mistake=$mistake 2>/dev/null
	[ $mistake != leak ] || look_for_leaks
	is "a mistake is noticed: $mistake" complains
done
echo "end"
echo c >/proc/sysrq-trigger

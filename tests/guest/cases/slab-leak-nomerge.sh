# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# kernels: newest
# Where no caches are merged, a leak has one name.
# boot: slab_nomerge
# seconds: 600
leaks files filp
leaks keys key_jar
echo "$output" | grep -q ' key_jar$' || fail "key_jar is said to be merged"

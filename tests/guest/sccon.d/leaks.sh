# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# What all the parts before have left of the module: nothing, once it is removed.
exec 9>&-
is "it can be removed" wait_for removes
look_for_leaks
is "no memory is left behind" has_no_leaks
is "the kernel has no complaint" is_quiet
insmod /sccon.ko transport=sal replay=0
exec 9<>$tty

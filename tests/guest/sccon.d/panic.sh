# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# By QEMU's debug console, with the messages' numbers: from 0 to the panic's last one.
insmod /sccon.ko transport=debugcon extended=1
wait_for is_statistic waiting_log -eq 0
echo c >/proc/sysrq-trigger

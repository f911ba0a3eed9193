# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# Both ways, with interrupts.
moves "plain" 200 /data /short
is "it had interrupts" is_statistic interrupts -gt 0
is "and used them" is_statistic is_polled -eq 0
is "none was missed" is_statistic interrupts_missed -eq 0
statistics

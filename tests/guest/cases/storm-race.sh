# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# 64 processes at once map and start the same files, which nobody used before: every one of them gets
# the right answer, and none waits forever.
# attack: 22
engine_start enforcing
soaks race 8 64
[ "$soak_right" -eq $((8 * 64 * 4 * 2)) ] || fail "not every question was answered"

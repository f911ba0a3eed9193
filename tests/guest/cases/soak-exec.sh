# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# Thousands of starts, one in ten of an unsigned program: no wrong answer, and no memory is left
# behind. 100,000 of them in "make soak".
# seconds: 600
# attack: 22
engine_start enforcing
soaks exec 200 4
measure_memory
soaks exec "$(soak_count 5000 100000)" 4
expect_memory
# Nor was a call kept away from the engine, though its programs ran into each other.
[ "$(status_number calls_missed)" = 0 ] || fail "$(status_number calls_missed) calls were missed"

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# One new file after the other is judged, and deleted: no wrong answer, the verdicts go with the
# files, and what did not fit into the log is counted, to the last event. A million files in
# "make soak".
# seconds: 600
# attack: 21 23
engine_start enforcing
soaks inodes 2000 4
measure_memory
# A file's first use is one event, whatever its verdict.
count=$(soak_count 20000 1000000)
before=$(events_so_far)
soaks inodes "$count" 4
expect_memory
after=$(events_so_far)
[ $((after - before)) -eq "$count" ] || fail "$((after - before)) events read or lost of $count"

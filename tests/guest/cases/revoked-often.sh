# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 19
# seconds: 3600
# Each revocation voids the verdicts that inodes remember. However many follow, no verdict that was
# voided counts again. "make soak" has so many that a number of 24 bits has come round.
mkdir -p /var/lib
cp "$signed/hello" /tmp/victim
cp "$signed/howdy" /tmp/other
engine_start enforcing
everyone runs hello /tmp/victim
everyone runs howdy /tmp/other
# shellcheck disable=SC2217 # it keeps the inode, and what it remembers, in memory
sleep 3600 </tmp/victim &
keeper=$!
digsig revoke -q --file /tmp/victim || fail "digsig revoke"
everyone refused hello /tmp/victim
for times in 1 "$(soak_count 5000 16777214)" 1 1; do
	output=$(revoke-often "$times" 2>&1) || fail "revoke-often $times"
	everyone refused hello /tmp/victim
	everyone runs howdy /tmp/other
done
output=$(timeout 20 digsig status --json 2>&1) || fail "digsig status does not answer"
kill $keeper

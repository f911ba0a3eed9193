# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Signatures can be handed to the kernel ahead of use; what is not good is not admitted.
# attack: 1
engine_start enforcing
output=$(digsig admit "$signed" 2>&1) || fail "digsig admit of a directory failed"
everyone runs hello "$signed/hello"
perform digsig admit "$stranger/intruder"
[ "$status" -ne 0 ] || fail "a stranger's signature was admitted"
everyone refused INTRUDER "$stranger/intruder"
tampered_copy first-page
perform digsig admit /tmp/first-page
everyone refused hello /tmp/first-page

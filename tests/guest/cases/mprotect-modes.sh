# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# What mprotect makes executable without being judged before is logged in mode monitor, and in
# permissive, where only what is known to be bad is denied.
tampered_copy first-page
engine_start monitor
everyone runs mapped make-exec late "$unsigned/intruder"
logged fault "$unsigned/intruder" allowed
output=$(digsig mode permissive 2>&1) || fail "digsig mode permissive failed"
everyone runs mapped make-exec late "$unsigned/intruder"
perform map-exec file /tmp/first-page
everyone refused mapped make-exec late /tmp/first-page
logged tampered /tmp/first-page denied

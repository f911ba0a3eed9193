# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# digsig status tells the mode, with and without the engine, to people and to programs.
perform digsig status
engine_start enforcing
runs enforcing digsig status
runs enforcing digsig status --json
output=$(digsig status --json | tr -d '\n')
case $output in
"{"*"}") ;;
*) fail "digsig status --json is not an object" ;;
esac

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Anonymous executable memory does not upset the engine, whose hook is called without a file; by
# default it is logged and no more.
everyone runs 42 map-exec anonymous
engine_start enforcing
for who in root user userns; do
	runs 42 map-exec anonymous
done
logged unstable /usr/lib/kernkit/guest/map-exec allowed

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Anonymous executable memory is not the engine's business, and does not upset it: the hook is
# called without a file.
everyone runs 42 map-exec anonymous
engine_start enforcing
for who in root user userns; do
	runs 42 map-exec anonymous
done

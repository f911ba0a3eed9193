# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Before bench/kevents.sh in a guest: programs where a build has them.
mkdir -p /tmp/build/kevents/cli /tmp/build/bench
ln -s "$(command -v kevents)" /tmp/build/kevents/cli/kevents
ln -s "$(command -v execbomb)" /tmp/build/bench/execbomb

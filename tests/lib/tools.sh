# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The tools, each the name of its folder.
tools=(digsig kevents slabtop prefetch ptcheck netcon ramswap sccon)

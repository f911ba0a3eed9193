#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints files as C arrays: embed.sh FILE...; page.css becomes page_css.
set -eu

for file; do
	name=$(basename "$file" | tr . _)
	echo "static const unsigned char ${name}[] = {"
	od -An -v -tx1 "$file" | sed 's/ \(..\)/0x\1,/g'
	echo "};"
done

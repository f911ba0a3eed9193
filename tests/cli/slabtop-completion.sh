#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the bash completion of slabtop offers, but for the options, which tests/docs/command.sh compares.
# In the Test Anything Protocol.
#
#   slabtop-completion.sh COMPLETION NAME
set -uo pipefail

completion=$(realpath "${1:?usage: slabtop-completion.sh COMPLETION NAME}")
name=${2:?usage: slabtop-completion.sh COMPLETION NAME}
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/cli/complete-words.sh
. "$here/complete-words.sh"
mkdir folder
touch night.slab

offers "record replay" "$name" re
offers "night.slab" "$name" replay n
offers "night.slab" "$name" plot ni
offers "night.slab" "$name" plot night.slab -o ni
offers "g" "$name" --sort g
offers "folder" "$name" --sysfs ""
offers "--min-growth" "$name" --mi
offers "" "$name" -d ""

echo "1..$count"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the bash completion of slabtop offers, but for the options, which tests/docs/command.sh compares.
# In the Test Anything Protocol.
#
#   slabtop-completion.sh COMPLETION
set -uo pipefail

completion=$(realpath "${1:?usage: slabtop-completion.sh COMPLETION}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/tap.sh
. "$here/tap.sh"
# shellcheck source=tests/cli/complete-words.sh
. "$here/complete-words.sh"
mkdir folder
touch night.slab

offers "record replay" slabtop re
offers "night.slab" slabtop replay n
offers "night.slab" slabtop plot ni
offers "night.slab" slabtop plot night.slab -o ni
offers "g" slabtop --sort g
offers "folder" slabtop --sysfs ""
offers "--min-growth" slabtop --mi
offers "" slabtop -d ""

echo "1..$count"

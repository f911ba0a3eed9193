# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# How the demonstration speaks, on both sides of it.
bold='' green='' red='' plain=''
if [ -e /demo/colour ] || { [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; }; then
	bold=$(printf '\033[1m') green=$(printf '\033[32m') red=$(printf '\033[31m')
	plain=$(printf '\033[0m')
fi

# A sentence on what is to be seen next.
say() {
	printf '\n'
	printf '%s\n' "$*" | fold -s -w 92 | sed "s/^/$bold/; s/ *\$/$plain/"
}

# A command, as one would type it.
show() {
	printf '  $ %s\n' "$*"
}

indent() {
	cut -c 1-96 | sed 's/^/    /'
}

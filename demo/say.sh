# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# The output of the demonstration, on the host and in the guest.
bold='' green='' red='' plain=''
colour_wanted() {
	# In the guest output always goes to a terminal; a file says whether the host's does.
	if [ -e /demo/say.sh ]; then
		[ -e /demo/colour ]
	else
		[ -t 1 ] && [ -z "${NO_COLOR:-}" ]
	fi
}
if colour_wanted; then
	bold=$(printf '\033[1m') green=$(printf '\033[32m') red=$(printf '\033[31m')
	plain=$(printf '\033[0m')
fi

# A sentence about the next commands.
say() {
	printf '\n'
	printf '%s\n' "$*" | fold -s -w 92 | sed "s/^/$bold/; s/ *\$/$plain/"
}

# A command, as one would type it.
show() {
	printf '  $ %s\n' "$*"
}

indent() {
	sed 's,^/run.sh: line [0-9]*: ,sh: ,' | fold -s -w 92 | sed 's/^/    /'
}

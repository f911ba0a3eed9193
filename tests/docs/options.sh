# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Options as --help lists them and as a man page explains them, in the same form, to be compared: a line
# each, "--output o file": the name, the letter or -, and the argument in small letters.

# options_of_help: of the help on standard input.
options_of_help() {
	sed -n -E 's/^ +(-(.), )? *(--[a-z0-9-]+)(( |\[=)([^ ]+))?(  .*|$)/\3 \2- \6/p' | options_alike
}

# options_of_page: of the page, or a section of it, on standard input: its lines ".It Fl ...".
options_of_page() {
	sed -n -E 's/^\.It Fl (([^ -]) , )?(Fl )?(-[a-z0-9-]+)(( .*)?)$/-\4 \2- \5/p' |
		sed -E ':again; s/ (Ar|Op|Ns|Cm|Oo|Oc)( |$)/ /; t again' | options_alike
}

options_alike() {
	awk '{
		argument = ""
		for (i = 3; i <= NF; i++)
			argument = argument tolower($i)
		gsub(/[][<>]/, "", argument)
		sub(/^=/, "", argument)
		print $1, substr($2, 1, 1), argument
	}' | sort -u
}

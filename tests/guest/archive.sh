# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Where Debian's archive is, as far as this machine's own apt knows.

# shellcheck disable=SC2034 # used by who reads this
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The archive's address: apt itself reads the machine's sources, whichever of the two formats they
# are written in. The security and backports archives have a suite with a dash in its name.
archive() {
	# shellcheck disable=SC2016 # apt's variables, not the shell's
	apt-get indextargets --format '$(CREATED_BY) $(COMPONENT) $(RELEASE) $(REPO_URI)' |
		awk '$1 == "Packages" && $2 == "main" &&
			$3 ~ /^(bookworm|trixie|forky|sid|unstable|testing|stable|oldstable)$/ {
				print $4; exit }'
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Where Debian's archive is, as far as this machine's own apt knows, and where we keep what we fetched.

cache=${KERNKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kernkit}
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

# suite_of NAME: where a guest's kernel comes from.
suite_of() {
	case $1 in
	6.1) echo bookworm ;;
	6.12) echo trixie ;;
	newest) echo sid ;;
	*) die "$1: no such kernel: one of 6.1 6.12 newest" ;;
	esac
}

# private_apt FOLDER SUITE URI [ARCHITECTURES]: writes an apt configuration there that knows of that suite alone. The
# first of the architectures is what a package is of unless one is named; without any, amd64.
private_apt() {
	local dir=$1 suite=$2 uri=$3 architectures=${4:-amd64}

	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	: >"$dir/status"
	cat >"$dir/suite.sources" <<-END
		Types: deb
		URIs: $uri
		Suites: $suite
		Components: main
		Architectures: $architectures
		Signed-By: $keyring
	END
	cat >"$dir/apt.conf" <<-END
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Post-Invoke;
		APT::Architecture "${architectures%% *}";
		APT::Architectures { "${architectures// /\"; \"}"; };
		APT::Sandbox::User "root";
		Acquire::Retries "3";
		Acquire::Languages { "none"; };
		Dir::State "$dir";
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir";
		Dir::Cache::archives "$dir/archives";
		Dir::Etc::sourcelist "$dir/suite.sources";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
	END
}

# fetch_debian NAME PACKAGES: makes $cache/debian/NAME.tar, a small Debian (trixie) with PACKAGES, a
# list with commas, unless it is there.
fetch_debian() {
	local tar=$cache/debian/$1.tar stamp=$cache/debian/$1.packages uri

	mkdir -p "$cache/debian"
	exec 9>"$cache/debian/.lock"
	flock 9
	if [[ ! -f $tar || $(cat "$stamp" 2>/dev/null) != "$2" ]]; then
		uri=$(archive)
		[[ -n $uri ]] || die "apt knows no Debian archive: see /etc/apt/sources.list.d"
		mmdebstrap --quiet --format=tar --variant=minbase --include="$2" --keyring="$keyring" \
			--aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/doc/*' \
			--dpkgopt='path-exclude=/usr/share/man/*' trixie "$tar.new" "$uri" ||
			die "mmdebstrap failed"
		mv "$tar.new" "$tar"
		echo "$2" >"$stamp"
	fi
	exec 9>&-
}

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

# riscv64_program NAME: where that program of QEMU is, this machine's or the one that fetch-riscv64 keeps. Nothing: nowhere.
riscv64_program() {
	command -v "$1" || ! [[ -x $cache/riscv64/qemu/$1 ]] || echo "$cache/riscv64/qemu/$1"
}

# How binfmt_misc knows a program of riscv64, and with what it runs it: opened now, so that it is there in each root.
binfmt_riscv64() {
	printf ':qemu-riscv64:M::%s:%s:%s:OCF' \
		'\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xf3\x00' \
		'\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' \
		"$(riscv64_program qemu-riscv64-static)"
}

# as_riscv64 COMMAND...: runs it, as root, where the kernel knows that QEMU runs programs of riscv64: here, or where this machine
# does not know it, in a user namespace of its own, of which binfmt_misc is since Linux 6.7. The machine stays as it is.
as_riscv64() {
	local folder command

	if [[ -e /proc/sys/fs/binfmt_misc/qemu-riscv64 ]]; then
		"$@"
		return
	fi
	[[ -n $(riscv64_program qemu-riscv64-static) ]] || die "no QEMU for programs of riscv64: fetch-riscv64 --programs"
	folder=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-riscv64.XXXXXX")
	mkfifo "$folder/mapped"
	binfmt_riscv64 >"$folder/binfmt"
	cat >"$folder/run" <<-'END'
		mount -t binfmt_misc binfmt /proc/sys/fs/binfmt_misc &&
		cat "${0%/run}/binfmt" >/proc/sys/fs/binfmt_misc/register &&
		exec "$@"
	END
	# Its users are those of this machine, once we have said so; root is somebody from the next exec on.
	# shellcheck disable=SC2016 # the other shell's
	unshare --user --mount sh -c 'read -r _ <"$1/mapped"; shift; exec "$@"' sh "$folder" sh "$folder/run" "$@" &
	command=$!
	until [[ $(readlink "/proc/$command/ns/user") != "$(readlink /proc/self/ns/user)" ]]; do
		kill -0 "$command" 2>/dev/null || die "no user namespace can be made"
		sleep 0.1
	done
	echo '0 0 4294967295' >"/proc/$command/uid_map"
	echo '0 0 4294967295' >"/proc/$command/gid_map"
	echo >"$folder/mapped"
	if wait "$command"; then
		rm -r "$folder"
	else
		rm -r "$folder"
		return 1
	fi
}

# fetch_debian NAME PACKAGES [riscv64]: makes $cache/debian/NAME.tar, a small Debian (trixie) with PACKAGES, a list with commas,
# unless it is there.
fetch_debian() {
	local tar=$cache/debian/$1.tar stamp=$cache/debian/$1.packages uri as=() options=()

	mkdir -p "$cache/debian"
	exec 9>"$cache/debian/.lock"
	flock 9
	if [[ ! -f $tar || $(cat "$stamp" 2>/dev/null) != "$2" ]]; then
		uri=$(archive)
		[[ -n $uri ]] || die "apt knows no Debian archive: see /etc/apt/sources.list.d"
		if [[ ${3-} == riscv64 ]]; then
			as=(as_riscv64)
			options=(--architectures=riscv64)
		fi
		"${as[@]}" mmdebstrap --quiet --format=tar --variant=minbase --include="$2" --keyring="$keyring" \
			--aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/doc/*' \
			--dpkgopt='path-exclude=/usr/share/man/*' "${options[@]}" trixie "$tar.new" "$uri" ||
			die "mmdebstrap failed"
		mv "$tar.new" "$tar"
		echo "$2" >"$stamp"
	fi
	exec 9>&-
}

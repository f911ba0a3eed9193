# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# How modules for the guests' kernels are built, with headers that were fetched. For scripts that have die.

# unpack APT INTO PACKAGE...: with the private apt in the folder APT, see archive.sh.
unpack() {
	local apt=$1 into=$2 debs deb

	shift 2
	debs=$(mktemp -d "$apt/debs.XXXXXX")
	(cd "$debs" && apt-get -c "$apt/apt.conf" -qq download "$@") || die "$*: download failed"
	for deb in "$debs"/*.deb; do
		dpkg-deb --extract "$deb" "$into"
	done
	rm -r "$debs"
}

# The programs below $1 that a build runs and that do not find their libraries on this machine.
programs_without_libraries() {
	local program

	find "$1"/usr/lib/linux-kbuild-*/{scripts,tools} -type f -perm -u+x \
		\( -name fixdep -o -name 'modpost*' -o -name genksyms -o -name 'objtool*' -o -name resolve_btfids \) |
		while read -r program; do
			# To its end: ldd that is cut off would fail, and the program would pass for one that runs.
			if ldd "$program" 2>&1 | grep 'not found' >/dev/null; then
				echo "$program"
			fi
		done
}

# give_libraries APT TREE: such programs become scripts that run them with their suite's libraries.
give_libraries() {
	local apt=$1 tree=$2 programs program libraries=$2/libraries

	programs=$(programs_without_libraries "$tree")
	[[ -n $programs ]] || return 0
	unpack "$apt" "$tree/suite" libc6:amd64 libelf1t64:amd64 zlib1g:amd64 libzstd1:amd64
	mv "$tree/suite/usr/lib/x86_64-linux-gnu" "$libraries"
	rm -rf "$libraries/gconv"
	rm -r "$tree/suite"
	for program in $programs; do
		mv "$program" "$program.elf"
		cat >"$program" <<-'END'
			#!/bin/sh
			here=$(readlink -f "$0")
			libraries=${here%/usr/lib/*}/libraries
			exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$here.elf" "$@"
		END
		chmod 755 "$program"
	done
}

# settle_headers TREE PLACE VERSION [ARCHITECTURE]: makes the packages that were unpacked into TREE ready to be moved to PLACE: there
# "build" is the directory for make -C, and "version" says of which kernel. The architecture is the kernel's name of
# it, x86 unless another is named.
settle_headers() {
	local tree=$1 place=$2 version=$3 architecture=${4:-x86} source

	for source in "$tree"/usr/src/*-common/arch/*/; do
		[[ $source == */$architecture/ ]] || rm -r "$source"
	done
	rm -rf "${tree:?}/usr/share"
	# They name their final place, which is here and not /usr/src.
	sed -i "s,/usr/src/,$place/usr/src/,g" "$tree/usr/src/linux-headers-$version/Makefile"
	ln -s "usr/src/linux-headers-$version" "$tree/build"
	echo "$version" >"$tree/version"
	chmod 755 "$tree"
}

# compiler_knows COMPILER OPTION
compiler_knows() {
	"$1" -Werror "$2" -c -x c /dev/null -o /dev/null 2>/dev/null
}

# build_module HEADERS FOLDER OUT [WORD...]: builds the module in FOLDER, which is written to, and puts it into the folder
# OUT. The compiler is gcc, or what CC names; with ARCH=riscv as a word, it is a cross compiler, or what CROSS_CC names.
# All words are make's. False: it was not built; what make said is on stderr then, and otherwise the warnings of our own
# files, which are those in FOLDER.
build_module() {
	local headers=$1 folder=$2 out=$3 settings log=$2/make.log compiler=${CC:-gcc} strip=strip options sources file

	shift 3
	# The kernel's own compiler may be newer. BTF needs pahole, and the module does without.
	settings=(CONFIG_DEBUG_INFO_BTF_MODULES= "$@")
	if [[ " $* " == *" ARCH=riscv "* ]]; then
		compiler=${CROSS_CC:-riscv64-linux-gnu-gcc}
		strip=riscv64-linux-gnu-strip
		settings+=(CROSS_COMPILE=riscv64-linux-gnu-)
	fi
	compiler_knows "$compiler" -fmin-function-alignment=16 || settings+=(CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=)
	# Attributes that an older compiler does not know are a warning of every header.
	options=-Wno-attributes
	# Neither does it know instructions that the kernel uses where the processor has them; there are others.
	if [[ $compiler == *riscv64* ]] && ! compiler_knows "$compiler" -march=rv64imac_zabha_zacas; then
		settings+=(CONFIG_TOOLCHAIN_HAS_ZABHA= CONFIG_TOOLCHAIN_HAS_ZACAS=)
		printf '#undef CONFIG_TOOLCHAIN_HAS_%s\n' ZABHA ZACAS >"$folder/older.h"
		options+=" -include $folder/older.h"
	fi
	settings+=("KCFLAGS=$options")
	if ! make -C "$headers/build" M="$folder" CC="$compiler" "${settings[@]}" modules >"$log" 2>&1; then
		cat "$log" >&2
		return 1
	fi
	sources=$(cd "$folder" && find .. "$folder" -name '*.[ch]' -printf '%f\n' | sort -u | sed 's/\./\\./' | paste -s -d '|')
	grep -E -A 4 "(^|/)($sources):[0-9]*:[0-9]*: (warning|error)" "$log" >&2 || true
	for file in "$folder"/*.ko; do
		"$strip" --strip-debug "$file"
	done
	mv "$folder"/*.ko "$out/"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# How modules for the guests' kernels are built, with headers that were fetched. For scripts that have die.

# settle_headers TREE PLACE VERSION: makes the packages that were unpacked into TREE ready to be moved to PLACE: there
# "build" is the directory for make -C, and "version" says of which kernel.
settle_headers() {
	local tree=$1 place=$2 version=$3 source

	for source in "$tree"/usr/src/*-common/arch/*/; do
		[[ $source == */x86/ ]] || rm -r "$source"
	done
	rm -rf "${tree:?}/usr/share"
	# They name their final place, which is here and not /usr/src.
	sed -i "s,/usr/src/,$place/usr/src/,g" "$tree/usr/src/linux-headers-$version/Makefile"
	ln -s "usr/src/linux-headers-$version" "$tree/build"
	echo "$version" >"$tree/version"
	chmod 755 "$tree"
}

# compiler_knows OPTION: whether this machine's does, or the one that CC names.
compiler_knows() {
	"${CC:-gcc}" -Werror "$1" -c -x c /dev/null -o /dev/null 2>/dev/null
}

# build_module HEADERS FOLDER OUT: builds the module in FOLDER, which is written to, and puts it into the folder OUT.
# False: it was not built; what make said is on stderr then, and otherwise the warnings of our own files.
build_module() {
	local headers=$1 folder=$2 out=$3 settings log=$2/make.log

	# The kernel's own compiler may be newer. BTF needs pahole, and the module does without.
	settings=(CONFIG_DEBUG_INFO_BTF_MODULES=)
	compiler_knows -fmin-function-alignment=16 || settings+=(CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=)
	# Attributes that an older compiler does not know are a warning of every header.
	settings+=(KCFLAGS=-Wno-attributes)
	if ! make -C "$headers/build" M="$folder" CC="${CC:-gcc}" "${settings[@]}" modules >"$log" 2>&1; then
		cat "$log" >&2
		return 1
	fi
	grep -E -A 4 '(prefetch_fixup|decode|kernel_fault)\.c:[0-9]*:[0-9]*: warning' "$log" >&2 || true
	strip --strip-debug "$folder"/*.ko
	mv "$folder"/*.ko "$out/"
}

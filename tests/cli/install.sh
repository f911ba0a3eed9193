#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `make install`: that it puts everything where it belongs, and that a program compiles against the
# installed headers alone. In the Test Anything Protocol.
#
#   install.sh PROJECT
set -uo pipefail

project=$(realpath "${1:?usage: install.sh PROJECT}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
unset DESTDIR PREFIX BUILD MAKEFLAGS MAKELEVEL MFLAGS

expect() {
	local name=$1

	shift
	"$@" >"$work/.output" 2>&1 </dev/null
	ok "$name" $?
}

# A build directory of its own: the one that this test belongs to stays as it is configured.
make_install() {
	make -C "$project" install BUILD="$work/build" "$@"
}

headers=(digsig.h format/block.h format/catalog.h format/check.h format/policy.h format/sha256.h
	format/verdict.h kernel/engine.h)

units=lib/systemd/system
initramfs=share/initramfs-tools

# installed LABEL ROOT: all that belongs below ROOT is there.
installed() {
	local label=$1 root=$2 header libdir

	libdir=$(dirname "$(cd "$root" && find lib* -name libdigsig.so.1.0.0)")
	expect "$label: digsig.pc is about what is installed" \
		grep -qx "prefix=$label" "$root/$libdir/pkgconfig/digsig.pc"
	expect "$label: the command runs" "$root/bin/digsig" --version
	expect "$label: digsigd runs" "$root/sbin/digsigd" --version
	expect "$label: digsig.service starts what is installed" \
		grep -q "^ExecStart=$label/bin/digsig start --boot$" "$root/$units/digsig.service"
	expect "$label: digsigd.service starts what is installed" \
		grep -q "^ExecStart=$label/sbin/digsigd$" "$root/$units/digsigd.service"
	expect "$label: the initramfs hook is executable" test -x "$root/$initramfs/hooks/digsig"
	expect "$label: digsig(1)" test -s "$root/share/man/man1/digsig.1"
	expect "$label: digsig-sign(1) is the same page" \
		cmp "$root/share/man/man1/digsig-sign.1" "$root/share/man/man1/digsig.1"
	expect "$label: digsig-format(5)" test -s "$root/share/man/man5/digsig-format.5"
	expect "$label: digsig-catalog(5)" test -s "$root/share/man/man5/digsig-catalog.5"
	expect "$label: bash completion" test -s "$root/share/bash-completion/completions/digsig"
	expect "$label: zsh completion" test -s "$root/share/zsh/vendor-completions/_digsig"
	expect "$label: fish completion" test -s "$root/share/fish/vendor_completions.d/digsig.fish"
	for header in "${headers[@]}"; do
		expect "$label: digsig/$header" test -s "$root/include/digsig/$header"
	done
	expect "$label: slabtop is installed beside that of procps" "$root/bin/kslabtop" --version
	printf '%s\n' bin/kslabtop share/man/man1/kslabtop.1 \
		share/bash-completion/completions/{digsig,kevents,kslabtop,prefetch,ptcheck,netcon,ramswap,sccon} \
		share/zsh/vendor-completions/_{digsig,kevents,kslabtop,prefetch,ptcheck,netcon,ramswap,sccon} \
		share/fish/vendor_completions.d/{digsig,kevents,kslabtop,prefetch,ptcheck,netcon,ramswap,sccon}.fish \
		bin/ptcheck share/man/man1/ptcheck.1 share/man/man3/libptcheck.3 include/ptcheck/ptcheck.h \
		"$libdir"/{libptcheck.so.1.0.0,pkgconfig/ptcheck.pc} \
		bin/netcon share/man/man1/netcon.1 share/man/man3/libnetcon.3 include/netcon/netcon.h \
		"$libdir"/{libnetcon.so.1.0.0,pkgconfig/netcon.pc} \
		bin/ramswap share/man/man1/ramswap.1 share/man/man3/libramswap.3 share/man/man5/ramswap.conf.5 \
		include/ramswap/{facts,plan,ramswap,settings}.h share/doc/ramswap/ramswap.conf \
		"$libdir"/{libramswap.so.1.0.0,pkgconfig/ramswap.pc} "${units%/*}/system-generators/ramswap-generator" \
		bin/sccon share/man/man1/sccon.1 \
		bin/prefetch share/man/man1/prefetch.1 share/man/man3/libprefetch.3 include/prefetch/{decode,prefetch}.h \
		"$libdir"/{libprefetch.so.1.0.0,libprefetch-preload.so,pkgconfig/prefetch.pc} \
		lib/i386-linux-gnu/libprefetch-preload.so \
		src/prefetch-fixup-0.1.0/{dkms.conf,decode.h,decode/decode.c,decode/{prefix,quick}.h} \
		src/prefetch-fixup-0.1.0/kernel/{Kbuild,Makefile,README.md,prefetch_fixup.c,hook.h,hook_direct.h,hook_kprobe.h} \
		bin/digsig "$libdir"/digsig/digsig-fleet-link.so sbin/digsigd sbin/digsig-fleetd share/man/man1/{digsig,digsig-fleet}.1 share/man/man5/digsig-format.5 \
		share/man/man5/digsig.conf.5 share/man/man8/{digsigd,digsig-fleetd}.8 share/doc/digsig/digsig.conf \
		lib/{sysusers,tmpfiles}.d/digsig-fleet.conf \
		"$units"/{digsig,digsigd,digsig-fleetd,netcon-recv,netcon-send,netcon-targets,ramswap,ramswap-hibernation,ramswap-maintain,sccon@}.service \
		"$units"/ramswap-maintain.timer \
		"$initramfs"/{hooks,scripts/init-bottom}/digsig "$initramfs"/{hooks,scripts/init-top}/sccon \
		share/man/man5/digsig-catalog.5 libexec/digsig/catalog-debs share/doc/digsig/80digsig \
		share/man/man3/libdigsig.3 bin/kevents share/man/man1/kevents.1 \
		share/man/man3/libkevents.3 share/man/man5/kevents-record.5 include/kevents/{kevents,maps,sample}.h \
		"$libdir"/{libkevents.so.1.0.0,pkgconfig/kevents.pc} \
		"$libdir"/{libdigsig.so.1.0.0,pkgconfig/digsig.pc} \
		"${headers[@]/#/include/digsig/}" |
		sort >"$work/wanted"
	find "$root" -type f -printf '%P\n' | sort >"$work/there"
	expect "$label: nothing else" diff "$work/wanted" "$work/there"
}

expect "make install DESTDIR=... PREFIX=/usr" make_install DESTDIR="$work/root" PREFIX=/usr
installed /usr "$work/root/usr"
expect "/usr: nothing outside" test "$(ls -A "$work/root")" = usr

expect "make install DESTDIR=... PREFIX=/opt/x" make_install DESTDIR="$work/other" PREFIX=/opt/x
installed /opt/x "$work/other/opt/x"
expect "/opt/x: nothing outside" test "$(ls -A "$work/other")" = opt

# Each header by itself, and what they give together.
compile() {
	"${CC:-cc}" -std=gnu17 -Wall -Wextra -Werror -I"$work/root/usr/include" "$@"
}

for header in "${headers[@]}"; do
	echo "#include <digsig/$header>" >"$work/alone.c"
	expect "digsig/$header compiles by itself" compile -fsyntax-only "$work/alone.c"
done
cat >"$work/user.c" <<'END'
#include <stdio.h>
#include <digsig/format/check.h>
#include <digsig/format/sha256.h>
#include <digsig/kernel/engine.h>

/* Says whether the file named ends with a signature block's footer. */
int main(int argc, char **argv)
{
	struct digsig_footer footer;
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	long size;

	if (!file || fseek(file, 0, SEEK_END))
		return 1;
	size = ftell(file);
	if (size < DIGSIG_FOOTER_SIZE || fseek(file, -DIGSIG_FOOTER_SIZE, SEEK_END) ||
		fread(&footer, sizeof(footer), 1, file) != 1)
		return 1;
	fclose(file);
	if (digsig_check_footer(&footer, (__u64)size))
		return 65;
	printf("%u %u\n", digsig_le32(footer.block_size), DIGSIG_VERDICT_OK);
	return sizeof(struct digsig_event) > DIGSIG_PATH_SIZE ? 0 : 1;
}
END
expect "a program compiles against the installed headers" compile -o "$work/user" "$work/user.c"
cp /bin/true "$work/signed"
"$work/root/usr/bin/digsig" key new me --out "$work" >/dev/null
expect "kevents runs" "$work/root/usr/bin/kevents" --version
# The example of libkevents(3).
man=$work/root/usr/share/man/man3/libkevents.3
sed -n '/^\.Bd/,/^\.Ed/{/^\./d;s/\\en/\\n/;p}' "$man" >"$work/watch.c"
libdir=$(dirname "$(find "$work/root/usr" -name libkevents.so)")
expect "the example of libkevents(3) compiles and links" compile -Wno-unused-parameter \
	-o "$work/watch" "$work/watch.c" -L"$libdir" -lkevents
expect "examples/profile.c compiles and links" compile -o "$work/profile" "$project/examples/profile.c" \
	-L"$libdir" -lkevents
nm -D --defined-only "$libdir/libkevents.so" | sed -n 's/.* T \([a-z_]*\).*/\1/p' | sort >"$work/symbols"
sed -n 's/^\t\(kevents_[a-z_]*\);/\1/p' "$project/kevents/library/libkevents.map" | sort |
	diff - "$work/symbols" >"$work/.output" 2>&1
ok "libkevents shows what its map names, and nothing else" $?
expect "prefetch runs" "$work/root/usr/bin/prefetch" --version
cat >"$work/mend.c" <<'END'
#include <prefetch/prefetch.h>

/* Handles faults, and says what two bytes are. */
int main(void)
{
	struct prefetch prefetch;

	if (prefetch_handler_install())
		return 1;
	return prefetch_decode("\x0f\x18\x08", 3, PREFETCH_64, &prefetch);
}
END
expect "a program compiles with libprefetch" compile -o "$work/mend" "$work/mend.c" -L"$libdir" -lprefetch
expect "and runs" env LD_LIBRARY_PATH="$libdir" "$work/mend"
nm -D --defined-only "$libdir/libprefetch.so" | sed -n 's/.* T \([a-z_]*\).*/\1/p' | sort >"$work/symbols"
sed -n 's/^\t\(prefetch_[a-z_]*\);/\1/p' "$project/prefetch/library/libprefetch.map" | sort |
	diff - "$work/symbols" >"$work/.output" 2>&1
ok "libprefetch shows what its map names, and nothing else" $?
expect "ptcheck runs" "$work/root/usr/bin/ptcheck" --version
cat >"$work/judge.c" <<'END'
#include <ptcheck/ptcheck.h>

/* A disk of one sector that is all zero. */
int main(void)
{
	static const unsigned char sector[512];
	const struct ptcheck_block block = { 0, sizeof(sector), 0, sector };
	const struct ptcheck_disk disk = { .size = sizeof(sector), .sector_size = sizeof(sector) };
	struct ptcheck_result result;

	return ptcheck_judge(&result, &disk, &block, 1) || result.verdict != PTCHECK_EMPTY;
}
END
expect "a program compiles with libptcheck" compile -o "$work/judge" "$work/judge.c" -L"$libdir" -lptcheck
expect "and runs" env LD_LIBRARY_PATH="$libdir" "$work/judge"
nm -D --defined-only "$libdir/libptcheck.so" | sed -n 's/.* T \([a-z_]*\).*/\1/p' | sort >"$work/symbols"
sed -n 's/^\t\(ptcheck_[a-z_]*\);/\1/p' "$project/ptcheck/library/libptcheck.map" | sort |
	diff - "$work/symbols" >"$work/.output" 2>&1
ok "libptcheck shows what its map names, and nothing else" $?
expect "netcon runs" "$work/root/usr/bin/netcon" --version
cat >"$work/parse.c" <<'END'
#include <netcon/netcon.h>

int main(void)
{
	static const char datagram[] = "6.1.0,6,1822,115,-;text";
	struct netcon_message message;

	netcon_parse(datagram, sizeof(datagram) - 1, &message);
	return !message.is_extended || message.sequence != 1822;
}
END
expect "a program compiles with libnetcon" compile -o "$work/parse" "$work/parse.c" -L"$libdir" -lnetcon
expect "and runs" env LD_LIBRARY_PATH="$libdir" "$work/parse"
nm -D --defined-only "$libdir/libnetcon.so" | sed -n 's/.* T \([a-z_]*\).*/\1/p' | sort >"$work/symbols"
sed -n 's/^\t\(netcon_[a-z_]*\);/\1/p' "$project/netcon/library/libnetcon.map" | sort |
	diff - "$work/symbols" >"$work/.output" 2>&1
ok "libnetcon shows what its map names, and nothing else" $?
expect "sccon runs" "$work/root/usr/bin/sccon" --version
expect "ramswap runs" "$work/root/usr/bin/ramswap" --version
expect "a program compiles with libramswap" compile -o "$work/plan" "$project/examples/ramswap.c" -L"$libdir" -lramswap
expect "and runs" env LD_LIBRARY_PATH="$libdir" "$work/plan" "$project/tests/ramswap/roots/reserved-7.2"
expect "the installed command signs" "$work/root/usr/bin/digsig" sign --key "$work/me.key" \
	"$work/signed"
expect "that program finds the block" "$work/user" "$work/signed"
"$work/user" /bin/true
expect "and finds none where there is none" test $? -eq 65

echo "1..$count"

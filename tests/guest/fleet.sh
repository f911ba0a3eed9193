# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What tests/guest/fleet needs before it can test: this machine as docs/fleet.md has it, guests, and a server. For the script that
# has sourced archive.sh, root.sh and complaints.sh, and that has $here, $project, $build, $digsig, $kernel, $place, $work, $name,
# $hosts, $lost, $server, $guest and $channel.

# shellcheck disable=SC2154,SC2034 # those are of who reads this

# shellcheck source=tests/lib/until.sh
. "$project/tests/lib/until.sh"

# --- this machine, as docs/fleet.md has it

make_machine() {
	local each

	mkdir -p "$work"/{etc,lib,admin,bin}
	for each in alternatives group ld.so.cache nsswitch.conf passwd ssl; do
		[[ ! -e /etc/$each ]] || cp -r "/etc/$each" "$work/etc/" 2>/dev/null || true
	done
	# The server's user is who runs this, the one user that there is here.
	sed -i '/^nats:/d' "$work/etc/passwd" "$work/etc/group"
	echo "nats:x:0:0::/:/bin/sh" >>"$work/etc/passwd"
	echo "nats:x:0:" >>"$work/etc/group"
	printf '127.0.0.1 localhost nats.example.org\n' >"$work/etc/hosts"
	mount --bind "$work/etc" /etc
	mount --bind "$work/lib" /var/lib
	mount -t tmpfs tmpfs /opt
	ip link set lo up
	ln -s "$digsig" "$work/bin/digsig"
	printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
	chmod 755 "$work/bin/sudo"
	export PATH=$work/bin:$PATH XDG_STATE_HOME=$work/state NO_COLOR=1
	unset NATS_URL NATS_CA NATS_CERT NATS_KEY NATS_CREDS
}

# block HEADING N: the Nth code block below that heading of docs/fleet.md.
block() {
	awk -v heading="### $1" -v wanted="$2" '
		/^##/ { here = $0 == heading; next }
		here && /^```sh$/ { number++; inside = number == wanted; next }
		/^```$/ { inside = 0 }
		here && inside' "$project/docs/fleet.md" | grep .
}

# line HEADING TEXT: the line of its code blocks that has it.
line() {
	block "$1" 2 | grep -F -- "$2"
}

# --- checks

# failed REASON [LOG...]
failed() {
	local log

	echo "FAIL $name: $1"
	for log in "${@:2}"; do
		[[ ! -s $log ]] || tail -n 25 "$log" | tr -d '\r' | sed 's/^/    /'
	done
	! emulator_lost_it "$work"/*.console 2>/dev/null || exit "$lost"
	exit 1
}

# passed WHAT
passed() {
	echo "PASS $name: $1"
}

# administrator NAME COMMAND: a shell's command, in the administrator's folder; what it prints is in $work/said.
administrator() {
	(cd "$work/admin" && bash -euc "$2") >"$work/said" 2>&1 </dev/null || failed "$1" "$work/said" "$work/server.log"
}

# --- guests

# says HOST TEXT: its last word about that program is this.
says() {
	local words=${2% *}

	[[ $(grep -a "^watch $words " "$work/$1.said" | tail -n 1) == "watch $2" ]]
}

# everywhere SECONDS WHAT TEXT: on both hosts.
everywhere() {
	local host

	for host in "${hosts[@]}"; do
		until_true "$1" says "$host" "$3" || failed "$host: $2" "$work/$host.said" "$work/$host.console"
	done
	passed "$2"
}

answers() {
	grep -a -c '^done ' "$work/$1.said" || true
}

has_answered() {
	[[ $(answers "$1") -gt $2 ]]
}

# ask HOST COMMAND: its shell does it; what it says is in $work/answer. Whether it succeeded.
ask() {
	local before size

	before=$(answers "$1")
	size=$(stat -c %s "$work/$1.said")
	echo "$2" >&"${channel[$1]}"
	until_true 300 has_answered "$1" "$before" || failed "$1: no answer: $2" "$work/$1.said" "$work/$1.console"
	tail -c "+$((size + 1))" "$work/$1.said" | grep -a -v '^watch ' >"$work/answer"
	grep -q -x 'done 0' "$work/answer"
}

# asked HOST COMMAND: it must succeed.
asked() {
	ask "$@" || failed "$1: $2" "$work/answer"
}

# tried HOST PROGRAM RESULT
tried() {
	asked "$1" "[ \"\$(try $2)\" = $3 ]"
}

# The guests' programs, all of which the administrator's catalog will have.
make_root() {
	local programs=$build/tests/guest/helpers

	mkdir -p "$work"/root/{bin,dev,proc,sys,tmp,run,root,etc/digsig/trust,usr/bin,usr/sbin,opt/watch,var/lib}
	install -m 755 /bin/busybox "$work/root/bin/busybox"
	install -m 755 "$here/fleet-init" "$work/root/init"
	install -m 755 "$here/fleet-systemctl" "$work/root/usr/bin/systemctl"
	install_program "$digsig" /usr/bin/digsig
	install_program "$build/digsig/daemon/digsigd" /usr/sbin/digsigd
	install_program "$build/digsig/fleetd/digsig-fleetd" /usr/sbin/digsig-fleetd
	install_program /usr/bin/install /usr/bin/install
	install_program "$programs/notify-listen" /usr/bin/notify-listen
	install_program "$(command -v setpriv)" /usr/bin/setpriv
	printf '%s\n' root:x:0:0:root:/root:/bin/sh digsig-fleet:x:900:900::/var/lib/digsig-fleet:/bin/sh >"$work/root/etc/passwd"
	printf '%s\n' root:x:0: digsig-fleet:x:900: >"$work/root/etc/group"
	printf '127.0.0.1 localhost\n10.0.2.2 nats.example.org\n' >"$work/root/etc/hosts"
	# What is signed, and what is not.
	mkdir -p /opt/tool/bin
	install -m 755 "$programs/hello-static" /opt/tool/bin/tool
	install -m 755 "$programs/howdy" "$work/admin/howdy"
	install -m 755 "$programs/hello" "$work/admin/hello"
}

# What goes over it, once the administrator has keys.
finish_root() {
	administrator "programs are signed" "digsig sign --key code.key hello howdy"
	install -m 755 /opt/tool/bin/tool "$work/root/opt/watch/tool"
	install -m 755 "$work/admin/hello" "$work/root/opt/watch/signed"
	install -m 755 "$work/admin/howdy" "$work/root/opt/watch/revocable"
	install -m 755 "$build/tests/guest/helpers/intruder-static" "$work/root/opt/watch/intruder"
	install -D -m 755 "$build/tests/guest/helpers/intruder" "$work/root/opt/late"
	pack_root "$work/root" >"$work/root.cpio"
	cat "$work/root.cpio" "$place/modules.cpio" >"$work/initramfs"
}

# make_host HOST: what the administrator brings there, and types there.
make_host() {
	local own=$work/own.$1 full=$1.example.org

	mkdir -p "$own/root"
	cp "$work"/admin/fleet.crt "$work"/admin/tls/{ca.crt,"$full.crt","$full.key"} "$own/root/"
	block "The hosts" 1 | sed "s/web1\.example\.org/$full/g" >"$own/root/setup"
	pack_root "$own" >"$work/$1.cpio"
	cat "$work/initramfs" "$work/$1.cpio" >"$work/$1.initramfs"
}

# start_guest HOST: for the kernel's parameters see run.
start_guest() {
	local fd said processor

	said=$("$here/accelerator" "$place/vmlinuz")
	read -ra processor <<<"$said"
	: >"$work/$1.said"
	: >"$work/$1.console"
	mkfifo "$work/$1.channel"
	exec {fd}<>"$work/$1.channel"
	channel[$1]=$fd
	timeout 600 qemu-system-x86_64 -machine q35 "${processor[@]}" -smp 1 -m 768 -nodefaults -display none -no-reboot \
		-netdev user,id=network,ipv6=off -device virtio-net-pci,netdev=network,romfile= \
		-serial "file:$work/$1.console" -serial stdio -kernel "$place/vmlinuz" -initrd "$work/$1.initramfs" \
		-append "console=ttyS0 loglevel=5 rdinit=/init panic=-1 no_timer_check tsc=reliable log_buf_len=1M \
			tsc_early_khz=$("$build/tests/guest/tsc-frequency")" <&"$fd" >"$work/$1.said" 2>"$work/$1.qemu" &
	guest[$1]=$!
}

# --- the server

listens() {
	(: <"/dev/tcp/127.0.0.1/4222") 2>/dev/null
}

start_server() {
	local command

	command=$(block "The server" 3)
	# shellcheck disable=SC2086 # words
	$command >>"$work/server.log" 2>&1 &
	server=$!
	until_true 60 listens || failed "the server does not start" "$work/server.log"
}

stop_server() {
	kill -9 "$server"
	wait "$server" 2>/dev/null || true
	server=
}

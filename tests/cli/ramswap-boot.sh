#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap-generator on machines in folders: what it makes systemd start, and what it says; and the units. In the Test
# Anything Protocol.
#
#   ramswap-boot.sh GENERATOR PROJECT UNIT...
set -uo pipefail

generator=$(realpath "${1:?usage: ramswap-boot.sh GENERATOR PROJECT UNIT...}")
project=$(realpath "${2:?usage: ramswap-boot.sh GENERATOR PROJECT UNIT...}")
shift 2
mapfile -t units < <(realpath "$@")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# The test may run in a container; the machines in folders say themselves what they are.
unset SYSTEMD_VIRTUALIZATION SYSTEMD_IN_INITRD

# machine [LINE]: an empty one, started with this command line.
machine() {
	rm -rf "$work/root" "$work/out"
	root=$work/root
	mkdir -p "$root/proc" "$root/etc" "$root/run" "$work/out"
	echo "BOOT_IMAGE=/vmlinuz root=/dev/vda1 ${1-}" >"$root/proc/cmdline"
	echo 'MemTotal:        8013220 kB' >"$root/proc/meminfo"
	printf '00001000-0009ffff : System RAM\n' >"$root/proc/iomem"
}

# put FILE TEXT: below the root.
put() {
	mkdir -p "$(dirname "$root/$1")"
	printf '%b' "$2" >"$root/$1"
}

# makes NAME FILES: the generator ends well, and has made these, which spaces separate.
makes() {
	local made

	rm -rf "$work/out" && mkdir "$work/out"
	"$generator" --root "$root" "$work/out" "$work/early" "$work/late" >"$work/said" 2>&1
	local status=$?
	made=$(cd "$work/out" && find . -mindepth 1 ! -type d | sed 's,^\./,,' | LC_ALL=C sort | tr '\n' ' ')
	{
		echo "exit code $status, made: $made; expected: $2"
		cat "$work/said"
	} >"$work/.output"
	[[ $status -eq 0 && ${made% } == "$2" ]]
	ok "$1" $?
}

# quietly: it said nothing.
quietly() {
	[[ ! -s $work/said ]]
	ok "and it says nothing" $?
}

# needs NAME UNIT...: the service is ordered behind these, and no others.
needs() {
	local name=$1 unit

	shift
	{
		echo "# Written by ramswap-generator: ramswap.conf(5)."
		echo "[Unit]"
		for unit in "$@"; do
			printf 'Wants=%s\nAfter=%s\n' "$unit" "$unit"
		done
	} >"$work/expected"
	diff -u "$work/expected" "$work/out/$drop_in" >"$work/.output" 2>&1
	ok "$name" $?
}

drop_in=ramswap.service.d/50-ramswap-generator.conf
service="$drop_in swap.target.wants/ramswap.service"
timer=timers.target.wants/ramswap-maintain.timer

# --- wanted or not
machine
makes "no configuration, nothing on the command line" ""
quietly
machine
put etc/ramswap.conf ''
makes "an empty configuration" "$service"
quietly
needs "with the module zram" modprobe@zram.service
[[ $(readlink "$work/out/swap.target.wants/ramswap.service") == */ramswap.service ]]
ok "the link leads to the unit" $?
for folder in etc run usr/lib; do
	machine
	put "$folder/ramswap.conf.d/10-x.conf" '[zram]\nuse = no\n'
	makes "a fragment in /$folder, without zram" "swap.target.wants/ramswap.service"
done
ln -s /dev/null "$root/etc/ramswap.conf"
makes "a masked configuration, and a fragment" "swap.target.wants/ramswap.service"
rm "$root/usr/lib/ramswap.conf.d/10-x.conf"
makes "a masked configuration alone" ""
quietly

# wanted LINE YES CONFIGURATION: with this command line.
wanted() {
	machine "$1"
	[[ $3 == none ]] || put etc/ramswap.conf "$3"
	makes "command line \"$1\", configuration: $3" "$2"
}

wanted 'ramswap=1' "$service" none
wanted 'ramswap' "$service" none
wanted 'ramswap=on' "$service" none
wanted 'ramswap=0' "" ''
quietly
wanted 'ramswap=no' "" ''
wanted 'ramswap=1 ramswap=0' "" ''
wanted 'ramswap=0 ramswap=1' "$service" none
wanted '"ramswap=0"' "" ''
wanted "ramswap='0'" "" ''
wanted 'dyndbg="file x +p ramswap=0"' "$service" ''
wanted 'ramswap.x=0 noramswap=0' "$service" ''
wanted 'ramswap=maybe' "$service" ''
[[ $(cat "$work/said") == "ramswap-generator: ramswap= on the kernel's command line is neither 0 nor 1, and does not count" ]]
ok "it says that it does not count" $?
wanted 'ramswap=maybe' "" none
machine
rm "$root/proc/cmdline"
put etc/ramswap.conf ''
makes "no command line" "$service"

# --- where it does nothing
# elsewhere NAME FILE TEXT
elsewhere() {
	machine ramswap=1
	put etc/ramswap.conf ''
	put "$2" "$3"
	makes "$1" ""
	quietly
}

elsewhere "a container of systemd-nspawn" run/systemd/container 'systemd-nspawn\n'
elsewhere "a container of podman" run/.containerenv ''
elsewhere "a container of docker" .dockerenv ''
elsewhere "a container, by its environment" proc/1/environ 'HOME=/\0container=lxc\0TERM=linux\0'
elsewhere "a container of OpenVZ" proc/vz/veinfo ''
elsewhere "a kernel that saves another's memory" proc/vmcore 'x'
elsewhere "an initramfs" etc/initrd-release 'ID=debian\n'
machine ramswap=1
put proc/1/environ 'HOME=/\0xcontainer=lxc\0container=\0'
makes "an environment like that of a container" "$service"
mkdir -p "$root/proc/vz" "$root/proc/bc"
makes "a host of OpenVZ" "$service"

# --- others
# zram-generator, with a configuration
with_generator() {
	machine "${2-}"
	put usr/lib/systemd/system-generators/zram-generator ''
	put etc/systemd/zram-generator.conf "$1"
	put etc/ramswap.conf ''
}
with_generator '[zram0]\n'
makes "beside zram-generator" ""
[[ $(cat "$work/said") == "ramswap-generator: zram-generator sets up zram here, so ramswap is not started: see ramswap import" ]]
ok "it says so" $?
put etc/ramswap.conf '[policy]\nbeside-others = yes\n'
makes "beside zram-generator, as asked" "$service"
quietly
with_generator '[zram0]\n' ramswap=1
makes "beside zram-generator, ramswap=1" ""
with_generator '[zram0]\nhost-memory-limit = 1000\n'
makes "zram-generator, on too large a machine" "$service"
with_generator '[zram0]\nmount-point = /x\n'
makes "zram-generator, for a file system" "$service"
with_generator '[zram0]\n' systemd.zram=0
makes "zram-generator, turned off on the command line" "$service"
with_generator '' systemd.zram
makes "zram-generator, turned on on the command line" ""
with_generator '[zram0\n'
makes "zram-generator, with a configuration that it does not take" "$service"
with_generator '[zram0]\n'
put etc/systemd/system-generators/x ''
ln -s /dev/null "$root/etc/systemd/system-generators/zram-generator"
makes "zram-generator, masked" "$service"
with_generator '[zram0]\n'
rm "$root/usr/lib/systemd/system-generators/zram-generator"
makes "zram-generator's configuration, without zram-generator" "$service"
for name in zramswap zram-config zram-swap; do
	machine
	put etc/ramswap.conf ''
	put usr/lib/systemd/system/$name.service ''
	makes "$name.service, not enabled" "$service"
	mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
	ln -s /usr/lib/systemd/system/$name.service "$root/etc/systemd/system/multi-user.target.wants/"
	makes "$name.service, enabled" ""
	rm "$root/usr/lib/systemd/system/$name.service"
	makes "$name.service, enabled, and gone" "$service"
done

# --- what it needs
# pmem CONFIGURATION FILES UNIT...
needed() {
	local configuration=$1 files=$2

	shift 2
	machine
	put etc/ramswap.conf "$configuration"
	printf '%b' "$memory" >>"$root/proc/iomem"
	makes "${configuration//$'\n'/ } ${memory:+with reserved memory}" "$files"
	[[ $# -eq 0 ]] || needs "needs $*" "$@"
}

memory=
pmem=dev-pmem0.device.d/50-ramswap-generator.conf
needed '[source pmem0]\nuse = yes' "$pmem $service" modprobe@{zram,nd_pmem}.service dev-pmem0.device
[[ $(cat "$work/out/$pmem") == "# Written by ramswap-generator: ramswap.conf(5).
[Unit]
JobRunningTimeoutSec=10s" ]]
ok "a device is not waited for as long as others" $?
needed '[zram]\nuse = no\n[source namespace0.0]\nuse = yes' "$service" modprobe@nd_pmem.service
needed '[zram]\nuse = no\n[source ram0]\nuse = yes' "dev-ram0.device.d/50-ramswap-generator.conf $service" \
	modprobe@brd.service dev-ram0.device
needed '[source dax0.0]\nuse = system-ram' "$service" modprobe@{zram,device_dax,kmem}.service
needed '[source dax0.0]\nuse = yes' "$service" modprobe@{zram,device_dax}.service
needed '[source pmem0]\nuse = auto\n[source ram0]\nuse = no' "$service" modprobe@zram.service
needed '[source pmem0]\nuse = yes\n[source pmem0]\nuse = yes' "$pmem $service" modprobe@{zram,nd_pmem}.service dev-pmem0.device
memory='20000000-3c1fffff : Persistent Memory (legacy)\n  20000000-3c1fffff : namespace0.0\n'
needed '' "$pmem $service" modprobe@{zram,nd_pmem,nd_e820}.service dev-pmem0.device
needed '[source pmem0]\nuse = no' "$service" modprobe@{zram,nd_pmem,nd_e820}.service
memory='140000000-15fffffff : Persistent Memory\n'
needed '' "$service" modprobe@{zram,nd_pmem}.service
memory=
needed '[zram]\nwriteback = /dev/disk/by-id/x-y' \
	"dev-disk-by\\x2did-x\\x2dy.device.d/50-ramswap-generator.conf $service $timer" \
	modprobe@zram.service 'dev-disk-by\x2did-x\x2dy.device'
needed '[zram]\nuse = no\nwriteback = /dev/vdb' "swap.target.wants/ramswap.service"
needed '[zram]\nwriteback = /var/lib/x' "$service $timer" modprobe@zram.service
needed '[zram]\nwriteback = /dev/../etc/x' "$service $timer" modprobe@zram.service
needed "[zram]\nwriteback = /dev/$(printf -- '-%.0s' {1..150})" "$service $timer" modprobe@zram.service
needed '[zram]\nrecompression = zstd' "$service $timer" modprobe@zram.service
needed '[zram]\nrecompression = none' "$service" modprobe@zram.service
needed '[zram]\nuse = maybe' "swap.target.wants/ramswap.service"
quietly
machine
put etc/ramswap.conf "$(for i in {0..31}; do printf '[source pmem%d]\\nuse = yes\\n' "$i"; done)[zram]\nwriteback=/dev/x\n"
"$generator" --root "$root" "$work/out" >"$work/said" 2>&1
[[ $(grep -c '^After=dev-' "$work/out/$drop_in") -eq 33 ]]
ok "as many sources as there may be" $?

# --- a folder that cannot be written
machine ramswap=1
"$generator" --root "$root" "$work/nowhere" >.output 2>&1
[[ $? -eq 1 ]] && grep -q "^ramswap-generator: .*nowhere/ramswap.service.d: No such file or directory$" .output
ok "no folder: it says so, in one line" $?
touch "$work/out/swap.target.wants"
"$generator" --root "$root" "$work/out" >.output 2>&1
[[ $? -eq 1 && $(wc -l <.output) -eq 1 ]]
ok "a file in the way of a folder" $?
if [[ -c /dev/full ]]; then
	machine ramswap=1
	mkdir -p "$work/out/ramswap.service.d"
	ln -s /dev/full "$work/out/$drop_in"
	"$generator" --root "$root" "$work/out" >.output 2>&1
	[[ $? -eq 1 && ! -e $work/out/swap.target.wants ]]
	ok "a full disk: nothing is wanted" $?
else
	skip "a full disk" "no /dev/full"
fi
for arguments in '' 'a b' 'a b c d' '--help' "--root $work"; do
	# shellcheck disable=SC2086 # they are words
	"$generator" $arguments >.output 2>&1
	[[ $? -eq 2 ]]
	ok "usage: $arguments" $?
done
machine ramswap=1
"$generator" --root "$root" "$work/out" && "$generator" --root "$root" "$work/out" >.output 2>&1
ok "twice into one folder" $?
SYSTEMD_VIRTUALIZATION=container:podman "$generator" "$work/none" >.output 2>&1
ok "in a container, by what systemd says, it does not look" $?
SYSTEMD_IN_INITRD=1 "$generator" "$work/none" >.output 2>&1
ok "in an initramfs, too" $?

# --- the units, as systemd sees them with what the generator made
while read -r setting; do
	grep -q "^\.It Cm $setting" "$project/ramswap/man/ramswap.conf.5"
	ok "ramswap.conf(5) explains $setting" $?
done < <(sed -n 's/^	{ "\(zram\|source\|policy\)", "\([a-z-]*\)", .*/\2/p' "$project/ramswap/config/keys.c" | sort -u)
if ! command -v systemd-analyze >/dev/null || [[ ! -e /usr/lib/systemd/system/sysinit.target && ! -e /lib/systemd/system/sysinit.target ]]; then
	skip "the units" "no systemd here"
	echo "1..$count"
	exit
fi
machine ramswap=1
put etc/ramswap.conf '[zram]\nwriteback = /dev/vdb\n[source pmem0]\nuse = yes\n'
"$generator" --root "$root" "$work/out"
for unit in "${units[@]}"; do
	[[ $unit != *ramswap* ]] || sed 's,^\(ExecSt[a-z]*\)=[^ ]*,\1=/bin/true,' "$unit" >"$work/out/$(basename "$unit")"
done
for link in "$work"/out/*.wants/*; do
	[[ -e $work/out/$(basename "$link") ]]
	ok "$(basename "$link"), which is wanted, is a unit" $?
done
export SYSTEMD_UNIT_PATH=$work/out:/usr/lib/systemd/system:/lib/systemd/system
systemd-analyze verify --man=no "$work"/out/ramswap*.{service,timer} sysinit.target multi-user.target >.output 2>&1
! grep -E 'ramswap|cycle|dev-pmem0|dev-vdb' .output
ok "systemd has no complaint" $?
# It is behind all swap, and before what needs it: a unit that turns this around makes a circle.
# circle NAME BEFORE AFTER
circle() {
	mkdir -p "$work/out/swap.target.wants"
	printf '[Unit]\nDefaultDependencies=no\nBefore=%s\nAfter=%s\n[Service]\nType=oneshot\nExecStart=/bin/true\n' "$2" "$3" \
		>"$work/out/circle.service"
	ln -sf "$work/out/circle.service" "$work/out/swap.target.wants/circle.service"
	systemd-analyze verify --man=no sysinit.target >.output 2>&1
	grep -q 'ordering cycle on' .output
	ok "$1" $?
}
circle "it is behind swap.target" swap.target ramswap.service
circle "it is before sysinit.target" ramswap.service sysinit.target
circle "it is behind the module" modprobe@zram.service ramswap.service

echo "1..$count"

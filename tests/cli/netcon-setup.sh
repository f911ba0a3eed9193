#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# netcon setup, list, remove and test, where they need no netconsole: usage errors, a kernel without it, and what is
# found of a target, in network namespaces of the test's own. tests/guest/netcon-crash has the rest. In the Test
# Anything Protocol.
#
#   netcon-setup.sh NETCON
# shellcheck disable=SC2317 # "own" calls the functions
set -uo pipefail

netcon=$(realpath "${1:?usage: netcon-setup.sh NETCON}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# --- usage
expect 2 "no address" "$netcon" setup
says "there must be either ADDRESS or --all" "it says what there must be"
expect 2 "an address and --all" "$netcon" setup --all 192.0.2.1
expect 2 "--all and --persist" "$netcon" setup --all --persist
expect 2 "two addresses" "$netcon" setup 192.0.2.1 192.0.2.2
for address in host 192.0.2.1:0 192.0.2.1:65536 '[2001:db8::1' 300.0.2.1 ''; do
	expect 2 "no address: \"$address\"" "$netcon" setup "$address"
done
says "not one of ADDRESS, ADDRESS:PORT" "it says what an address is"
expect 2 "an interface that is not there" "$netcon" setup '[fe80::1%nobody]:6666'
says "there is no such interface" "it says that"
for option in --mac=52:54:00:12:34 --mac=00:00:00:00:00:00 --source=host --source-port=0 --source-port=65536 \
	--sysdata=cpu --sysdata= --level=0 --level=9 --timeout=2h --name=a/b --name= --userdata=x --userdata=.=x \
	--interface=abcdefghijklmnop "--userdata=name=$(printf %0200d 0)"; do
	expect 2 "not ${option:0:30}" "$netcon" setup "$option" 192.0.2.1
done
expect 2 "userdata of a basic target" "$netcon" setup --basic --userdata rack=7 192.0.2.1
expect 2 "sysdata of a basic target" "$netcon" setup --basic --sysdata msgid 192.0.2.1
many=()
for number in {1..16}; do
	many+=(--userdata "name$number=x")
done
expect 2 "sixteen userdata" "$netcon" setup "${many[@]}" 192.0.2.1
says "at most 15" "it says how many there may be"
expect 2 "remove nothing" "$netcon" remove
expect 2 "test nothing" "$netcon" test
expect 2 "list something" "$netcon" list netcon
expect 2 "a column that is not there" "$netcon" list -o COLOUR
expect 0 "help" "$netcon" setup --help

# --- a kernel without netconsole
if [[ -e /sys/kernel/config/netconsole || -e /sys/module/netconsole ]]; then
	skip "without netconsole" "this kernel has it"
elif [[ $(id -u) -ne 0 ]]; then
	expect 3 "without netconsole, not root" "$netcon" setup 192.0.2.1
	says "only root can make it" "it says who can"
elif grep -qs '^CONFIG_NETCONSOLE=m' "/boot/config-$(uname -r)"; then
	skip "without netconsole" "this would load it"
else
	expect 3 "without netconsole" "$netcon" setup 192.0.2.1
	says "netconsole is not in the kernel $(uname -r)" "it names the kernel"
	expect 3 "--all without netconsole" "$netcon" setup --all
fi
if [[ -e /sys/kernel/config/netconsole || -e /etc/netcon/targets.d ]]; then
	skip "list of none" "this machine has some"
else
	expect 0 "list of none" "$netcon" list
	[[ $(grep -vc '^exit code' .output) -eq 0 ]]
	ok "it prints nothing" $?
	expect 0 "list --json of none" "$netcon" list --json
fi
expect 3 "remove what is not there" "$netcon" remove nobody-of-that-name
says "nobody-of-that-name: there is no such target" "it says so"
expect 3 "remove what is no name" "$netcon" remove --persisted ../../../etc/passwd
expect 3 "test what is not there" "$netcon" test nobody-of-that-name
says "nobody-of-that-name: there is no target of that name or address" "it says so"
expect 3 "test an address without a target" "$netcon" test 192.0.2.9

# --- what is found. Two namespaces: in the other one is the neighbour, which answers.
peer=
own_pid=
clean_up() {
	[[ -z $peer ]] || kill "$peer" 2>/dev/null
	[[ -z $own_pid ]] || kill "$own_pid" 2>/dev/null
}

# own COMMAND...: in this machine's namespace, which is none of the host's.
own() {
	nsenter --preserve-credentials --user --net --target "$own_pid" "$@"
}

# network_of PROCESS: the name of its network namespace.
network_of() {
	readlink "/proc/$1/ns/net"
}

# leaves NETWORK PROCESS: waits until the process is not in that network any more.
leaves() {
	for _ in {1..100}; do
		[[ $(network_of "$2") == "$1" ]] || return 0
		sleep 0.1
	done
	return 1
}

make_network() {
	unshare --user --map-root-user --net sleep 1000 &
	own_pid=$!
	leaves "$(network_of $$)" "$own_pid" || return 1
	# Not by the function, whose process would be another one.
	nsenter --preserve-credentials --user --net --target "$own_pid" unshare --net sleep 1000 &
	peer=$!
	leaves "$(network_of $$)" "$peer" && leaves "$(network_of "$own_pid")" "$peer" || return 1
	own ip link add inside address 52:54:00:00:00:01 type veth peer name outside address 52:54:00:00:00:02 &&
		own ip link set outside netns "$peer" &&
		other ip link set outside up && other ip addr add 192.0.2.2/24 dev outside &&
		other ip -6 addr add 2001:db8::2/64 dev outside nodad &&
		own ip link set lo up
}

# other COMMAND...: the same for the neighbour.
other() {
	nsenter --preserve-credentials --user --net --target "$peer" "$@"
}

find_target() {
	own "$netcon" setup --dry-run --timeout 10s "$@"
}

if ! make_network >.output 2>&1; then
	skip "what is found" "no network namespaces with veth here: $(tail -n 1 .output)"
	echo "1..$count"
	exit
fi
own ip addr add 192.0.2.1/24 dev inside
own ip -6 addr add 2001:db8::1/64 dev inside nodad
expect 3 "an interface that is down" find_target --interface inside --source 192.0.2.1 192.0.2.2
says "is down: ip link set inside up" "it says what to do"
own ip link set inside up
expect 0 "a neighbour" find_target 192.0.2.2
says "netcon: inside, 192.0.2.1:6665 to 192.0.2.2:6666 at 52:54:00:00:00:02" "all is found"
expect 0 "over IPv6" find_target --name six '[2001:db8::2]:514'
says "six: inside, [2001:db8::1]:6665 to [2001:db8::2]:514 at 52:54:00:00:00:02" "all is found, too"
expect 0 "by a link-local address" find_target "[fe80::5054:ff:fe00:2%inside]:514"
says "to [fe80::5054:ff:fe00:2%inside]:514 at 52:54:00:00:00:02" "it is found on its interface"
expect 3 "no route" find_target 198.51.100.1
says "there is no route to 198.51.100.1" "it says so"
expect 0 "no route, but all is said" find_target --interface inside --source 192.0.2.1 --mac 52:54:00:00:00:07 198.51.100.1
says "to 198.51.100.1:6666 at 52:54:00:00:00:07" "it is believed"
own ip route add default via 192.0.2.2
expect 0 "over a gateway" find_target 198.51.100.1
says "netcon: inside, 192.0.2.1:6665 to 198.51.100.1:6666 at 52:54:00:00:00:02" "the gateway's MAC address"
own ip route add 203.0.113.0/24 via inet6 2001:db8::2
expect 0 "over a gateway that has IPv6" find_target 203.0.113.5
says "to 203.0.113.5:6666 at 52:54:00:00:00:02" "the gateway's MAC address"
own ip link add fifteen_letters type veth peer name its_other_end
own ip link set its_other_end up
own ip link set fifteen_letters up
own ip addr add 198.18.0.1/24 dev fifteen_letters
expect 0 "an interface with the longest name" find_target --mac 52:54:00:00:00:08 198.18.0.2
says "netcon: fifteen_letters, 198.18.0.1:6665 to 198.18.0.2:6666" "it is found"
own ip addr add 192.0.2.77/24 dev inside
expect 0 "what is given is taken" find_target --source 192.0.2.77 --source-port 7 --mac 52:54:00:AA:bb:cc 192.0.2.2:99
says "netcon: inside, 192.0.2.77:7 to 192.0.2.2:99 at 52:54:00:aa:bb:cc" "all of it"
expect 0 "broadcast" find_target 192.0.2.255
says "at ff:ff:ff:ff:ff:ff" "has an address of its own"
own ip route add 224.0.0.0/4 dev inside
expect 0 "multicast" find_target 239.129.2.3
says "at 01:00:5e:01:02:03" "has one that follows from the group"
expect 0 "multicast over IPv6" find_target --interface inside ff02::1:2
says "at 33:33:00:01:00:02" "and has another one"
expect 3 "nobody answers" find_target --timeout 200ms 192.0.2.99
says "192.0.2.99 does not answer on inside: its MAC address is not known: give it with --mac" "it says so"
for address in 192.0.2.1 192.0.2.77 127.0.0.1 2001:db8::1 ::1; do
	expect 3 "the machine itself: $address" find_target "$address"
	says "$address is an address of this machine" "it says that"
done
expect 3 "by another of its interfaces" find_target --interface lo --source 192.0.2.1 --mac 52:54:00:00:00:02 192.0.2.2
says "interface lo is a loopback" "it says that"
expect 3 "no such interface" find_target --interface nobody 192.0.2.2
says "there is no interface nobody" "it says so"
expect 3 "another kind of address" find_target --source 2001:db8::1 192.0.2.2
says "an address of the same kind" "it says so"
if own ip tuntap add tunnel mode tun >.output 2>&1; then
	own ip link set tunnel up
	own ip addr add 10.9.0.1/24 dev tunnel
	expect 3 "no Ethernet" find_target 10.9.0.2
	says "interface tunnel is no Ethernet" "it says so"
else
	skip "no Ethernet" "no tun here: $(tail -n 1 .output)"
fi
other ip link set outside down
expect 3 "no carrier" find_target --timeout 200ms 192.0.2.98
says "interface inside has no carrier" "it says so"
[[ ! -e /etc/netcon/targets.d/six.conf ]]
ok "--dry-run kept nothing" $?
echo "1..$count"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# netcon send, with this machine's own /dev/kmsg, between two network namespaces. What arrives is compared by a
# program that knows nothing of netcon's: the messages that the kernel still has by then, since others write into its
# log, too, and it may have lost those of the beginning. In the Test Anything Protocol.
#
#   netcon-send.sh NETCON
set -uo pipefail

netcon=$(realpath "${1:?usage: netcon-send.sh NETCON}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
export PATH=$PATH:/usr/sbin:/sbin

datagrams=$here/netcon/datagrams.py
near=netcon-near-$$ far=netcon-far-$$
address=198.51.100.2 address6=2001:db8:6::2

clean_up() {
	local pids

	mapfile -t pids < <(jobs -p)
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait
	ip netns del "$near" 2>/dev/null
	ip netns del "$far" 2>/dev/null
}

if ! ip netns add "$near" 2>.output || ! ip netns add "$far" 2>.output || ! ip netns exec "$near" true 2>.output; then
	skip "netcon send" "no network namespaces: $(head -n 1 .output)"
	echo "1..$count"
	exit 0
fi
if ! [[ -r /dev/kmsg && -w /dev/kmsg ]]; then
	skip "netcon send" "/dev/kmsg cannot be read and written"
	echo "1..$count"
	exit 0
fi

# in_near COMMAND..., in_far COMMAND...: in the namespace of the sender, of the receiver.
in_near() { ip netns exec "$near" "$@"; }
in_far() { ip netns exec "$far" "$@"; }

for namespace in "$near" "$far"; do
	ip -n "$namespace" link set lo up
	# A link that goes and comes keeps its addresses of IPv6, as it keeps those of IPv4.
	ip netns exec "$namespace" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/keep_addr_on_down'
done
ip link add name eth0 netns "$near" type veth peer name eth0 netns "$far"
ip -n "$near" address add 198.51.100.1/24 dev eth0
ip -n "$far" address add $address/24 dev eth0
ip -n "$near" address add 2001:db8:6::1/64 dev eth0 nodad
ip -n "$far" address add $address6/64 dev eth0 nodad
ip -n "$near" link set eth0 up
ip -n "$far" link set eth0 up

# send OPTION...: with a link that is said to be stable soon.
send() { in_near "$netcon" send --settle 100ms,60s "$@"; }

# within SECONDS COMMAND...: tries until it succeeds.
within() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}

# receive FILE [ADDRESS]: from now on, until stop_receiving.
receive() {
	: >"$1"
	# Not by a function: $! is then the program itself.
	ip netns exec "$far" python3 "$datagrams" receive "$1" 6666 "${2:-::}" &
	receiver=$!
	within 30 in_far grep -qi ':1A0A ' /proc/net/udp6 /proc/net/udp
}
stop_receiving() {
	kill $receiver
	wait $receiver 2>/dev/null
}

mark() { python3 "$datagrams" mark "$*"; }
first() { python3 "$datagrams" first; }
arrives() { within 60 python3 "$datagrams" has "$@"; }

# compare NAME FILE FROM TO [OPTION...]: one case.
compare() {
	python3 "$datagrams" compare "${@:2}" >.output 2>&1
	ok "$1" $?
}

# start [OPTION...] ADDRESS: a sender in the background, $sender; what it says goes to ./said. That is emptied here: a
# program in the background empties it later, and what the one before said would be read until then.
start() {
	: >said
	ip netns exec "$near" "$netcon" send --verbose --settle 100ms,60s "$@" >>said 2>&1 &
	sender=$!
}
# stop NAME: ends it; one case: it ends in order.
stop() {
	local code

	kill $sender
	wait $sender
	code=$?
	cp said .output 2>/dev/null
	ok "$1" $code
}

# --- the replay

receive got
from=$(first)
to=$(mark "netcon test: the last of the replay")
expect 0 "--once" send --once --state folder/state $address
arrives got "$to"
compare "each message of the kernel has come, once, in order" got "$from" "$to"
grep -qx "boot_id=$(cat /proc/sys/kernel/random/boot_id)" folder/state && grep -qE '^next=[0-9]+$' folder/state
ok "the state file: its folder was made" $?
cp folder/state before
expect 0 "--once, again" send --once --verbose --state folder/state $address
between=$(mark "netcon test: behind the place")
expect 0 "--once, from its place on" send --once --verbose --state folder/state $address
arrives got "$between"
compare "nothing has come twice" got "$from" "$between"
stop_receiving

# --- pieces

receive pieces
long=$(mark "netcon test: a long message, in which many bytes are not ASCII: $(printf 'é%.0s' {1..400})")
expect 0 "a long message" send --once --state folder/state $address
arrives pieces "$long"
compare "it comes in pieces that make it again" pieces "$long" "$long"
[[ $(python3 "$datagrams" pieces pieces "$long") -gt 1 ]]
ok "it has come in several pieces" $?
: >pieces
stop_receiving
receive pieces
expect 0 "--mtu 576" send --once --mtu 576 --state none $address
arrives pieces "$long"
compare "--mtu 576: no datagram is longer" pieces "$from" "$long" --size 548
stop_receiving
receive pieces
expect 0 "--mtu 9000" send --once --mtu 9000 --state none $address
arrives pieces "$long"
compare "--mtu 9000: none is longer than that" pieces "$from" "$long" --size 8972
[[ $(python3 "$datagrams" pieces pieces "$long") -eq 1 ]]
ok "--mtu 9000: the long message comes in one datagram" $?
stop_receiving
receive plain
expect 0 "--no-release" send --once --no-release --state none $address
arrives plain "$long"
compare "--no-release: there is none" plain "$from" "$long" --plain
stop_receiving

# --- until

receive until
to=$(mark "netcon test: the one that is not sent")
expect 0 "--until" send --until "$to" --state none $address
arrives until $((to - 1))
compare "--until: the messages below it" until "$from" $((to - 1))
python3 "$datagrams" has until "$to"
ok "--until: and not it" $(($? == 0))
last=$(mark "netcon test: before what is to come")
# Many are still to come: others write some of them meanwhile.
start --until $((last + 200)) --state none $address
arrives until "$last"
kill -0 $sender
ok "--until a message that is still to come: it waits" $?
for ((i = 0; i < 200; i++)); do
	echo "<6>netcon test: what was to come, $i" >/dev/kmsg
done
last=$(mark "netcon test: all of them")
has_ended() { ! kill -0 $sender 2>/dev/null; }
within 60 has_ended
wait $sender
ok "--until a message that is still to come: then it ends" $?
stop_receiving

# --- how fast

# place NUMBER: the state file "state" of a sender that goes on at that message.
place() { printf 'boot_id=%s\nnext=%d\n' "$(cat /proc/sys/kernel/random/boot_id)" "$1" >state; }

place $((last - 81))
began=$(date +%s%N)
expect 0 "--rate" send --once --rate 50 --until $((last + 1)) --state state 127.0.0.1
(($(date +%s%N) - began >= 900000000))
ok "--rate 50: 82 messages, of which 32 may come at once, take a second" $?

# --- following, and going on after a restart

receive live
rm -r folder
start --state folder/state $address
last=$(mark "netcon test: live")
arrives live "$last"
ok "a new message is sent" $?
stop "SIGTERM ends it, with exit code 0"
says "sent in" "--verbose: what was sent is said"
last=$(mark "netcon test: while nobody sent")
start --state folder/state $address
arrives live "$last"
last=$(mark "netcon test: live again")
arrives live "$last"
stop "SIGTERM ends it again"
compare "two runs leave no hole, and send nothing twice" live "$from" "$last"
start --state folder/state $address
last=$(mark "netcon test: before it is killed")
arrives live "$last"
kill -KILL $sender
wait $sender 2>/dev/null
last=$(mark "netcon test: after it was killed")
start --state folder/state $address
arrives live "$last"
stop "it ends after it was killed before"
compare "a sender that is killed leaves no hole" live "$from" "$last" --doubles
(($(python3 "$datagrams" count live "$from" "$last") < last - from))
ok "and does not begin with the oldest" $?
stop_receiving

# --- the link goes and comes

receive link
start --resend 60s --state none $address
last=$(mark "netcon test: before the link is lost")
arrives link "$last"
stop_receiving
# Nobody receives these, and the sender does not know yet that the link is bad.
for i in 1 2 3; do
	last=$(mark "netcon test: lost with the link, $i")
done
# Of a neighbour that does not receive, so that nothing says so.
within 60 grep -q 'nobody receives' said
ok "that nobody receives is said" $?
ip -n "$far" link set eth0 down
within 60 grep -q 'no carrier' said
ok "the loss of carrier is noticed" $?
for i in 1 2 3; do
	last=$(mark "netcon test: without a link, $i")
done
ip netns exec "$far" python3 "$datagrams" receive link 6666 &
receiver=$!
sleep 2
ip -n "$far" link set eth0 up
arrives link "$last"
last=$(mark "netcon test: with a link")
arrives link "$last"
stop "it ends after a loss of the link"
says "1 interruption" "the interruption is counted"
compare "a loss of the link leaves no hole" link "$from" "$last" --doubles
stop_receiving

receive link
start --state none $address
last=$(mark "netcon test: before the address goes")
arrives link "$last"
ip -n "$near" address del 198.51.100.1/24 dev eth0
within 60 grep -q 'no route' said
ok "the loss of the route is noticed" $?
last=$(mark "netcon test: without an address")
ip -n "$near" address add 198.51.100.7/24 dev eth0
arrives link "$last"
stop "it ends after a loss of the address"
compare "another address leaves no hole" link "$from" "$last" --doubles
ip -n "$near" address del 198.51.100.7/24 dev eth0
ip -n "$near" address add 198.51.100.1/24 dev eth0
stop_receiving

receive link
start --state none $address
last=$(mark "netcon test: before the neighbour goes")
arrives link "$last"
stop_receiving
ip -n "$far" address del $address/24 dev eth0
ip -n "$near" neighbour flush dev eth0
for i in 1 2 3; do
	last=$(mark "netcon test: without a neighbour, $i")
done
# The kernel asks for it three times, and drops what it has for it.
within 60 grep -q '^netcon: 198.51.100.2: No route to host: trying again' said
ok "the loss of the neighbour is noticed" $?
ip -n "$far" address add $address/24 dev eth0
receive more
arrives more "$last"
cat more >>./link
stop "it ends after a loss of the neighbour"
says "1 interruption" "it is one interruption"
compare "a loss of the neighbour leaves no hole" link "$from" "$last" --doubles
stop_receiving

# --- settling

receive flaps
ip -n "$far" link set eth0 down
start --settle 10s,10m --state none $address
within 60 grep -q 'no carrier' said
for _ in 1 2 3 4 5 6 7 8; do
	ip -n "$far" link set eth0 up
	sleep 0.3
	ip -n "$far" link set eth0 down
	sleep 0.1
done
ip -n "$far" link set eth0 up
cp said .output
matches 'the carrier is not stable' "a flapping carrier is not stable"
! [[ -s flaps ]]
ok "nothing is sent while it flaps" $?
last=$(mark "netcon test: after the flapping")
arrives flaps "$last"
stop "it ends after the flapping"
compare "all is sent after it" flaps "$from" "$last"
stop_receiving

rm -rf folder
expect 3 "a neighbour that does not answer" \
	in_near "$netcon" send --once --settle 100ms,2s --state folder/state 198.51.100.77
says "eth0: has not settled in 2 s: the neighbour does not answer" "which MAX ends"
says "nothing has arrived" "that all is lost is said"
grep -qx 'next=0' folder/state
ok "the place is not behind it" $?
start --state none 198.51.100.77
within 60 grep -q 'waiting: eth0: the neighbour does not answer' said
ok "a neighbour is waited for" $?
receive late
ip -n "$far" address add 198.51.100.77/24 dev eth0
last=$(mark "netcon test: the neighbour has come")
arrives late "$last"
compare "what comes to it is whole" late "$from" "$last"
ip -n "$far" address del 198.51.100.77/24 dev eth0
stop "it ends"
stop_receiving

ip -n "$near" link set eth0 down
expect 3 "--once without a link" in_near "$netcon" send --once --settle 100ms,1s --state none --interface eth0 $address
says "not all was sent" "--once without a link: why"
ip -n "$near" link set eth0 up
has_carrier() { ip -n "$near" link show dev eth0 | grep -q LOWER_UP; }
within 60 has_carrier

# --- IPv6

receive six
expect 0 "an address of IPv6" send --once --state none "[$address6]:6666"
arrives six "$last"
compare "IPv6: all has come" six "$from" "$last"
stop_receiving
receive six
expect 0 "an address of IPv6, without brackets" send --once --until $((last + 1)) --state none $address6
arrives six "$last"
ok "it has come" $?
local6=$(ip -n "$far" -6 -o address show dev eth0 scope link | sed -E 's/.* (fe80:[^ /]*).*/\1/')
stop_receiving
receive six
expect 0 "a link-local address" send --once --until $((last + 1)) --state none "[$local6%eth0]"
arrives six "$last"
ok "it has come by the interface that is named" $?
stop_receiving
receive six
expect 0 "multicast" send --once --until $((last + 1)) --state none --interface eth0 ff15::6666
arrives six "$last"
ok "multicast has come" $?
stop_receiving

# --- the state file

echo "boot_id=0123" >state
expect 0 "a damaged state file" send --once --until $((last + 1)) --state state 127.0.0.1
says "state: not a state file, or a damaged one: ignored" "is ignored, and that is said"
grep -qx "next=$((last + 1))" state
ok "and is replaced" $?
sed -i 's/^next=.*/next=18446744073709551615/' state
expect 0 "the place of a message that there is none of" send --once --verbose --state state 127.0.0.1
says "the kernel has no message of that number" "is ignored, and that is said"
matches "^netcon: [1-9][0-9]* messages sent" "all is sent"
printf 'boot_id=01234567-89ab-cdef-0123-456789abcdef\nnext=3\n' >state
expect 0 "the place of another boot" send --once --verbose --state state 127.0.0.1
grep -q "^boot_id=$(cat /proc/sys/kernel/random/boot_id)" state
ok "another boot: the place is one of this" $?
says_not "ignored" "another boot is nothing to talk about"

# --- without rights

unprivileged=(setpriv --reuid 65534 --regid 65534 --clear-groups)
with_syslog=("${unprivileged[@]}" --inh-caps +syslog --ambient-caps +syslog)
chmod 711 "$work"
# Where the build cannot be reached by everybody.
cp "$netcon" program && chmod 755 program
if [[ $(cat /proc/sys/kernel/dmesg_restrict) -eq 1 ]]; then
	expect 3 "without CAP_SYSLOG" in_near "${unprivileged[@]}" ./program send --once --state none 127.0.0.1
	says "netcon: /dev/kmsg: Operation not permitted: it takes CAP_SYSLOG" "without CAP_SYSLOG: why"
else
	skip "without CAP_SYSLOG" "kernel.dmesg_restrict is 0: everybody may"
fi
mkdir closed
expect 3 "a folder that is not writable" \
	in_near "${with_syslog[@]}" ./program send --once --state closed/state 127.0.0.1
says "netcon: closed/state: Permission denied: choose another with --state, or --state none" "and why"
expect 3 "a folder that cannot be made" send --once --state /proc/none/state 127.0.0.1
receive poor
ip -n "$near" neighbour flush dev eth0
expect 0 "CAP_SYSLOG alone is enough" \
	in_near "${with_syslog[@]}" ./program send --once --settle 100ms,60s --until $((last + 1)) --state none $address
arrives poor "$last"
ok "CAP_SYSLOG alone: it has come" $?
stop_receiving

# --- what is wrong otherwise

expect 2 "no address" send
expect 2 "two addresses" send $address $address
for wrong in "" ":6666" "a:b" "a:0" "a:65536" "[::1" "[]:1" "[::1]6666"; do
	expect 2 "not an address: '$wrong'" send "$wrong"
done
expect 3 "a name that there is none of" send name.invalid
expect 2 "--settle without MAX" in_near "$netcon" send --settle 1s $address
expect 2 "--settle with MIN above MAX" in_near "$netcon" send --settle 2s,1s $address
expect 2 "--mtu too small" send --mtu 100 $address
expect 2 "--rate 0" send --rate 0 $address
expect 2 "a name that no interface can have" send --interface a-name-that-is-too-long $address
expect 3 "an interface that there is none of" send --state none --interface none0 $address
says "netcon: none0: no such interface" "which one"
ip netns exec "$near" python3 -c 'import socket, time
taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taken.bind(("0.0.0.0", 6665))
time.sleep(600)' &
taker=$!
within 60 in_near grep -q ':1A09 ' /proc/net/udp
expect 3 "a port that is in use" send --once --state none 127.0.0.1
says "netcon: port 6665: another program uses it: choose another with --source-port" "a port in use: why"
expect 0 "--source-port" send --once --source-port 6667 --state none 127.0.0.1
kill $taker
wait $taker 2>/dev/null

# --- systemd

python3 - "$work/notify" >notified 2>&1 <<'END' &
import socket, sys
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(sys.argv[1])
while True:
    message = notify.recv(4096).decode()
    print(message, flush=True)
    if "STOPPING=1" in message:
        break
END
within 60 test -S notify
NOTIFY_SOCKET=$work/notify start --state none 127.0.0.1
within 60 grep -q 'STATUS=sending to 127.0.0.1 through lo' notified
cp notified .output
says "READY=1" "systemd is told that it is ready"
says "STATUS=sending to 127.0.0.1 through lo" "and what it does"
stop "it ends"
within 60 grep -q STOPPING=1 notified
ok "systemd is told that it ends" $?

echo "1..$count"

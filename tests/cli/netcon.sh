#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# netcon recv, with datagrams on the loopback interface. In the Test Anything Protocol.
#
#   netcon.sh NETCON    the command to test
# The escapes in what is sent are undone by send.
# shellcheck disable=SC2028
set -uo pipefail

usage='usage: netcon.sh NETCON'
netcon=$(realpath "${1:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

port=0
receiver=

# receives OPTION...: netcon recv in the background, at a free port in $port, once it listens. Its output goes to
# .received, its complaints to .complaints.
receives() {
	port=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(("::", 0)); print(s.getsockname()[1])')
	"$netcon" recv --listen "[::]:$port" "$@" >.received 2>.complaints &
	receiver=$!
	for ((i = 0; i < 200; i++)); do
		grep -q -i ":$(printf %04X "$port") " /proc/net/udp /proc/net/udp6 && return
		sleep 0.05
	done
}

# send [FROM]: each line of the input is a datagram, with printf's escapes, from that address, port 6665 of it by default.
send() {
	python3 -c '
import codecs, socket, sys
address, _, source = sys.argv[2].partition("#")
family = socket.AF_INET6 if ":" in address else socket.AF_INET
s = socket.socket(family, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((address, int(source or 6665)))
for line in sys.stdin.buffer:
    s.sendto(codecs.escape_decode(line.rstrip(b"\n"))[0], (sys.argv[3] or address, int(sys.argv[1])))
' "$port" "${1:-127.0.0.1}" "${2-}"
}

# ends [SIGNAL]: tells the receiver to end, and waits; its exit code.
ends() {
	kill "-${1:-TERM}" "$receiver" 2>/dev/null
	wait "$receiver"
}

# until_received COMMAND...: waits until it succeeds, for at most 20 seconds.
until_received() {
	for ((i = 0; i < 400; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	return 1
}

## lines

receives
send <<'END'
6.1.0-50-amd64,6,1822,115075213,-;usb 1-1: new device\n SUBSYSTEM=usb\n DEVICE=c189:1\n
6.1.0-50-amd64,4,1823,115075214,c; and more\n
6.1.0-50-amd64,29,1824,116000000,-,ncfrag=11/23; and the 2nd
6.1.0-50-amd64,29,1824,116000000,-,ncfrag=0/23;the 1st one
[    1.0] basic line\n
END
until_received grep -q 'basic line' .received
ends
expect 0 "it ends when it is told to" test $? -eq 0
sed 's/^[0-9T:.-]*Z/TIME/' .received >lines
cat >expected <<'END'
TIME 127.0.0.1 new: first message 1822
TIME 127.0.0.1 1822 kern.info [  115.075213] usb 1-1: new device {SUBSYSTEM=usb DEVICE=c189:1}
TIME 127.0.0.1 1823 kern.warning [  115.075214] ... and more
TIME 127.0.0.1 1824 daemon.notice [  116.000000] the 1st one and the 2nd
TIME 127.0.0.1 [    1.0] basic line
END
expect 0 "messages as lines" diff lines expected
expect 0 "the time is today's" grep -q "^$(date -u +%Y-%m-)" .received

receives
send 127.0.0.1#7000 <<'END'
6,1,1,-;a\x1b[31m\\x1b[0m\\x0a\xe2\x80\xaeb\xc3\xa9\xff\n K\x07=v\x9b\n
\x1b]0;title\x07\n
END
until_received grep -q 'title' .received
ends
expect 1 "nothing that could speak to a terminal passes" grep -q -P '[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae|\xc2\x9b' .received
expect 0 "it is there in escapes" grep -q -F '127.0.0.1:7000 1 kern.info [    0.000001] a\x1b[31m\x1b[0m\x0a\xe2\x80\xaebé\xff {K\x07=v\x9b}' .received

# Longer than any machine takes to send three datagrams.
receives --join 10s --json
send <<'END'
6,1,1,-;one\n A=1\n
6,2,1,c; line\n B=2\n
6,3,2,-;another\n
END
until_received grep -q 'one line' .received
ends
expect 0 "the parts of a line are joined" grep -q '"sequence":1,"joined":1,.*"text":"one line".*"A".*"B"' .received
expect 1 "and not by themselves" grep -q '"sequence":2' .received

## gaps, repetitions, restarts

receives --lost-after 1s --assemble 500ms --verbose
send <<'END'
6,5,5000000,-;five\n
6,8,5000000,-;eight\n
6,8,5000000,-;eight\n
6,9,5000000,-,ncfrag=0/10;torn
END
until_received grep -q 'lost' .received
send <<'END'
r,6,0,1,-;zero\n
END
until_received grep -q 'zero' .received
ends
expect 0 "a gap is reported" grep -q ' lost: 2 messages, 6 to 7$' .received
expect 0 "what came twice is printed once" test "$(grep -c eight .received)" -eq 1
expect 0 "what is torn is printed, and marked" grep -q -F ' torn\x00 [6 of 10 bytes are missing]' .received
expect 0 "another boot is noticed" grep -q 'restart: the host has booted again, at message 0 after 9$' .received
expect 0 "the counts at the end" grep -q '^netcon: 4 messages, 2 lost, 1 incomplete, 1 twice, 0 datagrams dropped' .complaints

## what a receiver that looks at the first 64 bytes, or has 8192, refuses

receives --json
release=$(printf 'r%.0s' {1..64})
{
	echo "$release,6,1,1,-;long release\\n"
	for total in 8191 8192 66000; do
		for ((offset = 0; offset < total; offset += 900)); do
			size=$((total - offset < 900 ? total - offset : 900))
			printf '6,%d,1,-,ncfrag=%d/%d;%s\n' $total $offset $total "$(printf 'x%.0s' $(seq $size))"
		done
	done
} >datagrams
send <datagrams
until_received grep -q '"sequence":66000' .received
ends
cat >look.py <<'END'
import json, sys
messages = [m for m in map(json.loads, open(".received")) if "event" not in m]
assert [m["sequence"] for m in messages] == [1, 8191, 8192, 66000], messages
assert messages[0]["release"] == "r" * 64
assert all(m["text"] == "x" * m["sequence"] for m in messages[1:])
assert not any("missing_bytes" in m for m in messages)
END
expect 0 "totals of 8191, 8192 and 66000, and a release of 64 characters" python3 look.py

## JSON

receives --json
send <<'END'
6.1.0,30,7,12345678,c,caller=T42;a\\x1b\\x5c\xff\n A=1\n A=2\n netcon_boot_id=0e4b2d1c-aaaa-bbbb-cccc-0123456789ab\n
basic \\x41\n
END
until_received grep -q '"basic' .received
ends
cat >look.py <<'END'
import json
lines = [json.loads(line) for line in open(".received")]
new, extended, basic = lines
for line in lines:
    assert line.pop("arrived").endswith("Z")
assert new == {"host": "127.0.0.1", "port": 6665, "event": "new", "sequence": 7}, new
assert extended == {"host": "127.0.0.1", "port": 6665, "sequence": 7, "facility": 3, "level": 6, "time_us": 12345678,
    "continuation": True, "late": False, "release": "6.1.0", "boot_id": "0e4b2d1c-aaaa-bbbb-cccc-0123456789ab",
    "caller": "T42", "text": "a\x1b\\\ufffd", "text_hex": "611b5cff", "dictionary": [{"name": "A", "value": "1"},
    {"name": "A", "value": "2"}, {"name": "netcon_boot_id", "value": "0e4b2d1c-aaaa-bbbb-cccc-0123456789ab"}]}, extended
assert basic == {"host": "127.0.0.1", "port": 6665, "text": "basic \\x41"}, basic
END
expect 0 "messages as JSON" python3 look.py

## senders

receives --json
echo '6,1,1,-;one\n' | send 127.0.0.2
echo '6,1,1,-;two\n' | send 127.0.0.1#6000
echo '6,1,1,-;three\n' | send ::1
until_received grep -q '"three"' .received
ends
cat >look.py <<'END'
import json
found = [(m["host"], m["port"], m["text"]) for m in map(json.loads, open(".received")) if "text" in m]
assert found == [("127.0.0.2", 6665, "one"), ("127.0.0.1", 6000, "two"), ("::1", 6665, "three")], found
END
expect 0 "hosts are addresses and ports, of IPv4 and IPv6" python3 look.py

receives --allow 127.0.0.2 --allow 127.0.1.0/24 --verbose
echo '6,1,1,-;refused\n' | send 127.0.0.1 127.0.0.1
echo '6,1,1,-;refused\n' | send ::1
echo '6,1,1,-;taken\n' | send 127.0.1.9
echo '6,1,1,-;taken too\n' | send 127.0.0.2
until_received grep -q 'taken too' .received
ends
expect 1 "who is not allowed is refused" grep -q refused .received
expect 0 "the others are not" test "$(grep -c taken .received)" -eq 2
expect 0 "what was refused is counted" grep -q ', 2 refused' .complaints

if ip link add netcon-test type veth peer name netcon-peer 2>/dev/null; then
	ip link set netcon-peer up
	ip link set netcon-test up
	ip address add 198.51.100.7/24 dev netcon-test
	receives --group 239.1.2.3%netcon-test --threads 4
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("198.51.100.7"))
s.sendto(b"basic to the group\n", ("239.1.2.3", int(sys.argv[1])))
s.sendto(b"the last one\n", ("239.1.2.3", int(sys.argv[1])))' "$port"
	until_received grep -q 'last one' .received
	sleep 0.3
	ends
	expect 0 "a multicast group, once, however many threads there are" test "$(grep -c 'to the group' .received)" -eq 1
	ip link delete netcon-test
else
	skip "a multicast group" "no interface can be made"
fi

# Each of many threads has hosts of its own, and none is lost between them.
receives --threads 4 --json --count 800 --for 60s
python3 -c '
import socket, sys
for host in range(200):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((f"127.0.1.{host + 1}", 6665))
    for sequence in range(4):
        s.sendto(b"6,%d,1,-;from %d\n" % (sequence, host), ("127.0.0.1", int(sys.argv[1])))' "$port"
wait "$receiver"
expect 0 "it ends after so many messages" test $? -eq 0
cat >look.py <<'END'
import collections, json
found = collections.defaultdict(list)
for m in map(json.loads, open(".received")):
    if "text" in m:
        found[m["host"]].append(m["sequence"])
assert len(found) == 200 and all(s == [0, 1, 2, 3] for s in found.values()), found
END
expect 0 "200 hosts, four threads: each message once, in its host's order" python3 look.py

## what the kernel drops

# All that a full socket drops is missing in the numbers: both counts must be the same.
receives --threads 1 --buffer 64K --lost-after 1s
kill -STOP "$receiver"
for ((i = 0; i < 3000; i++)); do
	printf '6,%d,1,-;%s\n' "$i" "$(printf 'x%.0s' {1..200})"
done | send
kill -CONT "$receiver"
until_received grep -q ' - dropped: ' .received
expect 0 "a full socket: what it drops is said without another datagram" grep -q ' - dropped: ' .received
echo '6,3000,1,-;the last\n' | send
until_received grep -q ' lost: ' .received
ends
dropped=$(sed -n 's/.* - dropped: the socket had no room for \([0-9]*\) datagrams\?$/\1/p' .received |
	awk '{ sum += $1 } END { print sum }')
expect 0 "a full socket: what it drops is what is missing" \
	grep -q " lost: ${dropped:-none} messages, .* to 2999\$" .received

## the end, and errors

receives --for 300ms
wait "$receiver"
expect 0 "it ends after a time" test $? -eq 0

receives --quiet --verbose
echo '6,1,1,-;one\n' | send
sleep 0.3
kill -USR1 "$receiver"
until_received grep -q '^netcon: 1 message, 0 lost' .complaints
expect 0 "SIGUSR1 prints the counts" test $? -eq 0
ends INT
expect 0 "SIGINT ends it" test $? -eq 0
expect 0 "--quiet prints no messages" test ! -s .received

"$netcon" recv --listen "[::]:$port" --for 10s >/dev/full 2>.complaints &
receiver=$!
until_received grep -q -i ":$(printf %04X "$port") " /proc/net/udp6
echo '6,1,1,-;one\n' | send
wait "$receiver"
expect 0 "a full output ends it, with an error" test $? -eq 3
expect 0 "and is said, once" test "$(wc -l <.complaints)" -eq 1
expect 0 "and is said" grep -q 'standard output.*No space left on device' .complaints

expect 2 "no such option" "$netcon" recv --lisen x
says "did you mean --listen" "no such option: says which may be meant"
expect 2 "no address" "$netcon" recv --listen '[::'
says "not one of ADDRESS" "no address: says so"
expect 3 "a name is no address to listen at" "$netcon" recv --listen localhost:1 --for 1s
says "localhost: not a numeric address" "a name: says so"
expect 3 "an address of another machine" "$netcon" recv --listen 192.0.2.1:6666 --for 1s
says "192.0.2.1: Cannot assign requested address" "an address of another machine: says so"
expect 2 "no network" "$netcon" recv --allow 192.0.2.1/24
says "not an address, or a network" "no network: says so"
expect 3 "no group" "$netcon" recv --group 127.0.0.1 --listen "127.0.0.1:$port" --for 1s
receives
expect 3 "a second receiver would take senders away from the first" "$netcon" recv --listen "[::]:$port" --for 1s
says "another program receives there" "a second receiver: says so"
ends
expect 2 "an argument too many" "$netcon" recv 127.0.0.1
python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("::", 0))
print(s.getsockname()[1], flush=True)
time.sleep(20)' >taken &
holder=$!
until_received test -s taken
expect 3 "a port that is taken" "$netcon" recv --listen "[::]:$(cat taken)" --for 1s
says "another program receives there" "a port that is taken: says so"
kill "$holder"
wait "$holder" 2>/dev/null

echo "1..$count"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What netcon recv writes besides standard output, read by those whom it is for: systemd-journald, rsyslogd, Prometheus. In the Test Anything
# Protocol.
#
#   netcon-outputs.sh PUT-MESSAGES NETCON
#
# PUT-MESSAGES puts messages through one output: see tests/netcon/put-messages.c.
set -uo pipefail

usage='usage: netcon-outputs.sh PUT-MESSAGES NETCON'
put=$(realpath "${1:?$usage}")
netcon=$(realpath "${2:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
export PATH=$PATH:/usr/sbin:/sbin

processes=()
clean_up() {
	local process

	exec 5>&- 2>/dev/null
	for process in "${processes[@]}"; do
		kill "$process" 2>/dev/null
	done
	wait
	! mountpoint -q "$work/full" || umount "$work/full"
}

# end PROCESS: it ends.
end() {
	kill "$@" 2>/dev/null
	wait "$1" 2>/dev/null
}

# until_true COMMAND...: for as long as a busy machine may need; what the last attempt printed is in .output.
until_true() {
	local end=$((SECONDS + 90))

	while ((SECONDS < end)); do
		"$@" >"$work/.output" 2>&1 && return
		sleep 0.1
	done
	return 1
}

# hex: standard input as hexadecimal digits, in one line.
hex() {
	od -An -v -tx1 | tr -d ' \n'
	echo
}

# datagram TEXT: as printf %b has it.
datagram() {
	printf '%b' "$1" | hex
}

# Messages that have something of everything: what was sent, and what has to arrive, are told apart by their sequence numbers.
messages() {
	echo boot 01234567-89ab-cdef-0123-456789abcdef
	datagram '6.1.0-test,6,1,1000001,-,caller=T12;plain text\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:1f.0\n'
	datagram '6.1.0-test,3,2,1000002,c;two\\x0alines, \\x1b[31mred, \\x5c and \\xc3\\xa9\n'
	datagram '6.1.0-test,4,3,1000003,-;not UTF-8: \\xff\\xfe\n'
	datagram '6.1.0-test,4,4,1000004,-;quotes\n name-1.x=once\n name-1.x=a "b" \\x5c ]c[ \\xe2\\x82\\xac\n'
	datagram '6.1.0-test,1607,5,1000005,-;facility 200, level 7\n bad=\\xff\\x00\n'
	datagram '6.1.0-test,4,6,1000006,-;a zero: \\x00.\n'
	{ printf '6.1.0-test,5,7,1000007,-;%s\n' "$(head -c 65000 /dev/zero | tr '\0' y)"; } | hex
	datagram 'a basic message'
	echo event lost 8 10
	echo from 2001:db8::1 6000
	echo torn 17
	datagram '5,1,9,+;incomplete'
	echo event restart 1 4711
	echo event dropped 12 0
}
messages >sent

# many FIRST LAST [TEXT]: messages of these sequence numbers.
many() {
	printf '%s' "${3:-one of many}" | hex | awk -v first="$1" -v last="$2" '{
		for (i = first; i <= last; i++) {
			digits = i
			gsub(/./, "3&", digits)
			print "352c" digits "2c312c2d3b" $0
		}
	}'
}

# put OUTPUT...: standard input through it.
put() {
	"$put" "$@" >"$work/.output" 2>&1
}

# --- the journal

# A journald of a namespace of its own: no other one hears of it, nor reads it the kernel's messages.
start_journald() {
	rm -rf journal/run
	mkdir -p journal/log journal/run/systemd journal/etc
	echo 0123456789abcdef0123456789abcdef >journal/machine-id
	printf '[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\nCompress=no\n' >journal/etc/journald@netcon.conf
	unshare -m --propagation private bash -c '
		mkdir -p /run/systemd /run/log /var/log/journal &&
			mount --bind journal/run/systemd /run/systemd && mount -t tmpfs tmpfs /run/log &&
			mount --bind journal/log /var/log/journal && mount --bind journal/etc /etc/systemd &&
			mount --bind journal/machine-id /etc/machine-id && exec /lib/systemd/systemd-journald netcon' >journal/said 2>&1 &
	journald=$!
	processes+=("$journald")
	until_true test -S journal/run/systemd/journal.netcon/socket
}

# entries COUNT: all that is in the journal, as JSON, if that are as many.
entries() {
	journalctl -D journal/log/0123456789abcdef0123456789abcdef.netcon --all -o json 2>/dev/null >entries || return
	[[ $(wc -l <entries) -ge $1 ]]
}

if [[ ! -x /lib/systemd/systemd-journald ]]; then
	skip "journal" "no systemd-journald here"
elif ! start_journald; then
	skip "journal" "systemd-journald does not run here: $(head -n 1 journal/said)"
else
	put "journal:$PWD/journal/run/systemd/journal.netcon/socket" <sent
	ok "journal: messages are taken" $?
	until_true entries 12
	ok "journal: as many entries as messages" $?
	python3 - >.output 2>&1 <<-'END'
		import json
		entries = [json.loads(line) for line in open("entries")]
		entries = [entry for entry in entries if "NETCON_HOST" in entry or "NETCON_EVENT" in entry]
		assert len(entries) == 12, len(entries)
		def text(value):
		    return bytes(value) if isinstance(value, list) else value.encode()
		def check(place, **fields):
		    for name, value in fields.items():
		        got = entries[place].get(name)
		        assert got == value, (place, name, got, value)
		boot = "01234567-89ab-cdef-0123-456789abcdef"
		check(0, MESSAGE="plain text", PRIORITY="6", SYSLOG_FACILITY="0", SYSLOG_IDENTIFIER="kernel", NETCON_HOST="192.0.2.1",
		    NETCON_PORT="6665", NETCON_SEQUENCE="1", NETCON_TIME_USEC="1000001", NETCON_RELEASE="6.1.0-test",
		    NETCON_BOOT_ID=boot, NETCON_CALLER="T12", NETCON_CONTINUATION=None, NETCON_EVENT=None,
		    NETCON_DICT_SUBSYSTEM="pci", NETCON_DICT_DEVICE="+pci:0000:00:1f.0")
		check(1, PRIORITY="3", NETCON_CONTINUATION="1", NETCON_CALLER=None)
		assert text(entries[1]["MESSAGE"]) == b"two\nlines, \x1b[31mred, \\ and \xc3\xa9", entries[1]
		assert text(entries[2]["MESSAGE"]) == b"not UTF-8: \xff\xfe", entries[2]
		check(3, NETCON_DICT_NAME_1_X=["once", 'a "b" \\ ]c[ \u20ac'])
		check(4, PRIORITY="7", SYSLOG_FACILITY="200")
		assert text(entries[4]["NETCON_DICT_BAD"]) == b"\xff\0", entries[4]
		assert text(entries[5]["MESSAGE"]) == b"a zero: \0.", entries[5]
		check(6, MESSAGE="y" * 65000, NETCON_SEQUENCE="7")
		check(7, MESSAGE="a basic message", PRIORITY="5", NETCON_SEQUENCE=None, SYSLOG_FACILITY=None)
		check(8, MESSAGE="192.0.2.1:6665 lost: 3 messages, 8 to 10", NETCON_EVENT="lost", PRIORITY="4", NETCON_FIRST="8",
		    NETCON_LAST="10", SYSLOG_IDENTIFIER="netcon")
		check(9, MESSAGE="incomplete", NETCON_MISSING_BYTES="17", NETCON_HOST="2001:db8::1", NETCON_PORT="6000")
		check(10, NETCON_EVENT="restart", NETCON_SEQUENCE="1", NETCON_HIGHEST_BEFORE="4711")
		check(11, NETCON_EVENT="dropped", NETCON_DATAGRAMS="12", NETCON_HOST=None)
	END
	ok "journal: each field of each is what was sent" $?

	# Without the privilege to have larger buffers such a message has no room in a datagram, and goes in a file.
	text=$(head -c 900000 /dev/zero | tr '\0' z)
	printf '5,100,1,-;%s\n' "$text" | hex >large
	"$put" "journal:$PWD/journal/run/systemd/journal.netcon/socket" <large &&
		setpriv --bounding-set -net_admin "$put" "journal:$PWD/journal/run/systemd/journal.netcon/socket" <large
	until_true entries 14
	python3 - >.output 2>&1 <<-'END'
		import json
		entries = [json.loads(line) for line in open("entries")]
		entries = [entry["MESSAGE"] for entry in entries if entry.get("NETCON_SEQUENCE") == "100"]
		assert entries == ["z" * 900000] * 2, [len(entry) for entry in entries]
	END
	ok "journal: messages of 900,000 bytes, with and without the privilege to have large buffers" $?

	{ printf '5,102,1,-;a large dictionary\n'; for ((i = 0; i < 1200; i++)); do printf ' \\x6b %%=%d\n' "$i"; done; } | hex >large
	put "journal:$PWD/journal/run/systemd/journal.netcon/socket" <large
	until_true entries 15
	python3 - >.output 2>&1 <<-'END'
		import json
		entries = [json.loads(line) for line in open("entries")]
		last = [entry for entry in entries if entry.get("NETCON_SEQUENCE") == "102"][0]
		assert last["NETCON_DICT_LEFT_OUT"] == "300", last.keys()
		assert len(last["NETCON_DICT_K__"]) == 900, last.keys()
	END
	ok "journal: of 1200 entries of a dictionary 900 are kept, and it is said how many are not" $?

	kill -STOP "$journald"
	many 1000 4000 >waiting
	timeout 60 "$put" "journal:$PWD/journal/run/systemd/journal.netcon/socket" <waiting >.output 2>&1
	[[ $? -eq 3 ]]
	ok "journal: one that has stopped is not waited for without an end" $?
	says "journal: put: Connection timed out" "journal: what is said then"
	kill -CONT "$journald"
	datagram '5,9999,1,-;it goes on' | put "journal:$PWD/journal/run/systemd/journal.netcon/socket"
	ok "journal: it goes on" $?
	end "$journald"
fi
put journal:/nonexistent/socket </dev/null
[[ $? -eq 3 ]]
ok "journal: there is none" $?

# --- syslog

# rsyslogd PORT [LIMIT]: receives at that port and at ./log, and writes what it understood of each message as JSON to ./understood.
start_rsyslogd() {
	cat >rsyslog.conf <<-END
		global(workDirectory="$PWD" maxMessageSize="200k" parser.escapeControlCharactersOnReceive="off")
		module(load="imudp")
		module(load="imtcp")
		module(load="imuxsock" sysSock.use="off")
		module(load="mmpstrucdata")
		input(type="imudp" address="127.0.0.1" port="$1")
		input(type="imtcp" address="127.0.0.1" port="$1")
		input(type="imuxsock" socket="$PWD/log" useSpecialParser="off" parseHostname="on" useSysTimeStamp="off" ignoreTimestamp="off"
			rateLimit.interval="0")
		template(name="understood" type="list" option.jsonf="on") {
			property(outname="priority" name="pri" format="jsonf")
			property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
			property(outname="host" name="hostname" format="jsonf")
			property(outname="program" name="app-name" format="jsonf")
			property(outname="name" name="msgid" format="jsonf")
			property(outname="sd" name="structured-data" format="jsonf")
			property(outname="text" name="msg" format="jsonf")
		}
		template(name="values" type="list") { property(name="\$!rfc5424-sd") constant(value="\n") }
		action(type="mmpstrucdata" sd_name.lowercase="off")
		action(type="omfile" file="$PWD/understood" template="understood")
		action(type="omfile" file="$PWD/values" template="values")
	END
	rm -f log
	rsyslogd -n -f "$PWD/rsyslog.conf" -i "$PWD/rsyslog.pid" >rsyslog.said 2>&1 5>&- &
	rsyslogd=$!
	processes+=("$rsyslogd")
	until_true listens "$1" && until_true test -S log
}

# listens PORT: somebody does, over TCP.
listens() {
	(: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# lines FILE COUNT: it has at least so many.
lines() {
	[[ -f $1 && $(wc -l <"$1") -ge $2 ]]
}

# A name, where it has an address.
server=localhost
getent ahosts "$server" >/dev/null || server=127.0.0.1
port=$((20000 + RANDOM % 10000))
if ! command -v rsyslogd >/dev/null; then
	skip "syslog" "no rsyslogd here"
elif ! start_rsyslogd "$port"; then
	ok "rsyslogd runs" 1
else
	for place in "udp:127.0.0.1:$port" "tcp:$server:$port" "unix:$PWD/log"; do
		rm -f understood values
		kill -HUP "$rsyslogd"
		put "syslog:$place" <sent
		ok "${place%:*}: messages are taken" $?
		until_true lines understood 12 && until_true lines values 12
		ok "${place%:*}: all arrive" $?
		python3 - "$place" >.output 2>&1 <<-'END'
			import json, sys
			lines = [json.loads(line) for line in open("understood", errors="surrogateescape")]
			values = [json.loads(line) for line in open("values", errors="surrogateescape")]
			# Datagrams may overtake each other nowhere on one machine.
			assert len(lines) == len(values) == 12, (len(lines), len(values))
			def check(place, text, **fields):
			    got = lines[place]
			    assert got["text"] == text, (place, text, got)
			    for name, value in fields.items():
			        assert got[name] == value, (place, name, got)
			def check_values(place, element, **fields):
			    assert values[place][element + "@32473"] == fields, (place, values[place])
			boot = "01234567-89ab-cdef-0123-456789abcdef"
			check(0, "plain text", priority="6", host="192.0.2.1", program="kernel", name="-")
			assert lines[0]["time"][10] == "T" and lines[0]["time"].endswith("Z"), lines[0]
			check_values(0, "netcon", port="6665", seq="1", time="1000001", release="6.1.0-test", boot_id=boot, caller="T12")
			check_values(0, "dictionary", SUBSYSTEM="pci", DEVICE="+pci:0000:00:1f.0")
			check(1, "\ufefftwo\nlines, \x1b[31mred, \\ and \u00e9", priority="3")
			check_values(1, "netcon", port="6665", seq="2", time="1000002", release="6.1.0-test", boot_id=boot, continuation="1")
			check(2, "not UTF-8: \udcff\udcfe", priority="4")
			assert values[3]["dictionary@32473"] == { "name-1.x": 'a "b" \\ ]c[ \u20ac' }, values[3]
			check(4, "facility 200, level 7", priority="15")
			assert values[4]["netcon@32473"]["facility"] == "200", values[4]
			check_values(4, "dictionary", bad="\\xff\\x00")
			check(5, "a zero: \\x00.")
			cut = int(values[6]["netcon@32473"].get("cut", "0"))
			check(6, "y" * (65000 - cut))
			assert cut == 0 if sys.argv[1].startswith("tcp") else 0 < cut < 1000, cut
			check(7, "a basic message", priority="5")
			check_values(7, "netcon", port="6665")
			check(8, "192.0.2.1:6665 lost: 3 messages, 8 to 10", priority="28", program="netcon", name="lost", host="192.0.2.1")
			check_values(8, "netcon", port="6665", first="8", last="10")
			check(9, "incomplete", host="2001:db8::1")
			check_values(9, "netcon", port="6000", missing="17", seq="1", time="9", boot_id=boot, continuation="1")
			check_values(10, "netcon", port="6000", seq="1", highest_before="4711")
			check(11, "dropped: the socket had no room for 12 datagrams", host="-", name="dropped")
		END
		ok "${place%:*}: each value is what was sent" $?
	done

	# came FIRST LAST: all messages of these numbers have.
	came() {
		python3 - "$@" <<-'END'
			import json, sys
			first, last = int(sys.argv[1]), int(sys.argv[2])
			came = set()
			for line in open("values", errors="surrogateescape"):
			    came.add(int(json.loads(line).get("netcon@32473", {}).get("seq", -1)))
			missing = [number for number in range(first, last + 1) if number not in came]
			sys.exit(f"{len(missing)} are missing: {missing[:5]}" if missing else 0)
		END
	}

	# talk PLACE: a put that goes on; what goes to descriptor 5 goes into it, what it says to ./said.
	talk() {
		rm -f fifo
		mkfifo fifo
		"$put" "syslog:$1" >said 2>&1 <fifo &
		talker=$!
		processes+=("$talker")
		exec 5>fifo
	}

	hang_up() {
		exec 5>&-
		wait "$talker"
	}

	talk "tcp:127.0.0.1:$port"
	many 1 500 >&5
	echo flush >&5
	until_true came 1 500
	ok "tcp: a connection that stays" $?
	kill -KILL "$rsyslogd"
	wait "$rsyslogd" 2>/dev/null
	many 501 3000 >&5
	for ((i = 0; i < 100; i++)); do
		echo flush >&5
		grep -q 'refused; messages wait' said && break
		sleep 0.1
	done
	grep -qF "tcp:127.0.0.1:$port: flush: Connection refused; messages wait in memory" said
	ok "tcp: that the server is away is said" $?
	start_rsyslogd "$port"
	many 3001 3100 >&5
	echo flush >&5
	until_true came 501 3100
	ok "tcp: the server was killed and started again: what waited comes" $?
	hang_up

	end "$rsyslogd"
	talk "tcp:127.0.0.1:$port"
	many 10001 10400 "$(head -c 131000 /dev/zero | tr '\0' w)" >&5
	until_true grep -q 'no room in memory' said
	ok "tcp: more than 32 MiB do not wait: it is said" $?
	start_rsyslogd "$port"
	until_true came 10001 10200
	ok "tcp: what waited comes" $?
	until_true_sending() {
		many 10401 10401 >&5
		echo flush >&5
		came 10401 10401
	}
	until_true until_true_sending
	ok "tcp: later messages come" $?
	python3 - >.output 2>&1 <<-'END'
		import json, re
		lines = [json.loads(line) for line in open("understood", errors="surrogateescape")]
		said = [re.match("([0-9]+) messages were dropped: ", line["text"]) for line in lines if line["name"] == "queue-full"]
		dropped = [int(match[1]) for match in said if match]
		came = {re.match("w{100}", line["text"]) and line["sd"] for line in lines} - {None}
		assert len(dropped) == 1 and dropped[0] >= 400 - len(came) > 0, (dropped, len(came))
	END
	ok "tcp: the log says how many were dropped" $?
	hang_up

	talk "unix:$PWD/log"
	many 20001 20010 >&5
	until_true came 20001 20010
	end "$rsyslogd"
	rm -f log
	many 20011 20020 >&5
	until_true grep -q 'No such file' said
	ok "unix: that the socket is gone is said" $?
	start_rsyslogd "$port"
	many 20021 20030 >&5
	until_true came 20021 20030
	ok "unix: another socket in its place is used" $?
	hang_up
	[[ $? -eq 3 ]]
	ok "unix: what was not taken is an error" $?
	end "$rsyslogd"

	datagram '5,1,1,-;nobody listens' | timeout 60 "$put" "syslog:tcp:127.0.0.1:$port" >.output 2>&1
	[[ $? -eq 3 ]]
	ok "tcp: at the end it is not waited for a server without an end" $?
	says "close: Connection timed out" "tcp: what was not sent is an error"
fi
for place in "" udp tcp: udp::514 tcp:host:0 tcp:host:65536 tcp:host:x unix: file:/x 'tcp:[::1' 'udp:[::1]x'; do
	put "syslog:$place" </dev/null
	[[ $? -eq 3 ]] && grep -q 'Invalid argument' .output || found+=$'\n'"$place: $(cat .output)"
done
found_nothing "syslog: places that are none"
put "syslog:udp:no-such-name.invalid:514" </dev/null
says "No route to host" "syslog: a name without an address"

# --- a file for each host

mkdir files
put files:files <sent
ok "files: messages are taken" $?
[[ $(ls files) == $'192.0.2.1.log\n2001:db8::1.log' && $(wc -l <files/192.0.2.1.log) -eq 9 && $(wc -l <files/2001:db8::1.log) -eq 2 ]]
ok "files: one for each address, with a line for each message and for what happened" $?
cp files/192.0.2.1.log .output
matches '^[0-9T:.-]*Z 192\.0\.2\.1 2 kern\.err \[    1\.000002\] \.\.\.two\\x0alines, \\x1b\[31mred, \\\\ and é$' "files: lines as on standard output"
[[ $(stat -c %a files/192.0.2.1.log) == 640 ]]
ok "files: their mode" $?
tail -n 2 files/192.0.2.1.log | grep -q ' a basic message$'
ok "files: a short line behind a long one" $?
mkdir json
put json-files:json <sent
python3 - >.output 2>&1 <<-'END'
	import json
	lines = [json.loads(line) for line in open("json/192.0.2.1.log")]
	assert [line.get("sequence") for line in lines] == [1, 2, 3, 4, 5, 6, 7, None, None], lines
	assert lines[8]["event"] == "lost" and lines[0]["text"] == "plain text", lines
END
ok "files: JSON" $?
echo from fe80::1 6665 >scoped
many 1 1 >>scoped
put files:files <scoped
[[ -f files/fe80::1%2.log ]]
ok "files: a link-local address has its interface" $?

rm -rf files
mkdir files
{ echo from 192.0.2.2 6665; many 1 1000; } | put files:files 4000 3
ok "files: rotation" $?
[[ $(echo files/*) == "files/192.0.2.2.log files/192.0.2.2.log.1 files/192.0.2.2.log.2 files/192.0.2.2.log.3" ]]
ok "files: so many earlier ones are kept as were asked for" $?
python3 - >.output 2>&1 <<-'END'
	import os
	texts = [open("files/192.0.2.2.log" + end).read() for end in (".3", ".2", ".1", "")]
	assert all(3800 < len(text) <= 4000 for text in texts[:3]) and len(texts[3]) <= 4000, [len(text) for text in texts]
	numbers = [int(line.split()[2]) for text in texts for line in text.splitlines()]
	assert numbers == list(range(numbers[0], 1001)), numbers
END
ok "files: none is longer than it may be, and no line is missing between them" $?
rm files/192.0.2.2.log.2
put files:files 4000 3 < <(echo from 192.0.2.2 6665; many 1001 1040)
[[ -f files/192.0.2.2.log.2 && $(head -n 1 files/192.0.2.2.log.3 | cut -d ' ' -f 3) -lt $(head -n 1 files/192.0.2.2.log.2 | cut -d ' ' -f 3) ]]
ok "files: where a number is free what is behind it stays" $?
rm -rf files
mkdir -p files/192.0.2.2.log.1
put files:files 4000 1 < <(echo from 192.0.2.2 6665; many 1 200)
[[ $? -eq 3 ]]
ok "files: a rotation that is not possible is an error" $?
says "files/192.0.2.2.log: cannot be renamed: " "files: which, in words"
[[ $(wc -l <files/192.0.2.2.log) -eq 200 ]]
ok "files: and no message is lost by that" $?
rm -rf files
mkdir files
put files:files 4000 0 < <(echo from 192.0.2.2 6665; many 1 1000)
[[ $(ls files) == 192.0.2.2.log && $(stat -c %s files/192.0.2.2.log) -le 4000 ]]
ok "files: rotation that keeps none" $?

# With the descriptors that there are, and with those that are allowed, a thousand hosts are no matter.
rm -rf files
mkdir files
for ((round = 0; round < 2; round++)); do
	for ((i = 0; i < 1000; i++)); do
		echo "from 10.0.$((i / 250)).$((i % 250)) 6665"
		echo 352c312c312c2d3b61
	done
done >hosts
(ulimit -n 40 && put files:files <hosts)
ok "files: a thousand hosts, and forty descriptors" $?
names=(files/*)
[[ ${#names[@]} -eq 1000 && $(cat files/* | wc -l) -eq 2000 ]]
ok "files: each message of theirs is there" $?
rm -f fifo
mkfifo fifo
"$put" files:files >said 2>&1 <fifo &
talker=$!
processes+=("$talker")
exec 5>fifo
cat hosts >&5
thousand_more() {
	[[ $(cat files/* | wc -l) -eq 4000 ]]
}
until_true thousand_more
names=("/proc/$talker/fd"/*)
[[ ${#names[@]} -gt 250 && ${#names[@]} -le 270 ]]
ok "files: no more than some hundred are open at a time" $?
{ echo from 10.0.0.0 6665; many 75 75; } >&5
until_true grep -q ' 75 ' files/10.0.0.0.log
mv files/10.0.0.0.log files/moved
many 76 76 >&5
until_true grep -q ' 76 ' files/moved
ok "files: one that was renamed is written to until it is opened anew" $?
{ echo reopen; many 77 77; } >&5
until_true grep -q ' 77 ' files/10.0.0.0.log
ok "files: as after a SIGHUP" $?
exec 5>&-
wait "$talker"

rm -rf files
mkdir files
echo untouched >elsewhere
ln -s ../elsewhere files/192.0.2.1.log
many 1 1 | put files:files
[[ $? -eq 3 && $(cat elsewhere) == untouched ]]
ok "files: a symbolic link is not followed" $?
says "files/192.0.2.1.log: a symbolic link, which is not followed: remove it" "files: why, in words"
rm files/192.0.2.1.log
mkdir files/192.0.2.1.log
many 1 1 | put files:files
says "files/192.0.2.1.log: a folder: remove it" "files: a folder in its place"
rmdir files/192.0.2.1.log
mkfifo files/192.0.2.1.log
many 1 1 | timeout 20 "$put" files:files >.output 2>&1
says "files/192.0.2.1.log: not a regular file: remove it" "files: a pipe in its place"
put files:no-such-folder </dev/null
says "No such file or directory" "files: no folder"

mkdir full
if mount -t tmpfs -o size=64k none full 2>/dev/null; then
	text=$(head -c 3000 /dev/zero | tr '\0' f)
	many 1 40 "$text" | put files:full
	[[ $? -eq 3 ]]
	ok "files: a full disk is an error" $?
	says "full/192.0.2.1.log: No space left on device" "files: it is said"
	[[ $(tail -c 1 full/192.0.2.1.log | hex) == 0a && $(wc -l <full/192.0.2.1.log) -ge 15 && $(awk '{ print length }' full/192.0.2.1.log | sort -u | wc -l) -le 2 ]]
	ok "files: no piece of a line stays" $?
	# What was there when the disk was full is no matter when it is not any more.
	mount -o remount,size=1m full
	many 50 50 "$text" | put files:full && tail -n 1 full/192.0.2.1.log >.output && matches ' 50 kern\.notice .*fff$' "files: it goes on when there is room"
	umount full
else
	skip "files: a full disk" "no tmpfs can be mounted here"
fi

# --- metrics

# get OPTION...: what the server answers, as curl prints it.
get() {
	curl --silent --show-error --max-time 20 "$@" >"$work/.output" 2>&1
}

port=$((20000 + RANDOM % 10000))
rm -f fifo
mkfifo fifo
"$put" "metrics:$port" >said 2>&1 <fifo &
processes+=("$!")
exec 5>fifo
until_true grep -q ready said
get "http://127.0.0.1:$port/metrics"
ok "metrics: an answer" $?
cp .output metrics
matches '^# HELP netcon_datagrams_total [A-Z].*\.$' "metrics: words"
matches '^# TYPE netcon_hosts gauge$' "metrics: types"
matches '^netcon_datagrams_total 1000$' "metrics: a number"
matches '^netcon_memory_bytes 1018$' "metrics: the last of them"
says 'netcon_output_errors_total{output="a\"b\\c\nd"} 18446744073709551615' "metrics: a label with what is special in it"
says 'netcon_output_errors_total{output="journal"} 7' "metrics: outputs of one name are one sample"
[[ -z $(sort metrics | uniq -d) && $(grep -c '^netcon' metrics) -eq 21 ]]
ok "metrics: each is there once" $?
if command -v promtool >/dev/null; then
	expect 0 "metrics: promtool has no complaint" bash -c 'promtool check metrics <metrics'
else
	skip "metrics: promtool has no complaint" "no promtool here"
fi
get -g "http://[::1]:$port/metrics"
ok "metrics: over IPv6" $?
get --include "http://127.0.0.1:$port/metrics"
matches '^Content-Type: text/plain; version=0\.0\.4; charset=utf-8' "metrics: the type of the answer"
get --head "http://127.0.0.1:$port/metrics"
matches "^Content-Length: $(stat -c %s metrics)" "metrics: HEAD"
matches_not 'netcon_' "metrics: HEAD has no body"
get --include "http://127.0.0.1:$port/"
matches '^HTTP/1.1 404 ' "metrics: another path"
get --include --path-as-is "http://127.0.0.1:$port/metrics/../../etc/passwd"
matches '^HTTP/1.1 404 ' "metrics: a path that leads elsewhere"
get --include --data x "http://127.0.0.1:$port/metrics"
matches '^HTTP/1.1 405 ' "metrics: POST"
matches '^Allow: GET, HEAD' "metrics: what is allowed"
get --include --request DELETE "http://127.0.0.1:$port/metrics"
matches '^HTTP/1.1 405 ' "metrics: DELETE"
cat >hostile.py <<-'END'
	import os, socket, sys
	port = int(sys.argv[1])
	def ask(request):
	    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
	    try:
	        connection.sendall(request)
	        connection.shutdown(socket.SHUT_WR)
	        while connection.recv(65536):
	            pass
	    except TimeoutError:
	        raise
	    except OSError:
	        pass
	    connection.close()
	for request in (b"", b"\0" * 4096, os.urandom(65536), b"GET " + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n",
	        b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 50000 + b"\r\n", b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
	        b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nx", b"GET /%00metrics HTTP/1.1\r\nHost: x\r\n\r\n",
	        b"POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"):
	    ask(request)
	idle = [socket.create_connection(("127.0.0.1", port), timeout=20) for i in range(100)]
	for connection in idle:
	    try:
	        connection.send(b"GET /metr")
	    except ConnectionError:
	        pass
	# Who holds connections open keeps nobody else out.
	other = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=("127.0.0.2", 0))
	other.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	assert other.recv(15) == b"HTTP/1.1 200 OK"
END
expect 0 "metrics: hostile requests, and connections that are held open" python3 hostile.py "$port"
until_true get --fail "http://127.0.0.1:$port/metrics"
cmp -s .output metrics
ok "metrics: after these it answers as before" $?
expect 3 "metrics: a port that is taken" "$put" "metrics:127.0.0.1:$port"
says "Address already in use" "metrics: why"
exec 5>&-
for address in "" x 0 65536 127.0.0.1 ':1' '[::1]'; do
	put "metrics:$address" </dev/null
	[[ $? -eq 3 ]] && grep -q 'Invalid argument' .output || found+=$'\n'"$address: $(cat .output)"
done
found_nothing "metrics: addresses that are none"
echo old >file.prom
put metrics-file:file.prom </dev/null
cmp -s file.prom metrics && [[ $(stat -c %a file.prom) == 644 ]]
ok "metrics: the file has the same, and may be read by node_exporter" $?
put metrics-file:no-such-folder/x.prom </dev/null
says "No such file or directory" "metrics: no folder for the file"

# --- netcon recv with all of them at once

# send TEXT...: a datagram each, as printf %b has them, to netcon recv, by the socket that descriptor 6 is: one host.
send() {
	local text

	for text in "$@"; do
		printf '%b' "$text" >&6
	done
}

# is_ready: netcon recv has its sockets: it has written its counters.
is_ready() {
	[[ -f all.prom ]] && get --fail "http://127.0.0.1:$counts/metrics"
}

# everywhere NUMBER: the message with that sequence number has come to each output.
everywhere() {
	entries 0 && grep -q "\"NETCON_SEQUENCE\":\"$1\"" entries && came "$1" "$1" && grep -q " $1 kern" all/127.0.0.1.log
}

if [[ ! -x /lib/systemd/systemd-journald ]] || ! command -v rsyslogd >/dev/null; then
	skip "netcon recv" "no systemd-journald, or no rsyslogd, here"
elif ! start_journald || ! start_rsyslogd "$port"; then
	skip "netcon recv" "systemd-journald or rsyslogd does not run here"
else
	mkdir all
	rm -f values understood
	kill -HUP "$rsyslogd"
	receives=$((30000 + RANDOM % 2000)) counts=$((port + 1))
	"$netcon" recv --quiet --listen "127.0.0.1:$receives" --journal="$PWD/journal/run/systemd/journal.netcon/socket" \
		--syslog "tcp:127.0.0.1:$port" --syslog "unix:$PWD/log" --files all --rotate 1M --keep 2 \
		--metrics "127.0.0.1:$counts" --metrics-file all.prom >said 2>&1 &
	receiver=$!
	processes+=("$receiver")
	until_true is_ready
	ok "netcon recv: it is ready" $?
	exec 6>"/dev/udp/127.0.0.1/$receives"
	send '6,30001,1,-;first\n' '6,30002,2,-,ncfrag=0/7;sec' '6,30002,2,-,ncfrag=3/7;ond\n'
	until_true everywhere 30001 && until_true everywhere 30002
	ok "netcon recv: messages come to all of its outputs" $?
	twice() {
		[[ $(grep -c '"seq": "30002"' values) -eq 2 ]]
	}
	until_true twice
	ok "netcon recv: to both syslog servers" $?
	get "http://127.0.0.1:$counts/metrics"
	matches '^netcon_messages_total 2$' "netcon recv: its counters: messages"
	matches '^netcon_fragments_total 2$' "netcon recv: pieces"
	matches '^netcon_hosts [1-9]' "netcon recv: hosts"
	grep -q '^netcon_output_errors_total{output="journal"} 0$' .output && grep -qF "{output=\"tcp:127.0.0.1:$port\"} 0" .output
	ok "netcon recv: its outputs have had no errors" $?
	mv all/127.0.0.1.log all/before
	kill -HUP "$receiver"
	# The signal and the datagram may overtake each other.
	until_true_anew() {
		send "6,$((number++)),3,-;more\\n"
		[[ -f all/127.0.0.1.log ]]
	}
	number=30003
	until_true until_true_anew
	ok "netcon recv: SIGHUP opens its files anew" $?
	end "$rsyslogd"
	until_said() {
		send "6,$((number++)),4,-;nobody is there\\n"
		grep -qF "netcon: tcp:127.0.0.1:$port: " said && grep -qE "^netcon: unix:.*: (Connection refused|No such file)" said
	}
	until_true until_said
	ok "netcon recv: that servers are away is said, in a line for each" $?
	last=$((number - 1))
	start_rsyslogd "$port"
	until_true everywhere "$last"
	ok "netcon recv: what waited comes when the server is there again" $?
	end "$receiver"
	grep -qE "^netcon_messages_total $((last - 30000))\$" all.prom
	ok "netcon recv: the file of its counters has the last of them at its end" $?
	end "$journald"
	end "$rsyslogd"
fi
expect 3 "netcon recv: no journal" "$netcon" recv --for 1s --journal=/nonexistent/socket
says "/nonexistent/socket: No such file or directory" "netcon recv: why"
expect 2 "netcon recv: no place of a syslog server" "$netcon" recv --syslog nowhere
expect 3 "netcon recv: no folder" "$netcon" recv --for 1s --files no-such-folder
echo "1..$count"

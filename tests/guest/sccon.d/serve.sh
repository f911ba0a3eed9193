# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# The command at the controller's end: sccon serve has /dev/sccon-fw as its line, and a login by agetty goes through it, by a
# script and by who attaches.
reload
rm -f /tmp/console /tmp/console.log /tmp/ready /tmp/keyboard
sccon serve -s /tmp/console --log /tmp/console.log --name console /dev/sccon-fw 9>&- 2>/tmp/serve.err &
server=$!
wait_for test -S /tmp/console

# serves TEXT: sccon status says so.
serves() {
	sccon status --json /tmp/console >/tmp/why 2>&1 && grep -q -F "$1" /tmp/why
}

# logs EXPRESSION: a record of the log is like that.
logs() {
	sccon log /tmp/console.log >/tmp/why 2>&1 && grep -q -E "$1" /tmp/why
}

logs_not() {
	sccon log /tmp/console.log >/tmp/all 2>&1
	! grep -n -E -B 3 -A 3 "$1" /tmp/all >/tmp/why
}

is "sccon serve has the simulated firmware as its line" wait_for serves '"kind":"simulated firmware"'
echo "seen by sccon serve" >/dev/kmsg
is "the log has messages of the kernel" wait_for logs ' [|] .*seen by sccon serve$'
# A second server does not get it.
sccon serve -v -s /tmp/second /dev/sccon-fw 9>&- 2>/tmp/why &
second=$!
is "one server at a time" wait_for grep -q 'another program has it open' /tmp/why
kill $second
wait $second 2>/dev/null

setsid agetty --noclear --noissue --local-line --login-program /bin/login 115200 ttySC0 vt100 9>&- </dev/null >/dev/null 2>/tmp/why &
getty=$!
cat >/tmp/script <<'END'
timeout 150s
on "Login incorrect" fail
window 33 77
send "\r"
expect "login: "
send "root\r"
expect "Password: "
END
cat >/tmp/rest <<'END'
timeout 150s
on "Login incorrect" fail
send "secret\r"
expect "# "
send "tty; stty size; echo by a scr''ipt\r"
expect "/dev/ttySC0"
expect "33 77"
expect "by a script"
END
is "sccon chat asks for a login" sccon chat /tmp/console /tmp/script 2>/tmp/why 9>&-
# busybox's login prints its prompt first, and has no echo of what comes a moment later.
has_no_echo() {
	stty -a -F $tty 2>/tmp/why | grep -q -e '-echo '
}
wait_for has_no_echo
is "and logs in" sccon chat /tmp/console /tmp/rest 2>/tmp/why 9>&-

mkfifo /tmp/keyboard
sccon attach /tmp/console </tmp/keyboard >/tmp/attached 2>/tmp/why 9>&- &
attached=$!
exec 8>/tmp/keyboard
echo "id -un; echo by att''ach" >&8
is "sccon attach goes on in the session" wait_for grep -q 'by attach' /tmp/attached
is "it is root's" grep -q '^root' /tmp/attached
echo "sh -c 'echo run''ning; exec sleep 1000'" >&8
wait_for grep -q '^running' /tmp/attached
printf '\003' >&8
printf 'echo code $?\n' >&8
is "Ctrl-C reaches the program" wait_for grep -q 'code 130' /tmp/attached
echo exit >&8
is "the session ends" wait_for ends $getty
exec 8>&-
rm /tmp/keyboard
kill $attached
wait $attached 2>/dev/null

is "the log has the login" logs 'login: '
is "and what was said" logs ' [|] by attach$'
is "and not what was typed" logs_not 'secret'
is "nothing was missed" serves '"missed":0,"breaks":0'
kill $server
wait $server
is "the server ends" test $? -eq 0
is "the log has its end" logs '# the log ends$'
is "which tells of both clients" logs '# .* writes now$'

# A real driver of a UART has what a pseudo-terminal has not.
sccon serve -s /tmp/serial --speed 19200 --databits 7 --parity odd --stopbits 2 --flow xonxoff /dev/ttyS1 9>&- 2>/tmp/why &
server=$!
serial_is_up() {
	sccon status --json /tmp/serial 2>/dev/null | grep -q -F '"is_up":true'
}
wait_for serial_is_up
stty -a -F /dev/ttyS1 >/tmp/serial.has
kill $server
wait $server
stty raw -echo
for setting in "speed 19200" cs7 parenb parodd cstopb ixon ixoff; do
	is "a serial line has $setting" grep -q -e "\(^\| \)$setting" /tmp/serial.has
done

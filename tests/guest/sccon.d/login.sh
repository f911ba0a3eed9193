# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# A login by agetty, job control and an editor, by what is typed at the other end.
reload sysrq=1
rm -f /tmp/edited
setsid agetty --noclear --noissue --local-line --login-program /bin/login 115200 ttySC0 vt100 9>&- </dev/null >/dev/null 2>/tmp/why &
getty=$!
script "window 24 80" "expect login: " "type root\\r" "expect Password: " "type secret\\r" "expect # " \
	"type tty; id -un; stty -a\\r" "expect /dev/ttySC0" "expect root" "expect speed 115200 baud" "expect # " \
	"type sh -c 'echo run''ning; exec sleep 1000'\\r" "expect running" "wait 200" "type \\x03" "expect # " \
	"type echo code \$?\\r" "expect code 130" "expect # " \
	"type sh -c 'echo wait''ing; exec sleep 1000'\\r" "expect waiting" "wait 200" "type \\x1a" "expect Stopped" "expect # " \
	"type kill -9 %1; wait; echo al''ive\\r" "expect alive" "expect # " \
	"type vi /tmp/edited\\r" "expect ~" "type iwritten by hand" "wait 200" "type \\e" "wait 500" "type :wq\\r" \
	"expect # " "type cat /tmp/edited\\r" "expect written by hand" "expect # " "type exit\\r"
is "a login by agetty, ^C, ^Z and an editor" sccon-controller run --log /tmp/log --quiet 500 --script /tmp/script 9>&- 2>/tmp/why
is "the session ends" wait_for ends $getty
is "the editor has written" grep -q '^written by hand$' /tmp/edited

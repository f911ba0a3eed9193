# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# digsig start takes what digsig.conf says, and what is said on its command line before that; a wrong
# file is named with its line, and nothing is started.
mkdir -p /etc/digsig
conf=/etc/digsig/digsig.conf
printf '[engine]\nmode = permissive\nmax-files = 1000\ntrust = %s\n' "$trust" >$conf
output=$(digsig start) || fail "digsig start without an option"
[ "$output" = "digsig: permissive, 1 trusted certificate" ] || fail "not what is configured"
output=$(digsig status --json)
case $output in
*'"files_max":1000,'*) ;;
*) fail "not the configured room" ;;
esac
perform digsig start
[ "$status" -eq 1 ] || fail "started twice"
engine_stop
output=$(digsig start --mode enforcing --max-files 2000)
[ "$output" = "digsig: enforcing, 1 trusted certificate" ] || fail "the command line does not win"
case $(digsig status --json) in
*'"files_max":2000,'*) ;;
*) fail "the command line's room does not win" ;;
esac
engine_stop
# Scopes, wx and catalogs: of the file, and over it of the command line.
mkdir -p /tmp/catalogs
cp "$catalogs/trusted.catalog" /tmp/catalogs/
printf '[engine]\nmode = enforcing\ntrust = %s\nwx = deny\ncatalogs = /tmp/catalogs\n' "$trust" >$conf
printf '[scope]\nscripts = off\nfirmware = on\n' >>$conf
perform digsig start
[ "$status" -eq 0 ] || fail "a configuration with catalogs: exit $status"
case $(digsig policy --json) in
*'"wx":"deny"'*'"scripts":false'*'"firmware":true'*) ;;
*) fail "not the configured policy" ;;
esac
everyone runs hello "$unsigned/hello"
everyone refused INTRUDER "$unsigned/intruder"
engine_stop
perform digsig start --scope scripts=on --scope modules=off --wx audit
case $(digsig policy --json) in
*'"wx":"audit"'*'"scripts":true,"modules":false,"firmware":true'*) ;;
*) fail "the command line's policy does not win" ;;
esac
engine_stop
# digsigd, which starts it if nobody has.
daemon_start <<-END
	[engine]
	mode = enforcing
	trust = $trust
	wx = deny
	catalogs = /tmp/catalogs
	[scope]
	modules = off
	[daemon]
	roots = $signed
END
case $(digsig policy --json) in
*'"wx":"deny"'*'"modules":false'*) ;;
*) fail "digsigd: not the configured policy" ;;
esac
everyone runs hello "$unsigned/hello"
everyone refused INTRUDER "$unsigned/intruder"
daemon_kill TERM
engine_stop
# One catalog that is not good, then none at all: nothing is started.
cp "$catalogs/stranger.catalog" /tmp/catalogs/
for code in 67 1; do
	perform digsig start
	[ "$status" -eq "$code" ] || fail "exit $status, not $code, without good catalogs"
	[ ! -e /sys/fs/bpf/digsig ] || fail "the engine was left running"
	rm -f /tmp/catalogs/*.catalog
done
# What is larger is not hashed; the option wins over the file.
printf '[engine]\ntrust = %s\nmax-file-size = 4G\n' "$trust" >$conf
output=$(digsig start --max-file-size 100K) || fail "digsig start --max-file-size"
runs hello "$signed/hello"
runs hello "$signed/hello-static"
logged ok "$signed/hello" allowed
logged unsigned "$signed/hello-static" allowed
engine_stop
perform digsig start --max-file-size 4000
[ "$status" -eq 2 ] || fail "--max-file-size 4000: exit $status instead of 2"
# With --trust alone the file is not looked at.
echo nonsense >$conf
engine_start monitor
engine_stop
for command in "digsig start" "digsigd"; do
	# shellcheck disable=SC2086 # words
	perform $command
	[ "$status" -eq 1 ] || fail "$command: exit $status instead of 1"
	case $output in
	"${command%% *}: $conf:1: neither [section] nor NAME = VALUE nor a comment") ;;
	*) fail "$command: says something else" ;;
	esac
	[ ! -e /sys/fs/bpf/digsig ] || fail "$command: the engine was started"
done
rm $conf
perform digsig start --config $conf
[ "$status" -eq 1 ] || fail "a file that is named has to be there"
# Without a file: the defaults.
output=$(digsig start) || fail "digsig start without a file"
[ "$output" = "digsig: monitor, 1 trusted certificate" ] || fail "not the defaults"

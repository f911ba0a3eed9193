# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of the demonstration that runs in the guest, as root. It fails when something runs that
# should not, or the other way round.
# shellcheck source=demo/say.sh
. /demo/say.sh
cd /demo || exit 1
bad=0

wrong() {
	printf '    %sthat should not have happened: %s%s\n' "$red" "$*" "$plain"
	bad=1
}

pace() {
	sleep 0.5
}

# runs COMMAND...: shown and run; must succeed.
runs() {
	show "$*"
	if output=$("$@" 2>&1); then
		echo "$output" | head -n 6 | indent
		printf '    %sran%s\n' "$green" "$plain"
	else
		echo "$output" | indent
		wrong "it was refused"
	fi
	pace
}

# refused COMMAND...: shown and run; must be denied by the kernel.
refused() {
	show "$*"
	output=$("$@" 2>&1)
	status=$?
	echo "$output" | head -n 4 | indent
	case $output in
	*INTRUDER* | *uid=*) wrong "it ran" ;;
	*denied* | *"not permitted"* | *EACCES* | *EPERM*)
		[ $status -ne 0 ] || wrong "it succeeded"
		printf '    %srefused%s\n' "$green" "$plain" ;;
	*) wrong "it failed for another reason" ;;
	esac
	pace
}

say "Without the engine everything runs, the intruder too:"
show uname -sr
uname -sr | indent
runs ./unsigned/intruder-static

say "The engine is loaded into the running kernel: no module, no reboot, no patch. From now on only" \
	"what the trusted key signed runs."
show "digsig start --trust /etc/digsig/trust --mode enforcing"
digsig start --trust /etc/digsig/trust --mode enforcing 2>&1 | indent
digsig status 2>&1 | head -n 12 | indent
pace

say "Signed programs run as ever:"
runs ./ls -l /demo/ls
runs ./date +%Y
runs ./id
runs ./uname -s
runs ./sha256sum /etc/passwd

say "The same program, unsigned:"
refused ./unsigned/id

say "A signed one of which one bit was changed:"
cp id tampered
tamper first-page tampered
refused ./tampered

say "One signed with a key that nobody here trusts:"
refused ./wrong-key

say "An unsigned library, pushed into a signed program by LD_PRELOAD. The program runs, the library" \
	"does not get in:"
show "LD_PRELOAD=unsigned/libintruder.so ./date +%Y"
output=$(LD_PRELOAD=/demo/unsigned/libintruder.so ./date +%Y 2>&1)
echo "$output" | indent
case $output in
*INTRUDER*) wrong "the library's code ran" ;;
*"cannot be preloaded"*) printf '    %srefused%s\n' "$green" "$plain" ;;
*) wrong "it failed for another reason" ;;
esac
pace

say "A program that is no file at all: copied into memory, executed from there:"
refused memfd-exec unsigned/intruder-static

say "And root cannot write itself into the kernel's list of what is trusted:"
refused map-write id trusted

say "All of it stands in the log:"
show "digsig log | grep denied"
digsig log >/tmp/log 2>&1
grep -i denied /tmp/log | indent
[ "$(grep -c -i denied /tmp/log)" -ge 5 ] || wrong "the log does not tell it all"

say "Stopped by its administrator, the engine leaves nothing behind:"
show "digsig stop"
digsig stop 2>&1 | indent
runs ./unsigned/intruder-static

printf '\n'
exit $bad

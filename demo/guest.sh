# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of the demonstration that runs in the guest, as root. It fails when a program runs that
# should be refused, or the other way round.
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

say "Without the engine every program runs, the unsigned one too:"
show uname -sr
uname -sr | indent
runs ./unsigned/intruder-static

say "digsig loads the engine into the running kernel: no module, no reboot, no patch. From now on only" \
	"programs signed with the trusted key run."
show "digsig start --trust /etc/digsig/trust --mode enforcing"
digsig start --trust /etc/digsig/trust --mode enforcing 2>&1 | indent
digsig status 2>&1 | head -n 12 | indent
pace

say "Signed programs run as before:"
runs ./ls -l /demo/ls
runs ./date +%Y
runs ./id
runs ./uname -s
runs ./sha256sum /etc/passwd

say "An unsigned program:"
refused ./unsigned/id

say "A signed program with one bit changed:"
cp id tampered
tamper first-page tampered
refused ./tampered

say "A program signed with a key that is not trusted here:"
refused ./wrong-key

say "A signed program is told to load an unsigned library by LD_PRELOAD. The program runs, the kernel" \
	"refuses the library:"
show "LD_PRELOAD=unsigned/libintruder.so ./date +%Y"
output=$(LD_PRELOAD=/demo/unsigned/libintruder.so ./date +%Y 2>&1)
echo "$output" | indent
case $output in
*INTRUDER*) wrong "the library's code ran" ;;
*"cannot be preloaded"*) printf '    %srefused%s\n' "$green" "$plain" ;;
*) wrong "it failed for another reason" ;;
esac
pace

say "An unsigned program is copied into memory (a memfd) and executed from there:"
refused memfd-exec unsigned/intruder-static

say "Root tries to write to the kernel's list of trusted digests:"
refused map-write id trusted

say "The log contains every refusal:"
show "digsig log | grep denied"
digsig log >/tmp/log 2>&1
grep -i denied /tmp/log | indent
[ "$(grep -c -i denied /tmp/log)" -ge 5 ] || wrong "refusals are missing in the log"

say "When the administrator stops the engine, every program runs again:"
show "digsig stop"
digsig stop 2>&1 | indent
runs ./unsigned/intruder-static

printf '\n'
exit $bad

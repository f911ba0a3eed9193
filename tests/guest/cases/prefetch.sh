# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# cpu: qemu64,vendor=AuthenticAMD,family=15,model=5
# module: prefetch_fixup
# On a processor with the erratum: the kernel does not mend a fault that it is told of for a PREFETCH, the module, the
# supervisor and the library do; and what is no such fault stays as it is.
counters=/sys/kernel/debug/prefetch_fixup

# behaves KIND CODE [WORD...]: the last program ended like that, and said that.
behaves() {
	local kind=$1 code=$2

	shift 2
	[ "$status" -eq "$code" ] || fail "$how: $kind: exit $status instead of $code"
	[ "$(echo "$output" | grep -E -v '^(Segmentation fault|Bus error)' | xargs)" = "$*" ] || fail "$how: $kind: it said something else than $*"
}

# kinds COMMAND...: each kind of program, run with it, does what it does on a processor without the erratum.
kinds() {
	how=$*
	for who in user root; do
		perform "$@" prefetch
		behaves prefetch 0 mended
		perform "$@" load
		behaves load 139
	done
	perform "$@" stack
	behaves stack 0 mended load-handled mended
	perform "$@" threads
	behaves threads 0 mended
	perform "$@" vfork
	behaves vfork 0 mended load-handled mended
	perform "$@" once
	behaves once 139 load-handled
	perform "$@" jump
	behaves jump 139
}

# without COMMAND...: nothing mends it.
without() {
	how=$*
	perform "$@" prefetch
	behaves prefetch 139
	perform "$@" file
	behaves file 135
}

# files COMMAND...: behind the end of a file, which is a SIGBUS.
files() {
	how=$*
	perform "$@" file
	behaves file 0 mended
	perform "$@" file-load
	behaves file-load 135
}

mount -t debugfs debug /sys/kernel/debug 2>/dev/null || true
who=root
perform prefetch test
case $output in
*"AuthenticAMD, family 15, model 5: has the erratum"*) ;;
*) fail "prefetch test: not the processor" ;;
esac
# Where a kernel does it by itself one day, this says so.
[ "$status" -eq 1 ] || fail "prefetch test: exit $status: does this kernel mend it?"
without faulter
without faulter-static
kinds prefetch run faulter
files prefetch run faulter
kinds prefetch run faulter-static
kinds env LD_PRELOAD=/usr/lib/libprefetch-preload.so faulter
if [ -e /usr/bin/faulter-32 ]; then
	without faulter-32
	kinds prefetch run faulter-32
	kinds prefetch run faulter-static-32
	kinds env LD_PRELOAD=/usr/lib32/libprefetch-preload.so faulter-32
fi

# What is meant for the kernel's own selftests.
perform prefetch-selftest
[ "$status" -eq 1 ] || fail "the selftest: exit $status on a kernel that does not mend it"
perform prefetch run prefetch-selftest
[ "$status" -eq 0 ] || fail "the selftest, supervised: exit $status"

# What the kernel said of those that died of it.
dmesg >/tmp/log
perform prefetch explain /tmp/log
[ "$status" -eq 0 ] || fail "prefetch explain: exit $status"
case $output in
*"this is the processor's erratum"*) ;;
*) fail "prefetch explain: no erratum in the log" ;;
esac
case $output in
*"the instruction is no prefetch"*) ;;
*) fail "prefetch explain: the loads are not in the log" ;;
esac

# Where its hook would not be called it does not load.
echo 0 >/proc/sys/kernel/ftrace_enabled
! insmod /lib/modules/prefetch_fixup.ko 2>/dev/null || fail "the module is loaded without ftrace"
dmesg | grep -q 'prefetch_fixup: not loaded: the hook is not called' || fail "without ftrace: it does not say why it is not loaded"
echo 1 >/proc/sys/kernel/ftrace_enabled

insmod /lib/modules/prefetch_fixup.ko || fail "the module is not loaded: $(dmesg | tail -n 3)"
perform prefetch test
[ "$status" -eq 0 ] || fail "with the module: exit $status"
case $output in
*"the kernel mends it, but"*) fail "with the module: not all is mended" ;;
*"with the module prefetch_fixup"*"the kernel mends it"*) ;;
*) fail "with the module: not mended" ;;
esac
perform prefetch-selftest
[ "$status" -eq 0 ] || fail "the selftest, with the module: exit $status"
before=$(cat $counters/mended_user)
kinds faulter
kinds faulter-static
files faulter
if [ -e /usr/bin/faulter-32 ]; then
	kinds faulter-static-32
	files faulter-static-32
fi
[ "$(cat $counters/mended_user)" -gt "$before" ] || fail "the module counts nothing"
[ "$(cat $counters/given_up)" -eq 0 ] || fail "the module gave up"
# Faults of the kernel, always the same one: the last four are given up.
[ "$(cat $counters/mended_kernel)" -eq 0 ] || fail "the module counts faults of the kernel"
insmod /lib/modules/kernel_fault.ko || fail "kernel_fault is not loaded"
rmmod kernel_fault
[ "$(cat $counters/mended_kernel) $(cat $counters/given_up)" = "16 4" ] ||
	fail "of 20 faults of the kernel $(cat $counters/mended_kernel) mended, $(cat $counters/given_up) given up"
rmmod prefetch_fixup || fail "the module is not unloaded"

# Loaded and unloaded while programs have faults.
while [ ! -e /tmp/enough ]; do
	faulter load
	faulter file-load
done >/dev/null 2>&1 &
for _ in 1 2 3 4 5; do
	insmod /lib/modules/prefetch_fixup.ko || fail "the module is not loaded while there are faults"
	rmmod prefetch_fixup || fail "the module is not unloaded while there are faults"
done
touch /tmp/enough
wait
without faulter
without faulter-static

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034,SC2086,SC2154
# The firmware's faults, one by one.
cat /data /data >/tmp/more
gone=1500
[ -z "$soak" ] || gone=5000
for fault in short_writes=900 refusals=500 "busy=30 busy_ms=50" errors=200 "overstated=300 dirty_input=1000" \
	lost_interrupts=1000 "lost_interrupts=1000 refusals=300" lost_interrupts=300 spurious=5000 gone_ms=$gone stuck_ms=$gone call_us=200 no_interrupts=1; do
	reload ring=64
	out=/short
	[ -z "$soak" ] || out=/data
	rate=0
	expected=true
	script "faults $fault" "wait 300"
	case $fault in
	gone_ms=* | stuck_ms=*) script "faults $fault" "wait $gone" ;;
	spurious=* | lost_interrupts=1000\ *) expected="is_statistic distrusts -gt 0" ;;
	lost_interrupts=1000)
		# All buffers fill up where the controller reads slowly: then somebody has to wait for an interrupt.
		out=/tmp/more
		rate=200000 ;;
	esac
	moves "$fault" 30 $out /short --script /tmp/script --rate $rate
	is "$fault: nothing was given up" is_statistic calls_given_up -eq 0
	case $fault in
	lost_interrupts=1000\ * | spurious=5000) is "$fault: it is polled then" is_statistic distrusts -gt 0 ;;
	overstated*) is "$fault: it was noticed" is_statistic impossible_answers -gt 0 ;;
	esac
done
expected=true
rm -f /tmp/more

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prefetch on this machine, whose kernel judges the faults as any other does. In the Test Anything Protocol.
#
#   prefetch.sh PREFETCH FAULTER PRELOAD
#
# FAULTER stands beside FAULTER-static and FAULTER-library.
# shellcheck disable=SC2016 # for the shells that are run
set -uo pipefail

usage='usage: prefetch.sh PREFETCH FAULTER PRELOAD'
prefetch=$(realpath "${1:?$usage}")
faulter=$(realpath "${2:?$usage}")
preload=$(realpath "${3:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
ulimit -c 0

# --- decode

expect 0 "decode: a prefetch" "$prefetch" decode '0f 18 08'
says "0f 18 08: prefetcht0 (%rax), 3 bytes" "decode: the instruction"
expect 1 "decode: none" "$prefetch" decode 90
expect 0 "decode: one of several" "$prefetch" decode 90 '\x65\x0f\x0d\x0c\xc5\x10\x00\x00\x00'
says 'prefetchw %gs:0x10(,%rax,8), 9 bytes' "decode: an operand without a base"
expect 1 "decode: LOCK" "$prefetch" decode f00f1808
says "is_prefetch() of the kernel takes it for one" "decode: where the kernel's rule is another"
expect 1 "decode: cut off" "$prefetch" decode 0f1888
says "4 more bytes needed" "decode: how much is missing"
expect 1 "decode -m 32: INC" "$prefetch" decode -m 32 400f1808
expect 0 "decode -m 16" "$prefetch" decode -m 16 0f184801
says 'prefetcht0 0x1(%bx,%si), 4 bytes' "decode -m 16: registers"
expect 1 "decode: PREFETCHIT0 is none" "$prefetch" decode 0f183d00000000
expect 0 "decode --new: it is one" "$prefetch" decode --new 0f183d00000000
says "prefetchit0 (%rip)" "decode --new: the instruction"
expect 3 "decode: no bytes" "$prefetch" decode 0f1
expect 2 "decode: --list takes none" "$prefetch" decode --list 90
printf '0f1808\n\nxyz\n90\n' | "$prefetch" decode >.output 2>errors
[[ $? -eq 3 && $(wc -l <.output) -eq 2 && $(wc -l <errors) -eq 1 ]]
ok "decode: lines of standard input" $?
"$prefetch" decode --json 0f1808 >.output
python3 -c '
import json
line = json.loads(open(".output").read())
assert line == {"bytes": "0f1808", "prefetch": True, "instruction": "prefetcht0", "operand": "(%rax)", "length": 3,
    "kernel_rule": True}, line'
ok "decode --json" $?

# --- the faults, and what mends them

# kinds RUN...: every kind of program, run like that, does what it would do without the erratum.
kinds() {
	local name=$1 kind code words

	shift
	while read -r kind code words; do
		"$@" "$kind" >.output 2>errors </dev/null
		got=$?
		echo "exit $got, expected $code $words" >>errors
		cp .output said
		cat errors >>.output
		[[ $got -eq $code && $(tr '\n' ' ' <said) == "${words:+$words }" ]]
		ok "$name: $kind" $?
	done <<-END
		prefetch 0 mended
		load 139
		file 0 mended
		file-load 135
		handler 0 mended load-handled mended
		nodefer 0 mended load-handled mended
		stack 0 mended load-handled mended
		once 139 load-handled
		threads 0 mended
		vfork 0 mended load-handled mended
		fork 0 mended
		sent 139
		jump 139
		ignored 139 mended
		many 0 ended
	END
}

"$prefetch" test >.output 2>errors
code=$?
if grep -q "cannot be made here" errors; then
	skip "the faults" "$(cat errors)"
else
	[[ $code -le 1 && ! -s errors ]]
	ok "test: exit code 0 or 1" $?
	matches '^a load .*SIGSEGV.*SIGSEGV' "test: a load has its signal"
	"$prefetch" test --json >.output
	python3 -c '
import json
answer = json.load(open(".output"))
assert answer["library_mends"] is True
assert [row["library"] for row in answer["faults"]] == ["mended"] * (len(answer["faults"]) - 2) + ["SIGSEGV", "SIGBUS"]
assert [row["kernel"] for row in answer["faults"][-2:]] == ["SIGSEGV", "SIGBUS"]
amd = answer["vendor"] == "AuthenticAMD"
assert answer["affected"] == (amd and (answer["family"] == 6 or answer["family"] == 15 and answer["model"] < 64))'
	ok "test --json: the library mends all but the load" $?
	# What they would die of: otherwise what follows shows nothing.
	if "$prefetch" test --json | grep -q '"kernel_mends":false'; then
		expect 139 "without anything: SIGSEGV" "$faulter" prefetch
	fi
	kinds run "$prefetch" run "$faulter"
	kinds "run, static" "$prefetch" run "$faulter-static"
	kinds preload env LD_PRELOAD="$preload" "$faulter"
	expect 0 "the library's own handler" "$faulter-library" prefetch
	expect 139 "the library's own handler: a load" "$faulter-library" load
	expect 0 "the library's own handler: behind the end of a file" "$faulter-library" file
	expect 135 "the library's own handler: a load there" "$faulter-library" file-load
	expect 0 "the library's own handler: threads" "$faulter-library" threads
	expect 0 "the library, asked by a handler" "$faulter-library" asks
	says load-handled "the library, asked by a handler: the load is the program's"
	expect 0 "run: below a shell" "$prefetch" run sh -c "$faulter prefetch && $faulter fork"
	"$prefetch" run --log "$faulter" prefetch >.output 2>errors
	for ((i = 0; i < 50; i++)); do
		! grep -q 'faults mended' errors || break
		sleep 0.1
	done
	[[ $(grep -c ': mended$' errors) -eq 6 ]] && grep -q '^prefetch: 6 faults mended$' errors
	ok "run --log: a line for each, and their number" $?
fi

# --- run changes nothing else

expect 42 "run: the exit code" "$prefetch" run sh -c 'exit 42'
expect 127 "run: no such command" "$prefetch" run ./nothing
expect 126 "run: no program" "$prefetch" run ./
expect 2 "run: an option that is none" "$prefetch" run --nothing true
expect 2 "run: no command" "$prefetch" run
expect 0 "run: options behind the command are its own" "$prefetch" run sh -c 'test "$1" = --log' sh --log
"$prefetch" run sh -c 'kill -TERM $$'
[[ $? -eq 143 ]]
ok "run: the signal that it dies of" $?
[[ $("$prefetch" run sh -c 'echo $PPID') == "$$" ]]
ok "run: the same parent" $?
[[ $("$prefetch" run sh -c 'read -r pids </proc/$$/task/$$/children; echo "$pids"') == '' ]]
ok "run: no child that it does not know" $?
bash -c 'echo $$; exec "$1" run sh -c "echo \$\$"' sh "$prefetch" >.output
[[ $(sort -u .output | wc -l) -eq 1 ]]
ok "run: the same process" $?
(trap '' INT; exec "$prefetch" run grep SigIgn /proc/self/status) >.output
(trap '' INT; exec grep SigIgn /proc/self/status) | cmp -s - .output
ok "run: ignored signals stay so" $?
"$prefetch" run sh -c 'ls -l /proc/$$/fd' | awk '{print $9}' >.output
sh -c 'ls -l /proc/$$/fd' | awk '{print $9}' | cmp -s - .output
ok "run: no descriptor that is left open" $?
# A reader of its output waits for the command, not for the supervisor of what it leaves behind.
timeout 5 "$prefetch" run sh -c 'sleep 30 >/dev/null 2>&1 & echo $!' 2>&1 | cat >.output
pid=$(cat .output)
grep -q '^TracerPid:[[:space:]]*[1-9]' "/proc/$pid/status"
ok "run: what it leaves behind is supervised, and holds no pipe" $?
tracer=$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$pid/status")
[[ $(cat "/proc/$tracer/comm") == prefetch-run && $(readlink "/proc/$tracer/cwd") == / ]]
ok "run: the supervisor has a name and no folder" $?
kill -9 "$tracer"
sleep 0.3
[[ -d /proc/$pid ]] && ! grep -q '^TracerPid:[[:space:]]*[1-9]' "/proc/$pid/status"
ok "run: the supervisor is killed, and the command goes on" $?
kill "$pid"
# Stopped and continued by job control, seen by its parent.
cat >stopped.py <<'END'
import os, signal, sys
child = os.fork()
if not child:
    os.execv(sys.argv[1], [sys.argv[1], "run", "sh", "-c", "kill -STOP $$; exit 5"])
_, status = os.waitpid(child, os.WUNTRACED)
assert os.WIFSTOPPED(status), status
assert open("/proc/%d/stat" % child).read().rsplit(")", 1)[1].split()[0] in "tT"
os.kill(child, signal.SIGCONT)
_, status = os.waitpid(child, 0)
assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 5, status
END
expect 0 "run: stopped and continued" timeout 20 python3 stopped.py "$prefetch"
expect 0 "run: a debugger's ptrace is refused, and the command goes on" "$prefetch" run "$prefetch" decode 0f1808
expect 125 "run: no second supervisor" "$prefetch" run "$prefetch" run true
says "is not started" "run: no second supervisor: says so"
expect 0 "run: many processes" timeout 60 "$prefetch" run sh -c 'for i in $(seq 200); do /bin/true; done'

# --- explain

segfault='[ 1105.1] prog[12]: segfault at 8 ip 000055ab78d51139 sp 00007ffe883d2890 error 4 in prog[1139,55ab78d51000+1000]'
opteron='[ 0.1] smpboot: CPU0: AMD Opteron(tm) Processor 248 (family: 0xf, model: 0x5, stepping: 0xa)'
printf '%s\n%s\n[ 1105.1] Code: 5d <0f> 18 08 0f be c0 5d c3\n' "$opteron" "$segfault" >log
expect 0 "explain: a log" "$prefetch" explain log
says 'prog[12]: a fault at 0x8: code at 0x55ab78d51139: prefetcht0 (%rax)' "explain: the fault"
says "this is the processor's erratum" "explain: the processor is in the log"
expect 0 "explain --cpu: another processor" "$prefetch" explain --cpu 23:1 log
says "the processor does not have the erratum" "explain --cpu: what it means"
"$prefetch" explain <log >.output
says 'prefetcht0' "explain: standard input"
expect 1 "explain: no fault" "$prefetch" explain /dev/null
says "no fault is reported there" "explain: no fault: says so"
expect 3 "explain: no such file" "$prefetch" explain nothing
expect 2 "explain: --cpu" "$prefetch" explain --cpu nonsense log
"$prefetch" explain --json log log >.output
python3 -c '
import json
lines = [json.loads(line) for line in open(".output")]
assert len(lines) == 2 and lines[0] == lines[1]
assert lines[0]["verdict"] == "prefetch" and lines[0]["erratum"] is True and lines[0]["address"] == 8'
ok "explain --json" $?
printf '\x1b[31mprog\x07[1]: segfault at 8 ip 401000 sp 7ffe883d2890 error 4\nCode: <0f> b6 00\n' >escapes
"$prefetch" explain escapes >.output
! grep -q -P '[\x1b\x07]' .output
ok "explain: nothing in a name speaks to the terminal" $?
# As a log comes: each fault is told of at once.
coproc "$prefetch" explain
explainer=$COPROC_PID # bash forgets it as soon as it has ended
printf '%s\nCode: <0f> 18 08\n' "$segfault" >&"${COPROC[1]}"
read -r -t 10 line <&"${COPROC[0]}" && [[ $line == *prefetcht0* ]]
ok "explain: a fault is told of before the log ends" $?
kill "$explainer"
wait "$explainer" 2>/dev/null
# Real cores: of a load, and where the faults can be made, of a prefetch.
core_of() {
	rm -f core core.*
	(ulimit -c unlimited && exec "$@") >/dev/null 2>&1
	for file in core core.*; do
		[[ ! -f $file ]] || { mv "$file" "$core_name" 2>/dev/null; return; }
	done
	return 1
}
core_name=of-load
if ! core_of sh -c 'kill -SEGV $$'; then
	skip "explain: a core file" "none is written here: $(cat /proc/sys/kernel/core_pattern)"
else
	expect 1 "explain: a core of a signal that was sent" "$prefetch" explain of-load
	says "no page fault" "explain: a signal that was sent is no page fault"
	core_name=of-prefetch
	if core_of "$faulter" prefetch; then
		expect 0 "explain: a core of a prefetch" "$prefetch" explain --cpu 15:5 of-prefetch
		says "prefetcht0 (%rax)" "explain: a core: the instruction"
		says "this is the processor's erratum" "explain: a core: the address fits"
		"$prefetch" explain --cpu 15:5 <of-prefetch >.output
		says "erratum" "explain: a core on standard input"
		# shellcheck disable=SC2002 # a pipe cannot be read twice
		cat of-prefetch | "$prefetch" explain --cpu 15:5 >.output
		says "erratum" "explain: a core through a pipe"
		head -c 4096 of-prefetch >cut-off
		"$prefetch" explain cut-off >.output 2>&1
		[[ $? -le 3 ]]
		ok "explain: a core that was cut off" $?
	else
		skip "explain: a core of a prefetch" "the kernel mends it"
	fi
fi
printf '\x28\xb5\x2f\xfd0000' >compressed
expect 3 "explain: a compressed core" "$prefetch" explain compressed
says "unpack it" "explain: a compressed core: what to do"

# --- scan

# Compiled here, so that what is to be found is known.
cat >planted.c <<'END'
void twice(char *p) { __asm__ volatile("prefetcht0 64(%0)\n prefetcht0 64(%0)" : : "r"(p)); }
void near(char *p) { __asm__ volatile("prefetchnta (%0)\n prefetchnta 32(%0)" : : "r"(p)); }
void far(char *p) { __asm__ volatile("prefetcht1 (%0)\n prefetcht1 64(%0)" : : "r"(p)); }
void moved(char *p) { __asm__ volatile("prefetcht0 (%0)\n add $64,%0\n prefetcht0 (%0)" : "+r"(p)); }
void over_a_jump(char *p, int n) {
	__asm__ volatile("prefetcht0 (%0)\n 1: prefetcht0 (%0)\n dec %1\n jnz 1b" : : "r"(p), "r"(n));
}
void at_zero(void) { __asm__ volatile("prefetchw 16"); }
long ahead(char *p, char *end) {
	long sum = 0;
	__asm__ volatile("1: prefetcht0 256(%0)\n add (%0),%1\n add $64,%0\n cmp %2,%0\n jne 1b"
		: "+r"(p), "+r"(sum) : "r"(end));
	return sum;
}
/* No prefetch: the middle of a constant, and a table in the code. */
long constant(void) { long x; __asm__ volatile("movabs $0x9008180f90909090,%0" : "=r"(x)); return x; }
__asm__(".type table,@object\n table: .byte 0x0f,0x18,0x08,0x0f,0x18,0x08\n .size table,6");
int main(void) { return 0; }
END
cc -O1 -o planted planted.c 2>errors || cat errors
expect 0 "scan: a program" "$prefetch" scan planted
"$prefetch" scan -e -r -n -o function,instruction,odd planted | sed 's/+0x[0-9a-f]*//; s/\\x20/ /' >.output
check_row() {
	grep -q -E "^$1 $2 ?$3\$" .output
	ok "scan: $1: $2: ${3:-nothing odd}" $?
}
check_row twice 'prefetcht0 0x40\(%rdi\)' ''
check_row twice 'prefetcht0 0x40\(%rdi\)' same-line
check_row near 'prefetchnta 0x20\(%rdi\)' near-line
check_row far 'prefetcht1 0x40\(%rdi\)' ''
check_row at_zero 'prefetchw 0x10' no-page
check_row ahead 'prefetcht0 0x100\(%rdi\)' ahead
[[ $(grep -c '^moved prefetcht0 (%rdi) *$' .output) -eq 2 ]]
ok "scan: a register that moves is another line" $?
[[ $(grep -c '^over_a_jump prefetcht0 (%rdi) *$' .output) -eq 2 ]]
ok "scan: nothing is said over a jump's target" $?
[[ $(wc -l <.output) -eq 12 ]]
ok "scan: constants and tables are no code" $?
cc -O1 -c -o planted.o planted.c
[[ $("$prefetch" scan -e -r -n planted.o | wc -l) -eq 12 ]]
ok "scan: an object file" $?
strip -o stripped planted
"$prefetch" scan -r -n -o kind,count stripped | awk '{ count += $2 } END { print count }' >.output
grep -q -E '^1[24]$' .output
ok "scan: without symbols" $?
# Without sections there are segments, of which several may be code.
cat >segments.s <<'END'
.globl _start
.section .one, "ax"
_start: prefetcht0 (%rax)
.section .two, "ax"
prefetcht1 (%rax)
END
cat >segments.ld <<'END'
PHDRS { one PT_LOAD FLAGS(5); two PT_LOAD FLAGS(5); }
SECTIONS { . = 0x400000; .one : { *(.one) } :one  . = 0x500000; .two : { *(.two) } :two  /DISCARD/ : { *(.note*) } }
END
cc -nostdlib -static -o segments segments.s -Wl,-T,segments.ld -Wl,--build-id=none 2>errors || cat errors
python3 -c '
import struct
data = bytearray(open("segments", "rb").read())
struct.pack_into("<Q", data, 40, 0) # e_shoff
struct.pack_into("<HHH", data, 58, 0, 0, 0) # e_shentsize, e_shnum, e_shstrndx
open("segments", "wb").write(data)'
[[ $("$prefetch" scan -e -r -n -o kind segments | tr '\n' ' ') == 'prefetcht0 prefetcht1 ' ]]
ok "scan: all segments of code, where there are no sections" $?
# Each part is code of the file that is scanned: the same one many times would take any time.
python3 -c '
import struct
data = bytearray(open("segments", "rb").read())
at, = struct.unpack_from("<Q", data, 32) # e_phoff
header = data[at:at + 56]
struct.pack_into("<Q", header, 8, 0) # p_offset
struct.pack_into("<Q", header, 32, len(data)) # p_filesz
struct.pack_into("<Q", data, 32, len(data))
struct.pack_into("<H", data, 56, 1000) # e_phnum
open("over", "wb").write(data + 1000 * header)'
expect 3 "scan: segments that lie over one another" "$prefetch" scan over
says "over: its sections of code are larger than the file" "scan: and why"
expect 0 "scan --odd" "$prefetch" scan --odd -e -r -n -o odd planted
[[ $(head -n -1 .output | sort | tr '\n' ' ') == 'ahead near-line no-page same-line ' ]]
ok "scan --odd: only those" $?
"$prefetch" scan --json planted >.output
python3 -c '
import json
answer = json.loads(open(".output").read())
assert answer["bits"] == 64 and len(answer["prefetches"]) == 12
assert {row["name"] for row in answer["prefetches"]} >= {"twice", "at_zero"}
assert [row["odd"] for row in answer["prefetches"] if row["kind"] == "prefetchw"] == [["no-page"]]'
ok "scan --json" $?
mkdir tree
cp planted tree/a
ln -s a tree/link
printf '\177ELF' >tree/short
head -c 300 planted >tree/cut
: >tree/empty
mkfifo tree/fifo
expect 0 "scan: a folder, with what is no ELF file in it" timeout 20 "$prefetch" scan tree
says "12 prefetches in 1 of 1 ELF files" "scan: a folder: a link is not followed"
expect 0 "scan: a link that is named" "$prefetch" scan tree/link
expect 1 "scan: none" "$prefetch" scan tree/empty
expect 3 "scan: no such file" "$prefetch" scan nothing
expect 2 "scan: nothing" "$prefetch" scan
# The same as objdump finds, in real programs.
for file in /lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/libcrypto.so.3 planted; do
	[[ -f $file ]] || continue
	objdump -d "$file" | sed -n 's/^ *\([0-9a-f]*\):.*\tprefetch.*/0x\1/p' >theirs
	"$prefetch" scan -e -r -n -o address "$file" >ours
	diff theirs ours >.output
	ok "scan: the same as objdump: ${file##*/}, $(wc -l <theirs)" $?
done
# A file that becomes shorter while it is read: as often as it takes to happen.
for ((i = 0; i < 20; i++)); do
	cat planted planted planted planted planted planted planted planted >shrinking
	(truncate -s 4096 shrinking) &
	"$prefetch" scan shrinking >/dev/null 2>errors
	code=$?
	wait $!
	[[ $code -le 3 ]] || break
done
[[ $code -le 3 ]]
ok "scan: a file that becomes shorter" $?

echo "1..$count"

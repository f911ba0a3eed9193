# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench/catalog.sh that runs in the guest.

on() { digsig start -q --trust /etc/digsig/trust "$@" || exit 1; }
off() { digsig stop || exit 1; }
available() { awk '/^MemAvailable/ { print $2 }' /proc/meminfo; }
# median of the milliseconds in the first field
median() { sort -n | awk '{ line[NR] = $1 } END { printf "%.0f ms", line[int((NR + 1) / 2)] / 1e6 }'; }

echo "kernel $(uname -r)"

for files in 65536 250000; do
	before=$(available)
	on --max-files $files
	# The keyring and the programs are in the difference too.
	echo "room for $files: $(($(available) - before)) KiB of MemAvailable; the maps:"
	map-memory | awk '{ printf "  %-16s %.1f MiB\n", $1, $2 / 1048576 }'
	off
done

large=/bench/250000.catalog
before=$(available)
on --catalog $large
echo "250,000 digests loaded: $(($(available) - before)) KiB of MemAvailable, maps" \
	"$(map-memory | awk '/^total/ { printf "%.1f MiB", $2 / 1048576 }')"
off

for _ in 1 2 3; do
	on --max-files 200000
	count-io digsig catalog load -q /bench/100000.catalog >>/tmp/first || exit 1
	count-io digsig catalog load -q /bench/100000.catalog >>/tmp/again || exit 1
	count-io raw-catalog -o 287 /bench/100000.catalog >>/tmp/bad || exit 1
	count-io digsig catalog verify -q --trust /etc/digsig/trust /bench/100000.catalog >>/tmp/verify
	count-io digsig mode >>/tmp/nothing || exit 1
	off
done
# Lines of the measured programs end in "NANOSECONDS BYTES".
for what in first again bad verify nothing; do
	grep -o '[0-9]* [0-9]*$' /tmp/$what >/tmp/$what.times
done
echo "catalog load, 100,000 digests, all new: $(median </tmp/first.times)"
echo "the same again, none new: $(median </tmp/again.times)"
echo "one part of 32,768 refused after all of its verification: $(median </tmp/bad.times)"
echo "catalog verify, in user space, names too: $(median </tmp/verify.times)"
echo "digsig mode, which does next to nothing: $(median </tmp/nothing.times)"

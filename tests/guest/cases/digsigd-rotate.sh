# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# The log file is rotated by size, so many are kept, and digsig log shows all of them in their order.
mkdir /tmp/log
configure() {
	cat <<-END
		[engine]
		mode = enforcing
		trust = $trust
		[daemon]
		roots = $signed
		log-file = /tmp/log/events
		log-size = 4K
		log-keep = $1
		rate = 0
	END
}
configure 3 >/run/wanted
daemon_start </run/wanted
many() {
	for i in $(seq "$1" "$2"); do
		cp "$unsigned/silent-static" "/tmp/file.$i"
		"/tmp/file.$i" 2>/dev/null && fail "an unsigned program ran"
		rm "/tmp/file.$i"
	done
	return 0
}
many 10 49
wait_until grep -q file.49 /tmp/log/events
output=$(cd /tmp/log && echo *)
[ "$output" = "events events.1 events.2 events.3" ] || fail "not the files that are to be kept"
for file in /tmp/log/*; do
	[ "$(wc -c <"$file")" -le 4096 ] || fail "$file is larger than it may be"
	[ "$(grep -c -v '^{.*}$' "$file")" -eq 0 ] || fail "$file has half a line"
done
digsig log --json | grep -o 'file\.[0-9]*' >/tmp/order
output=$(head -n 1 /tmp/order)
sort /tmp/order | cmp -s - /tmp/order || fail "not in their order"
[ "$(wc -l </tmp/order)" -eq "$(uniq /tmp/order | wc -l)" ] || fail "something is shown twice"
# Who follows misses nothing behind a rotation.
digsig log --follow --json >/tmp/followed &
follower=$!
many 50 69
wait_until grep -q file.69 /tmp/followed
kill $follower
for i in $(seq 50 69); do
	[ "$(grep -c "file\.$i" /tmp/followed)" -eq 1 ] || fail "file.$i not shown once"
done
# SIGHUP: another name, from now on; a bad configuration changes nothing.
configure 2 | sed 's,log/events,log/other,' >/run/digsig.conf
kill -HUP "$daemon"
wait_until grep -q RELOADING=1 "$notices"
many 70 70
wait_until grep -q file.70 /tmp/log/other
configure many >/run/digsig.conf
kill -HUP "$daemon"
wait_until grep -q 'digsig.conf:8: log-keep: many: a number from 0 to 100: the configuration stays' \
	"$daemon_says"
many 71 71
wait_until grep -q file.71 /tmp/log/other

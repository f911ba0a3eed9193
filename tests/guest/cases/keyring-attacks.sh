# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 18
# Root can destroy the trusted keyring, and can change who owns it. Neither lets anything in: what
# was judged goes on, what is new cannot be verified and is refused; a keyring of root's own, under
# the same name, is not asked.
for how in clear revoke invalidate chown setperm; do
	runs INTRUDER add-key -m "$how" intruder-control /t/stranger.der
done
for how in clear revoke invalidate chown setperm unlink; do
	engine_start enforcing
	ring=$(add-key find digsig 2>&1) || fail "no keyring with digsig in its name: $(cat /proc/keys)"
	runs hello "$signed/hello"
	for whom in user root; do
		who=$whom
		perform add-key "$how" "$ring" /t/stranger.der
		who=root
		everyone refused INTRUDER "$stranger/intruder-static"
		everyone refused INTRUDER "$unsigned/intruder-static"
		everyone runs hello "$signed/hello"
	done
	# Another keyring of that name, with the stranger's key in it, changes nothing.
	runs INTRUDER add-key -m add digsig /t/stranger.der
	cp "$stranger/intruder-static" /tmp/intruder
	everyone refused INTRUDER /tmp/intruder
	case $how in
	revoke | invalidate)
		# Now nothing new can be verified: closed, not open.
		cp "$signed/howdy" "/tmp/howdy-$how"
		printf '\n' | cat "$signed/hello-static" - >"/tmp/changed-$how"
		chmod 755 "/tmp/changed-$how"
		everyone refused hello "/tmp/changed-$how"
		;;
	esac
	engine_stop
done

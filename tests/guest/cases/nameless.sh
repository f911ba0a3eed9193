# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Programs without a name: in a memfd, from O_TMPFILE, deleted. The content decides, not the path.
# attack: 4
attacks() {
	for who in root user userns; do
		attack INTRUDER memfd-exec "$unsigned/intruder-static"
		attack INTRUDER memfd-exec -s "$unsigned/intruder-static"
		attack INTRUDER tmpfile-exec "$unsigned/intruder-static"
		attack INTRUDER tmpfile-exec -d "$unsigned/intruder-static"
	done
	who=root
}
prove enforcing attacks
everyone runs hello tmpfile-exec "$signed/hello-static"
everyone runs hello tmpfile-exec -d "$signed/hello-static"

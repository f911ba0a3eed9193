# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# A file that was found good, and of which execve(2) then finds that it is no program, is not about to be
# mapped any more: it can be written to while the process that tried lives on.
fail_to_execute() {
	cp "$signed/specimen" /tmp/specimen
	chmod 777 /tmp/specimen
	runs '' fail-maps program 20 /tmp/specimen sh -c 'echo other >/tmp/specimen'
	rm /tmp/specimen
}
engine_start enforcing
everyone fail_to_execute

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034,SC2086,SC2154
# A paste in both directions, into a reader of whole lines and into one of bytes.
reload
mode="sane -echo"
moves "a paste of $(stat -c %s /data) bytes, by lines" 20 /data /data
mode="raw -echo"
moves "a paste of $(stat -c %s /data) bytes, as they come" 20 /data /data
if [ -n "$soak" ]; then
	mode="sane -echo"
	moves "a paste of 10 MiB, by lines" 20 /much /much
	mode="raw -echo"
	moves "a paste of 10 MiB, as they come" 20 /much /much
fi

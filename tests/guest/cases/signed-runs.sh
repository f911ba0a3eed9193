# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# What the trusted key signed runs: static, dynamic, with a library, for everyone everywhere.
# attack: 13
engine_start enforcing
for who in root user userns; do
	runs hello "$signed/hello-static"
	runs hello "$signed/hello"
	runs greetings env LD_PRELOAD="$signed/libgreet.so" "$signed/hello"
	runs greetings "$signed/load-library" "$signed/libgreet.so"
	runs hello /lib64/ld-linux-x86-64.so.2 "$signed/hello"
done
who=root
# A copy is as good as the original: the signature is in the file.
cp "$signed/hello" /tmp/copy
everyone runs hello /tmp/copy
mount --bind "$signed" /mnt
everyone runs hello /mnt/hello
umount /mnt
logged ok "$signed/hello" allowed

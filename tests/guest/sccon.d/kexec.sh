# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# By QEMU's debug console: what the terminal was given is sent before the next kernel begins, whose messages come by it, too.
insmod /sccon.ko transport=debugcon extended=1
exec 9<>$tty
stty raw -echo <&9
cat /letters >$tty
sccon-kexec /vmlinuz /initramfs "$(sed 's/parts=[^ ]*/parts=panic/' /proc/cmdline)"
echo "not ok kexec"

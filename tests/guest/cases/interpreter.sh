# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A signed program whose ELF interpreter is a file of the attacker's is killed before it begins.
# attack: 3
cp "$unsigned/ld.so" /tmp/ld.so
everyone runs hello "$signed/hello-interpreter"
engine_start enforcing
everyone killed hello "$signed/hello-interpreter"
logged unsigned /tmp/ld.so denied
cp /lib64/ld-linux-x86-64.so.2 /tmp/ld.so
everyone runs hello "$signed/hello-interpreter"

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command on a terminal of its own and answers its prompts.

    answer.py [ANSWER]... -- COMMAND...

Each ANSWER is typed when the terminal has shown another line that ends with a colon and a space, and
does not echo any more. Prints what the terminal showed; exits as the command did, 99 if it hung.
"""
import os
import pty
import select
import sys
import termios
import time


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def main():
    cut = sys.argv.index("--")
    answers, command = sys.argv[1:cut], sys.argv[cut + 1:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown, answered, end = b"", 0, time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.02)[0]:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                part = b""
            if not part:
                break
            shown += part
        # A prompt that echoes would discard what is typed too early, or show a secret.
        if answers and shown[answered:].endswith(b": ") and not echoes(terminal):
            os.write(terminal, answers.pop(0).encode() + b"\n")
            answered = len(shown)
    else:
        os.kill(child, 9)
        print("answer.py: it did not end")
    sys.stdout.write(shown.decode(errors="replace").replace("\r\n", "\n"))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 99 if status < 0 else status


sys.exit(main())

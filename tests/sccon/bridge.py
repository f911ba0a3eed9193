#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A machine for sccon serve, at a unix socket: a program in a terminal of 24 x 80, or whatever is typed here.

  bridge.py PATH RECEIVED              standard input goes to whoever connects; what comes is kept in RECEIVED
  bridge.py PATH RECEIVED COMMAND...   the same with the program's terminal in place of standard input
"""
import fcntl
import os
import pty
import select
import socket
import struct
import sys
import termios


def start(command):
    pid, fd = pty.fork()
    if not pid:
        # The terminal that runs the test is none of the program's business.
        os.environ['TERM'] = 'xterm-256color'
        # Lines are drawn with characters of UTF-8: tmux keeps those of the other character set apart.
        os.environ['NCURSES_NO_UTF8_ACS'] = '1'
        os.execvp(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    return fd


def read(fd):
    try:
        return os.read(fd, 65536)
    except OSError:
        return b''


def main():
    path, received, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    connection = listener.accept()[0]
    source = start(command) if command else 0
    sink = open(received, 'ab', buffering=0)
    while True:
        for fd in select.select([source, connection], [], [])[0]:
            data = read(fd if fd == source else connection.fileno())
            if not data and fd == source:
                # The line stays open: the server would connect again.
                connection.shutdown(socket.SHUT_WR)
                return
            if not data:
                connection = listener.accept()[0]
            elif fd == source:
                try:
                    connection.sendall(data)
                except OSError:
                    # A server that was killed.
                    return
            else:
                sink.write(data)
                if command:
                    os.write(source, data)


main()

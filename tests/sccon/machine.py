#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Plays the machine at the other end of a console.

  machine.py pty LINK [FILE]     LINK leads to the terminal that sccon serve opens
  machine.py unix PATH [FILE]    listens there
  machine.py tcp PATH [FILE]     listens on the loopback; the port is written to PATH
  machine.py sink-pty, sink-unix keep all bytes in FILE, and do nothing else

Each line that comes is answered: "x" with "<x>". Some are orders: "send" sends FILE; "away" hangs up until LINK.back is
there; "deaf" reads nothing until LINK.hear is there; "size" tells the size of the window.
"""
import fcntl
import os
import pty
import socket
import struct
import sys
import termios
import time
import tty


class Pty:
    def __init__(self, link):
        self.link = link
        self.open()

    def open(self):
        self.fd, self.slave = pty.openpty()
        tty.setraw(self.slave)
        if os.path.islink(self.link):
            os.unlink(self.link)
        os.symlink(os.ttyname(self.slave), self.link)

    def close(self):
        os.close(self.slave)
        os.close(self.fd)

    def size(self):
        return struct.unpack('HHHH', fcntl.ioctl(self.fd, termios.TIOCGWINSZ, bytes(8)))[:2]


class Socket:
    def __init__(self, path, is_local):
        self.path = path
        if is_local:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
        else:
            self.listener = socket.socket()
            self.listener.bind(('127.0.0.1', 0))
        self.listener.listen()
        if not is_local:
            with open(path + '.new', 'w') as file:
                file.write(str(self.listener.getsockname()[1]))
            os.rename(path + '.new', path)
        self.open()

    def open(self):
        self.connection = self.listener.accept()[0]
        self.fd = self.connection.fileno()

    def close(self):
        self.connection.close()

    def size(self):
        return (0, 0)


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view[:65536]):]


def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.01)
    os.unlink(path)


def again(end, path):
    end.close()
    wait_for(path + '.back')
    end.open()


def answer(end, path, file, line):
    if line == b'send':
        with open(file, 'rb') as source:
            write_all(end.fd, source.read())
    elif line == b'away':
        again(end, path)
    elif line == b'deaf':
        wait_for(path + '.hear')
    elif line == b'size':
        write_all(end.fd, b'<%d x %d>\r\n' % end.size())
    else:
        write_all(end.fd, b'<' + line + b'>\r\n')


def read(end, path):
    try:
        data = os.read(end.fd, 65536)
    except OSError:
        data = b''
    if not data:
        end.close()
        end.open()
    return data


def main():
    kind, path = sys.argv[1:3]
    file = sys.argv[3] if len(sys.argv) > 3 else None
    end = Pty(path) if kind.endswith('pty') else Socket(path, kind.endswith('unix'))
    rest = b''
    if kind.startswith('sink'):
        with open(file, 'wb', buffering=0) as sink:
            while True:
                sink.write(read(end, path))
    while True:
        lines = (rest + read(end, path)).replace(b'\r', b'\n').split(b'\n')
        rest = lines.pop()
        for line in lines:
            if line:
                answer(end, path, file, line)


main()

# SPDX-License-Identifier: GPL-2.0-or-later
"""The other end of ttySC0 of a guest: what sccon-talk, sccon-login and bench/guest/sccon-measure share."""
import collections
import re
import select
import socket
import sys
import time

RECORD = re.compile(rb"\[ *\d+\.\d{6}\] [^\r\n]*\r\n")
failures = 0


def check(name, condition, reason=""):
    global failures
    if condition:
        print(f"ok {name}", flush=True)
    else:
        failures += 1
        print(f"not ok {name}: {reason}", flush=True)


def connect(path, limit=60):
    """QEMU makes a socket only when somebody is at the one before."""
    until = time.monotonic() + limit
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


class Vain(Exception):
    """What was waited for has not come."""


class Guest:
    """What has come is in seen; what was not asked for yet, in text. beside are others that are read while this one is."""

    def __init__(self, path):
        self.socket = connect(path)
        self.socket.setblocking(False)
        self.seen = bytearray()
        self.text = bytearray()
        self.to_send = b""
        self.count = 0
        self.beside = []

    def play(self, script):
        """Runs that, and ends this program with its verdict."""
        try:
            script()
        except Vain as reason:
            sys.exit(str(reason))
        sys.exit(failures > 0)

    def exchange(self, limit=1.0):
        """Whatever comes within that time, and as much as can be sent. False: the guest has ended."""
        lines = [self, *self.beside]
        sockets = [line.socket for line in lines]
        readable, writable, _ = select.select(sockets, [line.socket for line in lines if line.to_send], [], limit)
        for line in lines:
            if line.socket in writable:
                line.to_send = line.to_send[line.socket.send(line.to_send[:4096]):]
            if line.socket in readable:
                piece = line.socket.recv(65536)
                line.seen += piece
                line.text += piece
                if not piece:
                    return False
        return True

    def wait(self, what, limit=120):
        """Until that has come; returns all to its end. It is at most 200 bytes long."""
        until = time.monotonic() + limit
        start = 0
        while not (match := re.compile(what).search(self.text, start)):
            start = max(0, len(self.text) - 200)
            if time.monotonic() > until or not self.exchange():
                raise Vain(f"waited in vain for {what}; the last was {bytes(self.text[-2000:])!r}")
        before = bytes(self.text[:match.end()])
        del self.text[:match.end()]
        return before

    def pause(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.exchange(0.1)

    def send(self, data):
        self.to_send += data

    def run(self, command, limit=120):
        """Returns what the command printed, and what the kernel printed meanwhile."""
        self.count += 1
        mark = f"@@end{self.count}@@".encode()
        self.send(f"{command}; echo @@end{self.count}@@\n".encode())
        said = self.wait(re.escape(mark) + rb"\r?\n", limit)[:-len(mark) - 1]
        return RECORD.sub(b"", said).decode(errors="replace").rstrip("\r\n@"), RECORD.findall(said)


def numbers_of_flood(records):
    return [int(match[1]) for match in (re.search(rb"flood (\d+) \.{68}\r\n$", record) for record in records) if match]


def expected_lines(kmsg):
    """The lines of a console for what /dev/kmsg gives."""
    numbers, lines = [], []
    for line in kmsg.split("\n"):
        match = re.match(r"\d+,(\d+),(\d+),[^;]*;(.*)", line)
        if not match:
            continue  # a dictionary's
        numbers.append(int(match[1]))
        text = re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), match[3].rstrip("\r"))
        seconds, rest = divmod(int(match[2]), 1000000)
        lines += [f"[{seconds:5}.{rest:06}] {part}" for part in text.split("\n")]
    return numbers, lines


def is_replayed_once(guest, first):
    kmsg, later = guest.run("timeout 3 cat /dev/kmsg")
    numbers, lines = expected_lines(kmsg)
    printed = [line.rstrip(b"\r\n").decode(errors="replace") for line in RECORD.findall(first) + later]
    check("the log is complete in the kernel", numbers and numbers == list(range(numbers[-1] + 1)), numbers[:5])
    missing = [line for line in lines if line not in printed]
    doubled = [line for line, count in (collections.Counter(printed) - collections.Counter(lines)).items() if count]
    check(f"all of its {len(lines)} lines were printed", len(lines) > 100 and not missing, missing[:5])
    check("once each", not doubled, doubled[:5])
    check("in their order", [line for line in printed if line in set(lines)] == lines)

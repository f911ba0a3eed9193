#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Receives datagrams, and compares them with /dev/kmsg, by other means than netcon's own.

  datagrams.py receive FILE PORT [ADDRESS]    each datagram that comes, as one line of JSON, until killed
  datagrams.py mark TEXT                      writes a message into the kernel's log; prints its number
  datagrams.py first                          prints the number of the oldest message
  datagrams.py has FILE NUMBER                whether the message of that number has come
  datagrams.py count FILE FROM TO             how many messages of these numbers came more than once
  datagrams.py pieces FILE NUMBER             prints how many datagrams had the message of that number
  datagrams.py compare FILE FROM TO [OPTION...]  says what is wrong, of the messages of these numbers that the kernel
                                              still has
     --plain: without the release  --doubles: some may come twice  --size N: of a datagram at most
"""
import json
import os
import platform
import re
import socket
import sys

HEADER = re.compile(rb"(?:([^;]*?),)?(\d+),(\d+),(\d+),([-c+])((?:,[^;]*)?);", re.DOTALL)


def records():
    """{number: (what is before the semicolon, what is behind it)} of the kernel's log."""
    found = {}
    device = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    while True:
        try:
            record = os.read(device, 65536)
        except BlockingIOError:
            break
        except BrokenPipeError:
            continue
        head, body = record.split(b";", 1)
        found[int(head.split(b",")[1])] = (head, body)
    os.close(device)
    return found


def receive(path, port, address="::"):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    receiver = socket.socket(family, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    receiver.bind((address, int(port)))
    if family == socket.AF_INET6:
        group = socket.inet_pton(socket.AF_INET6, "ff15::6666")
        for index, _ in socket.if_nameindex():
            try:
                receiver.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + index.to_bytes(4, sys.byteorder))
            except OSError:
                pass
    with open(path, "a", buffering=1) as out:
        while True:
            datagram, source = receiver.recvfrom(65536)
            out.write(json.dumps([source[0], source[1], datagram.hex()]) + "\n")


def datagrams(path):
    """(port, release, number, rest of the header, piece or None, body) of each, in their order."""
    with open(path) as lines:
        for line in lines:
            if not line.endswith("\n"):
                break
            _, port, text = json.loads(line)
            datagram = bytes.fromhex(text)
            match = HEADER.match(datagram)
            if not match:
                raise ValueError("not in the format: %r" % datagram[:80])
            release, priority, number, time, flag, pairs = match.groups()
            body = datagram[match.end():]
            piece = re.search(rb",ncfrag=(\d+)/(\d+)", pairs)
            pairs = re.sub(rb",ncfrag=\d+/\d+", b"", pairs)
            head = b",".join((priority, number, time, flag)) + pairs
            yield port, release, int(number), head, piece and tuple(map(int, piece.groups())), body, len(datagram)


def messages(path):
    """(number, port, release, header, body, size of its largest datagram) of each message as a whole."""
    pieces = {}
    for port, release, number, head, piece, body, size in datagrams(path):
        if not piece:
            yield number, port, release, head, body, size
            continue
        offset, total = piece
        # From its beginning anew: it was sent again.
        so_far, largest = (b"", 0) if not offset else pieces.pop(number, (b"", 0))
        if len(so_far) != offset:
            continue
        so_far += body
        largest = max(largest, size)
        if len(so_far) < total:
            pieces[number] = so_far, largest
        else:
            yield number, port, release, head, so_far, largest


def compare(path, first, last, *options):
    wrong = []
    kernel = records()
    first = max(first, min(kernel))
    if first > last:
        print("the kernel has none of them any more: its oldest is number %d" % first)
        return True
    with open("/proc/sys/kernel/random/boot_id", "rb") as file:
        added = b" netcon_boot_id=%s\n" % file.read().strip()
    wanted_release = None if "--plain" in options else platform.release().encode()
    most = int(options[options.index("--size") + 1]) if "--size" in options else 1000
    order, seen = [], set()
    for number, port, release, head, body, size in messages(path):
        if not first <= number <= last:
            continue
        if number in seen:
            if "--doubles" not in options:
                wrong.append("%d came again" % number)
            continue
        seen.add(number)
        order.append(number)
        if (head, body) != (kernel[number][0], kernel[number][1] + added):
            wrong.append("%d: %r %r, in the kernel %r" % (number, head, body, kernel[number]))
        if release != wanted_release or port != 6665 or size > most:
            wrong.append("%d: release %r, from port %d, largest datagram %d" % (number, release, port, size))
    missing = [number for number in range(first, last + 1) if number in kernel and number not in seen]
    if missing:
        wrong.append("%d of %d missing: %s..." % (len(missing), last + 1 - first, missing[:10]))
    if order != sorted(order):
        wrong.append("not in their order: %s" % order)
    print("\n".join(wrong[:20]))
    return bool(wrong)


def mark(text):
    # Opened each time: the kernel limits the rate for each open file. Without a newline the message could go on.
    with open("/dev/kmsg", "wb", buffering=0) as device:
        device.write(b"<6>" + text.encode("utf-8", "surrogateescape") + b"\n")
    shown = text[:40].encode("utf-8", "surrogateescape")
    print(max(number for number, (_, body) in records().items() if body.startswith(shown)))


def repeated(path, first, last):
    seen, again = set(), set()
    for number, *_ in messages(path):
        if first <= number <= last:
            (again if number in seen else seen).add(number)
    print(len(again))


def main(command, *arguments):
    if command == "receive":
        receive(*arguments)
    elif command == "mark":
        mark(*arguments)
    elif command == "first":
        print(min(records()))
    elif command == "has":
        return not any(found[0] == int(arguments[1]) for found in messages(arguments[0]))
    elif command == "pieces":
        print(sum(found[2] == int(arguments[1]) for found in datagrams(arguments[0])))
    elif command == "count":
        repeated(arguments[0], int(arguments[1]), int(arguments[2]))
    elif command == "compare":
        return compare(arguments[0], int(arguments[1]), int(arguments[2]), *arguments[3:])
    return 0


sys.exit(main(*sys.argv[1:]))

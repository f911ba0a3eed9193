#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A client of sccon serve that behaves as it should not.

  client.py SOCKET garbage SEED      random bytes, many times
  client.py SOCKET send HEX          those bytes; prints what comes until the server hangs up
  client.py SOCKET silent            says nothing; prints the seconds until the server hangs up
  client.py SOCKET name HEX          watches, and calls itself that, until it is killed
  client.py SOCKET sleepy FILE       watches, reads nothing until FILE is there, and then prints how many bytes came and how many it
                                     was told are missing, when no more come
  client.py SOCKET flood             asks for the status for ever, and reads nothing; prints when the server takes no more
  client.py SOCKET abandon           takes the right to write, sends until the server takes no more, and goes
"""
import os
import random
import re
import socket
import struct
import sys
import time

HELLO, DATA, ASK, STATUS_ASK, NOTICE = 1, 2, 3, 10, 12


def frame(kind, payload=b''):
    return struct.pack('>BBH', kind, 0, len(payload)) + payload


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection


def attach(path, name=b'client', flags=1):
    connection = connect(path)
    connection.sendall(b'SCCON 1\n' + frame(HELLO, bytes([flags]) + name))
    return connection


def frames(connection):
    """Each frame that comes, until the server hangs up or nothing came for a second."""
    data = b''
    connection.settimeout(1)
    greeting = False
    while True:
        try:
            more = connection.recv(1 << 20)
        except (TimeoutError, ConnectionError):
            return
        if not more:
            return
        data += more
        if not greeting and len(data) >= 8:
            assert data[:8] == b'SCCON 1\n', data[:8]
            data, greeting = data[8:], True
        at = 0
        while greeting and len(data) - at >= 4:
            kind, zero, size = struct.unpack_from('>BBH', data, at)
            assert zero == 0 and 1 <= kind <= 15 and size <= 16384
            if len(data) - at - 4 < size:
                break
            yield kind, data[at + 4:at + 4 + size]
            at += 4 + size
        data = data[at:]


def garbage(path, seed):
    source = random.Random(int(seed))
    for _ in range(300):
        connection = connect(path)
        data = source.randbytes(source.randrange(1, 3000))
        choice = source.randrange(4)
        if choice:
            data = b'SCCON 1\n' + data
        if choice > 1:
            data = data[:8] + frame(HELLO, bytes([source.randrange(256)]) + source.randbytes(source.randrange(500))) + data[8:]
        if choice > 2:
            kinds = b''.join(frame(source.randrange(1, 16), source.randbytes(source.choice([0, 1, 4, 100])))
                             for _ in range(50))
            data = data[:8] + frame(HELLO, b'\3x') + kinds
        try:
            connection.sendall(data)
        except ConnectionError:
            pass
        connection.close()


def send(path, text):
    connection = connect(path)
    connection.sendall(bytes.fromhex(text))
    connection.settimeout(20)
    while True:
        try:
            data = connection.recv(65536)
        except ConnectionError:
            return
        if not data:
            return
        sys.stdout.buffer.write(data)


def silent(path):
    began = time.monotonic()
    connection = connect(path)
    while connection.recv(65536):
        pass
    print(round(time.monotonic() - began))


def name(path, text):
    connection = attach(path, bytes.fromhex(text))
    while connection.recv(65536):
        pass


def sleepy(path, file):
    connection = attach(path)
    while not os.path.exists(file):
        time.sleep(0.02)
    came = missing = 0
    for kind, payload in frames(connection):
        if kind == DATA:
            came += len(payload)
        match = kind == NOTICE and re.match(rb'(\d+) bytes of the machine are missing', payload)
        if match:
            missing += int(match[1])
    print(came, missing)


def fill(connection, data):
    connection.settimeout(2)
    try:
        while True:
            connection.sendall(data)
    except TimeoutError:
        pass


def flood(path):
    connection = attach(path, flags=0)
    fill(connection, frame(STATUS_ASK) * 1000)
    print('the server takes no more')


def abandon(path):
    connection = attach(path)
    connection.sendall(frame(ASK, b'\1'))
    fill(connection, frame(DATA, bytes(16384)))
    connection.close()


globals()[sys.argv[2]](sys.argv[1], *sys.argv[3:])

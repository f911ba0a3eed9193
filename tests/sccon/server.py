#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A server that a client of sccon should not trust: accepts one connection at SOCKET, sends what HEX means, the last COUNT bytes of
it again and again if COUNT is given, and goes when the client does.

  server.py SOCKET HEX [COUNT]
"""
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1] + '.new')
listener.listen()
os.rename(sys.argv[1] + '.new', sys.argv[1])
connection = listener.accept()[0]
data = bytes.fromhex(sys.argv[2])
try:
    connection.sendall(data)
    while len(sys.argv) > 3:
        connection.sendall(data[-int(sys.argv[3]):] * 10)
    while connection.recv(65536):
        pass
except ConnectionError:
    pass

#!/usr/bin/env python3
"""Fills a namespace's connection tracking table: drive.py ROLE STATE, ROLE client, server or dns; says in STATE/ROLE what it did."""

import json
import os
import signal
import socket
import sys
import threading
import time

WEB = ("10.8.0.2", 443)
REDIS = ("10.8.0.2", 6379)
DNS = ("10.8.0.53", 53)
SOURCES = ["10.8.1.%d" % i for i in range(1, 4)]
CHECKS = 12000  # short TCP connections from each source, closed by the client
QUERIES = 26000  # lookups from each source, each from a port of its own
KEPT = 400  # connections that stay open
FIRST = 10000


def write(state, role, text):
    path = os.path.join(state, role)
    with open(path + ".new", "w") as f:
        f.write(text)
    os.rename(path + ".new", path)


def listener(address):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(address)
    s.listen(4096)
    return s


def serve(s, keep):
    held = []
    while True:
        peer, _ = s.accept()
        if keep:
            held.append(peer)
        else:
            end(peer)


def end(peer):
    peer.recv(16)  # the client closes first
    peer.close()


def server(state):
    for address, keep in ((WEB, False), (REDIS, True)):
        s = listener(address)
        threading.Thread(target=serve, args=(s, keep), daemon=True).start()
    write(state, "server", "ready")
    signal.pause()


def dns(state):
    """Answers every second lookup; the others find nobody at home."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
    s.bind(DNS)
    write(state, "dns", "ready")
    answered = 0
    while True:
        data, peer = s.recvfrom(64)
        if data[-1] % 2 == 0:
            s.sendto(data, peer)
            answered += 1


def client(state):
    kept = []
    for i in range(KEPT):
        s = socket.socket()
        s.bind((SOURCES[0], 60000 - i))
        s.connect(REDIS)
        kept.append(s)
    begun = time.time()
    checks = 0
    for port in range(FIRST, FIRST + CHECKS):
        for source in SOURCES:
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((source, port))
            s.connect(WEB)
            s.close()
            checks += 1
    checked = time.time()
    queries = 0
    for port in range(FIRST, FIRST + QUERIES):
        for source in SOURCES:
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind((source, port))
            s.sendto(bytes([port // 256, port % 256]), DNS)
            s.close()
            queries += 1
    done = time.time()
    write(
        state,
        "client",
        json.dumps(
            {
                "kept connections to 10.8.0.2:6379": KEPT,
                "short connections to 10.8.0.2:443": checks,
                "lookups to 10.8.0.53:53": queries,
                "answered, every second port": queries // 2,
                "seconds for the connections": round(checked - begun, 1),
                "seconds for the lookups": round(done - checked, 1),
            },
            indent=1,
        ),
    )
    signal.pause()


if __name__ == "__main__":
    {"client": client, "server": server, "dns": dns}[sys.argv[1]](sys.argv[2])

#!/usr/bin/env python3
"""Drives a known TCP and UDP load between two network namespaces and says what came of it.

    drive.py server OUT.json              listen, accept, hold until SIGTERM
    drive.py client OUT.json              drive the load, hold what is to be held until SIGTERM
    drive.py join CLIENT.json SERVER.json print the ground truth of both

OUT.json is written whole once the role is ready (the server: it listens; the client: the load has been driven);
the server writes it again when it ends. Standard library only. take.sh calls it.
"""
import collections
import datetime
import errno
import json
import os
import selectors
import signal
import socket
import sys
import time

CLIENT, SERVER, SERVER6 = "10.9.0.1", "10.9.0.2", "fd00:9::2"
INSIDE_PORT = 40100  # the client's own listener, inside its local port range

CLOSE_PORT = 9000  # closed by the client first: TIME-WAIT on the client
HELD_PORT = 9001  # held open by both
OTHER_HELD_PORT = 9002  # held open by both
STUCK_PORT = 9003  # listens with STUCK_BACKLOG and never accepts
SERVER_CLOSES_PORT = 9004  # closed by the server first: CLOSE-WAIT on the client, FIN-WAIT-2 on the server
UDP_PORT = 9005

CLOSES, HELD, OTHER_HELD, STUCK, SERVER_CLOSES, UDP_FLOWS = 220, 40, 12, 20, 30, 5
CLOSES6, HELD6 = 10, 5
STUCK_BACKLOG = 8

TCP_STATES = {1: "ESTAB", 2: "SYN-SENT", 8: "CLOSE-WAIT"}  # include/net/tcp_states.h


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


def write(path, value):
    with open(path + ".part", "w", encoding="utf-8") as out:
        json.dump(value, out)
    os.replace(path + ".part", path)


def listener(family, address, port, backlog):
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind((address, port))
    sock.listen(backlog)
    return sock


def state(sock):
    """The TCP state by name: the first byte of struct tcp_info."""
    number = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return TCP_STATES.get(number, str(number))


class Server:
    def __init__(self, out):
        self.out = out
        self.accepted = collections.Counter()
        self.datagrams = 0
        self.selector = selectors.DefaultSelector()
        self.running = True

    def run(self):
        for port in (CLOSE_PORT, HELD_PORT, OTHER_HELD_PORT, SERVER_CLOSES_PORT):
            self.listen(socket.AF_INET, SERVER, port)
        self.listen(socket.AF_INET6, SERVER6, CLOSE_PORT)
        stuck = listener(socket.AF_INET, SERVER, STUCK_PORT, STUCK_BACKLOG)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((SERVER, UDP_PORT))
        self.selector.register(udp, selectors.EVENT_READ, self.receive)
        signal.signal(signal.SIGTERM, self.stop)
        self.report()
        while self.running:
            for key, _ in self.selector.select(timeout=0.2):
                key.data(key.fileobj)
        self.report()
        stuck.close()

    def listen(self, family, address, port):
        sock = listener(family, address, port, 4096)
        name = ("[%s]:%d" if family == socket.AF_INET6 else "%s:%d") % (address, port)

        def accept(ready):
            connection, _ = ready.accept()
            self.accepted[name] += 1
            if port == SERVER_CLOSES_PORT:
                connection.close()
            else:
                self.selector.register(connection, selectors.EVENT_READ, self.close_after_peer)

        self.selector.register(sock, selectors.EVENT_READ, accept)

    def close_after_peer(self, connection):
        if not connection.recv(4096):
            self.selector.unregister(connection)
            connection.close()

    def receive(self, udp):
        udp.recv(4096)
        self.datagrams += 1

    def stop(self, *_):
        self.running = False

    def report(self):
        write(self.out, {"accepted": dict(self.accepted), "udp_datagrams": self.datagrams})


class Client:
    """Drives one group of connections after the other; the exhaustion comes last."""

    def __init__(self, out):
        self.out = out
        self.kept = []

    def run(self):
        inside = listener(socket.AF_INET, "0.0.0.0", INSIDE_PORT, 16)
        groups = [
            self.group("held", SERVER, HELD_PORT, HELD),
            self.group("held", SERVER, OTHER_HELD_PORT, OTHER_HELD),
            self.group("server closes first", SERVER, SERVER_CLOSES_PORT, SERVER_CLOSES),
            self.stuck(),
            self.udp(),
            self.group("client closes first", SERVER6, CLOSE_PORT, CLOSES6, close=True),
            self.group("held", SERVER6, CLOSE_PORT, HELD6),
        ]
        groups.append(self.group("client closes first", SERVER, CLOSE_PORT, CLOSES, close=True))
        exhausted = now()
        time.sleep(0.5)  # the last FINs are answered and SYN retries settle
        # Read last: the server's FINs have arrived by now.
        for group in groups:
            sockets = group.pop("sockets")
            if sockets:
                group["client_states"] = dict(collections.Counter(state(sock) for sock in sockets))
        write(self.out, {"exhausted_at": exhausted, "groups": groups})
        signal.sigwait({signal.SIGTERM})
        inside.close()

    def group(self, what, address, port, attempts, close=False):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        errors, sockets, first_error = collections.Counter(), [], None
        for attempt in range(1, attempts + 1):
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.connect((address, port))
            except OSError as error:
                errors[errno.errorcode[error.errno]] += 1
                first_error = first_error or attempt
                sock.close()
                continue
            sockets.append(sock)
            if close:
                sock.shutdown(socket.SHUT_WR)
                sock.recv(1)  # the server's FIN
                sock.close()
        self.kept += sockets
        return {
            "what": what,
            "protocol": "tcp",
            "destination": ("[%s]:%d" if ":" in address else "%s:%d") % (address, port),
            "attempts": attempts,
            "connected": len(sockets),
            "errors": dict(errors),
            "first_error_at_attempt": first_error,
            "sockets": [] if close else sockets,
        }

    def stuck(self):
        """Connections to a listener that never accepts; those beyond its queue stay in SYN-SENT."""
        sockets = []
        for _ in range(STUCK):
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setblocking(False)
            sock.connect_ex((SERVER, STUCK_PORT))
            sockets.append(sock)
            time.sleep(0.01)
        self.kept += sockets
        return {
            "what": "never accepted (listen backlog %d)" % STUCK_BACKLOG,
            "protocol": "tcp",
            "destination": "%s:%d" % (SERVER, STUCK_PORT),
            "attempts": STUCK,
            "connected": sum(state(sock) == "ESTAB" for sock in sockets),
            "errors": {},
            "first_error_at_attempt": None,
            "sockets": sockets,
        }

    def udp(self):
        for _ in range(UDP_FLOWS):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.connect((SERVER, UDP_PORT))
            sock.send(b"x")
            self.kept.append(sock)
        return {
            "what": "one datagram each, socket held, no reply",
            "protocol": "udp",
            "destination": "%s:%d" % (SERVER, UDP_PORT),
            "attempts": UDP_FLOWS,
            "connected": UDP_FLOWS,
            "errors": {},
            "first_error_at_attempt": None,
            "sockets": [],
        }


def join(client_path, server_path):
    with open(client_path, encoding="utf-8") as client, open(server_path, encoding="utf-8") as server:
        driven, seen = json.load(client), json.load(server)
    return {
        "client": CLIENT,
        "local_port_range": [40000, 40199],
        "reserved_ports": 0,
        "listener_inside_range": "0.0.0.0:%d" % INSIDE_PORT,
        "exhausted_at": driven["exhausted_at"],
        "driven": driven["groups"],
        "server": seen,
    }


def main(role, *paths):
    if role == "join":
        print(json.dumps(join(*paths), indent=2))
    else:
        # Both on one CPU, and the client waits for the server's FIN: without, the server sent 6 RSTs in 202 closes, and
        # each ended a TIME-WAIT of the client (RFC 1337); segments that overtake each other on two CPUs would explain it.
        os.sched_setaffinity(0, {0})
        # Blocked before anything is written, so that a SIGTERM that comes early is not lost.
        if role == "client":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        {"server": Server, "client": Client}[role](*paths).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

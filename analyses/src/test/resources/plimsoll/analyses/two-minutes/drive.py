"""Opens and closes loopback connections at rates that change every 5 s for two minutes, then takes what the kernel shows of them.

Run as root: unshare -n python3 drive.py FOLDER, with nft and ss. It takes 2 minutes.
"""

import os
import socket
import subprocess
import sys
import threading
import time

RATES = [6, 0, 2, 8, 1, 0, 5, 5, 0, 0, 9, 3, 4, 0, 7, 2, 0, 8, 1, 6, 0, 3, 5]  # connections per second, 5 s each
PORT = 9000
folder = sys.argv[1]

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
rules = "table inet t { chain c { type filter hook output priority 0; ct state new counter accept; }; }"
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)  # the namespace tracks from now on
with open("/proc/sys/net/ipv4/tcp_tw_reuse", "w") as setting:
    setting.write("0")  # on loopback a port would be taken again after a second, and its close forgotten

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", PORT))
server.listen(1024)


def serve():
    while True:
        connection, _ = server.accept()
        connection.recv(1)  # the client closes first
        connection.close()


threading.Thread(target=serve, daemon=True).start()
closed = []
start = time.time()
for period, rate in enumerate(RATES):
    for k in range(rate * 5):
        at = start + period * 5 + (k + 0.5) / rate
        while time.time() < at:
            time.sleep(max(0, min(0.002, at - time.time())))
        client = socket.socket()
        client.connect(("127.0.0.1", PORT))
        client.close()
        closed.append(time.time())
    while time.time() < start + period * 5 + 5:
        time.sleep(0.005)

now = time.time()
os.makedirs(folder + "/proc/net", exist_ok=True)
for name in ["nf_conntrack", "tcp"]:
    with open("/proc/net/" + name) as source:
        text = source.read()
    with open(folder + "/proc/net/" + name, "w") as target:
        target.write(text)
for command, name in [
    (["ss", "-nat"], "ss-nat.txt"),
    (["sysctl", "net.netfilter.nf_conntrack_tcp_timeout_time_wait"], "sysctl.txt"),
]:
    with open(folder + "/" + name, "w") as target:
        target.write(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
with open(folder + "/driven.csv", "w") as target:
    target.write("seconds_before_capture\n" + "".join(f"{now - t:.3f}\n" for t in closed))

"""Opens and closes loopback connections at rates that change every 5 s, then takes what the kernel shows of them.

Run as root: unshare -n python3 drive.py FOLDER, with ip and ss. It takes 55 s. With --rates 4,0,12 other rates are driven, with --track (and
nft) connections are tracked and that table is taken too.
"""

import argparse
import os
import signal
import socket
import subprocess
import time

PORT = 9000
parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--rates", default="4,0,12,20,2,0,0,16,8,1,20", help="connections per second, 5 s each")
parser.add_argument("--track", action="store_true")
asked = parser.parse_args()

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
if asked.track:
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


child = os.fork()
if child == 0:
    serve()
# what else runs on this machine must not delay a close: its time is what the capture is held to
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
os.sched_setscheduler(child, os.SCHED_FIFO, os.sched_param(51))

closed = []
start = time.time()
for period, rate in enumerate(map(int, asked.rates.split(","))):
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

taken = {}
before = time.time()
with open("/proc/net/tcp") as source:
    taken["proc/net/tcp"] = source.read()
now = (before + time.time()) / 2
if asked.track:
    with open("/proc/net/nf_conntrack") as source:
        taken["proc/net/nf_conntrack"] = source.read()
    setting = ["sysctl", "net.netfilter.nf_conntrack_tcp_timeout_time_wait"]
    taken["sysctl.txt"] = subprocess.run(setting, capture_output=True, text=True, check=True).stdout
listed = time.time()
listing = subprocess.run(["ss", "-nato"], capture_output=True, text=True, check=True).stdout
print(f"ss was asked {listed - now:.3f} s later and took {time.time() - listed:.3f} s")
taken["ss-nato.txt"] = listing
taken["driven.csv"] = "seconds_before_capture\n" + "".join(f"{now - t:.3f}\n" for t in closed)
os.kill(child, signal.SIGKILL)
os.makedirs(asked.folder + "/proc/net", exist_ok=True)
for name, text in taken.items():
    with open(asked.folder + "/" + name, "w") as target:
        target.write(text)

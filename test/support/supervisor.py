"""Plays systemd for one service: supervisor.py BEFORE... -- MAIN...

Runs BEFORE as an ExecStartPre with NOTIFY_SOCKET, keeps the descriptors that it stores (sd_notify(3)), and becomes MAIN,
which is handed them (sd_listen_fds(3)).
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading

store = {}


def serve(listening):
    while True:
        text, fds, _, _ = socket.recv_fds(listening, 4096, 1)
        said = dict(line.split("=", 1) for line in text.decode().splitlines())
        if "FDSTOREREMOVE" in said:
            os.close(store.pop(said["FDNAME"])) if said["FDNAME"] in store else None
        elif "FDSTORE" in said:
            store[said["FDNAME"]] = fds[0]
        elif "BARRIER" in said:
            os.close(fds[0])


split = sys.argv.index("--")
before, main = sys.argv[1:split], sys.argv[split + 1 :]
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "notify")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(path)
    threading.Thread(target=serve, args=(listening,), daemon=True).start()
    subprocess.run(before, env={**os.environ, "NOTIFY_SOCKET": path}, check=True)

names = list(store)
# Aside first: the descriptors that are to be replaced may be among them.
aside = [os.dup(store[name]) for name in names]
for number, fd in enumerate(aside):
    os.dup2(fd, 100 + number)
for number in range(len(aside)):
    os.dup2(100 + number, 3 + number)
if names:
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.environ["LISTEN_FDS"] = str(len(names))
    os.environ["LISTEN_FDNAMES"] = ":".join(names)
os.execvp(main[0], main)

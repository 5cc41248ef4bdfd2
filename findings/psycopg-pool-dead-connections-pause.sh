#!/usr/bin/env bash
# psycopg_pool 3.3.3 pauses between two dead connections, though the server is there again.
#
# With check=ConnectionPool.check_connection a pool asks a connection before it hands it out. After a
# restart or a failover all of them are dead. The pool finds that one at a time, and sleeps after
# each: 0, 1, 2, 4, 8 s. The pauses are those for a server that is away, which this one is not. So a
# request waits 7 s where four connections were open, and fails after its 10 s where five were. A
# direct connection takes milliseconds meanwhile.
#
# Seen, with a server that ends all connections and takes new ones at once:
#   4 dead connections: 7 s to get one; 5: PoolTimeout after 10 s; a direct one: 0 s
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq "psycopg[binary]==3.3.9" psycopg-pool==3.3.3

cat >"$folder/look.py" <<'PY'
import logging
import socket
import struct
import sys
import threading
import time

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

logging.disable(logging.CRITICAL)
READY = b"Z" + struct.pack("!I", 5) + b"I"
EMPTY = b"I" + struct.pack("!I", 4)
WELCOME = b"R" + struct.pack("!II", 8, 0)
for said in (b"server_version\x0016.0\0", b"client_encoding\0UTF8\0"):
    WELCOME += b"S" + struct.pack("!I", 4 + len(said)) + said


class Server:
    """As much of a PostgreSQL as a check needs: it welcomes, and answers an empty query."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.clients = []
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def address(self):
        port = self.socket.getsockname()[1]
        return f"host=127.0.0.1 port={port} user=u dbname=d sslmode=disable gssencmode=disable"

    def accept(self):
        while True:
            client = self.socket.accept()[0]
            self.clients.append(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            read = client.makefile("rb").read
            read(struct.unpack("!I", read(4))[0] - 4)  # who connects
            client.sendall(WELCOME + READY)
            while kind := read(1):
                read(struct.unpack("!I", read(4))[0] - 4)
                if kind == b"Q":
                    client.sendall(EMPTY + READY)
        except (OSError, struct.error):
            pass

    def end_all(self):
        """As in a restart that takes no time."""
        for client in self.clients:
            client.shutdown(socket.SHUT_RDWR)
        self.clients.clear()


def seconds_to_get_one(server, size):
    check = ConnectionPool.check_connection
    with ConnectionPool(server.address, min_size=size, max_size=size, timeout=10, check=check) as pool:
        pool.wait()
        server.end_all()
        time.sleep(0.5)
        started = time.monotonic()
        psycopg.connect(server.address).close()
        direct = round(time.monotonic() - started)
        started = time.monotonic()
        try:
            pool.putconn(pool.getconn())
            seen = "got one"
        except PoolTimeout:
            seen = "PoolTimeout"
        return direct, seen, round(time.monotonic() - started)


server = Server()
four, five = seconds_to_get_one(server, 4), seconds_to_get_one(server, 5)
print("direct, pool, seconds with 4 dead connections:", *four)
print("direct, pool, seconds with 5 dead connections:", *five)
ok = four[:2] == (0, "got one") and 6 <= four[2] <= 8 and five[:2] == (0, "PoolTimeout") and five[2] >= 9
sys.exit(not ok)
PY
"$folder/venv/bin/python" "$folder/look.py"

"""Three PostgreSQL under Patroni on this machine, from the files of docs/operate.

    script/cluster      # sets up what is missing, and runs this module

Each node has Patroni and a PostgreSQL; one or three etcd hold who is the primary; HAProxy leads to
the primary on one port and to the standbys on another. All of it is on 127.0.0.1, on free ports.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg

from script.measure.server import HOST, free_port
from script.node_files import settings_of_etcd, settings_of_haproxy, settings_of_patroni
from script.nodes import SUPERUSER, Node, wait_for

PROGRAMS = {
    "patroni": "patroni",
    "patronictl": "patroni",
    "etcd": "etcd-server",
    "haproxy": "haproxy",
}
"""What has to be there, and the Debian package that has it. python3-etcd comes with Patroni's."""
NAMES = ("n1", "n2", "n3")


def missing_packages() -> list[str]:
    """The Debian packages that a cluster needs and this machine lacks."""
    search = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return sorted({name for one, name in PROGRAMS.items() if not shutil.which(one, path=search)})


class Cluster:
    """All of it, in a folder of its own."""

    def __init__(self, *, members_of_etcd: int = 3) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cluster-"))
        if os.getuid() == SUPERUSER:
            shutil.chown(self.folder, "postgres", "postgres")
        self.password = token_hex(8)
        self.nodes = {name: Node(self, name) for name in NAMES}
        self.ports = {one: free_port() for one in ("primary", "replica")}
        self.etcd = {name: (free_port(), free_port()) for name in NAMES[:members_of_etcd]}
        self._others: list[subprocess.Popen[bytes]] = []

    # Where it is reached

    @property
    def url(self) -> str:
        """The primary, whichever node that is: by HAProxy."""
        return f"postgresql://kapnet:{self.password}@{HOST}:{self.ports['primary']}/kapnet"

    @property
    def standby_url(self) -> str:
        """A standby, by HAProxy."""
        return f"postgresql://kapnet:{self.password}@{HOST}:{self.ports['replica']}/kapnet"

    @property
    def url_of_all(self) -> str:
        """The primary, searched for among all nodes by the driver, without HAProxy."""
        hosts = ",".join(f"{HOST}:{node.port}" for node in self.nodes.values())
        more = "target_session_attrs=read-write&connect_timeout=3"
        return f"postgresql://kapnet:{self.password}@{hosts}/kapnet?{more}"

    # Starting and ending

    def start(self) -> None:
        """Start all of it, with an empty database of the app. Takes half a minute."""
        for name in self.etcd:
            self.run(f"etcd-{name}", "etcd", environment=settings_of_etcd(self, name))
        ports = [client for client, _ in self.etcd.values()]
        wait_for(lambda: all(map(_is_healthy, ports)), "etcd answers")
        for name, node in self.nodes.items():
            node.settings.write_text(settings_of_patroni(self, name))
            node.settings.chmod(0o644)
            node.start()
        wait_for(self.is_whole, "three nodes run")
        with self.primary().connect() as connection:
            connection.execute(
                f"CREATE ROLE kapnet LOGIN NOSUPERUSER PASSWORD '{self.password}'".encode()
            )
            connection.execute("CREATE DATABASE kapnet OWNER kapnet")
        haproxy = self.folder / "haproxy.cfg"
        haproxy.write_text(settings_of_haproxy(self))
        self.run("haproxy", "haproxy", "-db", "-f", str(haproxy))
        wait_for(lambda: bool(_one(self.url)), "HAProxy leads to the primary")
        wait_for(lambda: bool(_one(self.standby_url)), "HAProxy leads to a standby")

    def stop(self) -> None:
        """End all of it, and remove its files."""
        for node in self.nodes.values():
            node.stop()
        for one in self._others:
            one.kill()
            one.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(
        self, name: str, *command: str, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program; what it says is in a file. PostgreSQL refuses to run as root."""
        as_root = os.getuid() == SUPERUSER
        log = (self.folder / f"{name}.log").open("ab")
        search = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
        program = shutil.which(command[0], path=search) or command[0]
        process = subprocess.Popen(  # noqa: S603
            [program, *command[1:]],
            cwd=self.folder,
            env={"PATH": search, "HOME": str(self.folder), **(environment or {})},
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends it by stop(), in order
            user="postgres" if as_root else None,
            group="postgres" if as_root else None,
            extra_groups=[] if as_root else None,
        )
        log.close()
        if not name.startswith("patroni"):
            self._others.append(process)
        return process

    def last_words(self) -> str:
        """The end of what each program said, for whoever asks why it did not start."""
        return "\n".join(
            f"{log.name}: {line}"
            for log in sorted(self.folder.glob("*.log"))
            for line in log.read_text(errors="replace").splitlines()[-3:]
        )

    # What it is like now, and what is done to it

    def members(self) -> list[dict[str, Any]]:
        """What the first node that answers says of all of them. Raises OSError."""
        for node in self.nodes.values():
            with suppress(OSError, ValueError):
                return list(node.ask("/cluster")["members"])
        raise OSError("no node answers")

    def primary(self) -> Node:
        """The node that takes writes. Raises OSError while there is none."""
        for one in self.members():
            if one["role"] == "leader" and one["state"] == "running":
                return self.nodes[one["name"]]
        raise OSError("there is no primary")

    def standbys(self) -> list[Node]:
        """The other two."""
        primary = self.primary()
        return [node for node in self.nodes.values() if node is not primary]

    def is_whole(self) -> bool:
        """Whether there is a primary, and two standbys in the mode that was asked for."""
        members = self.members()
        running = [one for one in members if one["state"] in ("running", "streaming")]
        if len(running) < len(NAMES):
            return False
        asked = self.primary().ask("/config").get("synchronous_mode")
        if any(one["role"] == "sync_standby" for one in members) != bool(asked):
            return False
        streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        return bool(self.primary().value(streaming) == len(NAMES) - 1)

    def switch_over(self) -> Node:
        """Let a standby take over, as for an update; the new primary."""
        before = self.primary()
        before.tell("POST", "/switchover", {"leader": before.name})
        wait_for(lambda: self.primary() is not before, "another node is the primary")
        return self.primary()

    def set_synchronous(self, *, is_on: bool) -> None:
        """Let commits wait for a standby, or not."""
        what = {"synchronous_mode": is_on, "synchronous_mode_strict": is_on}
        self.primary().tell("PATCH", "/config", what)
        wait_for(self.is_whole, "the nodes took the setting up")


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=3)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status < 500
    finally:
        connection.close()


def _one(url: str) -> Any:
    with psycopg.connect(url, connect_timeout=3) as connection:
        return connection.execute("SELECT 1").fetchone()


def main() -> None:
    """Start it, say where it is, and end it with Ctrl-C."""
    cluster = Cluster()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        print("cluster: starting, which takes half a minute")
        cluster.start()
        print(SAID.format(cluster=cluster, patronictl=_patronictl(cluster)))
        signal.pause()
    except KeyboardInterrupt:
        print("\ncluster: ending")
    except TimeoutError as error:
        sys.exit(f"cluster: {error}\n{cluster.last_words()}")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl+C would leave nodes behind
        cluster.stop()


def _patronictl(cluster: Cluster) -> str:
    """The folder of the nodes is open to the user who runs them alone."""
    as_postgres = "runuser -u postgres -- " if os.getuid() == SUPERUSER else ""
    return f"{as_postgres}patronictl -c {cluster.nodes['n1'].settings}"


SAID = """
Three nodes run. The server is started on them in another terminal by

    DATABASE_URL={cluster.url} \\
    STANDBY_DATABASE_URL={cluster.standby_url} script/server

Without HAProxy, by the driver's own search:

    DATABASE_URL='{cluster.url_of_all}'

Who is the primary, and how another node becomes it, as for an update:

    {patronictl} list
    {patronictl} switchover --force

What each program says is in {cluster.folder}/*.log. Ctrl+C ends all of it and removes its data."""

if __name__ == "__main__":
    main()

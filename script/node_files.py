"""The files of docs/operate for three nodes on this machine, with its ports in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from script.measure.server import HOST, ROOT

FILES = ROOT / "docs" / "operate"
NETWORK = "192.0.2."
ADDRESSES = {"n1": f"{NETWORK}11", "n2": f"{NETWORK}12", "n3": f"{NETWORK}13"}
"""The nodes, with the addresses that the files give as examples."""


class Place(Protocol):
    """A node: the ports of PostgreSQL and of Patroni."""

    port: int
    rest: int


class Places(Protocol):
    """Where all of it is. etcd: of each member the ports for clients and for the other members."""

    folder: Path
    password: str
    etcd: dict[str, tuple[int, int]]
    ports: dict[str, int]

    @property
    def nodes(self) -> Mapping[str, Place]: ...


def replaced(name: str, changes: Mapping[str, str]) -> str:
    """A file of docs/operate with each of these texts, which have to be there, replaced."""
    text = (FILES / name).read_text()
    for old, new in changes.items():
        if old not in text:
            raise LookupError(f"{name} says no {old}")
        text = text.replace(old, new)
    return text


def settings_of_etcd(places: Places, name: str) -> dict[str, str]:
    """The environment of a member."""
    client, peer = places.etcd[name]
    first = ADDRESSES["n1"]
    lines = (FILES / "etcd").read_text().splitlines()
    found = dict(one.split("=", 1) for one in lines if one and not one.startswith("#"))
    here = {f"http://{first}:2379": client, f"http://{first}:2380": peer}
    members = (f"{one}=http://{HOST}:{port}" for one, (_, port) in places.etcd.items())
    return {
        **{key: f"http://{HOST}:{here[one]}" if one in here else one for key, one in found.items()},
        "ETCD_NAME": name,
        "ETCD_DATA_DIR": str(places.folder / f"etcd-{name}"),
        "ETCD_INITIAL_CLUSTER": ",".join(members),
    }


def settings_of_patroni(places: Places, name: str) -> str:
    """The file of a node."""
    node, folder = places.nodes[name], places.folder / name
    first = ADDRESSES["n1"]
    passwords = ("PATRONI", "POSTGRES", "REPLICATOR", "REWINDER")
    return replaced(
        "patroni.yml",
        {
            "name: n1": f"name: {name}",
            _joined(f"{one}:2379" for one in ADDRESSES.values()): _joined(
                f"{HOST}:{client}" for client, _ in places.etcd.values()
            ),
            f"{first}:8008": f"{HOST}:{node.rest}",
            f"{first}:5432": f"{HOST}:{node.port}",
            f"{NETWORK}0/24": f"{HOST}/32",
            "/var/lib/postgresql/15/kapnet": str(folder / "data"),
            "/var/lib/postgresql/.pgpass.patroni": str(folder / "pgpass"),
            "/usr/lib/postgresql/15/bin": str(_programs_of_postgresql()),
            "/var/run/postgresql": str(folder),
            **{f"PASSWORD_OF_{one}": places.password for one in passwords},
        },
    )


def settings_of_haproxy(places: Places) -> str:
    """The file of a web server, for whoever starts it here: no other user can be taken."""
    user = "    user haproxy\n    group haproxy\n"
    servers = {
        f"{ADDRESSES[name]}:5432 check port 8008": f"{HOST}:{node.port} check port {node.rest}"
        for name, node in places.nodes.items()
    }
    ports = {
        f"{HOST}:5000": f"{HOST}:{places.ports['primary']}",
        f"{HOST}:5001": f"{HOST}:{places.ports['replica']}",
    }
    return replaced("haproxy.cfg", {user: "", **servers, **ports})


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _programs_of_postgresql() -> Path:
    """Where the newest PostgreSQL of this machine is, and not a client alone."""
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[-1].parent

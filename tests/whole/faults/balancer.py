"""PgBouncer and nginx from the very files of docs/operate/, with the ports of a test in them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from script.measure.server import FORM, HOST, PATIENCE, ROOT, Client, free_port
from tests.whole.faults.processes import wait_until

FILES = ROOT / "docs" / "operate"
NAME = "kapnet.example"
BEHIND_NGINX: dict[str, Any] = {
    "ALLOWED_HOSTS": f"{NAME},{HOST}",
    "CSRF_TRUSTED_ORIGINS": f"https://{NAME}",
    "TRUSTED_PROXIES": "1",
    "FORWARDED_ALLOW_IPS": HOST,
}
"""The settings of a server behind it, as docs/operate.md has them; tests ask without nginx, too."""


def with_replaced(file: str, **replaced: str) -> str:
    """A file of docs/operate/ with each of these texts, which have to be there, replaced."""
    text = (FILES / file).read_text()
    for old, new in replaced.items():
        assert old in text, f"{file} says no {old}"
        text = text.replace(old, new)
    return text


class Process:
    """A program with a folder of its own, ended with it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp())
        self._folder.chmod(0o755)
        self.port = free_port()

    def _start(self, *command: str) -> None:
        out = (self._folder / "out").open("wb")
        self._process = subprocess.Popen(command, stdout=out, stderr=out, cwd=self._folder)
        wait_until(self._listens, what=f"{command[0]} listens: {self._folder / 'out'}")

    def _listens(self) -> bool:
        assert self._process.poll() is None, (self._folder / "out").read_text()
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def stop(self) -> None:
        """End it and remove its files."""
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)
        shutil.rmtree(self._folder, ignore_errors=True)


class PgBouncer(Process):
    """Between servers and a PostgreSQL that trusts everybody of this machine."""

    def __init__(self, url: str, *, connections: int = 60, mode: str = "session") -> None:
        super().__init__()
        behind = urlsplit(url)
        people = self._folder / "userlist.txt"
        people.write_text('"kapnet" ""\n')
        settings = self._folder / "pgbouncer.ini"
        settings.write_text(
            with_replaced(
                "pgbouncer.ini",
                **{
                    "host=127.0.0.1 port=5432": f"host={behind.hostname} port={behind.port}",
                    "listen_port = 6432": f"listen_port = {self.port}",
                    "auth_type = scram-sha-256": "auth_type = trust",
                    "/etc/pgbouncer/userlist.txt": str(people),
                    "pool_mode = session": f"pool_mode = {mode}",
                    "default_pool_size = 60": f"default_pool_size = {connections}",
                },
            )
        )
        self.url = f"postgresql://kapnet@{HOST}:{self.port}/kapnet"
        as_postgres = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        self._start(*as_postgres, shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", str(settings))


class Nginx(Process):
    """TLS in front of two servers on this machine, with a certificate that it makes itself."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__()
        certificate, key = self._folder / "fullchain.pem", self._folder / "privkey.pem"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        make += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        make += ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run(make, check=True, capture_output=True)
        site = with_replaced(
            "nginx.conf",
            **{
                "server 127.0.0.1:8001 ": f"server {HOST}:{first} ",
                "# server 192.0.2.2:8001 ": f"server {HOST}:{second} ",
                "/etc/ssl/kapnet": str(self._folder),
                "/var/log/nginx": str(self._folder),
                "listen 443 ": f"listen {HOST}:{self.port} ",
                "listen 80 ": f"listen {HOST}:{free_port()} ",
            },
        )
        self.access_log = self._folder / "kapnet.log"
        (self._folder / "site.conf").write_text(site)
        (self._folder / "nginx.conf").write_text(
            f"pid {self._folder}/pid; daemon off; error_log stderr;\n"
            f"events {{}}\nhttp {{ include {self._folder}/site.conf; }}\n"
        )
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self._start(program, "-p", str(self._folder), "-c", str(self._folder / "nginx.conf"))
        self.trusted = ssl.create_default_context(cafile=str(certificate))

    def client(self, *, source: str = HOST) -> SecureClient:
        """A browser without a screen, on the loopback address that source names."""
        return SecureClient(self, source)

    def stop(self) -> None:
        """End it at once, whoever is still connected."""
        self._process.send_signal(signal.SIGTERM)
        super().stop()


class SecureConnection(HTTPSConnection):
    """To the name of the site, wherever nginx listens in this test."""

    def __init__(self, nginx: Nginx, source: str) -> None:
        super().__init__(NAME, timeout=PATIENCE)
        self._nginx, self._source = nginx, source

    def connect(self) -> None:
        """By TLS, with the certificate verified."""
        place = (HOST, self._nginx.port)
        plain = socket.create_connection(place, PATIENCE, (self._source, 0))
        self.sock = self._nginx.trusted.wrap_socket(plain, server_hostname=NAME)


class SecureClient(Client):
    """Speaks TLS and says where its forms come from, as browsers do."""

    def __init__(self, nginx: Nginx, source: str) -> None:
        super().__init__(nginx.port)
        self._connection = SecureConnection(nginx, source)

    def post_from(self, claimed: str, path: str, fields: dict[str, str]) -> str:
        """Post a form with a head that claims another address."""
        headers = {"Content-Type": FORM, "X-Forwarded-For": claimed}
        return self._send("POST", path, urlencode(fields), headers)

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        said = headers if method == "GET" else {**headers, "Origin": f"https://{NAME}"}
        return super()._answer(method, path, body, said)

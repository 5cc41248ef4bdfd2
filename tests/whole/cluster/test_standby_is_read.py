"""Pages read from a real standby: how old they are, of which clinic, and when they are not."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE
from script.measure.server import Client
from script.nodes import send, wait_for
from script.three_nodes import Cluster
from tests.whole.faults.processes import Gunicorn

pytestmark = [pytest.mark.faults, pytest.mark.long]

EVIDENCE, GUIDE, AUDIT_LOG = "/evidence/", "/guide/", "/clinic/audit/"
COOKIE = "__Host-wrote"
AGED = '<p class="nhsuk-hint">As of '
MANAGER = next(one for one in DEMO_PEOPLE if one.role == "manager")


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> Iterator[Gunicorn]:
    wait_for(cluster.is_whole, "all three nodes run")
    running = Gunicorn(cluster.url, workers=1, STANDBY_DATABASE_URL=cluster.standby_url)
    yield running
    running.stop()


def forget_the_write(client: Client) -> None:
    """As after a minute, when the browser drops the cookie."""
    del client._cookies[COOKIE]


def test_marked_pages_come_from_a_standby_once_nothing_was_written(
    cluster: Cluster, server: Gunicorn
) -> None:
    client = Client(server.port)
    client.sign_in(MANAGER.email, DEMO_PASSWORD)

    just_written = client.get(AUDIT_LOG)
    forget_the_write(client)
    later = client.get(AUDIT_LOG)

    assert AGED not in just_written
    assert AGED in later
    assert MANAGER.name in later.partition("<tbody")[2]  # rows of the clinic, and there are some
    assert AGED in client.get(EVIDENCE)
    assert AGED in client.get(GUIDE)
    assert AGED not in client.get("/profile/")


def test_standby_that_falls_behind_is_no_longer_read(cluster: Cluster, server: Gunicorn) -> None:
    client = Client(server.port)
    client.sign_in(MANAGER.email, DEMO_PASSWORD)
    forget_the_write(client)
    assert AGED in client.get(EVIDENCE)
    replaying = [node.process("startup") for node in cluster.standbys()]

    send(signal.SIGSTOP, *replaying)
    try:
        took = wait_for(lambda: AGED not in client.get(EVIDENCE), "it is too old")
    finally:
        send(signal.SIGCONT, *replaying)

    assert took > 50
    wait_for(lambda: AGED in client.get(EVIDENCE), "it is read again")

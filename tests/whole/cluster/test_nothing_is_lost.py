"""A primary that is changed, killed or cut off: what was acknowledged is there afterwards.

A mere kill proves nothing on one machine, where a standby has all at once. So what the standbys
receive is frozen first, and killed with the primary. The last test shows the same without waiting
for a standby: there something is lost.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from script.measure.server import manage
from script.measure.web import Saver, seed_cases, signed_in
from script.nodes import Node, send, wait_for
from script.three_nodes import Cluster
from tests.whole.cluster.writers import Writer, all_go_on, at_work
from tests.whole.faults.processes import Gunicorn

pytestmark = [pytest.mark.faults, pytest.mark.long]

SWITCHED_WITHIN, KILLED_WITHIN = 15.0, 45.0
"""Seconds in which nobody could write."""
FROZEN_SECONDS = 2.0
NO_STANDBY = "degraded: no synchronous standby is connected; changes wait until one is"
ENOUGH = 20
WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
RECEIVED = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')"


def tell(what: str, writers: list[Writer], cluster: Cluster) -> None:
    """The figures of a run, for `pytest -s`."""
    for one in writers:
        done, lost = len(one.acknowledged), len(one.lost(cluster))
        print(
            f"{what}: {one.name}: {one.pause:.1f} s, {done} acknowledged, "
            f"{one.failed} failed, {lost} lost"
        )


def assert_nothing_lost(what: str, writers: list[Writer], cluster: Cluster) -> None:
    """Nothing that was acknowledged is missing, and the audit log holds."""
    tell(what, writers, cluster)
    assert {one.name: one.lost(cluster) for one in writers} == {one.name: [] for one in writers}
    manage(cluster.url, "audit", "verify")


@contextmanager
def frozen_receivers(standbys: list[Node]) -> Iterator[None]:
    """What the primary sends is read by nobody; afterwards whoever should have is killed."""
    receivers = [node.process("walreceiver") for node in standbys]
    send(signal.SIGSTOP, *receivers)
    try:
        yield
    finally:
        send(signal.SIGKILL, *receivers)


def another_takes_over(cluster: Cluster, primary: Node) -> None:
    """The standbys notice that it is gone."""
    wait_for(lambda: cluster.primary() is not primary, "another node is the primary")


def comes_back(cluster: Cluster, *nodes: Node) -> None:
    """Machines that were killed are started again, and take part as standbys."""
    for node in nodes:
        node.start()
    wait_for(cluster.is_whole, "all three nodes run")


def test_planned_switchover_loses_nothing(cluster: Cluster, case_ids: list[str]) -> None:
    with at_work(cluster, case_ids) as writers:
        cluster.switch_over()
        all_go_on(writers)

    assert_nothing_lost("switchover", writers, cluster)
    assert max(one.pause for one in writers) < SWITCHED_WITHIN


def test_killed_primary_loses_nothing(cluster: Cluster, case_ids: list[str]) -> None:
    wait_for(cluster.is_whole, "all three nodes run")

    with at_work(cluster, case_ids) as writers:
        primary = cluster.primary()
        with frozen_receivers(cluster.standbys()):
            time.sleep(FROZEN_SECONDS)
            primary.kill_machine()
        another_takes_over(cluster, primary)
        all_go_on(writers)

    assert_nothing_lost("killed", writers, cluster)
    assert max(one.pause for one in writers) < KILLED_WITHIN
    comes_back(cluster, primary)


def test_without_standbys_nothing_is_acknowledged(cluster: Cluster) -> None:
    wait_for(cluster.is_whole, "all three nodes run")
    server = Gunicorn(cluster.url, workers=1)
    client, standbys = signed_in(server.port), cluster.standbys()
    case_id, *case_ids = seed_cases(cluster.url, 3)
    saver = Saver(client, case_id)
    saver.save()

    try:
        assert NO_STANDBY not in client.get("/readyz")
        with at_work(cluster, case_ids) as writers:
            for one in standbys:
                one.kill_machine()
            time.sleep(1)  # for what was on its way
            before = [len(one.acknowledged) for one in writers]
            assert NO_STANDBY in client.get("/readyz")
            with pytest.raises(OSError, match="answered 503"):
                saver.save()
            assert "It is not known whether your last change was saved" in client.refusal
            assert [len(one.acknowledged) for one in writers] == before
            comes_back(cluster, *standbys)
            all_go_on(writers)
        Saver(client, case_id).save()
        assert NO_STANDBY not in client.get("/readyz")
    finally:
        server.stop()

    assert_nothing_lost("no standbys", writers, cluster)


def test_asynchronous_cluster_loses_what_it_acknowledged(
    cluster: Cluster, case_ids: list[str]
) -> None:
    wait_for(cluster.is_whole, "all three nodes run")
    cluster.set_synchronous(is_on=False)

    with at_work(cluster, case_ids) as writers:
        primary, standbys = cluster.primary(), cluster.standbys()
        with frozen_receivers(standbys):
            before = len(writers[0].acknowledged)
            wait_for(
                lambda: (
                    len(writers[0].acknowledged) > before + ENOUGH
                    and all(primary.value(WRITTEN) > one.value(RECEIVED) for one in standbys)
                ),
                "more is acknowledged than was received",
            )
            primary.kill_machine()
        another_takes_over(cluster, primary)
        all_go_on(writers)

    tell("asynchronous", writers, cluster)
    assert sum(len(one.lost(cluster)) for one in writers) > 0
    comes_back(cluster, primary)
    cluster.set_synchronous(is_on=True)

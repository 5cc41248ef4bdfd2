"""A new SECRET_KEY: nobody is thrown out while the old one is kept, and no answer is lost."""

from __future__ import annotations

import pytest

from script.measure.web import Saver, signed_in
from tests.whole.faults.processes import Gunicorn, Postgres

pytestmark = [pytest.mark.faults, pytest.mark.slow]

OLD, NEW = "old-key-" * 5, "new-key-" * 5
STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"


@pytest.mark.long
def test_new_secret_key_throws_nobody_out_while_the_old_one_is_kept(
    postgres: Postgres, case_id: str
) -> None:
    server = Gunicorn(postgres.url, SECRET_KEY=OLD)
    try:
        client, away = signed_in(server.port), signed_in(server.port)
        saver = Saver(client, case_id)
        saver.save()

        server.stop()
        server.start(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD)
        client.hang_up()
        with_both = saver.save()  # the page was opened under the old key
        stored_with_both = postgres.ask(STORED, case_id)
        server.stop()
        server.start(SECRET_KEY_FALLBACKS="")
        client.hang_up()
        with_new = saver.save()
        away.hang_up()
        away.get("/cases/")
    finally:
        server.stop()

    assert stored_with_both == with_both
    assert postgres.ask(STORED, case_id) == with_new
    assert away.location.startswith("/accounts/login/")  # did nothing while both keys counted

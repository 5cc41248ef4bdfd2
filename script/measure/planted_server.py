"""Faults of the server as it is started, of its secrets and of its packages."""

from __future__ import annotations

from script.measure.planted_fault import Planted

SERVED = "tests/whole/security/test_attacks_on_server.py"
PACKAGES = "tests/whole/security/test_audit_of_packages.py"

OF_SERVER = (
    Planted(
        "everybody is a proxy",
        "script/server",
        '--forwarded-allow-ips "${FORWARDED_ALLOW_IPS:-}"',
        '--forwarded-allow-ips "${FORWARDED_ALLOW_IPS:-*}"',
        SERVED,
        "S-43",
    ),
    Planted(
        "server counts by what it is told",
        "script/server",
        ".venv/bin/gunicorn kapnet.wsgi --bind",
        "TRUSTED_PROXIES=1 .venv/bin/gunicorn kapnet.wsgi --bind",
        SERVED,
        "S-43",
    ),
    Planted(
        "500 says what went wrong",
        "kapnet/core/web/error_pages.py",
        '    return _bare_page(request, "500.html", status=500)\n',
        '    return HttpResponse(f"{type(problem)}: {problem}", status=500)\n',
        SERVED,
        "S-50",
    ),
    Planted(
        "DEBUG on at a clinic",
        "kapnet/settings.py",
        'DEBUG = read_truth("DEBUG", default=False)',
        'DEBUG = bool(read_text("DEBUG", "false"))',
        SERVED,
        "S-50",
    ),
    Planted(
        "keys in the environment of every process",
        "script/server",
        "script/setup\numask 077\n",
        "script/setup\numask 077\nset -a; . var/env; set +a\n",
        SERVED,
        "S-51",
    ),
    Planted(
        "log with the environment",
        "kapnet/core/web/request_log.py",
        '        kind=kind.__name__ if kind else "unknown",\n',
        '        kind=kind.__name__ if kind else "unknown",\n'
        '        environment=dict(__import__("os").environ),\n',
        SERVED,
        "S-51",
    ),
    Planted(
        "key in a file of the repository",
        "docs/operate/kapnet.service",
        "EnvironmentFile=/etc/kapnet/env\n",
        "Environment=SECRET_KEY=u4Kd93jskDlq" + "Pz7Xw2mVb5NtYh8RcGfE\n",
        "tests/kapnet/test_repository.py",
        "S-51",
    ),
    Planted(
        "another version than the locked one",
        "requirements/run.txt",
        "\ngunicorn==",
        "\ngunicorn==9",
        PACKAGES,
        "S-63",
    ),
    Planted(
        "audit of what is served alone",
        "script/audit",
        "for lock in requirements/*.txt; do",
        "for lock in requirements/run.txt; do",
        PACKAGES,
        "S-63",
    ),
    Planted(
        "audit ends well whatever it finds",
        "script/audit",
        "exit $status",
        "exit 0",
        PACKAGES,
        "S-63",
    ),
    Planted(
        "any jku is taken",
        "kapnet/core/clients/assertions.py",
        "    if said.keys_address and said.keys_address != keys_address:",
        "    if False:",
        "tests/kapnet/core/clients/test_assertions.py",
        "S-58",
    ),
    Planted(
        "assertion counts twice",
        "kapnet/core/clients/tokens.py",
        "        is_new = cursor.rowcount == 1",
        "        is_new = True",
        "tests/kapnet/core/clients/test_door.py tests/decisions/cds/test_hooks.py",
    ),
    Planted(
        "text in a card is Markdown",
        "decisions/cds/markdown.py",
        "return SPECIAL.sub(",
        "return line or SPECIAL.sub(",
        "tests/decisions/cds/test_cards.py",
        "S-30",
    ),
    Planted(
        "program does what its token is not for",
        "kapnet/core/clients/door.py",
        "allows(caller.scopes, scope) and allows(caller.client.scopes, scope)",
        "True",
        "tests/kapnet/core/clients/test_door.py",
    ),
    Planted(
        "records of a program leave to any client",
        "decisions/fhir/records/gate.py",
        "        is_closed=not is_free and not any(",
        "        is_closed=False and not any(",
        "tests/decisions/fhir/records/test_parts.py",
    ),
)

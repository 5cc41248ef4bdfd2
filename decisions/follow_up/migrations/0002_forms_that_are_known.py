"""Keep each complete form that is the answer to a question, or was when a decision was recorded.

Of several of one day by one person the last counts; the others are voided, as corrected.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django_scopes import scopes_disabled

ITEMS = {"phq9": 9, "gad7": 7}
ITEM9 = 8
AT_ONCE = 500
CORRECTED = "corrected"
SAID = ("instrument", "taken_on", "items", "total", "item9")


def keep_known_forms(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """In every clinic, case by case. What is kept already is not kept again."""
    cases, forms = apps.get_model("decisions", "Case"), apps.get_model("follow_up", "Assessment")
    with scopes_disabled():
        for case in cases.objects.order_by("pk").iterator(AT_ONCE):
            kept = forms.objects.filter(case=case).values(*SAID)
            known = [_said(one) for one in kept]
            forms.objects.bulk_create(
                forms(**one)
                for one in _corrected(list(_changes_of(apps, case)))
                if _said(one) not in known
            )


def _said(form: dict[str, Any]) -> list[Any]:
    return [form[name] for name in SAID]


def _changes_of(apps: Apps, case: Any) -> Iterator[dict[str, Any]]:
    """In the order in which they were entered, each that says otherwise than the one before it."""
    before: dict[tuple[str, date], list[Any]] = {}
    for one in sorted(_forms_of(apps, case), key=lambda one: one["authored_at"]):
        day = one["instrument"], one["taken_on"]
        if before.get(day) != _said(one):
            yield one
        before[day] = _said(one)


def _forms_of(apps: Apps, case: Any) -> Iterator[dict[str, Any]]:
    answers = apps.get_model("decisions", "Answer").objects.filter(case=case, question__in=ITEMS)
    for row in answers:
        day, by = row.assessed_on, row.saved_by_id
        yield from _form(case, row.question, row.value, row.edition, day, row.saved_at, by)
    for one in apps.get_model("decisions", "Decision").objects.filter(case=case):
        for name in ITEMS:
            if name in one.answers:
                said = one.answers[name]
                day = date.fromisoformat(said["assessed_on"])
                yield from _form(
                    case, name, said["value"], one.edition, day, one.recorded_at, one.recorded_by_id
                )


def _form(
    case: Any,
    instrument: str,
    value: Any,
    edition: str,
    day: date,
    authored_at: datetime,
    entered_by: object,
) -> Iterator[dict[str, Any]]:
    """The row of a complete form; nothing where there is no total."""
    if not isinstance(value, dict):
        return
    items, total = value.get("items"), value.get("total")
    if items is not None:
        total = None if None in items or len(items) != ITEMS[instrument] else sum(items)
    if total is None:
        return
    item9 = (items[ITEM9] if items else value.get("item9")) if instrument == "phq9" else None
    yield {
        "id": uuid.uuid4(),
        "clinic_id": case.clinic_id,
        "case_id": case.pk,
        "instrument": instrument,
        "edition": edition,
        "taken_on": day,
        "authored_at": authored_at,
        "items": items,
        "total": total,
        "item9": item9,
        "source": "clinician" if items else "paper_total",
        "entered_by_id": entered_by,
    }


def _corrected(forms: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """In the order in which they were entered: a later one voids those before it."""
    for at, one in enumerate(forms):
        key = [one[name] for name in ("instrument", "taken_on", "entered_by_id")]
        later = next(
            (
                other
                for other in forms[at + 1 :]
                if [other[name] for name in ("instrument", "taken_on", "entered_by_id")] == key
            ),
            None,
        )
        if later is not None:
            one |= {
                "voided_at": later["authored_at"],
                "voided_by_id": one["entered_by_id"],
                "voided_because": CORRECTED,
            }
        yield one


class Migration(migrations.Migration):
    dependencies = [("follow_up", "0001_tables")]

    operations = [migrations.RunPython(keep_known_forms, migrations.RunPython.noop, elidable=True)]

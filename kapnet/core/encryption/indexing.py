"""Making the index of rows under the newest key, after a change of keys."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from kapnet.core.encryption.blind_index import BlindIndexField, write_mirror
from kapnet.core.encryption.guards import guards_off, has_guards
from kapnet.core.encryption.rewriting import AT_ONCE


def renew_index(connection: BaseDatabaseWrapper, model: type[Model], field: BlindIndexField) -> int:
    """Make the index again where the newest key did not make it; returns for how many rows."""
    rows: Any = model._base_manager.using(connection.alias)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    guarded = has_guards(connection, model._meta.db_table)
    renewed = 0
    for some in (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)):
        found = rows.filter(pk__in=some).only("pk", field.within, field.attname, *field.of)
        todo = [row for row in found if not field.is_of_newest_key(row)]
        if not todo:
            continue
        with transaction.atomic(using=connection.alias), ExitStack() as stack:
            if guarded:
                stack.enter_context(guards_off(connection, model._meta.db_table))
            for row in todo:
                same = {"pk": row.pk, field.attname: getattr(row, field.attname)}
                index = field.pre_save(row, False)
                written = rows.filter(**same).update(**{field.attname: index})
                if written and field.mirror:
                    write_mirror(row, field.attname)
                renewed += written
    return renewed

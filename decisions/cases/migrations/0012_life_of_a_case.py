"""A case can be closed and copied; lists sort and find cases by columns and rows of their own.

The last change, open safety tasks and the rows of names are filled in here, without a key. What
comes first by the rules `manage.py weigh_cases` works out; until then such a case stands before
those of which it is known that nothing does.
"""

from itertools import islice

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, F, Max, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django_scopes import scopes_disabled

AT_ONCE = 500
NOT_WEIGHED, OPEN_SAFETY_TASK = 1, 3


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """In every clinic."""
    with scopes_disabled():
        _columns(apps)
        _names(apps)


def _columns(apps: Apps) -> None:
    cases, answers, decisions, tasks = (
        apps.get_model("decisions", name) for name in ("Case", "Answer", "Decision", "SafetyTask")
    )
    last = [
        Coalesce(Subquery(_last(rows, moment)), F("created_at"))
        for rows, moment in ((answers, "saved_at"), (decisions, "recorded_at"))
    ]
    is_open = Exists(tasks.objects.filter(case=OuterRef("pk"), closed_at=None))
    cases.objects.update(
        last_change=Greatest(F("created_at"), *last),
        urgency=models.Case(
            When(is_open, then=Value(OPEN_SAFETY_TASK)), default=Value(NOT_WEIGHED)
        ),
    )


def _last(rows: type[models.Model], moment: str) -> models.QuerySet[models.Model, object]:
    """The latest moment of one case."""
    of_the_case = rows._default_manager.filter(case=OuterRef("pk")).order_by().values("case")
    return of_the_case.annotate(last=Max(moment)).values("last")


def _names(apps: Apps) -> None:
    cases, names = (apps.get_model("decisions", name) for name in ("Case", "NameDigest"))
    found = cases.objects.values_list("pk", "clinic_id", "patient_index").order_by("pk")
    rows = (
        names(case_id=case, clinic_id=clinic, digest=one)
        for case, clinic, index in found.iterator(AT_ONCE)
        for one in index.split()
    )
    while some := list(islice(rows, AT_ONCE)):
        names.objects.bulk_create(some)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0004_owners_by_the_tables_owner"),
        ("decisions", "0011_releases_of_editions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=16)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="copied_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="decisions.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="last_change",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                help_text="When an answer was saved or a decision recorded last.",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="urgency",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Nothing comes first"),
                    (1, "Begun before this was kept, and not looked at since"),
                    (2, "A rule says: act first"),
                    (3, "A safety task is open"),
                ],
                default=0,
                editable=False,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["clinic", "-urgency", "-last_change", "-number"], name="case_work_list"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["therapist", "-urgency", "-last_change", "-number"], name="case_own_list"
            ),
        ),
        migrations.AddField(
            model_name="namedigest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="name_digests",
                to="decisions.case",
            ),
        ),
        migrations.AddField(
            model_name="namedigest",
            name="clinic",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="clinics.clinic",
            ),
        ),
        migrations.AddConstraint(
            model_name="namedigest",
            constraint=models.UniqueConstraint(
                fields=("clinic", "digest", "case"), name="name_digest_once_a_case"
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
    ]

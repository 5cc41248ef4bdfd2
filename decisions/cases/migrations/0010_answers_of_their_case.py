"""Every earlier answer was asked by the edition of its case: no case had been moved."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery
from django_scopes import scopes_disabled


def fill_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """In every clinic."""
    answers, cases = (apps.get_model("decisions", name) for name in ("Answer", "Case"))
    of_the_case = cases.objects.filter(pk=OuterRef("case_id")).values("edition")
    with scopes_disabled():
        answers.objects.filter(edition="").update(edition=Subquery(of_the_case))


class Migration(migrations.Migration):
    dependencies = [("decisions", "0009_edition_of_an_answer")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True)]

"""Sources keep a DOI alone; addresses, proxies, %2F and what a sentence puts around it go.

A release that holds the old spelling stays as it was published. Going back changes nothing.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from evidence.domain.doi import as_doi


def repair(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    sources = apps.get_model("evidence", "Source").objects.exclude(doi="")
    for key, written in sources.values_list("pk", "doi"):
        doi = as_doi(written)
        if doi and doi != written:
            sources.filter(pk=key).update(doi=doi)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_valid_until")]

    operations = [migrations.RunPython(repair, migrations.RunPython.noop, elidable=True)]

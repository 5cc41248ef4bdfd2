"""Events from before the chain was kept get their places, in the order of their ids."""

from django.db import migrations

from kapnet.audit.chain import BEFORE_THE_FIRST, FIELDS, link_hash
from kapnet.audit.chain_triggers import LOCK

AT_ONCE = 1_000


def chain_earlier_events(apps, editor):
    connection = editor.connection
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    Link = apps.get_model("audit", "Link")
    last = Link.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, last.sha256) if last else (0, BEFORE_THE_FIRST)
    links = []
    earlier = apps.get_model("audit", "Event").objects.filter(link=None).order_by("id")
    for values in earlier.values_list(*FIELDS).iterator(chunk_size=AT_ONCE):
        sequence += 1
        sha256 = link_hash(sequence, previous, values)
        links.append(
            Link(sequence=sequence, event_id=values[0], previous_sha256=previous, sha256=sha256)
        )
        previous = sha256
        if len(links) == AT_ONCE:
            Link.objects.bulk_create(links)
            links = []
    Link.objects.bulk_create(links)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]

    operations = [migrations.RunPython(chain_earlier_events, migrations.RunPython.noop)]

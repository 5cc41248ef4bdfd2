"""On PostgreSQL only the owner of the tables makes an owner of the installation.

So whoever has taken the web server, which signs in with a role of its own, cannot make one. SQLite
has no roles.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import guarding

TRIGGER = """
CREATE FUNCTION clinics_user_refuse_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.is_superuser THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'only the owner of the tables makes an owner of the installation';
END $$;
CREATE TRIGGER clinics_user_owners BEFORE INSERT OR UPDATE ON clinics_user
FOR EACH ROW WHEN (NEW.is_superuser) EXECUTE FUNCTION clinics_user_refuse_owner();
"""


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(TRIGGER, params=None)


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION clinics_user_refuse_owner() CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("clinics", "0003_membership_announced_at")]

    operations = [
        guarding(
            migrations.RunPython(forbid, allow), sqlite=(), postgresql=("clinics_user_owners",)
        )
    ]

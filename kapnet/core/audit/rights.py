"""What the server's role may do in PostgreSQL, where it does not own the tables."""

from __future__ import annotations

from django.db import connection

RIGHTS = """
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM {role};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_link, audit_notedhead FROM {role};
REVOKE ALL ON audit_turn FROM {role};
REVOKE UPDATE, DELETE, TRUNCATE ON django_admin_log FROM {role};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role};
"""


def rights_of(role: str) -> str:
    """SQL that the owner of the tables runs after each `migrate`."""
    with connection.cursor() as cursor:
        schema = "public"
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_schema()")
            (schema,) = cursor.fetchone()
    quote = connection.ops.quote_name
    return RIGHTS.format(schema=quote(schema), role=quote(role)).strip()

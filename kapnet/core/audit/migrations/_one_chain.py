"""The triggers of 0002, which made one chain of all events. 0003 takes a chain for each clinic."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import guarding

BEFORE_THE_FIRST = "0" * 64
LOCK = 4_821_300_117

SQLITE = """
CREATE TRIGGER audit_event_chained AFTER INSERT ON audit_event
BEGIN
INSERT INTO audit_link (sequence, event_id, previous_sha256, sha256)
SELECT sequence, NEW.id, previous, SHA256(json_array(
CAST(sequence AS text), previous, CAST(NEW.id AS text),
CASE length(NEW.at) WHEN 19 THEN NEW.at || '.000000' ELSE NEW.at END,
NEW.actor_id, NEW.clinic_id, NEW.action, NEW.object_type, NEW.object_id,
NEW.case_id, NEW.outcome, NEW.reason, NEW.reference))
FROM (SELECT
COALESCE((SELECT max(sequence) FROM audit_link), 0) + 1 AS sequence,
COALESCE((SELECT sha256 FROM audit_link ORDER BY sequence DESC LIMIT 1),
'{first}') AS previous);
END
"""

# The functions run as the owner of the tables: the role of the server needs no right to make links.
POSTGRESQL = """
CREATE UNLOGGED TABLE audit_turn (event_id bigint PRIMARY KEY);

CREATE FUNCTION audit_as_json(variadic parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT '[' || string_agg(COALESCE(to_json(part)::text, 'null'), ',' ORDER BY place) || ']'
FROM unnest(parts) WITH ORDINALITY AS each(part, place) $$;

CREATE FUNCTION audit_turn_comes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN INSERT INTO audit_turn VALUES (NEW.id); RETURN NULL; END $$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
  event audit_event;
  place bigint;
  previous text;
BEGIN
  PERFORM pg_advisory_xact_lock({lock});
  SELECT * INTO STRICT event FROM audit_event WHERE id = NEW.event_id;
  SELECT sequence, sha256 INTO place, previous FROM audit_link ORDER BY sequence DESC LIMIT 1;
  place := COALESCE(place, 0) + 1;
  previous := COALESCE(previous, '{first}');
  INSERT INTO audit_link (sequence, event_id, previous_sha256, sha256) VALUES (
    place, event.id, previous, encode(sha256(convert_to(audit_as_json(
      place::text, previous, event.id::text,
      to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
      replace(event.actor_id::text, '-', ''), replace(event.clinic_id::text, '-', ''),
      event.action, event.object_type, event.object_id, replace(event.case_id::text, '-', ''),
      event.outcome, event.reason, event.reference), 'UTF8')), 'hex'));
  DELETE FROM audit_turn WHERE event_id = NEW.event_id;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_event_turn AFTER INSERT ON audit_event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_turn_comes();
CREATE CONSTRAINT TRIGGER audit_turn_chain AFTER INSERT ON audit_turn
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""
POSTGRESQL_UNDO = """
DROP FUNCTION audit_turn_comes() CASCADE;
DROP FUNCTION audit_chain() CASCADE;
DROP FUNCTION audit_as_json(text[]);
DROP TABLE audit_turn;
"""


def chain(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """From here on each event gets its link."""
    if editor.connection.vendor == "postgresql":
        with editor.connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            (schema,) = cursor.fetchone()
        sql = POSTGRESQL.format(schema=schema, lock=LOCK, first=BEFORE_THE_FIRST)
        editor.execute(sql, params=None)
    else:
        editor.execute(SQLITE.format(first=BEFORE_THE_FIRST), params=None)


def unchain(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """From here on no event gets one."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_UNDO, params=None)
    else:
        editor.execute("DROP TRIGGER audit_event_chained", params=None)


def chained() -> migrations.RunPython:
    """A migration operation."""
    return guarding(
        migrations.RunPython(chain, unchain),
        sqlite=("audit_event_chained",),
        postgresql=("audit_event_turn", "audit_turn_chain"),
    )


def unchained() -> migrations.RunPython:
    """The same, the other way round: so that what follows can make other triggers."""
    return migrations.RunPython(unchain, chain)

"""Triggers that chain each audit event when it is inserted, for SQLite and PostgreSQL.

SQLite has one writer at a time: the link is made with the event. PostgreSQL has many, and a chain
takes them one by one. There the links are made at the very end of the transaction, so that a long
one keeps nobody waiting, in two rounds of deferred triggers: the first round, together with every
check of a foreign key, notes that the event's turn has come; the second takes the lock of the chain
and makes the links of all events of the transaction. Locks are so the last thing that a transaction
waits for, and where it has events of two chains, it takes them in the same order as all others: no
two can wait for each other.

What notes the turns is UNLOGGED: a server that crashes, and a standby that takes over, begin with
an empty table. It is empty between transactions anyway.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import guarding
from kapnet.core.audit.chain import INSTALLATION

LOCK = 482_130_011
"""The class of PostgreSQL's advisory locks that the writers of a chain take turns with."""

SQLITE = """
CREATE TRIGGER audit_event_chained AFTER INSERT ON audit_event
BEGIN
INSERT INTO audit_link (event_id, chain, sequence, previous_sha256, sha256)
SELECT NEW.id, chain, sequence, previous, SHA256(json_array(
CAST(sequence AS text), previous, CAST(NEW.id AS text),
CASE length(NEW.at) WHEN 19 THEN NEW.at || '.000000' ELSE NEW.at END,
NEW.actor_id, NEW.clinic_id, NEW.action, NEW.object_type, NEW.object_id,
NEW.case_id, NEW.outcome, NEW.reason, NEW.reference))
FROM (SELECT chain,
COALESCE((SELECT max(sequence) FROM audit_link WHERE chain = own.chain), 0) + 1 AS sequence,
COALESCE((SELECT sha256 FROM audit_link WHERE chain = own.chain ORDER BY sequence DESC LIMIT 1),
SHA256(chain)) AS previous
FROM (SELECT COALESCE(NEW.clinic_id, '{installation.hex}') AS chain) AS own);
END
"""

# The functions run as the owner of the tables: the role of the server needs no right to make links.
POSTGRESQL = """
CREATE UNLOGGED TABLE audit_turn (
  transaction bigint NOT NULL, event_id bigint NOT NULL, chain uuid NOT NULL,
  PRIMARY KEY (transaction, event_id));

CREATE FUNCTION audit_as_json(variadic parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT '[' || string_agg(COALESCE(to_json(part)::text, 'null'), ',' ORDER BY place) || ']'
FROM unnest(parts) WITH ORDINALITY AS each(part, place) $$;

CREATE FUNCTION audit_turn_comes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
  INSERT INTO audit_turn VALUES
    (txid_current(), NEW.id, COALESCE(NEW.clinic_id, '{installation}'::uuid));
  RETURN NULL;
END $$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
  turn record;
  event audit_event;
  place bigint;
  previous text;
BEGIN
  -- The first has made the links of all. The others look at their own turn alone: to search
  -- through what was taken away would take the square of the number of events.
  IF NOT EXISTS (SELECT FROM audit_turn
    WHERE transaction = NEW.transaction AND event_id = NEW.event_id) THEN
    RETURN NULL;
  END IF;
  FOR turn IN SELECT event_id, chain FROM audit_turn
    WHERE transaction = NEW.transaction AND event_id >= NEW.event_id
    ORDER BY hashtext(chain::text), chain, event_id
  LOOP
    PERFORM pg_advisory_xact_lock({lock}, hashtext(turn.chain::text));
    IF turn.chain = '{installation}' THEN
      SELECT * INTO STRICT event FROM audit_event WHERE id = turn.event_id AND clinic_id IS NULL;
    ELSE
      SELECT * INTO STRICT event FROM audit_event
        WHERE id = turn.event_id AND clinic_id = turn.chain;
    END IF;
    SELECT sequence, sha256 INTO place, previous FROM audit_link
      WHERE chain = turn.chain ORDER BY sequence DESC LIMIT 1;
    place := COALESCE(place, 0) + 1;
    previous := COALESCE(previous, encode(sha256(
      convert_to(replace(turn.chain::text, '-', ''), 'UTF8')), 'hex'));
    INSERT INTO audit_link (event_id, chain, sequence, previous_sha256, sha256) VALUES (
      event.id, turn.chain, place, previous, encode(sha256(convert_to(audit_as_json(
        place::text, previous, event.id::text,
        to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
        replace(event.actor_id::text, '-', ''), replace(event.clinic_id::text, '-', ''),
        event.action, event.object_type, event.object_id, replace(event.case_id::text, '-', ''),
        event.outcome, event.reason, event.reference), 'UTF8')), 'hex'));
  END LOOP;
  DELETE FROM audit_turn WHERE transaction = NEW.transaction AND event_id >= NEW.event_id;
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


def chained_by_clinic() -> migrations.RunPython:
    """A migration operation: from here on each event gets its link, in the chain of its clinic."""

    def chain(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            with editor.connection.cursor() as cursor:
                cursor.execute("SELECT quote_ident(current_schema())")
                (schema,) = cursor.fetchone()
            sql = POSTGRESQL.format(schema=schema, lock=LOCK, installation=INSTALLATION)
            editor.execute(sql, params=None)
        else:
            editor.execute(SQLITE.format(installation=INSTALLATION), params=None)

    def unchain(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_UNDO, params=None)
        else:
            editor.execute("DROP TRIGGER audit_event_chained", params=None)

    return guarding(
        migrations.RunPython(chain, unchain),
        sqlite=("audit_event_chained",),
        postgresql=("audit_event_turn", "audit_turn_chain"),
    )

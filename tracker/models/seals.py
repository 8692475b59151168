"""Seals: tables whose rows the database itself refuses to change or to delete.

A lock and a close are records that people rely on, so the refusal must not depend on this
program being the one that writes. ``TRUNCATE`` and ``manage.py flush``, which empty the whole
database, are not refused.
"""

from typing import Any

SEALED = ("tracker_baseline", "tracker_baselineitem", "tracker_periodclose")
MESSAGE = "This record was locked for good. Write a new one instead of changing it."
_EVENTS = ("UPDATE", "DELETE")
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION tracker_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$
"""


def seal_name(table: str, event: str) -> str:
    """Return the name of the trigger that refuses an event on a table."""
    return f"{table}_refuses_{event.lower()}"


def seal(connection: Any) -> None:
    """Put the seals on, where they are not on yet."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute(_POSTGRES_FUNCTION)
        for table in SEALED:
            for event in _EVENTS:
                cursor.execute(_postgres(table, event) if postgres else _sqlite(table, event))


def unseal(connection: Any) -> None:
    """Take the seals off, which only a migration backwards and emptying the database need."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in SEALED:
            for event in _EVENTS:
                on = f' ON "{table}"' if postgres else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{seal_name(table, event)}"{on}')
        if postgres:
            cursor.execute("DROP FUNCTION IF EXISTS tracker_refuse_change()")


def missing_seals(connection: Any) -> list[str]:
    """Return the names of the seals that are not on; empty is as it should be."""
    wanted = [seal_name(table, event) for table in SEALED for event in _EVENTS]
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in there]


def _postgres(table: str, event: str) -> str:
    return (
        f'CREATE OR REPLACE TRIGGER "{seal_name(table, event)}" BEFORE {event} ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION tracker_refuse_change()"
    )


def _sqlite(table: str, event: str) -> str:
    return (
        f'CREATE TRIGGER IF NOT EXISTS "{seal_name(table, event)}" BEFORE {event} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )

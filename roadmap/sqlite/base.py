"""Django's SQLite backend, which refuses to write through a WAL that may corrupt."""

from sqlite3 import dbapi2
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base, operations

from roadmap.sqlite.library import has_wal_reset_bug, journal_mode, running_version


class DatabaseOperations(operations.DatabaseOperations):
    """Empties the whole database also where triggers refuse to delete from a table."""

    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        """Return the statements of ``flush``, with the triggers off meanwhile."""
        statements = super().sql_flush(style, tables, **options)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers]
        return [*dropped, *statements, *(made for _, made in triggers)]


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets the journal by the library that runs, and checks that the database took it."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection; ImproperlyConfigured where it would use WAL on an unsafe library."""
        connection = super().get_new_connection(conn_params)
        if self.is_in_memory_db():
            return connection
        version = running_version()
        mode = self._set_journal(connection, journal_mode(version))
        if mode == "wal" and has_wal_reset_bug(version):
            connection.close()
            raise ImproperlyConfigured(
                "This SQLite library has the WAL-reset bug and the database is in WAL mode, held "
                "open by another process. Stop that process and start again."
            )
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @staticmethod
    def _set_journal(connection: Any, wanted: str) -> str:
        """Return the mode the database took; it remembers WAL in its file, and may be held."""
        try:
            return str(connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0]).lower()
        except dbapi2.OperationalError:
            return str(connection.execute("PRAGMA journal_mode").fetchone()[0]).lower()

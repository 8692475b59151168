"""Which SQLite runs, and that an affected one never runs in WAL."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import ConnectionHandler

from roadmap.sqlite import base
from roadmap.sqlite.base import DatabaseWrapper
from roadmap.sqlite.library import describe, has_wal_reset_bug, journal_mode, running_version

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import django; django.setup()
from django.db import connection
from django.db.utils import ConnectionHandler
import sqlite3
def ask(sql):
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchone()[0]
print(sqlite3.__name__, ask("select sqlite_version()"), ask("PRAGMA journal_mode"),
      ask("PRAGMA synchronous"), ask("PRAGMA foreign_keys"), ask("PRAGMA busy_timeout"))
"""


def answers(folder: Path, **extra: str) -> list[str]:
    """Start the product's own settings in a fresh process and ask its connection."""
    keep = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env = keep | {
        "DJANGO_SETTINGS_MODULE": "roadmap.settings",
        "ROADMIX_DATA_DIR": str(folder),
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def journal_of(wrapper: DatabaseWrapper) -> str:
    raw = wrapper.get_new_connection(wrapper.get_connection_params())
    try:
        return str(raw.execute("PRAGMA journal_mode").fetchone()[0])
    finally:
        raw.close()


class TestVersions:
    @pytest.mark.parametrize(
        "version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)]
    )
    def test_an_affected_library_gets_the_rollback_journal(
        self, version: tuple[int, int, int]
    ) -> None:
        assert has_wal_reset_bug(version)
        assert journal_mode(version) == "DELETE"

    @pytest.mark.parametrize(
        "version", [(3, 44, 6), (3, 44, 7), (3, 50, 7), (3, 51, 3), (3, 53, 0), (4, 0, 0)]
    )
    def test_a_fixed_library_gets_the_write_ahead_log(self, version: tuple[int, int, int]) -> None:
        assert not has_wal_reset_bug(version)
        assert journal_mode(version) == "WAL"


class TestStart:
    def test_the_bundled_library_is_a_fixed_one_and_runs_in_wal(self, tmp_path: Path) -> None:
        pytest.importorskip("pysqlite3", reason="no wheel with a bundled SQLite on this platform")
        name, version, journal, synchronous, foreign_keys, timeout = answers(tmp_path)
        assert name == "pysqlite3"
        assert not has_wal_reset_bug(tuple(map(int, version.split("."))))  # type: ignore[arg-type]
        assert (journal, synchronous, foreign_keys, timeout) == ("wal", "2", "1", "15000")

    def test_the_system_library_runs_in_wal_only_if_it_is_a_fixed_one(self, tmp_path: Path) -> None:
        name, version, journal, synchronous, *_ = answers(tmp_path, ROADMIX_SQLITE="system")
        parts = tuple(map(int, version.split(".")))
        assert name == "sqlite3"
        assert journal == journal_mode(parts).lower()  # type: ignore[arg-type]
        assert synchronous == "2"

    def test_the_log_says_which_library_runs(self) -> None:
        assert f"SQLite {'.'.join(map(str, running_version()))} (bundled)" in describe("bundled")


class TestAffectedLibrary:
    """The system's library may be a fixed one, so these pretend that what runs is affected."""

    @pytest.fixture
    def wrapper(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatabaseWrapper:
        monkeypatch.setattr(base, "running_version", lambda: (3, 51, 2))
        store = {
            "ENGINE": "roadmap.sqlite",
            "NAME": str(tmp_path / "store.sqlite3"),
            "OPTIONS": {"timeout": 0.1},
        }
        made = ConnectionHandler({"default": store})["default"]
        assert isinstance(made, DatabaseWrapper)
        return made

    def test_it_never_runs_in_wal(self, wrapper: DatabaseWrapper) -> None:
        assert journal_of(wrapper) == "delete"

    def test_it_takes_a_database_out_of_wal(self, wrapper: DatabaseWrapper, tmp_path: Path) -> None:
        raw = sqlite3.connect(tmp_path / "store.sqlite3")
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE t (a)")
        raw.close()
        assert journal_of(wrapper) == "delete"

    def test_it_refuses_a_database_that_another_process_holds_in_wal(
        self, wrapper: DatabaseWrapper, tmp_path: Path
    ) -> None:
        raw = sqlite3.connect(tmp_path / "store.sqlite3")
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE t (a)")
        try:
            with pytest.raises(ImproperlyConfigured, match="WAL-reset bug"):
                journal_of(wrapper)
        finally:
            raw.close()


@pytest.mark.django_db
def test_the_suite_runs_on_the_store_it_was_told_to() -> None:
    wanted = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    assert connection.vendor == wanted

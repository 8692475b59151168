"""Which SQLite library runs, and how it may keep its journal.

SQLite 3.7.0 to 3.51.2 has a bug in resetting the write-ahead log that can corrupt a database with
two or more connections. 3.51.3, 3.50.7 and 3.44.6 and everything newer have the fix. An affected
library must not run in WAL mode, so it falls back to a rollback journal: slower, but safe.
"""

import importlib
import sys
from types import ModuleType

Version = tuple[int, int, int]

FIRST_AFFECTED: Version = (3, 7, 0)
FIRST_FIXED: Version = (3, 51, 3)
FIXED_BRANCHES: dict[tuple[int, int], int] = {(3, 44): 6, (3, 50): 7}
BUNDLED = "pysqlite3"


def has_wal_reset_bug(version: Version) -> bool:
    """Tell whether a version can corrupt a database in WAL mode."""
    if not FIRST_AFFECTED <= version < FIRST_FIXED:
        return False
    fixed_from = FIXED_BRANCHES.get(version[:2])
    return fixed_from is None or version[2] < fixed_from


def journal_mode(version: Version) -> str:
    """Return WAL where it is safe, else DELETE (the rollback journal)."""
    return "DELETE" if has_wal_reset_bug(version) else "WAL"


def choose(preference: str = "bundled") -> str:
    """Put the library of choice in the place of ``sqlite3`` and return which it is.

    ``bundled`` takes the wheel that carries its own SQLite where it is installed; ``system``
    keeps Python's. Call it before Django imports a database backend.
    """
    if preference != "bundled":
        return "system"
    try:
        bundled: ModuleType = importlib.import_module(BUNDLED)
    except ImportError:
        return "system"
    sys.modules["sqlite3"] = bundled
    sys.modules["sqlite3.dbapi2"] = importlib.import_module(f"{BUNDLED}.dbapi2")
    return "bundled"


def running_version() -> Version:
    """Return the version of the library that ``sqlite3`` stands for now."""
    major, minor, patch, *_ = sys.modules["sqlite3"].sqlite_version_info
    return major, minor, patch


def describe(source: str) -> str:
    """Return one line for the log: which library, and which journal."""
    version = running_version()
    line = f"SQLite {'.'.join(map(str, version))} ({source}), journal {journal_mode(version)}"
    if has_wal_reset_bug(version):
        line += ": this library has the WAL-reset bug, so the slower journal is used"
    return line

"""Django's SQLite backend on a library that is known to be safe; see library.py and base.py."""

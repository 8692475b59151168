"""The WSGI application."""

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roadmap.settings")
application = get_wsgi_application()


def _say_which_store() -> None:
    from django.conf import settings
    from django.db import connection

    from roadmap.sqlite.library import describe

    text = "PostgreSQL"
    if connection.vendor == "sqlite":
        text = describe(settings.SQLITE_SOURCE)
    logging.getLogger("roadmap").info("store: %s", text)


def _settle() -> None:
    """Leave what is loaded once and for all out of later collections of garbage, and make fewer.

    A page allocates thousands of small values and no cycles to speak of, so that collecting as
    often as Python does by itself took a sixth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 20, 50)


_say_which_store()
_settle()

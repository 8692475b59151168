"""The WSGI application."""

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


_say_which_store()

"""Walks the URLconf, and asks every address as everybody by every method."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ROLES = ("anonymous", "stranger", "viewer", "member", "lead", "other_lead", "superuser")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Written by reading, too: sessions, rate limits, messages.
MOVES_BY_ITSELF = {"django_session", "roadmix_cache"}
SIGN_IN = ("/accounts/login/", "/admin/login/")


def routes() -> Iterator[str]:
    """Yield the name of every address; one without a name by its pattern."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name or entry.pattern}"


def answer_of(response: HttpResponseBase) -> str:
    """Return the status in a word; ``in`` is a redirect to the sign-in page."""
    location = response.headers.get("Location", "")
    if response.status_code in {301, 302} and location.startswith(SIGN_IN):
        return "in"
    return str(response.status_code)


def ask(client: Client, method: str, url: str, body: dict[str, Any]) -> str:
    """Send a request and return its answer in a word."""
    if method == "POST":
        return answer_of(client.post(url, body))
    return answer_of(client.generic(method, url))


def fingerprint() -> dict[str, str]:
    """Return a hash of the rows of every table of the store, but for those that move anyway."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - MOVES_BY_ITSELF):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found

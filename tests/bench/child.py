"""What needs Django and one data folder: signing in, choosing addresses, counting queries.

Run as ``python -m tests.bench.child prepare|queries``; prints JSON.
"""

import json
import sys
from typing import Any

import django

CSRF = "b" * 32
CLIENTS = 32


def prepare() -> dict[str, Any]:
    """Sign the people in by session rows and say which addresses there are."""
    from django.db.models import Count
    from django.urls import NoReverseMatch, reverse

    from tracker.models import Initiative, Membership, Role, Team

    lead = Membership.objects.filter(role=Role.LEAD, team__parent__isnull=False).order_by("team_id")
    chosen = lead.select_related("team", "user")[0]
    team, person = chosen.team, chosen.user
    viewer = Membership.objects.filter(role=Role.VIEWER, team__parent__isnull=True)[0].user
    rows = Initiative.objects.filter(team=team).select_related("team").order_by("-number")
    editable = list(rows.filter(status="active")[:CLIENTS])
    editable += list(rows.exclude(status="active")[: CLIENTS - len(editable)])

    def address(name: str, *args: str) -> str | None:
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            return None

    listing = address("initiatives")
    return {
        "cookies": {"lead": _session(person), "viewer": _session(viewer)},
        "initiatives": Initiative.objects.count(),
        "teams": len(viewer.team_roles),
        "team": team.slug,
        "largest": Team.objects.annotate(size=Count("initiatives")).latest("size").slug,
        "paths": {
            "overview": address("overview", team.slug),
            "portfolio": address("portfolio"),
            "list": f"{listing}?team={team.slug}" if listing else None,
            "admin": address("admin:tracker_initiative_changelist"),
        },
        "cells": [address("initiative_cell", row.key, "title") for row in editable],
        "versions": [row.version for row in editable],
    }


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"sessionid={store.session_key}; csrftoken={CSRF}"


def queries() -> dict[str, int]:
    """Count the queries of a cached overview, a cached portfolio, a list and an inline edit."""
    found = prepare()
    counts = {}
    for name, who in (("overview", "viewer"), ("portfolio", "viewer"), ("list", "lead")):
        path = found["paths"][name]
        if path:
            _ask(found["cookies"][who], path)  # fills the cache, loads the templates
            status, count = _ask(found["cookies"][who], path)
            if status == 200:
                counts[name] = count
    if found["cells"] and found["cells"][0]:
        status, count = _edit(found)
        if status == 200:
            counts["edit"] = count
    return counts


def _edit(found: dict[str, Any]) -> tuple[int, int]:
    from tests.bench.pages import form_fields

    cookie, cell = found["cookies"]["lead"], found["cells"][0]
    fields = form_fields(_client(cookie).get(cell, headers={"HX-Request": "true"}).content.decode())
    fields |= {"version": str(found["versions"][0]), "title": "Measured once"}
    return _ask(cookie, cell, fields)


def _client(cookie: str) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.cookies.load(cookie)
    return client


def _ask(cookie: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tracker.models import Organisation

    client = _client(cookie)
    Organisation.current()
    with CaptureQueriesContext(connection) as captured:
        headers = {"HX-Request": "true", "X-CSRFToken": CSRF} if fields else {}
        ask = client.post if fields else client.get
        response = ask(path, fields, headers=headers)
    counted = [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "PRAGMA"))
    ]
    return response.status_code, len(counted)


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"prepare": prepare, "queries": queries}[sys.argv[1]]()))

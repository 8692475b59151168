"""Reads for the search: initiatives by key or words, teams by name."""

import re
from dataclasses import dataclass

from tracker.models import Initiative, User
from tracker.models.initiatives import InitiativeQuerySet
from tracker.queries.teams import TeamNode, team_tree

LONGEST = 100
MOST_WORDS = 6
SHOWN = ["title", "number", "origin", "status", "team__key_prefix", "team__name"]
LIKE_A_KEY = re.compile(r"^[a-z][a-z0-9]{1,9}-\d{1,9}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; ``text`` is what was searched for, with single spaces."""

    text: str
    teams: list[TeamNode]
    initiatives: list[Initiative]


def tidy(text: str) -> str:
    """Return what to search for: single spaces, at most LONGEST characters."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST].rstrip()


def search(user: User, text: str, *, most: int = 8, most_teams: int = 4) -> Found:
    """Return the teams and initiatives that match, of those the person may see.

    An initiative matches by its key, present or former, or by having every word in its title;
    newest first. At most three queries beside the roles.
    """
    text = tidy(text)
    if not text:
        return Found("", [], [])
    words = text.casefold().split()
    teams = [
        node for node in team_tree(user) if all(word in node.name.casefold() for word in words)
    ]
    return Found(text, teams[:most_teams], _initiatives(user, text, most))


def _initiatives(user: User, text: str, most: int) -> list[Initiative]:
    rows: InitiativeQuerySet = Initiative.objects.visible_to(user).select_related("team")
    rows = rows.only(*SHOWN)
    if LIKE_A_KEY.match(text):
        found = list(rows.with_key(text)[:most])
        if found:
            return found
    for word in text.split()[:MOST_WORDS]:
        rows = rows.filter(title__icontains=word)
    return list(rows.order_by("-pk")[:most])

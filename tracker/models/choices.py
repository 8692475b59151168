"""Choices for database columns, made from the domain's words."""

from enum import StrEnum

from django.db import models

from tracker.domain.words import label_of


class Role(models.IntegerChoices):
    """What a person may do in a team; a higher role includes the lower ones."""

    VIEWER = 1, "Viewer"
    MEMBER = 2, "Member"
    LEAD = 3, "Lead"


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Return ``(value, label)`` pairs of an enumeration of words."""
    return [(word.value, label_of(word.value)) for word in words]

"""The parts of an initiative's page, in the words and shapes its templates take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse

from tracker.domain.history import TOGETHER, Entry
from tracker.domain.lifecycle import Status, Verb, allowed_verbs
from tracker.domain.wording import (
    count_words,
    day_words,
    initials_of,
    pd_words,
    span_words,
    value_words,
)
from tracker.domain.words import label_of
from tracker.models import Comment, Initiative

MOST_LABELS = 2  # more closed months than that are counted, not named
VERB_LABELS = {Verb.CANCEL: "Cancel it", Verb.DEFER: "Defer it"}
LABELS = {
    "title": "Title",
    "description": "Description",
    "owner": "Owner",
    "origin": "Origin",
    "estimate": "Estimate",
    "realised-effort": "Realised effort",
    "expected-value": "Expected value",
    "realised-value": "Realised value",
    "target": "Target",
    "committed": "Committed",
    "external": "External",
}


@dataclass(slots=True)
class Open:
    """A form that stands open on the page: which one, and what became of it.

    ``conflict`` is the context of the conflict strip; ``preview`` is Markdown to look at.
    ``title`` says why there is no form any more, above the ``notice``.
    """

    name: str
    form: Form | None = None
    conflict: dict[str, Any] | None = None
    preview: str | None = None
    people: list[str] | None = None
    notice: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A field as the page shows it, or its editor."""

    name: str
    label: str
    words: str
    url: str
    editor: Open | None


@dataclass(frozen=True, slots=True)
class VerbChoice:
    """A status verb that can be chosen now."""

    verb: str
    label: str
    url: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the history with its words for this reader."""

    entry: Entry
    when: str
    late: str
    restore_url: str
    restates: str = ""

    @property
    def initials(self) -> str:
        """Return the letters of the avatar."""
        return initials_of(self.entry.by)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with what this reader may do to it."""

    comment: Comment
    when: str
    can_edit: bool
    can_delete: bool
    editor: Open | None


def words_of(it: Initiative, name: str, currency: str) -> str:
    """Return a field in words, "" where it is empty or shown in a way of its own."""
    words = {
        "title": it.title,
        "owner": str(it.owner or ""),
        "origin": label_of(it.origin),
        "estimate": pd_words(it.estimate_mpd),
        "realised-effort": pd_words(it.actual_mpd),
        "expected-value": value_words(it.expected_value, currency),
        "realised-value": value_words(it.realised_value, currency),
        "target": span_words(it.target_start, it.due_on),
        "committed": day_words(it.committed_on),
        "closed": day_words(getattr(it, f"{it.status}_on", None)),
        "external": " ".join(filter(None, [it.external_source, it.external_key])),
    }
    return words.get(name, "")


def verbs_of(it: Initiative) -> list[VerbChoice]:
    """Return the verbs of the present status, the usual next one first."""
    verbs = list(allowed_verbs(Status(it.status)))
    if Verb.DELIVER in verbs and it.status == Status.ACTIVE:
        verbs.insert(0, verbs.pop(verbs.index(Verb.DELIVER)))
    return [
        VerbChoice(
            verb.value,
            VERB_LABELS.get(verb, verb.value.capitalize()),
            reverse("initiative_turn", args=[it.key, verb.value]),
            primary=index == 0 and verb not in (Verb.CANCEL, Verb.REOPEN),
        )
        for index, verb in enumerate(verbs)
    ]


def finding_of(estimate_mpd: int | None, worked_mpd: int, segments: int) -> str:
    """Return how far the work has come, such as ``12 of 18 pd worked in two segments``."""
    estimate, worked = pd_words(estimate_mpd), pd_words(worked_mpd)
    if not segments:
        return f"None of {estimate} worked yet" if estimate_mpd else "No work yet"
    inside = f"worked in {count_words(segments, 'segment')}"
    if estimate_mpd is None:
        return f"{worked} {inside}, not estimated"
    if worked_mpd > estimate_mpd:
        over = pd_words(worked_mpd - estimate_mpd)
        return f"{worked} {inside}, {over} over the estimate of {estimate}"
    return f"{worked.removesuffix(' pd')} of {estimate} {inside}"


def restates_words(entry: Entry, moved: Iterable[tuple[datetime, list[str]]]) -> str:
    """Return which closed months an entry of the history has moved, "" for none."""
    labels = [label for at, names in moved if abs(at - entry.at) <= TOGETHER for label in names]
    if len(labels) > MOST_LABELS:
        return f"restates {len(labels)} closed months"
    return f"restates {' and '.join(labels)}" if labels else ""

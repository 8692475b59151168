"""The address of the list, and the form that logs an initiative."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.domain.calendar import FiscalCalendar, period_from_slug
from tracker.domain.lifecycle import Status
from tracker.domain.listing import NONE, Attention, Listing, Sort
from tracker.domain.mix import Origin
from tracker.domain.words import Need, Trigger
from tracker.forms.inputs import DayField, EffortField, PersonField
from tracker.models import Team, User
from tracker.models.choices import choices

LONGEST = 100
LONGEST_CURSOR = 18
LOGGED_AS = (Status.PROPOSED, Status.COMMITTED, Status.ACTIVE)


def read_listing(data: QueryDict, fiscal: FiscalCalendar) -> tuple[Listing, list[str]]:
    """Return what an address asks for. Nonsense is left out, with a notice for each part."""
    notices: list[str] = []

    def text(name: str) -> str:
        return " ".join(data.get(name, "").replace("\0", " ").split())[:LONGEST].rstrip()

    def words(name: str, known: Collection[str], also: str = "") -> tuple[str, ...]:
        given = list(dict.fromkeys(filter(None, data.getlist(name))))
        for word in given:
            if word not in known and word != also:
                notices.append(f"There is no {name} {word[:30]!r}, so it was left out.")
        return tuple(word for word in given if word in known or word == also)

    descending, sort = _order(text("sort"), notices)
    period = None
    if text("period"):
        try:
            period = period_from_slug(text("period").lower(), fiscal)
        except ValueError as error:
            notices.append(f"{error} All periods are shown.")
    listing = Listing(
        team=text("team"),
        q=text("q"),
        origins=words("origin", list(Origin)),
        statuses=words("status", list(Status)),
        owner=text("owner"),
        trigger=(*words("trigger", list(Trigger), NONE), "")[0],
        label=text("label"),
        period=period,
        attention=(*words("attention", list(Attention)), "")[0],
        sort=sort,
        descending=descending,
        after=_cursor(text("after")),
        before=_cursor(text("before")),
    )
    return listing, notices


def _order(text: str, notices: list[str]) -> tuple[bool, Sort]:
    name = text.removeprefix("-")
    if name in set(Sort):
        return text.startswith("-"), Sort(name)
    if text:
        notices.append(f"The list can't be sorted by {name[:30]!r}. The newest stand first.")
    return True, Sort.KEY


def _cursor(text: str) -> int | None:
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_CURSOR
    return int(text) if fits else None


class LogForm(forms.Form):
    """Logs an initiative: one line in the list, a page of its own without script."""

    title = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "New initiative…"}),
    )
    origin = forms.ChoiceField(
        choices=choices(Origin), required=False, initial=Origin.UNCLASSIFIED.value
    )
    need = forms.ChoiceField(choices=[("", "Need…"), *choices(Need)], required=False)
    trigger = forms.ChoiceField(choices=[("", "Trigger…"), *choices(Trigger)], required=False)
    estimate_mpd = EffortField(
        label="Estimate", help_text="Person-days, or 3w, or 1w 2d. Leave it empty while unknown."
    )
    owner = PersonField(widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}))
    due_on = DayField(required=False, label="Target date")
    status = forms.ChoiceField(
        choices=[pair for pair in choices(Status) if pair[0] in LOGGED_AS],
        required=False,
        initial=Status.COMMITTED.value,
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why it came",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    creation_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        me: User,
        teams: Sequence[Team],
        people: Collection[User] = (),
        title: str = "",
        prefix_id: str = "log",
    ) -> None:
        initial = {"owner": str(me), "creation_key": uuid4(), "title": title[:200]}
        if teams:
            initial["team"] = teams[0].slug
        super().__init__(data, initial=initial, auto_id=f"id_{prefix_id}_%s")
        self.teams = {team.slug: team for team in teams}
        offered = [(team.slug, team.name) for team in teams]
        self.fields["team"] = forms.ChoiceField(choices=offered)
        if len(teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
        if isinstance(owner := self.fields["owner"], PersonField):
            owner.people = people
        if data is None and me in people:
            names = dict(zip(people, PersonField.names_of(people), strict=True))
            self.initial["owner"] = names[me]
        self.order_fields(["title", "team"])

    def clean_title(self) -> str:
        """Return the title with single spaces."""
        title = " ".join(str(self.cleaned_data["title"]).split())
        if not title:
            raise ValidationError("Give it a title.")
        return title

    def clean(self) -> dict[str, Any]:
        """Fill in what was left out, and drop what only an opportunity has."""
        data: dict[str, Any] = super().clean() or {}
        data["origin"] = data.get("origin") or Origin.UNCLASSIFIED.value
        if data["origin"] != Origin.OPPORTUNISTIC:
            data["need"] = data["trigger"] = ""
        return data

    @property
    def chosen_team(self) -> Team:
        """Return the team of a valid form."""
        return self.teams[self.cleaned_data["team"]]

    def values(self, today: date) -> dict[str, Any]:
        """Return what the action takes, beside who and for which team."""
        names = ("title", "origin", "need", "trigger", "estimate_mpd", "owner", "due_on", "reason")
        found = {name: self.cleaned_data[name] for name in (*names, "creation_key")}
        return found | {
            "status": Status(self.cleaned_data["status"] or Status.COMMITTED),
            "today": today,
        }

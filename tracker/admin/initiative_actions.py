"""What a lead does to many initiatives at once: each action asks on a page of its own first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from tracker.actions import initiatives as actions
from tracker.actions.bulk import edit_many
from tracker.actions.errors import Conflict
from tracker.admin.base import LedAdmin, user_of
from tracker.admin.filters import people_of
from tracker.domain.effort import format_pd
from tracker.domain.mix import Origin
from tracker.domain.words import Need, Trigger
from tracker.models import Initiative, Team, User
from tracker.models.choices import choices
from tracker.transfer import csv_out

MOST_MOVED = 1000
SHOWN = 20
REFUSED = (ValidationError, IntegrityError, Conflict)


class ClassifyForm(forms.Form):
    """The origin, and of an opportunity its need and trigger."""

    origin = forms.ChoiceField(choices=choices(Origin), widget=forms.RadioSelect)
    need = forms.ChoiceField(choices=[("", "–"), *choices(Need)], required=False)
    trigger = forms.ChoiceField(choices=[("", "–"), *choices(Trigger)], required=False)

    def clean(self) -> Any:
        """Ask for both where the origin has them."""
        cleaned = super().clean() or {}
        if cleaned.get("origin") == Origin.OPPORTUNISTIC:
            for name in ("need", "trigger"):
                if not cleaned.get(name):
                    self.add_error(name, "Choose one: opportunistic work has it.")
        return cleaned


class OwnerForm(forms.Form):
    """Somebody the lead knows, or nobody."""

    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args: Any, by: User, rows: Any) -> None:
        super().__init__(*args)
        owner: Any = self.fields["owner"]
        owner.queryset = people_of(by).filter(is_active=True)


class MoveForm(forms.Form):
    """A team the lead leads."""

    team = forms.ModelChoiceField(Team.objects.none(), help_text="They get new keys there.")

    def __init__(self, *args: Any, by: User, rows: Any) -> None:
        super().__init__(*args)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.led_by(by)


class ConfirmForm(forms.Form):
    """Nothing to fill in."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an action asks for: its name, the heading of its page and its form."""

    action: str
    title: str
    form: Callable[..., forms.Form]


class BulkActions(LedAdmin):
    """The actions of the list; their rows are asked for again, from what the person leads."""

    actions = ["classify", "set_owner", "move", "export", "delete_rows", "restore_rows"]

    def rows_of(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the chosen rows as the actions take them, held to the led teams once more."""
        rows = Initiative.every.led_by(user_of(request))
        return rows.filter(pk__in=queryset.order_by().values("pk"))

    @admin.action(description="Classify")
    def classify(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Set origin, need and trigger."""

        def run(rows: Any, given: dict[str, Any]) -> str:
            done = edit_many(by=user_of(request), rows=rows, changes=given)
            return f"{counted(len(done))} classified as {given['origin']}."

        question = Question("classify", "Classify", plain(ClassifyForm))
        return self._ask(request, queryset, question, run)

    @admin.action(description="Set the owner")
    def set_owner(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Give the rows to somebody who belongs to all of their teams, or to nobody."""

        def run(rows: Any, given: dict[str, Any]) -> str:
            owner = given["owner"]
            refuse_outsider(owner, rows)
            done = edit_many(by=user_of(request), rows=rows, changes={"owner": owner})
            return f"{counted(len(done))} given to {owner or 'nobody'}."

        question = Question("set_owner", "Set the owner", OwnerForm)
        return self._ask(request, queryset, question, run)

    @admin.action(description="Move to another team")
    def move(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Hand the rows over to another led team."""

        def run(rows: Any, given: dict[str, Any]) -> str:
            by, team = user_of(request), given["team"]
            found = list(rows.exclude(team=team).order_by("pk").values_list("pk", "version"))
            if len(found) > MOST_MOVED:
                raise ValidationError(f"Choose at most {MOST_MOVED:,} to move at once.")
            for pk, version in found:
                actions.move(by=by, pk=pk, version=version, team=team)
            return f"{counted(len(found))} moved to {team}."

        question = Question("move", "Move to another team", MoveForm)
        return self._ask(request, queryset, question, run)

    @admin.action(description="Delete, to be restored if need be")
    def delete_rows(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Take the rows out of lists and figures."""

        def run(rows: Any, given: dict[str, Any]) -> str:
            rows = rows.filter(deleted_at__isnull=True)
            changes = {"deleted_at": timezone.now()}
            done = edit_many(by=user_of(request), rows=rows, changes=changes, reason="Deleted")
            return f"{counted(len(done))} deleted. You find them under “Deleted”."

        question = Question("delete_rows", "Delete", plain(ConfirmForm))
        return self._ask(request, queryset, question, run)

    @admin.action(description="Restore")
    def restore_rows(self, request: HttpRequest, queryset: Any) -> None:
        """Bring deleted rows back."""
        self.put_back(request, self.rows_of(request, queryset))

    def put_back(self, request: HttpRequest, rows: Any) -> None:
        """Restore the rows and say how many, or why not."""
        by, gone = user_of(request), rows.filter(deleted_at__isnull=False)
        try:
            done = edit_many(by=by, rows=gone, changes={"deleted_at": None}, reason="Restored")
            self.message_user(request, f"{counted(len(done))} restored.", messages.SUCCESS)
        except REFUSED as error:
            self.message_user(request, in_words(error), messages.ERROR)

    @admin.action(description="Export as CSV")
    def export(self, request: HttpRequest, queryset: Any) -> HttpResponse | StreamingHttpResponse:
        """Send the rows as a file, line by line."""
        rows = self.rows_of(request, queryset).select_related("team", "owner").order_by("-pk")
        return StreamingHttpResponse(
            csv_out.lines(cells_of(rows)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="initiatives.csv"'},
        )

    def _ask(
        self,
        request: HttpRequest,
        queryset: Any,
        question: Question,
        run: Callable[[Any, dict[str, Any]], str],
    ) -> HttpResponse | None:
        """Show the page that asks; do it when that page comes back filled in."""
        by, rows = user_of(request), self.rows_of(request, queryset)
        if "sure" not in request.POST:
            return self._page(request, question, question.form(by=by, rows=rows), rows)
        form = question.form(request.POST, by=by, rows=rows)
        if form.is_valid():
            try:
                with transaction.atomic():
                    text = run(rows, form.cleaned_data)
            except REFUSED as error:
                form.add_error(None, in_words(error))
            else:
                self.message_user(request, text, messages.SUCCESS)
                return None
        return self._page(request, question, form, rows)

    def _page(
        self, request: HttpRequest, question: Question, form: forms.Form, rows: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": question.title,
            "opts": self.opts,
            "form": form,
            "action": question.action,
            "count": rows.count(),
            "rows": rows.select_related("team").order_by("-pk")[:SHOWN],
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "checkbox": ACTION_CHECKBOX_NAME,
            "select_across": request.POST.get("select_across", "0"),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/action.html", context, status=status)


def plain(form_class: type[forms.Form]) -> Callable[..., forms.Form]:
    """Return a maker of forms that ask nothing about person and rows."""

    def make(*args: Any, by: User, rows: Any) -> forms.Form:
        return form_class(*args)

    return make


def counted(number: int) -> str:
    """Return a number of initiatives in words."""
    return f"{number:,} initiative{'' if number == 1 else 's'}"


def in_words(error: Exception) -> str:
    """Return why a bulk write was refused."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, Conflict):
        return "Somebody changed one of them at the same moment, so nothing was done. Try again."
    return "Another initiative there has the same external key, so nothing was done."


def refuse_outsider(owner: User | None, rows: Any) -> None:
    """Refuse an owner who does not belong to one of the teams."""
    if owner is None:
        return
    for team in Team.objects.filter(pk__in=rows.order_by().values("team")):
        if not owner.role_in(team.pk):
            raise ValidationError(f"{owner} does not belong to {team}. Choose fewer rows.")


COLUMNS: dict[str, Callable[[Initiative], Any]] = {
    "Key": lambda it: it.key,
    "Team": lambda it: it.team.name,
    "Title": lambda it: it.title,
    "Origin": lambda it: it.origin,
    "Need": lambda it: it.need,
    "Trigger": lambda it: it.trigger,
    "Reason": lambda it: it.reason,
    "Status": lambda it: it.status,
    "Estimate, pd": lambda it: effort_cell(it.estimate_mpd),
    "Committed": lambda it: it.committed_on,
    "Target date": lambda it: it.due_on,
    "Delivered": lambda it: it.delivered_on,
    "Owner": lambda it: it.owner.email if it.owner else "",
}


def effort_cell(mpd: int | None) -> str:
    """Return person-days as a spreadsheet reads them, without separators of thousands."""
    return "" if mpd is None else format_pd(mpd).replace(",", "")


def cells_of(rows: Any) -> Iterator[list[Any]]:
    """Yield the file's rows, its head first."""
    yield list(COLUMNS)
    for row in rows.iterator(chunk_size=500):
        yield [read(row) for read in COLUMNS.values()]

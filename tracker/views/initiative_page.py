"""What the page of one initiative shows; every view of it answers with this page or its parts."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from tracker.access import HttpRequest, organisation
from tracker.actions.history import RESTORED_FACTS
from tracker.domain.history import Entry
from tracker.domain.lifecycle import CLOSED
from tracker.domain.wording import late_words, moment_words, pd_words
from tracker.domain.words import label_of
from tracker.figures.timeline import Timeline, Work, timeline
from tracker.forms.comments import CommentForm, LabelForm
from tracker.forms.inputs import focus_first
from tracker.htmx import render_page, tell
from tracker.models import Comment, Initiative, Role
from tracker.queries.after_close import moved_after_close
from tracker.queries.history import last_change
from tracker.queries.initiative import Sheet, WorkedSegment, sheet_of
from tracker.views.funding_parts import FundingSection
from tracker.views.initiative_origins import Origins
from tracker.views.initiative_parts import (
    LABELS,
    Open,
    Row,
    Said,
    Told,
    VerbChoice,
    finding_of,
    restates_words,
    verbs_of,
    words_of,
)

TEMPLATE = "tracker/initiative.html"


class Page:
    """The page; each part is worked out when the template first asks for it."""

    def __init__(
        self,
        request: HttpRequest,
        found: Initiative,
        *,
        field: Open | None = None,
        turn: Open | None = None,
        segment: Open | None = None,
        comment: Open | None = None,
        origin: Open | None = None,
        label: LabelForm | None = None,
    ) -> None:
        self.request, self.initiative = request, found
        self.field, self.turn, self.segment, self.comment = field, turn, segment, comment
        self.origin = origin
        self.label_form = label or LabelForm()
        self.organisation = organisation()
        self.today = self.organisation.today()
        request.team = found.team  # the shell shows it
        role = request.user.role_in(found.team_id)
        self.can_edit = role >= Role.MEMBER and not found.is_deleted
        self.can_restore = role >= Role.MEMBER and found.is_deleted
        self.is_lead = role >= Role.LEAD
        self.can_move = self.can_edit and len(request.user.teams_with(Role.MEMBER)) > 1

    @cached_property
    def sheet(self) -> Sheet:
        """Return what is known about the initiative."""
        return sheet_of(self.initiative, self.organisation, self.today, whole_story=self.shows_all)

    @cached_property
    def origins(self) -> Origins:
        """Return what counts as its origin, and where it comes from."""
        return Origins(
            self.initiative,
            self.today,
            can_edit=self.can_edit,
            zone=self.organisation.reporting_zone,
            editor=self.origin,
        )

    @cached_property
    def funding(self) -> FundingSection:
        """Return what gives way for it, and what it lost."""
        return FundingSection(self.initiative, self.today, can_edit=self.can_edit)

    def row(self, name: str) -> Row:
        """Return one field."""
        label = LABELS.get(name) or label_of(self.initiative.status)
        editor = self.field if self.field and self.field.name == name else None
        url = reverse("initiative_field", args=[self.initiative.key, name])
        words = words_of(self.initiative, name, self.organisation.currency)
        return Row(name, label, words, url, editor)

    @property
    def title(self) -> Row:
        """Return the title."""
        return self.row("title")

    @property
    def description(self) -> Row:
        """Return the description."""
        return self.row("description")

    @property
    def rows(self) -> list[Row]:
        """Return the fields beside the text, in their order."""
        names = [name for name in LABELS if name not in ("title", "description")]
        if self.initiative.status in CLOSED:
            names.insert(names.index("committed") + 1, "closed")
        return [self.row(name) for name in names]

    @property
    def need_and_trigger(self) -> str:
        """Return what brought an opportunity, in words."""
        told = [label_of(word) for word in (self.initiative.need, self.initiative.trigger) if word]
        return ", ".join(told)

    @property
    def external_url(self) -> str:
        """Return the link to follow, "" where it does not lead to the web."""
        url = self.initiative.external_url
        return url if url.lower().startswith(("http://", "https://")) else ""

    @property
    def verbs(self) -> list[VerbChoice]:
        """Return the verbs of the present status, the usual next one first."""
        return verbs_of(self.initiative) if self.can_edit else []

    @property
    def worked(self) -> str:
        """Return what was worked, in words."""
        return pd_words(self.sheet.worked_mpd)

    @property
    def finding(self) -> str:
        """Return how far the work has come, in a sentence."""
        sheet = self.sheet
        return finding_of(self.initiative.estimate_mpd, sheet.worked_mpd, len(sheet.segments))

    @property
    def timeline(self) -> Timeline | None:
        """Return the picture of segments and target."""
        it = self.initiative
        works = [
            Work(
                row.segment.starts_on,
                row.segment.ends_before,
                row.segment.fte_milli,
                row.worked_mpd,
            )
            for row in self.sheet.segments
        ]
        return timeline(
            works,
            origin=self.origins.counts,
            today=self.today,
            target_start=it.target_start,
            target=it.due_on,
            is_open=it.status not in CLOSED,
        )

    @property
    def segments(self) -> list[tuple[WorkedSegment, str, Open | None]]:
        """Return each segment, how late it was entered, and its editor where that is open."""
        editing = self.segment
        return [
            (
                row,
                late_words(max(row.started_late, row.ended_late)),
                editing if editing and editing.name == str(row.pk) else None,
            )
            for row in self.sheet.segments
        ]

    @property
    def new_segment(self) -> Open | None:
        """Return the form of a segment to add, where it is open."""
        return self.segment if self.segment and self.segment.name == "new" else None

    @property
    def story(self) -> list[Told]:
        """Return the history for this reader."""
        entries = self.sheet.story.entries
        now = next((entry.facts for entry in entries if entry.state is not None), {})
        moved = moved_after_close(self.initiative)
        return [
            Told(
                entry,
                self._when(entry.at),
                late_words(entry.days_late),
                self._restore_url(entry, now),
                restates_words(entry, moved),
            )
            for entry in entries
        ]

    def _restore_url(self, entry: Entry, now: Mapping[str, Any]) -> str:
        """Return where to restore a version, "" where that would change nothing."""
        differs = any(entry.facts.get(name) != now.get(name) for name in RESTORED_FACTS)
        if not self.can_edit or entry.state is None or not differs:
            return ""
        args = [self.initiative.key, entry.state]
        return reverse("initiative_history_restore", args=args)

    @property
    def shows_all(self) -> bool:
        """Tell whether the whole history was asked for."""
        return self.request.GET.get("history") == "all"

    @property
    def comments(self) -> list[Said]:
        """Return the comments for this reader."""
        return [self.said(comment) for comment in self.sheet.comments]

    def said(self, comment: Comment) -> Said:
        """Return one comment with what may be done to it."""
        own = comment.author_id == self.request.user.pk
        editor = self.comment if self.comment and self.comment.name == str(comment.pk) else None
        return Said(
            comment,
            self._when(comment.created_at),
            can_edit=own and self.can_edit,
            can_delete=self.can_edit and (own or self.is_lead),
            editor=editor,
        )

    @cached_property
    def comment_form(self) -> Form:
        """Return the form of a new comment, with what was typed where it was refused."""
        refused = self.comment if self.comment and self.comment.name == "new" else None
        return refused.form if refused and refused.form else CommentForm()

    @property
    def created(self) -> str:
        """Return when it was logged, in words."""
        return self._when(self.initiative.created_at)

    def _when(self, moment: Any) -> str:
        return moment_words(moment, self.organisation.reporting_zone, self.today) if moment else ""

    @property
    def last_change(self) -> str:
        """Return who changed it last and when, as a clause."""
        who, when = last_change(self.initiative)
        return f"{who} changed it last{f' on {self._when(when)}' if when else ''}"

    def conflict(self, label: str, theirs: str, yours: str) -> dict[str, Any]:
        """Return what the conflict strip shows; the editor's form saves again."""
        who, when = last_change(self.initiative)
        return {
            "who": who,
            "when": f"on {self._when(when)}" if when else "",
            "field_label": label,
            "theirs": theirs,
            "yours": yours,
        }

    def answer(
        self,
        *,
        status: int = 200,
        part: str = "",
        fragment: str = "",
        aimed: bool = True,
        **more: Any,
    ) -> HttpResponseBase:
        """Render the page, or the part that htmx asks for.

        ``fragment`` is the template of ``part``, the id of an element that is filled alone. Not
        ``aimed``, htmx gets all of the page's content, whichever part it asked for.
        """
        context = {"page": self, **more}
        for opened in (self.field, self.turn, self.segment, self.comment, self.origin):
            if opened and opened.form and (opened.name != "new" or opened.form.errors or part):
                focus_first(opened.form)
        target = (self.request.htmx.target or "").rpartition("#")[2]
        parts = ("initiative", "history")
        template = fragment if part and target == part else TEMPLATE
        if self.request.htmx and not aimed and target not in parts:
            template = f"{TEMPLATE}#initiative"
        return render_page(self.request, template, context, parts=parts, status=status)


def done(request: HttpRequest, saved: Initiative, text: str, anchor: str = "") -> HttpResponseBase:
    """Answer a write that went well: the page anew, or a redirect to it without script."""
    if not request.htmx:
        messages.success(request, f"{text}.")
        return redirect(f"{saved.get_absolute_url()}{anchor and '#'}{anchor}")
    answer = Page(request, saved).answer()
    tell(answer, "announce", {"text": text})  # type: ignore[arg-type]
    return answer

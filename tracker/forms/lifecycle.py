"""The forms of the status verbs and of moving to another team."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.domain.lifecycle import Verb
from tracker.domain.wording import day_words
from tracker.forms.inputs import DayField, EffortField, FteField, renew
from tracker.models import Initiative, Team, WorkSegment

DAY_LABELS = {
    Verb.COMMIT: ("Committed on", "The day it was promised."),
    Verb.START: ("First day of work", ""),
    Verb.PAUSE: ("First day without work", ""),
    Verb.RESUME: ("First day of work", ""),
    Verb.DELIVER: ("Last day of work", ""),
    Verb.CANCEL: ("First day without work", ""),
    Verb.DEFER: ("First day without work", ""),
    Verb.REOPEN: ("Taken up again on", "Work begins with the next start."),
}
ENDS_WORK = (Verb.PAUSE, Verb.CANCEL, Verb.DEFER)


class TurnForm(forms.Form):
    """A status verb as of a day, which may lie in the past."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    on = DayField()
    fte_milli = FteField(required=False, label="FTE")
    actual_mpd = EffortField(
        label="Realised effort", allow_zero=True, help_text="What it took in all, in person-days."
    )
    committed_on = DayField(required=False, label="Committed on")
    why = forms.CharField(
        max_length=500,
        required=False,
        label="Reason",
        widget=forms.TextInput(attrs={"placeholder": "Kept in the history"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        initiative: Initiative,
        verb: Verb,
        today: date,
        segments: Sequence[WorkSegment] = (),
        worked_mpd: int | None = None,
        usual_fte: str = "",
    ) -> None:
        self.initiative, self.verb, self.today, self.segments = initiative, verb, today, segments
        effort = initiative.actual_mpd if initiative.actual_mpd is not None else worked_mpd
        initial = {"version": initiative.version, "on": today, "actual_mpd": effort}
        super().__init__(data, initial=initial, auto_id="id_turn_%s")
        label, hint = DAY_LABELS[verb]
        self.fields["on"].label = label
        self.fields["on"].help_text = hint
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        if verb not in (Verb.START, Verb.RESUME):
            del self.fields["fte_milli"]
        elif usual_fte:
            self.fields["fte_milli"].help_text = f"Empty means {usual_fte}."
        if verb != Verb.DELIVER:
            del self.fields["actual_mpd"]
        self.proposes_commitment = ask_for_commitment(self, verb)

    def clean_on(self) -> date:
        """Refuse the future, and a day on which work is logged that the verb would end earlier."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("That day has not come yet. Choose today or an earlier one.")
        if self.verb in (*ENDS_WORK, Verb.DELIVER):
            self._refuse_before_work(on)
        if self.verb in (Verb.START, Verb.RESUME):
            self._refuse_during_work(on)
        return on

    def clean_committed_on(self) -> date | None:
        """Refuse a promise that comes after the delivery, and ask where none was given yet."""
        promised: date | None = self.cleaned_data["committed_on"]
        on = self.cleaned_data.get("on")
        if on and promised and on < promised:
            raise ValidationError(f"It was delivered on {day_words(on)}. Choose that or earlier.")
        if on and (promised is None or self.proposes_commitment):
            raise ValidationError(
                f"It was committed only on {day_words(self.initiative.committed_on)}. Say here "
                "when it was promised and send it again, or choose a later last day of work."
            )
        return promised

    def _refuse_during_work(self, on: date) -> None:
        for segment in self.segments:
            if segment.last_day is None or segment.last_day > on:
                until = day_words(segment.last_day) or "today"
                raise ValidationError(
                    f"Work is logged until {until}. Choose that day or a later one."
                )

    def _refuse_before_work(self, on: date) -> None:
        for segment in self.segments:
            last = segment.last_day
            if last is None and segment.starts_on > on:
                raise ValidationError(f"Work started only on {day_words(segment.starts_on)}.")
            if last is not None and last > on:
                raise ValidationError(
                    f"Work is logged until {day_words(last)}. Choose that day or a later one, or "
                    "shorten that segment first."
                )

    def given(self) -> dict[str, Any]:
        """Return what goes to the verb beside the day."""
        names = ("fte_milli", "actual_mpd", "committed_on")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


def ask_for_commitment(form: Any, verb: str) -> bool:
    """Keep the day of the promise in a form only where a delivery lies before the known one.

    Where it was not sent along, the first day of work is filled in, and True returned: the
    person has to see it before it counts.
    """
    known, on = form.initiative.committed_on, _day(form.data.get("on"))
    if verb != Verb.DELIVER or known is None or on is None or on >= known:
        del form.fields["committed_on"]
        return False
    if "committed_on" in form.data:
        return False
    first = min([on, *(segment.starts_on for segment in form.segments)])
    renew(form, "committed_on", first.isoformat())
    return True


def _day(text: Any) -> date | None:
    try:
        day: date | None = DayField(required=False).clean(text)
    except ValidationError:
        return None
    return day


class MoveForm(forms.Form):
    """To which other team."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initiative: Initiative, teams: Sequence[Team]) -> None:
        super().__init__(data, initial={"version": initiative.version})
        self.teams = {str(team.pk): team for team in teams}
        offered = [(pk, f"{team.name} ({team.key_prefix}-…)") for pk, team in self.teams.items()]
        self.fields["team"] = forms.ChoiceField(choices=offered, label="To")

    def clean_team(self) -> Team:
        """Return the chosen team; only those offered are accepted."""
        return self.teams[self.cleaned_data["team"]]

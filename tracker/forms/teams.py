"""The forms of a team's settings."""

from calendar import day_name
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker.actions import teams as actions
from tracker.models import Holiday, Team, User

EDGES = ("band_lower", "band_upper", "band_derail")
WEEKDAYS = [(number, day_name[number]) for number in range(7)]
FARTHEST_YEARS = 20


class PercentField(forms.DecimalField):
    """A share in per cent with one decimal, kept in thousandths: 35 % is 350."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, min_value=0, max_value=100, decimal_places=1, max_digits=4)
        self.widget.attrs |= {"inputmode": "decimal", "class": "num"}

    def prepare_value(self, value: Any) -> Any:
        """Show thousandths as per cent, and typed text as it was typed."""
        return f"{Decimal(value) / 10:g}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return thousandths, None where nothing was typed and nothing has to be."""
        percent = super().clean(value)
        return None if percent is None else int(percent * 10)


class SettingsForm(forms.Form):
    """Name, band, working days and usual FTE, with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
    name = forms.CharField(max_length=80, label="Name of the team")
    band_lower = PercentField("From, %")
    band_upper = PercentField("To, %")
    band_derail = PercentField("Derailed above, %")
    weekdays = forms.TypedMultipleChoiceField(
        label="Working days", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    default_fte = forms.DecimalField(
        label="Usual FTE of an initiative",
        min_value=Decimal("0.001"),
        max_value=100,
        decimal_places=3,
        max_digits=6,
        help_text="How many people work on one at a time; taken where nothing better is known.",
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.fields["default_fte"].widget.attrs |= {"inputmode": "decimal", "class": "num w-3"}

    @classmethod
    def of(cls, team: Team) -> "SettingsForm":
        """Return the form filled with how things stand."""
        initial = {
            "version": actions.version_of(team),
            "name": team.name,
            "weekdays": sorted(team.weekdays),
            "default_fte": f"{Decimal(team.default_fte_milli) / 1000:g}",
        }
        return cls(team=team, initial=initial | {edge: getattr(team, edge) for edge in EDGES})

    def clean_name(self) -> str:
        """Return the name on one line."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError("Give the team a name.")
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse edges that don't rise."""
        given = super().clean() or {}
        lower, upper, derail = (given.get(edge) for edge in EDGES)
        if lower is not None and upper is not None and lower > upper:
            self.add_error("band_upper", "The band must end above its start.")
        elif upper is not None and derail is not None and upper > derail:
            self.add_error("band_derail", "Derailed begins at the band's upper edge or above it.")
        return given

    def changes(self) -> dict[str, Any]:
        """Return the values by the team's field names."""
        given = self.cleaned_data
        return {edge: given[edge] for edge in EDGES} | {
            "name": given["name"],
            "working_weekdays": sum(1 << day for day in given["weekdays"]),
            "default_fte_milli": int(given["default_fte"] * 1000),
        }

    def save(self, by: User) -> Team:
        """Store the settings. Raises StaleSettings."""
        version = self.cleaned_data["version"]
        return actions.change_settings(
            by=by, team_id=self.team.pk, version=version, changes=self.changes()
        )

    def against(self, stale: actions.StaleSettings) -> "SettingsForm":
        """Return the form with the typed text kept, which saves over the newer version."""
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(stale.version)
        return SettingsForm(data, team=self.team)


class HolidayForm(forms.Form):
    """A day off with its name."""

    prefix = "holiday"
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(
        label="Name",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, team: Team, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team, self.today = team, today

    def clean_day(self) -> date:
        """Refuse years that are typing errors, and a day that a team above has off."""
        day: date = self.cleaned_data["day"]
        if abs(day.year - self.today.year) > FARTHEST_YEARS:
            raise ValidationError(f"The year {day.year} is too far away. Is it a typing error?")
        above = [pk for pk in self.team.ancestor_ids if pk != self.team.pk]
        if Holiday.objects.filter(team_id__in=above, day=day).exists():
            raise ValidationError("A team above has this day off, so this one has it, too.")
        if not Holiday.objects.filter(team=self.team, day=day).exists():
            actions.refuse_closed(self.team, day)
        return day

    def clean_name(self) -> str:
        """Return the name on one line."""
        return " ".join(self.cleaned_data["name"].split())

    def save(self, by: User) -> tuple[Holiday, bool]:
        """Store the day and tell whether it is new."""
        given = self.cleaned_data
        return actions.add_holiday(by=by, team=self.team, day=given["day"], name=given["name"])

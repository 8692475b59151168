"""Form fields that speak as people do: per cent, FTE, person-days, weekdays."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.domain.effort import HINT, format_pd, parse_effort
from tracker.models import Organisation

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class ThousandthsField(forms.DecimalField):
    """A decimal number kept in whole units that are ``scale`` times smaller."""

    def __init__(self, *, scale: int, **kwargs: Any) -> None:
        self.scale = scale
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show what is kept (an int) as people read it; typed text stays as typed."""
        return f"{Decimal(value) / self.scale:f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return the number in small units."""
        typed = super().clean(value)
        return None if typed is None else int((typed * self.scale).to_integral_value())

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare in small units, so that 20 and 20.0 are the same."""
        return differs(self, initial, data)


def percent(label: str, help_text: str = "") -> ThousandthsField:
    """Return a field for a share, kept in thousandths and typed in per cent."""
    return ThousandthsField(
        scale=10,
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=100,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1", "class": "num short"}),
    )


def fte(label: str, most: int, help_text: str = "") -> ThousandthsField:
    """Return a field for full-time people, kept in thousandths."""
    return ThousandthsField(
        scale=1000,
        label=label,
        help_text=help_text,
        min_value=Decimal("0.001"),
        max_value=most,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "any", "class": "num short"}),
    )


class EffortField(forms.CharField):
    """Effort as people type it (15, 2.5d, 3w), kept in thousandths of a person-day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "num short"}))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show mpd as person-days; typed text stays as typed."""
        return format_pd(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return mpd, or None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        org = Organisation.current()
        try:
            return parse_effort(typed, pd_per_pw=org.pd_per_pw if org else 5)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare efforts, so that 15 and 3w may be the same."""
        return differs(self, initial, data)


def differs(field: forms.Field, initial: Any, data: Any) -> bool:
    """Tell whether typed data means another value than the initial one."""
    if data in field.empty_values:
        return initial is not None
    try:
        return bool(field.clean(data) != initial)
    except ValidationError:
        return True


class WeekdaysField(forms.MultipleChoiceField):
    """Weekdays as boxes to tick, kept as bits, Monday first."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(str(day), name) for day, name in enumerate(WEEKDAYS)]
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show the bits as the days they stand for."""
        if isinstance(value, int):
            return [str(day) for day in range(7) if value >> day & 1]
        return value

    def clean(self, value: Any) -> int:
        """Return the bits."""
        days: Iterable[str] = super().clean(value)
        return sum(1 << int(day) for day in set(days))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare bits."""
        return differs(self, initial, data)

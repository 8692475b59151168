"""Inputs that read what people type: effort, FTE, value, a day, a person."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from tracker.domain.capacity import MOST_FTE_MILLI
from tracker.domain.effort import format_pd, parse_effort
from tracker.models import Organisation, User
from tracker.models.initiatives import MOST_VALUE

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}


class EffortField(forms.CharField):
    """Effort such as ``15``, ``2.5d`` or ``3w``; cleans to thousandths of a person-day."""

    def __init__(self, *, allow_zero: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.allow_zero = allow_zero

    def prepare_value(self, value: Any) -> Any:
        """Show thousandths as person-days."""
        return format_pd(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return mpd, None where nothing was typed; raises ValidationError with what to type."""
        text = super().clean(value)
        if not text:
            return None
        organisation = Organisation.current()
        try:
            mpd = parse_effort(text, pd_per_pw=organisation.pd_per_pw if organisation else 5)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if mpd == 0 and not self.allow_zero:
            raise ValidationError("Type more than 0, or leave it empty while it is unknown.")
        return mpd


class FteField(forms.CharField):
    """People at work, such as ``1`` or ``0.5``; cleans to thousandths of a full-time person."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show thousandths as people."""
        return format_pd(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return thousandths, None where nothing was typed."""
        text = super().clean(value).replace(",", ".").lower().removesuffix("fte").strip()
        if not text:
            return None
        try:
            milli = Decimal(text) * 1000
            if not milli.is_finite() or milli != int(milli):
                raise InvalidOperation
        except (InvalidOperation, OverflowError) as error:
            raise ValidationError("Type a number of people such as 1, 0.5 or 2.") from error
        if not 1 <= milli <= MOST_FTE_MILLI:
            raise ValidationError("Type more than 0 and at most 1,000.")
        return int(milli)


class ValueField(forms.CharField):
    """Whole units of the currency, such as ``140000``, ``140,000`` or ``140k``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show thousands separators."""
        return f"{value:,}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return whole units, None where nothing was typed."""
        text = re.sub(r"[\s_]", "", super().clean(value)).lower()
        if not text:
            return None
        match = re.fullmatch(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)([km]?)", text)
        if match is None:
            raise ValidationError("Type a whole number such as 140000, 140,000 or 140k.")
        number = int(match[1].replace(",", "")) * _FACTORS[match[2]]
        if number > MOST_VALUE:
            raise ValidationError("That is more than this installation can hold.")
        return number


class DayField(forms.DateField):
    """A day, picked or typed as ``2026-09-18``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Type a day such as 2026-09-18."
        message = "Choose a day between 1970 and 2199."
        self.validators += [
            MinValueValidator(FIRST_DAY, message),
            MaxValueValidator(LAST_DAY, message),
        ]


class PersonField(forms.CharField):
    """A person, found by typing a name or an e-mail address; cleans to a User or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 300)
        super().__init__(**kwargs)
        self.people: Collection[User] = ()

    @staticmethod
    def names_of(people: Collection[User]) -> list[str]:
        """Return what to type for each: the name, with the address where two share one."""
        names = [str(person).casefold() for person in people]
        return [
            str(person)
            if names.count(str(person).casefold()) == 1
            else f"{person} ({person.email})"
            for person in people
        ]

    def prepare_value(self, value: Any) -> Any:
        """Show a person as they would be typed."""
        if not isinstance(value, User):
            return value
        names = dict(zip(self.people, self.names_of(self.people), strict=True))
        return names.get(value, str(value))

    def clean(self, value: Any) -> User | None:
        """Return the one person that was meant; raises ValidationError for none or several."""
        text = " ".join(super().clean(value).split()).casefold()
        if not text:
            return None
        found = [
            person
            for person, name in zip(self.people, self.names_of(self.people), strict=True)
            if text in (name.casefold(), person.email, str(person).casefold())
        ] or [person for person in self.people if text in str(person).casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError("Several people are called that. Type the e-mail address.")
        raise ValidationError("Nobody of this team is called that. Pick a name from the list.")


def show_refusal(form: forms.Form, error: ValidationError) -> None:
    """Put an action's refusal beside the fields it names, else above the form."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in by_field.items():
        form.add_error(name if name in form.fields else None, messages)


def focus_first(form: forms.Form) -> None:
    """Ask the page to put the caret where there is something to mend, else to begin."""
    fields = form.visible_fields()
    wrong = [field for field in fields if field.errors]
    for field in (wrong or fields)[:1]:
        field.field.widget.attrs["data-focus"] = ""


def renew(form: forms.Form, name: str, value: object) -> None:
    """Put a newer value in a hidden field of a form that was sent, and keep what was typed."""
    if isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data[name] = str(value)

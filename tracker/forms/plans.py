"""The forms of a plan: what the team can do, what an item is to bring, what is added."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.actions import plan_items, plans
from tracker.domain.planning import MonthCapacity
from tracker.forms.inputs import EffortField, FteField
from tracker.forms.teams import PercentField
from tracker.models import Plan, PlanItem, User
from tracker.models.initiatives import MOST_MPD

EDGES = plans.BAND


class ReserveField(forms.CharField):
    """What is kept back: person-days such as ``60`` or ``12w``, or a part such as ``20 %``."""

    def clean(self, value: Any) -> tuple[str, int]:
        """Return ("percent", tenths of a per cent) or ("effort", mpd)."""
        text = str(super().clean(value)).strip()
        if not text.endswith("%"):
            effort = EffortField(allow_zero=True).clean(text)
            return "effort", effort or 0
        try:
            tenths = Decimal(text[:-1].strip().replace(",", ".")) * 10
            if not tenths.is_finite() or tenths != int(tenths) or not 0 <= tenths <= 1000:
                raise InvalidOperation
        except (InvalidOperation, OverflowError) as error:
            raise ValidationError("Type a part from 0 to 100 % with one decimal.") from error
        return "percent", int(tenths)


class CapacityForm(forms.Form):
    """FTE by month, the reserve, and the band of the cycle where it has its own."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=4000, required=False)
    reserve = ReserveField(
        label="Reserve",
        required=False,
        max_length=20,
        help_text="Kept back for what nobody can foresee: person-days, or a part such as 20 %.",
    )
    own_band = forms.BooleanField(label="A band of its own for this cycle", required=False)
    band_lower = PercentField("From, %")
    band_upper = PercentField("To, %")
    band_derail = PercentField("Derailed above, %")

    def __init__(
        self, *args: Any, plan: Plan, months: tuple[MonthCapacity, ...], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.plan, self.months = plan, months
        for one in months:
            field = FteField(label=f"People in {one.month.label}", required=False)
            field.widget.attrs |= {"inputmode": "decimal", "class": "num w-2", "data-fte": ""}
            self.fields[self.name_of(one)] = field
        for edge in EDGES:
            self.fields[edge].required = False

    @staticmethod
    def name_of(month: MonthCapacity) -> str:
        """Return the name of a month's field."""
        return f"fte-{month.month.start:%Y-%m}"

    @classmethod
    def of(cls, plan: Plan, months: tuple[MonthCapacity, ...]) -> "CapacityForm":
        """Return the form filled with how things stand."""
        has_own = plan.band_lower is not None
        edges = {edge: getattr(plan if has_own else plan.team, edge) for edge in EDGES}
        initial: dict[str, Any] = {
            "seen": plans.seen_of(plan),
            "reserve": EffortField().prepare_value(plan.reserve_mpd),
            "own_band": has_own,
        }
        fte = {cls.name_of(one): one.fte_milli for one in months}
        return cls(plan=plan, months=months, initial=initial | edges | fte)

    @property
    def rows(self) -> list[tuple[Any, MonthCapacity]]:
        """Return each month's field with its working days."""
        return [(self[self.name_of(one)], one) for one in self.months]

    def clean(self) -> dict[str, Any]:
        """Refuse a band that does not rise, and a reserve beyond the capacity."""
        given = super().clean() or {}
        edges = [given.get(edge) for edge in EDGES]
        if given.get("own_band"):
            if None in edges:
                self.add_error("own_band", "Fill in the three edges of the band.")
            elif sorted(edges) != edges:  # type: ignore[type-var]
                self.add_error("own_band", "The edges must rise: from, to, derailed above.")
        kind, number = given.get("reserve") or ("effort", 0)
        capacity = self._capacity(given)
        if kind == "percent" and capacity is None:
            self.add_error("reserve", "A part of what? Say first how many people each month has.")
        elif "reserve" in given:
            of = (capacity or 0) * number // 1000 // 1000 * 1000
            given["reserve_mpd"] = of if kind == "percent" else number
            if given["reserve_mpd"] > MOST_MPD:
                self.add_error("reserve", "That is more than anybody can keep back.")
        return given

    def _capacity(self, given: dict[str, Any]) -> int | None:
        fte = [given.get(self.name_of(one)) for one in self.months]
        if None in fte:
            return None
        return sum(
            (one or 0) * month.working_days for one, month in zip(fte, self.months, strict=True)
        )

    def save(self, by: User) -> Plan:
        """Store it all; raises plans.StalePlan."""
        given = self.cleaned_data
        band = tuple(given[edge] for edge in EDGES) if given["own_band"] else None
        months: dict[date, int | None] = {
            one.month.start: given[self.name_of(one)] for one in self.months
        }
        return plans.set_capacity(
            by=by,
            plan_pk=self.plan.pk,
            seen=given["seen"],
            fte_by_month=months,
            reserve_mpd=given["reserve_mpd"],
            band=band,
        )


class NewItemForm(forms.Form):
    """What comes beside the title of a new initiative, ranked as it is logged."""

    effort = EffortField()
    creation_key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        """Return the values by the action's names."""
        given = super().clean() or {}
        return {
            "estimate_mpd": given.get("effort"),
            "creation_key": given.get("creation_key"),
        }


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an item is to bring, how one will see it, how it is done; with what was read of each."""

    held_below = forms.BooleanField(
        label="Keep it below the line, whether or not it fits", required=False
    )

    class Meta:
        model = PlanItem
        fields = ["outcome", "measured_by", "approach"]
        labels = {
            "outcome": "Expected outcome",
            "measured_by": "How it is measured",
            "approach": "How it is done",
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("outcome", "measured_by", "approach")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in plan_items.WORDS:
            stands = getattr(self.instance, name)
            self.fields[f"seen_{name}"] = forms.CharField(
                widget=forms.HiddenInput, initial=stands, required=False, strip=False
            )
        self.fields["held_below"].initial = self.instance.held_below

    @property
    def seen(self) -> list[Any]:
        """Return the hidden fields."""
        return [self[f"seen_{name}"] for name in plan_items.WORDS]

    def store(self, by: User) -> None:
        """Store words and place; raises plans.StalePlan where somebody else changed a word."""
        given = self.cleaned_data
        words = {name: given[name].strip() for name in plan_items.WORDS}
        seen = {name: _unix(given[f"seen_{name}"]) for name in plan_items.WORDS}
        plan_items.say(by=by, pk=self.instance.pk, seen=seen, words=words)
        plan_items.hold(by=by, pk=self.instance.pk, held=given["held_below"])

    def _post_clean(self) -> None:
        """Leave the instance as it was read: the action writes it under a lock."""


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")

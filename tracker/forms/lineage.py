"""The forms that split an initiative, and that merge others into it."""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from tracker.actions.lineage import MOST_MERGED, Part
from tracker.domain.lineage import split_growth_mpd
from tracker.domain.wording import pd_words
from tracker.forms.inputs import EffortField, renew
from tracker.models import Initiative, User

ROWS = 5


class SplitForm(forms.Form):
    """Titles and remaining estimates of the parts; rows that are left empty are no part.

    ``remaining_mpd`` is what remains of the initiative, None where it has no estimate. Parts that
    hold more are asked about once: ``grown`` carries the growth that was seen.
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    creation_key = forms.UUIDField(widget=forms.HiddenInput)
    grown = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, initiative: Initiative, remaining_mpd: int | None
    ) -> None:
        self.remaining_mpd = remaining_mpd
        initial = {"version": initiative.version, "creation_key": uuid4()}
        super().__init__(data, initial=initial, auto_id="id_split_%s")
        for row in range(1, ROWS + 1):
            title = forms.CharField(max_length=200, required=False, label=f"Part {row}")
            self.fields[f"title_{row}"] = title
            self.fields[f"left_{row}"] = EffortField(label="Remaining")

    @property
    def remaining(self) -> str:
        """Return what remains, in words."""
        return pd_words(self.remaining_mpd)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each row."""
        return [(self[f"title_{row}"], self[f"left_{row}"]) for row in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """Ask for two parts, and about what they hold beyond what remains."""
        data: dict[str, Any] = super().clean() or {}
        for row in range(1, ROWS + 1):
            if data.get(f"left_{row}") and not data.get(f"title_{row}"):
                self.add_error(f"title_{row}", "Give the part a title.")
        if not self.errors and len(self.parts()) < 2:
            empty = next(row for row in range(1, ROWS + 1) if not data.get(f"title_{row}"))
            self.add_error(f"title_{empty}", "Name two parts or more.")
        if not self.errors:
            self._ask_about_growth(data["grown"])
        return data

    def _ask_about_growth(self, seen: str) -> None:
        growth = self.growth()
        if growth is None or growth <= 0 or seen == str(growth):
            return
        renew(self, "grown", growth)
        held = pd_words(sum(part.remaining_mpd or 0 for part in self.parts()))
        raise ValidationError(
            f"The parts hold {held}, but {pd_words(self.remaining_mpd)} remain: that is "
            f"{pd_words(growth)} of scope growth. Send it again if that is meant."
        )

    def parts(self) -> list[Part]:
        """Return the parts that were named."""
        data = self.cleaned_data
        rows = ((data.get(f"title_{row}"), data.get(f"left_{row}")) for row in range(1, ROWS + 1))
        return [Part(title, left) for title, left in rows if title]

    def growth(self) -> int | None:
        """Return by how much the parts exceed what remains, in mpd; None where it is not known."""
        efforts = [part.remaining_mpd for part in self.parts()]
        known = [effort for effort in efforts if effort is not None]
        if self.remaining_mpd is None or len(known) < len(efforts):
            return None
        return split_growth_mpd(self.remaining_mpd, known)


class MergeForm(forms.Form):
    """Which others go on in this one, by their keys."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    keys = forms.CharField(
        max_length=400,
        label="Keys of the others",
        help_text="Such as PLAT-7, PLAT-9. Their origin must be the same as this one’s.",
    )

    def __init__(self, data: Any = None, *, initiative: Initiative, user: User) -> None:
        self.initiative, self.user = initiative, user
        super().__init__(data, initial={"version": initiative.version}, auto_id="id_merge_%s")

    def clean_keys(self) -> list[int]:
        """Return the ids; each must be one that the person may change."""
        words = re.split(r"[\s,;]+", self.cleaned_data["keys"].strip(" ,;"))
        if len(words) > MOST_MERGED:
            raise ValidationError(f"Merge at most {MOST_MERGED} at once.")
        found: list[int] = []
        for word in words:
            rows = Initiative.objects.editable_by(self.user).with_key(word)
            pk = rows.values_list("pk", flat=True).first()
            if pk is None:
                raise ValidationError(f"There is no initiative {word[:40]} that you may change.")
            if pk == self.initiative.pk:
                raise ValidationError("That is the initiative itself. Name the others.")
            found.append(pk)
        return sorted(set(found))

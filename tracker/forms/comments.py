"""The forms of comments, labels and of the Markdown preview."""

from typing import Any
from uuid import uuid4

from django import forms

from tracker.forms.initiative_fields import LONGEST_TEXT

LONGEST_COMMENT = 20_000


class CommentForm(forms.Form):
    """What somebody says; the key makes a double submit one comment."""

    body = forms.CharField(
        max_length=LONGEST_COMMENT,
        label="Add a comment",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Markdown works"}),
        error_messages={"required": "Type a comment first."},
    )
    creation_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"creation_key": uuid4()}, auto_id="id_comment_%s")


class CommentEditForm(forms.Form):
    """A comment said better."""

    body = forms.CharField(
        max_length=LONGEST_COMMENT,
        label="Edit your comment",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Type a comment, or delete it."},
    )

    def __init__(self, data: Any = None, *, pk: int, body: str = "") -> None:
        super().__init__(data, initial={"body": body}, auto_id=f"id_comment{pk}_%s")


class PreviewForm(forms.Form):
    """Markdown to look at before it is saved, from whichever editor."""

    description = forms.CharField(max_length=LONGEST_TEXT, required=False, strip=False)
    body = forms.CharField(max_length=LONGEST_TEXT, required=False, strip=False)

    @property
    def text(self) -> str:
        """Return what was typed."""
        return str(self.cleaned_data["description"] or self.cleaned_data["body"])


class LabelForm(forms.Form):
    """A label to add."""

    name = forms.CharField(
        max_length=50,
        widget=forms.TextInput(
            attrs={
                "list": "team-labels",
                "autocomplete": "off",
                "placeholder": "Add a label",
                "aria-label": "Add a label",
            }
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_label_%s")

    def clean_name(self) -> str:
        """Collapse spaces."""
        return " ".join(str(self.cleaned_data["name"]).split())

"""The first set-up's form."""

import re
import secrets
from calendar import month_name
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from tracker.actions import setup as actions
from tracker.domain.keys import suggest_prefix
from tracker.forms.people import NameField, NewPasswordField
from tracker.models import Team, User
from tracker.models.organisations import validate_zone
from tracker.models.teams import key_prefix_is_valid

MONTHS = [(number, month_name[number]) for number in range(1, 13)]


class SetupForm(forms.Form):
    """Asks for the organisation, the first lead and the first team; all are made together."""

    use_required_attribute = True

    code = forms.CharField(
        label="Setup code",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="It stands in the server's log and in the file setup-code in its data folder.",
    )
    organisation = forms.CharField(
        label="Name of the organisation",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    reporting_zone = forms.CharField(
        label="Time zone",
        max_length=64,
        initial="UTC",
        validators=[validate_zone],
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "data-zone": ""}),
        help_text="It decides which day it is for everybody, for example Europe/Berlin.",
    )
    fiscal_start_month = forms.TypedChoiceField(
        label="Fiscal year starts in", choices=MONTHS, coerce=int, initial=1
    )
    currency = forms.CharField(
        label="Currency",
        initial="EUR",
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", "Use three letters, such as EUR or USD.")],
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = NameField()
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = NewPasswordField()
    team_name = forms.CharField(
        label="Name of the first team",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-team-name": ""}),
    )
    key_prefix = forms.CharField(
        label="Key prefix",
        max_length=10,
        required=False,
        validators=[key_prefix_is_valid],
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-key-prefix": ""}),
        help_text="Its initiatives will be called PLAT-1, PLAT-2, ... Empty: made from the name.",
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["code"]
        self.data = self._tidied(self.data)

    @staticmethod
    def _tidied(data: Any) -> Any:
        """Accept small letters where capitals are meant."""
        if data is None or not hasattr(data, "copy"):
            return data
        data = data.copy()
        for field in ("currency", "key_prefix"):
            data[field] = str(data.get(field, "")).strip().upper()
        return data

    def clean_code(self) -> str:
        """Refuse a wrong word, in constant time."""
        code: str = self.cleaned_data["code"].strip()
        if not secrets.compare_digest(code.encode(), actions.setup_code().encode()):
            raise ValidationError("That is not the code. Look into the server's log.")
        return code

    def clean_email(self) -> str:
        """Refuse an address that somebody has."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError("Somebody has this address already. Take another one.")
        return email

    def clean_organisation(self) -> str:
        """Return the name on one line."""
        return _one_line(self.cleaned_data["organisation"])

    def clean_team_name(self) -> str:
        """Return the name on one line."""
        return _one_line(self.cleaned_data["team_name"])

    def clean(self) -> dict[str, Any]:
        """Suggest the prefix where it is empty, and hold the password against the person."""
        given = super().clean() or {}
        if not given.get("key_prefix") and "key_prefix" not in self.errors:
            given["key_prefix"] = suggest_prefix(given.get("team_name", ""))
        if given.get("password"):
            try:
                person = User(email=given.get("email", ""), name=given.get("name", ""))
                validate_password(given["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return given

    def save(self) -> tuple[User, Team]:
        """Set the installation up. Raises AlreadySetUp."""
        given = self.cleaned_data
        return actions.set_up(
            organisation={
                "name": given["organisation"],
                "reporting_zone": given["reporting_zone"],
                "fiscal_start_month": given["fiscal_start_month"],
                "currency": given["currency"],
            },
            name=given["name"],
            email=given["email"],
            password=given["password"],
            team_name=given["team_name"],
            key_prefix=given["key_prefix"],
        )


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()

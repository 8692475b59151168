"""The forms of inviting and of accepting."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tracker.actions import invitations as actions
from tracker.forms.people import NameField, NewPasswordField
from tracker.models import Invitation, Role, Team, User


class InviteForm(forms.Form):
    """Whom to invite, in which role; never above lead of this team."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.TypedChoiceField(
        label="Role", choices=Role.choices, coerce=int, initial=Role.MEMBER
    )

    def save(self, by: User, team: Team) -> tuple[Invitation, str] | None:
        """Invite and return the invitation with its secret, or None with the errors set."""
        given = self.cleaned_data
        try:
            return actions.invite(by=by, team=team, email=given["email"], role=Role(given["role"]))
        except ValidationError as error:
            self.add_error(None, error)
            return None


class JoinForm(forms.Form):
    """What a new person gives: a name and a password; the address is the invitation's."""

    name = NameField()
    password = NewPasswordField()

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        """Hold the password against the person."""
        given = super().clean() or {}
        if given.get("password"):
            try:
                person = User(email=self.invitation.email, name=given.get("name", ""))
                validate_password(given["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return given

    def save(self) -> User | None:
        """Make the account and accept, or return None with the errors set. Raises NotOpen."""
        given = self.cleaned_data
        try:
            return actions.accept_as_new(
                invitation=self.invitation, name=given["name"], password=given["password"]
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None

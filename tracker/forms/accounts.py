"""How allauth's accounts fit this installation: who may sign up, and our words on its forms."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.http import HttpRequest

from tracker.forms.people import NameField

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "remember": "Keep me signed in on this device",
    "oldpassword": "Current password",
    "password1": "Password",
    "password2": "The same password again",
    "code": "Code",
}
ANEW = LABELS | {"password1": "New password"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes sign-up unless ROADMIX_OPEN_SIGNUP is set: people come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether anybody may make an account."""
        return bool(settings.OPEN_SIGNUP)


class OurWords:
    """Labels fields in our words, and drops placeholders that only repeat the label."""

    fields: dict[str, Any]
    labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, allauth.LoginForm):  # type: ignore[misc]
    """Signing in; the way to a forgotten password stands in the template."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class SignupForm(OurWords, allauth.SignupForm):  # type: ignore[misc]
    """Sign-up that asks for the name, too."""

    name = NameField()
    field_order = ["name", "email", "password1", "password2"]

    def save(self, request: HttpRequest) -> Any:
        """Make the account with its name."""
        user = super().save(request)
        if user is not None:
            user.name = self.cleaned_data["name"]
            user.save(update_fields=["name"])
        return user


class AddEmailForm(OurWords, allauth.AddEmailForm):  # type: ignore[misc]
    """Another address of the same person."""


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):  # type: ignore[misc]
    """A new password for somebody who knows the old one."""

    labels = ANEW


class SetPasswordForm(OurWords, allauth.SetPasswordForm):  # type: ignore[misc]
    """The first password of somebody without one."""


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):  # type: ignore[misc]
    """Where the letter with the link goes."""


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for somebody who followed the link."""

    labels = ANEW


class SecondStepForm(OurWords, AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""


class AgainForm(OurWords, ReauthenticateForm):  # type: ignore[misc]
    """The code once more, before something that protects the account is changed."""


class SwitchOnForm(OurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

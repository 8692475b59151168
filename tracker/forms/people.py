"""Fields about people that several forms ask for."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts


class NameField(forms.CharField):
    """A person's name on one line."""

    def __init__(self) -> None:
        super().__init__(
            label="Your name",
            max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )

    def to_python(self, value: str | None) -> str:
        """Return the name with single spaces."""
        return " ".join((super().to_python(value) or "").split())


class NewPasswordField(forms.CharField):
    """A password to be chosen; the form validates it, since that needs the person."""

    def __init__(self) -> None:
        super().__init__(
            label="Password",
            max_length=128,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            help_text=" ".join(password_validators_help_texts()[1:2]),
        )

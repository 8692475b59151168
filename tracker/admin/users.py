"""People of the installation, for superusers: who may sign in, and who may do everything."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import BooleanFieldListFilter
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from tracker.admin.base import SuperuserAdmin
from tracker.domain.wording import day_words
from tracker.models import Membership, User

DAY = 24 * 60 * 60


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person; superusers can't lock themselves out."""

    by: User

    class Meta:
        model = User
        fields = ["name", "email", "is_active", "is_superuser"]
        labels = {
            "email": "E-mail",
            "is_active": "May sign in",
            "is_superuser": "May do everything",
        }
        help_texts = {
            "is_active": "Switch it off when somebody leaves; what they did stays.",
            "is_superuser": "Sees every team, and has the organisation and the people here.",
        }

    def clean_email(self) -> str:
        """Keep addresses in small letters, as sign-in compares them."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> Any:
        """Refuse to take one's own rights."""
        cleaned = super().clean() or {}
        keeps = cleaned.get("is_active") and cleaned.get("is_superuser")
        if self.instance.pk == self.by.pk and not keeps:
            raise ValidationError("You can't switch off your own account or rights. Ask another.")
        return cleaned


class SignInFilter(BooleanFieldListFilter):
    """Who may sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "may sign in"


class SuperuserFilter(BooleanFieldListFilter):
    """Who may do everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "superuser"


@admin.register(User)
class UserAdmin(SuperuserAdmin):
    """People are switched off, never deleted: their name stays with what they did."""

    about = "Everybody who may sign in, password links and superusers."
    noun, nouns = "person", "people"
    position = 7
    form = UserForm
    list_display = ["shown_name", "e_mail", "access", "last_seen"]
    list_filter = [("is_active", SignInFilter), ("is_superuser", SuperuserFilter)]
    search_fields = ["name", "email"]
    ordering = ["name", "email"]
    readonly_fields = ["roles", "last_seen", "joined"]
    change_form_template = "admin/user_change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show roles and dates of somebody who is there already."""
        sets: list[Any] = [("Person", {"fields": ["name", "email", "is_active", "is_superuser"]})]
        if obj:
            sets.append(("Roles and dates", {"fields": ["roles", ("last_seen", "joined")]}))
        return sets

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers add people, who get a password link."""
        return self.may(request)

    def get_urls(self) -> Any:
        """Add the password link."""
        view = self.admin_site.admin_view(require_POST(self.password_link))
        return [
            path("<int:pk>/password-link/", view, name="tracker_user_password_link"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a new person has no password until the link is used."""
        if not change:
            obj.set_unusable_password()
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            # Sign-in also looks here, so the former address must not go on working.
            EmailAddress.objects.filter(user=obj).delete()

    def password_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a link by which the person sets a password; it works once."""
        person = self.get_object(request, str(pk))
        if person is None or not person.is_active:
            raise Http404("No active person has this address.")
        key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
        context = {
            **self.admin_site.each_context(request),
            "title": f"Password link for {person}",
            "opts": self.opts,
            "person": person,
            "link": get_adapter().get_reset_password_from_key_url(key),
            "days": settings.PASSWORD_RESET_TIMEOUT // DAY,
        }
        self.log_change(request, person, "Made a password link.")
        return TemplateResponse(request, "admin/password_link.html", context)

    @admin.display(description="Name", ordering="name")
    def shown_name(self, person: User) -> str:
        """Return the name, or the address where there is none."""
        return str(person)

    @admin.display(description="E-mail", ordering="email")
    def e_mail(self, person: User) -> str:
        """Return the address people sign in with."""
        return person.email

    @admin.display(description="Access", ordering="is_superuser")
    def access(self, person: User) -> str:
        """Return in words what the two switches say."""
        if not person.is_active:
            return "May not sign in"
        return "Superuser" if person.is_superuser else "By roles"

    @admin.display(description="Last sign-in", ordering="last_login")
    def last_seen(self, person: User) -> str:
        """Return the day of the last sign-in."""
        return day_words(person.last_login.date()) if person.last_login else "Never"

    @admin.display(description="Since")
    def joined(self, person: User) -> str:
        """Return the day the account was made."""
        return day_words(person.date_joined.date())

    @admin.display(description="Roles")
    def roles(self, person: User) -> str:
        """Return the roles given to the person, team by team."""
        held = Membership.objects.filter(user=person).select_related("team").order_by("team__name")
        return ", ".join(f"{row.get_role_display()} of {row.team}" for row in held) or "None"

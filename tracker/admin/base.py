"""What every capability of the panel shares: the scope, the permissions, the answers.

Django's own permissions (``user.has_perm``) are not asked: each answer here follows from the
teams a person leads, as everywhere else in the product.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from tracker.models import Role, Team, User

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline

SAFE_LOOKUPS = {"exact", "gte", "lt", "isnull", "year", "month", "day"}
LONGEST_ID = 18  # digits of a 64-bit number that surely fits


def user_of(request: HttpRequest) -> User:
    """Return who asks; the site has let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    return request.user


def leads_team(user: User, team_id: int | None) -> bool:
    """Tell whether a person leads a team, itself or from above."""
    if user.is_superuser:
        return True
    return team_id is not None and user.role_in(team_id) >= Role.LEAD


class Scoped:
    """Permissions by team, for lists, pages and inlines alike."""

    def team_id_of(self, obj: Any) -> int | None:
        """Return the team that a row, or the page around an inline, belongs to."""
        if isinstance(obj, Team):
            return obj.pk
        return getattr(obj, "team_id", None)

    def may(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person leads the row's team, or any team where there is no row."""
        user = user_of(request)
        if obj is None:
            return user.leads_any_team
        return leads_team(user, self.team_id_of(obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads read what their teams have."""
        return self.may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leads change what their teams have."""
        return self.may(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds, unless a capability says so."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes, unless a capability says so."""
        return False

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Return the form field without Django's pop-up links, and dates as browsers know them."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field, forms.ModelChoiceField) and field.empty_label:
            field.empty_label = "Choose…" if field.required else "None"
        elif isinstance(field, forms.TypedChoiceField) and field.choices:
            listed: Any = field.choices
            field.choices = [(value, text if value else "–") for value, text in listed]
        if isinstance(field, forms.DateField):
            field.widget = day_input()
        return field  # type: ignore[no-any-return]


def day_input() -> forms.DateInput:
    """Return the browser's own date field."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class LedAdmin(Scoped, ModelAdmin):
    """A capability as leads see it: the rows of the teams they lead."""

    about = ""
    noun, nouns = "", ""  # what one row and several are called on screens
    position = 0
    has_history = False
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Start from the rows of the led teams; every page, action and look-up begins here."""
        rows: Any = self.model._default_manager
        scoped: models.QuerySet[Any] = rows.led_by(user_of(request))
        return scoped.order_by(*self.get_ordering(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the capability to those who may open its list."""
        return self.has_view_permission(request)

    @property
    def media(self) -> forms.Media:
        """Load none of Django's scripts: the templates bring what they need."""
        return forms.Media()

    def get_form(  # type: ignore[override]
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> Any:
        """Tell the form who asks."""
        form: Any = super().get_form(request, obj, **kwargs)
        form.by = user_of(request)
        return form

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what the filters of this list make, so that no column can be guessed at."""
        name, _, rest = lookup.partition("__")
        if rest and rest not in SAFE_LOOKUPS:
            return False
        known = {field.name for field in self.opts.get_fields()}
        return name not in known or name in self._filtered(request)

    def _filtered(self, request: HttpRequest | None) -> set[str]:
        names = {self.date_hierarchy} if self.date_hierarchy else set()
        for item in self.get_list_filter(request) if request else self.list_filter:
            first = item[0] if isinstance(item, list | tuple) else item
            names.add(first if isinstance(first, str) else getattr(first, "parameter_name", ""))
        return names

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Treat numbers too large for a date like any other useless parameter."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error

    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        """Run an action on rows of the list; ids that are no numbers choose nothing."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(pk.isascii() and pk.isdecimal() and len(pk) <= LONGEST_ID for pk in chosen):
            self.message_user(request, "Choose rows of the list.", messages.WARNING)
            return None
        return super().response_action(request, queryset)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Answer 404 alike for what does not exist and for what another team has."""
        raise Http404("No row of your teams has this address.")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Call the list by what it holds."""
        words = {"title": self.nouns.capitalize(), "noun": self.noun}
        return super().changelist_view(request, words | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Answer 404 where a capability keeps no history."""
        raise Http404("No history is kept of these.")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Name the page by its row, and say whether there is a history to link to."""
        context["history_here"] = self.has_history
        context["title"] = str(context["original"] or f"Add a {self.noun}")
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer 422 to an invalid form, 409 to a stale one; a lost race is told, not a fault."""
        try:
            answer = super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            text = "Somebody changed this at the same moment, so nothing was saved. Try again."
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        if request.method == "POST" and isinstance(answer, TemplateResponse):
            page: Any = answer.context_data or {}
            parts = [page["adminform"].form]
            parts += [inline.formset for inline in page["inline_admin_formsets"]]
            answer.status_code = min(getattr(part, "status_code", 422) for part in parts)
        return answer


class LedInline(Scoped, TabularInline):
    """Rows inside the page of another; the page's team decides."""

    extra = 1  # stands ready for people without script
    template = "admin/edit_inline/tabular.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Add where the page may be changed."""
        return obj is not None and self.may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Delete where the page may be changed."""
        return obj is not None and self.may(request, obj)


class SuperuserAdmin(LedAdmin):
    """A capability of the whole installation, for superusers alone."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Return all rows to a superuser and none to anybody else."""
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        if not user_of(request).is_superuser:
            return rows.none()
        return rows.order_by(*self.get_ordering(request))

    def may(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let in superusers only."""
        return user_of(request).is_superuser

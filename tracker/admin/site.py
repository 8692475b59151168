"""Who enters the panel, and which of Django's addresses it has."""

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse

from tracker.models import Organisation, User

# Django's addresses that this panel does without. Signing in and out is allauth's. The others
# answer for models that are not registered, too: view_on_site leads to any row of any table.
LEFT_OUT = {
    "autocomplete",
    "jsi18n",
    "logout",
    "password_change",
    "password_change_done",
    "view_on_site",
}


def leads(user: object) -> bool:
    """Tell whether somebody may enter: active, and lead of a team or superuser."""
    return isinstance(user, User) and user.is_active and user.leads_any_team


class LeadsSite(AdminSite):
    """Django's admin for leads; what they see there is the matter of each capability."""

    site_title = "Roadmix"
    site_header = "Admin"
    index_title = "Admin"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # It deletes with one query, past history, stamps and the soft delete.
        self.disable_action("delete_selected")

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in leads; is_staff and Django's own permissions play no part."""
        return leads(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a view: nobody signs in first, others than leads get 403, pop-ups 404."""
        checked = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied("The admin panel is for leads of a team.")
            if Organisation.current() is None:
                return redirect("setup")
            refuse_popups(request)
            answer: HttpResponseBase = checked(request, *args, **kwargs)
            return answer

        return update_wrapper(guarded, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's addresses less those that this panel does without."""
        return [url for url in super().get_urls() if getattr(url, "name", "") not in LEFT_OUT]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send people to the product's own sign-in."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return one group: the capabilities a person may open, in the order of their use."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for entry in app["models"]:
                capability: Any = self._registry[entry["model"]]
                entry["name"] = capability.nouns.capitalize()
                entry["about"] = capability.about
                entry["position"] = capability.position
            app["models"].sort(key=lambda entry: entry["position"])
        return apps

    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: Any = None
    ) -> HttpResponseBase:
        """There is one application, so its page is the index."""
        return redirect("admin:index")


def refuse_popups(request: HttpRequest) -> None:
    """Refuse pop-ups and look-ups by another field than the id, which no form here uses."""
    for name in (IS_POPUP_VAR, TO_FIELD_VAR):
        if name in request.GET or name in request.POST:
            raise Http404("This panel has no pop-ups.")

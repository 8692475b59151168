"""The organisation's one row: its calendar, zone and default band."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tracker.admin.base import SuperuserAdmin
from tracker.admin.fields import percent
from tracker.admin.history import HistoryPages
from tracker.models import Organisation, Team, TeamCounter


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The organisation, its default band in per cent."""

    band_lower = percent("Default band from, %")
    band_upper = percent("Default band to, %")
    band_derail = percent("Derailed above, %")

    class Meta:
        model = Organisation
        fields = "__all__"  # noqa: DJ007 - superusers only, and every column is theirs


@admin.register(Organisation)
class OrganisationAdmin(SuperuserAdmin, HistoryPages):
    """One row, so its list leads straight to it."""

    about = "Name, reporting zone, fiscal year and the band that new teams start with."
    noun, nouns = "organisation", "organisation"
    position = 6
    ordering = ["pk"]
    form = OrganisationForm
    fieldsets = [
        ("Organisation", {"fields": ["name", "reporting_zone", "currency"]}),
        ("Calendar", {"fields": ["fiscal_start_month", "fiscal_label_by", "pd_per_pw"]}),
        ("Band of new teams", {"fields": [("band_lower", "band_upper", "band_derail")]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the only row."""
        answer = super().changelist_view(request, extra_context)
        if request.method == "GET" and answer.status_code == 200:
            return redirect("admin:tracker_organisation_change", 1)
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and tell every team's figures that calendar or zone may have moved."""
        super().save_model(request, obj, form, change)
        TeamCounter.bump(*Team.objects.values_list("pk", flat=True))

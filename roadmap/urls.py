"""The project's addresses."""

from django.contrib import admin
from django.urls import include, path

from roadmap.health import health
from tracker.views.accounts import EmailAddresses

handler400 = "tracker.views.errors.bad_request"
handler403 = "tracker.views.errors.permission_denied"
handler404 = "tracker.views.errors.not_found"
handler500 = "tracker.views.errors.server_error"

urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/email/", EmailAddresses.as_view(), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("tracker.urls")),
]

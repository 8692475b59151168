"""The site map: route name = view function = template name."""

from django.urls import path

from tracker.views import home

urlpatterns = [
    path("", home.home, name="home"),
]

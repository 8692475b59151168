"""One of everything, all of it Platform's, and the addresses that lead to it."""

from datetime import date
from typing import Any
from uuid import UUID

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.cast import TODAY, Cast
from tests.plans import lock, make_plan, rank
from tracker.actions import initiatives as actions
from tracker.actions import periods
from tracker.domain.calendar import FiscalCalendar, period_from_slug
from tracker.domain.lifecycle import Status
from tracker.models import (
    Comment,
    Funding,
    Holiday,
    ImportBatch,
    Invitation,
    Label,
    Membership,
    WorkSegment,
)

# Addresses without a name, or that need more than a name: by route, as paths.
PATHS = {
    "admin:<path:object_id>/": "/admin/tracker/team/{team}/",
    "admin:(?P<url>.*)$": "/admin/nowhere",
    "admin:app_list": "/admin/tracker/",
    "social/login/cancelled/": "/accounts/social/login/cancelled/",
    "social/login/error/": "/accounts/social/login/error/",
    "social/signup/": "/accounts/social/signup/",
    "social/connections/": "/accounts/social/connections/",
    "initiative_cell": "/initiatives/{key}/cell/title/",
    "initiative_field": "/initiatives/{key}/field/title/",
    "initiative_turn": "/initiatives/{key}/turn/pause/",
    "account_confirm_email": "/accounts/confirm-email/no-such-key/",
    "account_reset_password_from_key": "/accounts/password/reset/key/1-no-such-key/",
    "invitation": "/invitations/{token}/",
    "team_member": "/teams/platform/members/{membership}/",
}
# What a form needs so that a role, and not a missing team, decides.
BODIES = {"initiative_add": {"team": "platform"}}
ARGS = ("{slug}", "{key}", "{slug} {holiday}", "{slug} {invitation}", "{key} {segment}")
OBJECTS = {
    "importbatch": "{batch}",
    "initiative": "{initiative}",
    "label": "{label}",
    "membership": "{membership}",
    "organisation": "1",
    "plan": "{plan}",
    "team": "{team}",
    "user": "{user}",
}
BY_ROUTE = {
    "comment_edit": "{key} {comment}",
    "comment_delete": "{key} {comment}",
    "initiative_history_restore": "{key} {history}",
    "initiative_origin": "{key} {cycle}",
    "cycle": "{cycle}",
    "cycle_delete": "{cycle}",
    "plan_origins": "{slug} {cycle}",
    "plan_now": "{slug}",
    **dict.fromkeys(
        [
            *("plan", "plan_begin", "plan_capacity", "plan_carry", "plan_compare"),
            *("plan_item_add", "plan_item_move", "plan_lock"),
        ],
        "{slug} {cycle}",
    ),
    "plan_item": "{slug} {cycle} {item}",
    "plan_item_remove": "{slug} {cycle} {item}",
    "plan_delivery": "{slug} {cycle}",
    "plan_funding": "{slug} {cycle}",
    "initiative_funding_entry": "{key} {entry}",
    "initiative_funding_delete": "{key} {entry}",
    "import_batch": "{batch}",
    "import_apply": "{batch}",
    "import_undo": "{batch}",
    "import_drop": "{batch}",
    "team_invitation_revoke": "{slug} {invitation}",
    "team_holiday_delete": "{slug} {holiday}",
    "report": "{slug} {period}",
    "report_markdown": "{slug} {period}",
}


def make_world(cast: Cast) -> dict[str, Any]:
    """Make one of everything in Platform and return what addresses need of it."""
    with time_machine.travel(TODAY, tick=False):
        initiative, _ = actions.log(
            by=cast.member,
            team=cast.platform,
            today=date(2026, 9, 14),
            status=Status.ACTIVE,
            title="Rate limits",
            creation_key=UUID(int=1),
        )
    invitation = Invitation(team=cast.platform, email="new@example.org", invited_by=cast.lead)
    token = invitation.new_token()
    invitation.save()
    importer = Client()
    importer.force_login(cast.member)
    file = SimpleUploadedFile("rows.csv", b"Title,Status\nOne,Done\n", "text/csv")
    importer.post(reverse("import_new"), {"team": cast.platform.slug, "file": file})
    batch = ImportBatch.objects.get()
    plan = make_plan(cast)
    rank(plan, initiative)
    lock(plan, cast)
    september = period_from_slug("2026-09", FiscalCalendar())
    periods.close(by=cast.lead, team=cast.platform, period=september, closed_on=september.end)
    return {
        "slug": cast.platform.slug,
        "cycle": plan.cycle.slug,
        "plan": plan.pk,
        "item": plan.items.get().pk,
        "team": cast.platform.pk,
        "key": initiative.key,
        "initiative": initiative.pk,
        "segment": WorkSegment.objects.get().pk,
        "comment": Comment.objects.create(
            initiative=initiative, author=cast.member, body="Said."
        ).pk,
        "history": initiative.history.earliest().pk,
        "label": Label.objects.create(team=cast.platform, name="api").pk,
        "holiday": Holiday.objects.create(team=cast.platform, day=date(2026, 1, 1)).pk,
        "membership": Membership.objects.get(user=cast.viewer).pk,
        "user": cast.viewer.pk,
        "invitation": invitation.pk,
        "token": token,
        "batch": batch.pk,
        "period": september.slug,
        "entry": Funding.objects.create(
            plan=plan, opportunity=initiative, source="reserve", mpd=1000, on=TODAY
        ).pk,
    }


def address(route: str, world: dict[str, Any]) -> str:
    """Return the path of a route in the world; raises LookupError where none is known."""
    if route in PATHS:
        return PATHS[route].format(**world)
    for pattern in _candidates(route):
        try:
            return reverse(route, args=pattern.format(**world).split())
        except NoReverseMatch:
            continue
    raise LookupError(f"tests/access/world.py knows no address of {route!r}")


def _candidates(route: str) -> list[str]:
    if route in BY_ROUTE:
        return [BY_ROUTE[route]]
    model = route.removeprefix("admin:tracker_").partition("_")[0]
    return ["", OBJECTS.get(model, "{slug}") if route.startswith("admin:") else "", *ARGS]

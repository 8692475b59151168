"""The overview of a team, and the initiatives behind each mark of its figures."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, known_or_404, organisation, signed_in, team_or_404
from tracker.domain.calendar import FiscalCalendar, Period
from tracker.domain.contributions import contributions, mix_of
from tracker.domain.mix import Weight
from tracker.domain.overview import Attention
from tracker.domain.progress import is_to_date
from tracker.domain.question import PLURALS, USUAL_LAST, Question, usual_grain
from tracker.domain.wording import moment_words, percent
from tracker.figures.behind import Listing, Subject, listing
from tracker.figures.figure import Link
from tracker.figures.finding import finding
from tracker.figures.funding import pd
from tracker.figures.share import share_figure
from tracker.figures.triggers import triggers_figure
from tracker.figures.words import Unit
from tracker.forms.overview import NO_TRIGGER, Asked, Mark, controls, read_mark, read_question
from tracker.htmx import render_page
from tracker.models import Organisation, Team
from tracker.queries.attention import latest_changes
from tracker.queries.behind import named
from tracker.queries.facts import entries_in
from tracker.queries.funding_entries import lacking_in
from tracker.queries.overrides import Unsettled, mix_without_overrides, unsettled
from tracker.queries.overview import overview_of
from tracker.queries.record import entries_known
from tracker.queries.teams import KnownTeam, as_team, known_teams
from tracker.transfer import csv_out
from tracker.views.kept import joined, kept, piece, pieces
from tracker.views.kept_page import render_kept

ONE = timedelta(days=1)
MARK = "KEY-1"


@require_safe
@signed_in
def overview(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show how a team stands: its share against its band, volume, triggers, attention."""
    known = known_or_404(request.user, slug)
    team = request.team = as_team(known)
    org, now = organisation(), datetime.now(UTC)
    today = org.today(now)
    asked = read_question(request.GET, org.fiscal, today)
    below = (each for each in known_teams(request.user) if each.path.startswith(known.path))
    stamps = {each.pk: each.stamp for each in below}
    # The band is not among these, since a change of it moves the stamp.
    key = ("overview", known, *stamps.items(), org.currency, org.fiscal, today, asked)
    body = kept(key, lambda: _body(known, stamps, org, asked, now))
    # The page around the body does not follow the stamp.
    context = {"team": known._replace(stamp=0)}
    late = {"body": body}
    response = render_kept(
        request, "tracker/overview.html", context, parts=("overview",), late=late
    )
    if request.htmx:
        response["HX-Push-Url"] = _address(team, "overview", asked.question.params())
    return response


def _body(
    team: KnownTeam, stamps: Mapping[int, int], org: Organisation, asked: Asked, now: datetime
) -> str:
    question = asked.question
    today = org.today(now)
    found = overview_of(
        team.pk,
        stamps,
        question,
        fiscal=org.fiscal,
        before=(question.known or today) + ONE,
        now=now,
        zone=org.reporting_zone,
    )
    today_url = _address(team, "overview", replace(question, known=None, reported=False).params())
    funding = lacking_in(list(stamps), today)
    found = replace(found, attention=funding.on(found.attention)) if funding else found
    units = {weight: Unit(weight, org.currency) for weight in Weight}
    unit, link = units[question.weight], _links(team, question)
    tags = unsettled(stamps, today)
    context: dict[str, Any] = {
        "team": team,
        "notices": asked.notices,
        "overview": found,
        "finding": finding(found, units),
        "figures": (share_figure(found, unit, link), triggers_figure(found, unit, link)),
        "asked": question,
        "today_url": today_url,
        "form": _form(team, question, org.fiscal, today, found.first_day),
        "attention": _attention(team, found.attention, tags),
        "wanting": found.attention.total + sum(each.count for each in tags),
        "without": _without_overrides(stamps, question, unit),
        "changes": _changes(stamps, org, now),
        "empty_url": f"{reverse('initiatives')}?{urlencode({'team': team.slug})}",
        "funding_url": funding and reverse("plan_funding", args=[team.slug, funding.cycle]),
    }
    return render_to_string("tracker/overview.html#body", context)


def _form(
    team: KnownTeam, question: Question, fiscal: FiscalCalendar, today: date, first: date | None
) -> SafeString:
    key = ("form", team.slug, question, fiscal, today, first)

    def make(_: object) -> dict[Hashable, SafeString]:
        context = {
            "controls": controls(question, fiscal, question.known or today, first),
            "latest": today,
            "plural": PLURALS[question.grain],
            "url": reverse("overview", args=[team.slug]),
        }
        return {key: render_to_string("tracker/overview.html#form", context)}

    return pieces.all_of([key], make)[key]


def _with_children(team: Team) -> list[Team]:
    """Return the team and all below it."""
    return [team, *Team.objects.under(team).exclude(pk=team.pk).order_by("path")]


def _without_overrides(stamps: Mapping[int, int], question: Question, unit: Unit) -> str:
    """Return the share without overrides with its two numbers, "" where nobody has overridden."""
    if question.known:
        return ""
    before, focus = organisation().today() + ONE, question.focus
    mix = mix_without_overrides(stamps, focus, question.measure, question.weight, before)
    return f"{percent(mix.share)} ({unit.of(mix)})" if mix else ""


def _attention(team: KnownTeam, found: Attention, tags: Sequence[Unsettled]) -> SafeString:
    listing = reverse("initiatives")
    lack = f"{pd(found.unfunded_mpd)} pd name nothing that gives way"
    rows = [
        ("unfunded", found.unfunded, "Unfunded", lack),
        ("unclassified", found.unclassified, "Unclassified", "stand outside the share"),
        ("unestimated", found.unestimated, "Unestimated", "outside the effort weight"),
        ("stale", found.stale, "Stale", "active, unchanged for 14 days"),
    ]
    listed = [
        (count, label, why, f"{listing}?{urlencode({'team': team.slug, 'attention': name})}")
        for name, count, label, why in rows
        if count
    ]
    for each in tags:
        at = "" if each.slug == team.slug else f" in {each.team}"
        s = "" if each.count == 1 else "s"
        url = reverse("plan_origins", args=[each.slug, each.cycle])
        listed.append(
            (each.count, f"Tag disagreement{s}{at}", "declared otherwise than planned", url)
        )
    return joined(
        piece("tracker/overview.html#wanting", count=count, label=label, why=why, url=url)
        for count, label, why, url in listed
    )


def _changes(stamps: Mapping[int, int], org: Organisation, now: datetime) -> SafeString:
    today = org.today(now)
    mark = reverse("initiative", args=[MARK])
    return joined(
        piece(
            "tracker/overview.html#change",
            change=change,
            when=moment_words(change.when, org.reporting_zone, today),
            url=mark.replace(MARK, change.key),
        )
        for change in latest_changes(stamps, now)
    )


def _address(team: Team | KnownTeam, name: str, params: dict[str, str]) -> str:
    base = reverse(name, args=[team.slug])
    return f"{base}?{urlencode(params)}" if params else base


def _links(team: KnownTeam, question: Question) -> Link:
    mark = {"measure": question.measure.value, "weight": question.weight.value}
    # What was reported is a sum alone, so its marks lead to the initiatives as they are now.
    mark |= {} if question.reported else question.view
    # Addresses are long to make and stand in a page by the hundred, so they are put together.
    start = f"{_address(team, 'behind', mark)}&period="

    def link(period: Period, origin: str = "", trigger: str | None = None) -> str:
        address = f"{start}{period.slug}"
        if origin:
            address += f"&origin={origin}"
        return address if trigger is None else f"{address}&trigger={trigger or NO_TRIGGER}"

    return link


@require_safe
@signed_in
def behind(request: HttpRequest, slug: str) -> HttpResponseBase:
    """List the initiatives behind a mark of a figure; their sum is the mark."""
    team = request.team = team_or_404(request.user, slug)
    org = organisation()
    mark = read_mark(request.GET, org.fiscal, org.today())
    teams = _with_children(team)
    found = _listing(team, teams, mark, org)
    if request.GET.get("format") == "csv":
        return _csv(found, f"{team.slug}-{mark.measure.value}-{mark.period.slug}.csv")
    return render_page(
        request,
        "tracker/behind.html",
        {
            "team": team,
            "listing": found,
            "notices": mark.notices,
            "known": mark.known,
            "is_group": len(teams) > 1,
            "csv_url": f"{request.path}?{urlencode({**request.GET.dict(), 'format': 'csv'})}",
            "back_url": _address(team, "overview", _back(mark)),
        },
    )


def _listing(team: Team, teams: list[Team], mark: Mark, org: Organisation) -> Listing:
    before = (mark.known or org.today()) + ONE
    past = None
    if mark.known:
        past = entries_known(teams, mark.period, mark.measure, mark.known, org.reporting_zone)
    given = past.entries if past else entries_in(teams, mark.period, mark.measure, before=before)
    parts = contributions(given, mark.weight)
    chosen = [
        part
        for part in parts
        if mark.origin in (None, part.entry.origin) and mark.trigger in (None, part.entry.trigger)
    ]
    subject = Subject(
        mark.measure,
        mark.weight,
        mark.period,
        is_to_date(mark.period, before),
        mark.origin,
        mark.trigger,
    )
    unit = Unit(mark.weight, org.currency)
    rows = past.named(chosen) if past else named(teams, chosen)
    return listing(
        subject, rows, mix_of(parts), unit, lambda key: reverse("initiative", args=[key])
    )


def _back(mark: Mark) -> dict[str, str]:
    grain = usual_grain(mark.period.kind)
    question = Question(
        mark.measure, mark.weight, mark.period, grain, USUAL_LAST[grain], known=mark.known
    )
    return question.params()


def _csv(found: Listing, filename: str) -> HttpResponse:
    head = ["Key", "Initiative", "Team", "Origin", "Trigger", "Status", found.unit, "Note"]
    rows = (
        (row.key, row.title, row.team, row.origin, row.trigger, row.status, row.amount, row.note)
        for row in found.rows
    )
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    text = "".join(csv_out.lines([head, *rows]))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

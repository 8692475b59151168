"""The portfolio: how all the teams that a person may see stand."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, organisation, signed_in
from tracker.domain.portfolio import Portfolio
from tracker.domain.question import Question
from tracker.figures.portfolio import Links, Picture, RowView, picture
from tracker.figures.words import Unit
from tracker.forms.overview import controls
from tracker.forms.portfolio import ORDERS, AskedPortfolio, Order, read_portfolio
from tracker.models import Organisation
from tracker.queries.portfolio import portfolio_of
from tracker.queries.teams import TeamNode, known_teams, team_tree
from tracker.transfer import csv_out
from tracker.views.kept import joined, kept, piece, pieces
from tracker.views.kept_page import render_kept

ONE = timedelta(days=1)
MARK = "-team-"


@require_safe
@signed_in
def portfolio(request: HttpRequest) -> HttpResponseBase:
    """Show every team against its own band, and all of them together."""
    known = known_teams(request.user)
    org, tree = organisation(), team_tree(request.user)
    stamps = {team.pk: team.stamp for team in known}
    asked = read_portfolio(request.GET, org.fiscal, org.today())
    if request.GET.get("format") == "csv" and tree:
        return _csv(_picture(_found(tree, org, asked, stamps), org, asked), asked.question)
    settings = (org.currency, org.fiscal, org.band, org.today())
    key = ("portfolio", frozenset(known), settings, asked)
    body = kept(key, lambda: _body(tree, org, asked, stamps))
    response = render_kept(
        request, "tracker/portfolio.html", {}, parts=("portfolio",), late={"body": body}
    )
    if request.htmx:
        response["HX-Push-Url"] = _address(asked.params())
    return response


def _body(
    tree: Sequence[TeamNode], org: Organisation, asked: AskedPortfolio, stamps: Mapping[int, int]
) -> str:
    context: dict[str, Any] = {"notices": asked.notices, "org": org.name}
    if tree:
        found = _found(tree, org, asked, stamps)
        drawn = _picture(found, org, asked)
        now = replace(asked, question=replace(asked.question, known=None, reported=False))
        context |= {
            "picture": drawn,
            "asked": asked.question,
            "today_url": _address(now.params()),
            "is_known": found.first_day is not None,
            "form": _form(asked, org, found.first_day, has_groups=bool(found.groups)),
            "rows": _rows(drawn.rows, drawn.unit, asked.order),
            "foot": _rows(drawn.foot, drawn.unit, asked.order),
            "csv_url": _address({**asked.params(), "format": "csv"}),
            "list_url": reverse("initiatives"),
        }
    return render_to_string("tracker/portfolio.html#body", context)


def _rows(rows: Sequence[RowView], unit: str, order: Order) -> SafeString:
    return joined(
        piece("tracker/portfolio.html#row", row=row, unit=unit, order=order.value) for row in rows
    )


def _form(
    asked: AskedPortfolio, org: Organisation, first: date | None, *, has_groups: bool
) -> SafeString:
    today = org.today()
    key = ("portfolio form", asked.question, asked.order, org.fiscal, today, first, has_groups)

    def make(_: object) -> dict[Hashable, SafeString]:
        context = {
            "controls": controls(asked.question, org.fiscal, asked.question.known or today, first),
            "latest": today,
            "orders": ORDERS if has_groups else (),
            "order": asked.order.value,
            "url": reverse("portfolio"),
        }
        return {key: render_to_string("tracker/portfolio.html#form", context)}

    return pieces.all_of([key], make)[key]


def _found(
    tree: Sequence[TeamNode], org: Organisation, asked: AskedPortfolio, stamps: Mapping[int, int]
) -> Portfolio:
    return portfolio_of(
        tree,
        org.band,
        asked.question,
        fiscal=org.fiscal,
        before=(asked.question.known or org.today()) + ONE,
        stamps=stamps,
        zone=org.reporting_zone,
    )


def _picture(found: Portfolio, org: Organisation, asked: AskedPortfolio) -> Picture:
    unit = Unit(asked.question.weight, org.currency)
    by_share = asked.order is Order.SHARE
    return picture(found, unit, _links(asked.question), by_share=by_share)


def _links(question: Question) -> Links:
    """Return overview and mark of a team by its slug; addresses are long to make, so once."""
    mark = {
        "measure": question.measure.value,
        "weight": question.weight.value,
        "period": question.focus.slug,
        **({} if question.reported else question.view),
    }
    overview = f"{reverse('overview', args=[MARK])}?{urlencode(question.params())}"
    behind = f"{reverse('behind', args=[MARK])}?{urlencode(mark)}"

    def links(slug: str) -> tuple[str, str]:
        return overview.replace(MARK, slug, 1), behind.replace(MARK, slug, 1)

    return links


def _address(params: dict[str, str]) -> str:
    base = reverse("portfolio")
    return f"{base}?{urlencode(params)}" if params else base


def _csv(found: Picture, question: Question) -> HttpResponse:
    head = ["Team", "Zone", "Share", found.unit, "n", f"{found.level} interval", "Band"]
    head += ["Confidence", found.last]
    rows = [
        (
            row.name,
            row.zone_word,
            row.share,
            row.of,
            row.items,
            row.interval,
            row.band,
            row.confidence,
            row.spark_label.partition(": ")[2],
        )
        for row in (*found.rows, *found.foot)
    ]
    name = f"portfolio-{question.measure.value}-{question.focus.slug}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = "".join(csv_out.lines([head, *rows]))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

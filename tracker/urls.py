"""The site map: route name = view function = template name."""

from django.urls import path, register_converter

from tracker.views import (
    baselines,
    comments,
    cycles,
    delivery,
    funding,
    history,
    home,
    imports,
    initiative,
    initiative_funding,
    initiative_turn,
    initiatives,
    initiatives_bulk,
    initiatives_cells,
    initiatives_delete,
    initiatives_export,
    invitations,
    lineage,
    members,
    origins,
    overview,
    periods,
    plan_edit,
    plans,
    portfolio,
    search,
    segments,
    setup,
    teams,
)


class KeyConverter:
    """A key such as PLAT-42, so that other words under initiatives/ keep their own pages."""

    regex = "[A-Za-z][A-Za-z0-9]{1,9}-[0-9]{1,9}"

    def to_python(self, value: str) -> str:
        """Return the key as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the key as it stands in the address."""
        return value


register_converter(KeyConverter, "key")

urlpatterns = [
    path("", home.home, name="home"),
    path("setup/", setup.setup, name="setup"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("search/", search.search, name="search"),
    path("teams/<slug:slug>/", overview.overview, name="overview"),
    path("teams/<slug:slug>/behind/", overview.behind, name="behind"),
    path("teams/<slug:slug>/reports/", periods.reports, name="reports"),
    path("teams/<slug:slug>/reports/close/", periods.period_close, name="period_close"),
    path("teams/<slug:slug>/reports/<slug:period>/", periods.report, name="report"),
    path(
        "teams/<slug:slug>/reports/<slug:period>.md",
        periods.report_markdown,
        name="report_markdown",
    ),
    path("teams/<slug:slug>/plan/", plans.plan_now, name="plan_now"),
    path("teams/<slug:slug>/plan/<slug:cycle>/", plans.plan, name="plan"),
    path("teams/<slug:slug>/plan/<slug:cycle>/begin/", plan_edit.plan_begin, name="plan_begin"),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/capacity/",
        plan_edit.plan_capacity,
        name="plan_capacity",
    ),
    path("teams/<slug:slug>/plan/<slug:cycle>/lock/", baselines.plan_lock, name="plan_lock"),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/compare/",
        baselines.plan_compare,
        name="plan_compare",
    ),
    path("teams/<slug:slug>/plan/<slug:cycle>/carry/", plan_edit.plan_carry, name="plan_carry"),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/items/", plan_edit.plan_item_add, name="plan_item_add"
    ),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/items/move/",
        plan_edit.plan_item_move,
        name="plan_item_move",
    ),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/items/<int:pk>/", plan_edit.plan_item, name="plan_item"
    ),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/items/<int:pk>/remove/",
        plan_edit.plan_item_remove,
        name="plan_item_remove",
    ),
    path("teams/<slug:slug>/settings/", teams.team_settings, name="team_settings"),
    path("teams/<slug:slug>/holidays/", teams.team_holiday_add, name="team_holiday_add"),
    path(
        "teams/<slug:slug>/holidays/<int:pk>/delete/",
        teams.team_holiday_delete,
        name="team_holiday_delete",
    ),
    path("teams/<slug:slug>/members/", members.team_members, name="team_members"),
    path("teams/<slug:slug>/members/<int:pk>/", members.team_member, name="team_member"),
    path("teams/<slug:slug>/invitations/", members.team_invite, name="team_invite"),
    path(
        "teams/<slug:slug>/invitations/<int:pk>/revoke/",
        members.team_invitation_revoke,
        name="team_invitation_revoke",
    ),
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/add/", cycles.cycle_add, name="cycle_add"),
    path("cycles/<slug:cycle>/", cycles.cycle, name="cycle"),
    path("cycles/<slug:cycle>/delete/", cycles.cycle_delete, name="cycle_delete"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("initiatives/", initiatives.initiatives, name="initiatives"),
    path("initiatives/add/", initiatives.initiative_add, name="initiative_add"),
    path("initiatives/bulk/", initiatives_bulk.initiatives_bulk, name="initiatives_bulk"),
    path("initiatives/export/", initiatives_export.initiatives_export, name="initiatives_export"),
    path("initiatives/<key:key>/", initiative.initiative, name="initiative"),
    path("initiatives/<key:key>/row/", initiatives_cells.initiative_row, name="initiative_row"),
    path(
        "initiatives/<key:key>/cell/<slug:field>/",
        initiatives_cells.initiative_cell,
        name="initiative_cell",
    ),
    path(
        "initiatives/<key:key>/delete/",
        initiatives_delete.initiative_delete,
        name="initiative_delete",
    ),
    path(
        "initiatives/<key:key>/restore/",
        initiatives_delete.initiative_restore,
        name="initiative_restore",
    ),
    path(
        "initiatives/<key:key>/field/<slug:field>/",
        initiative.initiative_field,
        name="initiative_field",
    ),
    path(
        "initiatives/<key:key>/turn/<slug:verb>/",
        initiative_turn.initiative_turn,
        name="initiative_turn",
    ),
    path("teams/<slug:slug>/plan/<slug:cycle>/origins/", origins.plan_origins, name="plan_origins"),
    path(
        "initiatives/<key:key>/origin/<slug:cycle>/",
        origins.initiative_origin,
        name="initiative_origin",
    ),
    path(
        "teams/<slug:slug>/plan/<slug:cycle>/delivery/",
        delivery.plan_delivery,
        name="plan_delivery",
    ),
    path("plans/delivery/", delivery.delivery, name="delivery"),
    path("teams/<slug:slug>/plan/<slug:cycle>/funding/", funding.plan_funding, name="plan_funding"),
    path(
        "initiatives/<key:key>/funding/",
        initiative_funding.initiative_funding,
        name="initiative_funding",
    ),
    path(
        "initiatives/<key:key>/funding/<int:pk>/",
        initiative_funding.initiative_funding_entry,
        name="initiative_funding_entry",
    ),
    path(
        "initiatives/<key:key>/funding/<int:pk>/delete/",
        initiative_funding.initiative_funding_delete,
        name="initiative_funding_delete",
    ),
    path("initiatives/<key:key>/split/", lineage.initiative_split, name="initiative_split"),
    path("initiatives/<key:key>/merge/", lineage.initiative_merge, name="initiative_merge"),
    path("initiatives/<key:key>/move/", initiative_turn.initiative_move, name="initiative_move"),
    path(
        "initiatives/<key:key>/segments/",
        segments.initiative_segment_add,
        name="initiative_segment_add",
    ),
    path(
        "initiatives/<key:key>/segments/<int:pk>/",
        segments.initiative_segment,
        name="initiative_segment",
    ),
    path(
        "initiatives/<key:key>/segments/<int:pk>/delete/",
        segments.initiative_segment_delete,
        name="initiative_segment_delete",
    ),
    path("initiatives/<key:key>/comments/", comments.comment_add, name="comment_add"),
    path("initiatives/<key:key>/comments/<int:pk>/", comments.comment_edit, name="comment_edit"),
    path(
        "initiatives/<key:key>/comments/<int:pk>/delete/",
        comments.comment_delete,
        name="comment_delete",
    ),
    path(
        "initiatives/<key:key>/history/<int:pk>/restore/",
        history.initiative_history_restore,
        name="initiative_history_restore",
    ),
    path("preview/", comments.markdown_preview, name="markdown_preview"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", imports.import_batch, name="import_batch"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/drop/", imports.import_drop, name="import_drop"),
]

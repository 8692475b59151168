"""Importing a file: choose it, check how it is read, bring it in, and take it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.access import HttpRequest, organisation, signed_in
from tracker.actions import imports as actions
from tracker.domain.importing import Report
from tracker.domain.words import ImportState
from tracker.forms.imports import MappingForm, UploadForm
from tracker.htmx import render_page
from tracker.models import ImportBatch, Role
from tracker.queries.imports import batches_of
from tracker.transfer import csv_out, detect
from tracker.transfer.reading import MOST_BYTES, TooMuch, Unreadable, read
from tracker.views.import_parts import Opened, batch_context, draft_context, open_batch

ENVELOPE = 64 * 1024  # what a form adds to the file it carries


@require_safe
@signed_in
def imports(request: HttpRequest) -> HttpResponseBase:
    """List the files brought into the teams a person may see."""
    may_import = bool(request.user.teams_with(Role.MEMBER))
    context = {"batches": batches_of(request.user), "may_import": may_import}
    return render_page(request, "tracker/imports.html", context)


@csrf_exempt  # the size is looked at before the token, which would read the whole file
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def import_new(request: HttpRequest) -> HttpResponseBase:
    """Take a file and the team it goes to."""
    if not request.user.teams_with(Role.MEMBER):
        raise PermissionDenied("Only members and leads of a team import into it.")
    if request.method != "POST":
        wanted = {"team": request.GET.get("team") or request.COOKIES.get("team")}
        return _new(request, UploadForm(user=request.user, initial=wanted))
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if length.isdecimal() and int(length) > MOST_BYTES + ENVELOPE:
        text = f"The file is larger than {MOST_BYTES // 2**20} MB. Split it into parts."
        return _new(request, UploadForm(user=request.user), 413, trouble=text)
    return _receive(request)


@csrf_protect
def _receive(request: Any) -> HttpResponseBase:
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _new(request, form, 413 if form.is_too_big else 422)
    content = form.cleaned_data["file"].read()
    try:
        table = detect.open_table(read(content))
        batch = actions.receive(
            by=request.user,
            team=form.cleaned_data["team"],
            filename=form.filename,
            content=content,
            file_format=(found := detect.recognise(table)).name,
            mapping=detect.guess(table, found).as_json(),
            row_count=len(table.rows),
        )
    except Unreadable as error:
        return _new(request, form, 413 if isinstance(error, TooMuch) else 422, trouble=str(error))
    except ValidationError as error:
        return _new(request, form, 422, trouble=" ".join(error.messages))
    return redirect("import_batch", batch.pk)


def _new(
    request: HttpRequest, form: UploadForm, status: int = 200, trouble: str = ""
) -> HttpResponse:
    context = {"form": form, "trouble": trouble}
    return render_page(request, "tracker/import_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def import_batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show how a file is read and what would come of it, and keep changes of the mapping."""
    if request.method == "POST":
        batch = _batch_or_404(request, pk, Role.MEMBER)
        return _check(request, batch)[1]
    batch = _batch_or_404(request, pk)
    if batch.state != ImportState.DRAFT:
        return _page(request, batch_context(request.user, batch))
    opened = open_batch(batch, organisation())
    if request.GET.get("problems") == "csv":
        return _problems(batch, opened.report)
    return _page(request, draft_context(request.user, opened, opened.form()))


def _check(request: HttpRequest, batch: ImportBatch) -> tuple[Opened | None, HttpResponseBase]:
    """Keep the mapping that was sent; return how the file reads now, None where it is refused."""
    if batch.state != ImportState.DRAFT:
        return None, redirect("import_batch", batch.pk)
    opened = open_batch(batch, organisation())
    form: MappingForm = opened.form(request.POST)
    if not form.is_valid():
        return None, _page(request, draft_context(request.user, opened, form), 422)
    try:
        mapping = form.save()
        actions.remember(pk=batch.pk, mapping=mapping.as_json())
    except Unreadable as error:
        form.add_error("header_row", str(error))
        return None, _page(request, draft_context(request.user, opened, form), 422)
    except actions.Superseded:
        return None, redirect("import_batch", batch.pk)
    there = reverse("import_batch", args=[batch.pk])
    return opened.read_as(mapping), redirect(f"{there}#check")


@require_POST
@signed_in
def import_apply(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Bring the rows in, if the mapping is the one whose outcome was shown."""
    batch = _batch_or_404(request, pk, Role.MEMBER)
    shown = batch.mapping
    opened, answer = _check(request, batch)
    if opened is None:
        return answer
    if opened.mapping.as_json() != shown:
        context = draft_context(request.user, opened, opened.form())
        return _page(request, context | {"has_moved": True}, 409)
    if not opened.report.rows:
        context = draft_context(request.user, opened, opened.form())
        return _page(request, context | {"trouble": "There is no new row to import."}, 422)
    try:
        applied = actions.apply(
            by=request.user, pk=batch.pk, report=opened.report, source=opened.format.name
        )
    except actions.Superseded:
        return redirect("import_batch", batch.pk)
    except ValidationError as error:
        context = draft_context(request.user, opened, opened.form())
        return _page(request, context | {"trouble": " ".join(error.messages)}, 409)
    messages.success(request, f"{applied.row_count:,} initiatives came in.")
    return redirect("import_batch", batch.pk)


@require_POST
@signed_in
def import_undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take back all that a batch brought."""
    batch = _batch_or_404(request, pk, Role.MEMBER)
    try:
        count = actions.undo(by=request.user, pk=pk, confirmed="confirmed" in request.POST)
    except actions.NeedsConfirmation:
        return _page(request, batch_context(request.user, batch) | {"needs_yes": True}, 409)
    except actions.Superseded:
        return redirect("import_batch", pk)
    messages.success(request, f"The import is undone: {count:,} initiatives are deleted.")
    return redirect("import_batch", pk)


@require_POST
@signed_in
def import_drop(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Forget a file that was not brought in."""
    batch = _batch_or_404(request, pk, Role.MEMBER)
    try:
        actions.drop(pk=pk)
    except actions.Superseded:
        return redirect("import_batch", pk)
    messages.success(request, f"{batch.filename} is dropped. Nothing was imported.")
    return redirect("imports")


def _batch_or_404(request: HttpRequest, pk: int, at_least: int = Role.VIEWER) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(request.user).select_related("team", "user")
    batch: ImportBatch | None = rows.defer("content").filter(pk=pk).first()
    if batch is None:
        raise Http404("No import of yours has this address.")
    if request.user.role_in(batch.team_id) < at_least:
        raise PermissionDenied("Only members and leads of a team import into it.")
    request.team = batch.team
    return batch


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render_page(request, "tracker/import_batch.html", context, status=status)


def _problems(batch: ImportBatch, report: Report) -> HttpResponseBase:
    """Return every problem as CSV, which no page could hold."""
    rows: list[tuple[object, ...]] = [("Row", "Column", "Problem", "Left out")]
    rows += [(it.number, it.column, it.text, "yes" if it.skips else "no") for it in report.problems]
    response = StreamingHttpResponse(csv_out.lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-problems.csv"'
    return response

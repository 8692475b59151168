"""Comments on the page of an initiative, and the preview of Markdown."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from tracker.access import HttpRequest, initiative_or_404, signed_in
from tracker.actions import comments as actions
from tracker.forms.comments import CommentEditForm, CommentForm, PreviewForm
from tracker.htmx import render_page
from tracker.models import Comment, Initiative, Role
from tracker.views.initiative_page import Page, done
from tracker.views.initiative_parts import Open


@require_POST
@signed_in
def comment_add(request: HttpRequest, key: str) -> HttpResponseBase:
    """Say something about an initiative."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    form = CommentForm(request.POST)
    opened = Open("new", form)
    if "preview" in request.POST:
        opened.preview = request.POST.get("body", "")
        return Page(request, found, comment=opened).answer()
    if not form.is_valid():
        return Page(request, found, comment=opened).answer(status=422)
    said = actions.add(
        by=request.user,
        initiative=found,
        body=form.cleaned_data["body"],
        creation_key=form.cleaned_data["creation_key"],
    )
    return done(request, found, "Comment added", f"comment-{said.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def comment_edit(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Open the editor of one's own comment, or save it."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    comment = _comment_or_404(found, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied("Only its author can change a comment.")
    data = request.POST if request.method == "POST" else None
    form = CommentEditForm(data, pk=pk, body=comment.body)
    page = Page(request, found, comment=Open(str(pk), form))
    if data is None:
        fragment = "tracker/comment_edit.html"
        return page.answer(part=f"comment-{pk}", fragment=fragment, said=page.said(comment))
    if not form.is_valid():
        return page.answer(status=422)
    actions.edit(comment=comment, body=form.cleaned_data["body"])
    return done(request, found, "Comment saved", f"comment-{pk}")


@require_POST
@signed_in
def comment_delete(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    """Take away one's own comment; a lead may take away any."""
    found = initiative_or_404(request.user, key, Role.MEMBER)
    comment = _comment_or_404(found, pk)
    is_lead = request.user.role_in(found.team_id) >= Role.LEAD
    if comment.author_id != request.user.pk and not is_lead:
        raise PermissionDenied("Only its author or a lead can delete a comment.")
    actions.delete(comment=comment)
    return done(request, found, "Comment deleted", "comments")


def _comment_or_404(found: Initiative, pk: int) -> Comment:
    alive = found.comments.filter(pk=pk, deleted_at__isnull=True).select_related("author")
    comment: Comment | None = alive.first()
    if comment is None:
        raise Http404("There is no such comment. It may have been deleted.")
    return comment


@require_POST
@signed_in
def markdown_preview(request: HttpRequest) -> HttpResponseBase:
    """Show Markdown as it will look; nothing is kept."""
    form = PreviewForm(request.POST)
    status = 200 if form.is_valid() else 422
    target = (request.htmx.target or "").rpartition("#")[2]
    parts = [target] if target == "preview" or target.startswith("preview-") else []
    context = {"form": form, "text": form.text if status == 200 else ""}
    template = "tracker/markdown_preview.html"
    if request.htmx and parts:
        template += "#preview"
    return render_page(request, template, context, status=status)

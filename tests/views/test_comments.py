"""Comments on the page of an initiative, and the preview of Markdown."""

from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Cast
from tests.views.initiative import ROLES, WHOLE, WRITERS, As, Log, url
from tracker.actions import comments
from tracker.models import Comment, Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture
def it(log: Log) -> Initiative:
    """Give an initiative."""
    return log()


@pytest.fixture
def said(cast: Cast, it: Initiative) -> Comment:
    """Give a comment of the member."""
    return comments.add(by=cast.member, initiative=it, body="Can we?", creation_key=uuid4())


class TestCommentAdd:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_speak(
        self, it: Initiative, as_person: As, role: str, status: int
    ) -> None:
        sent = {"body": "Hello", "creation_key": uuid4()}
        answer = as_person(role).post(url(it, "comments/"), sent)
        assert answer.status_code == (302 if status == 200 else status)
        assert it.comments.count() == (1 if status == 200 else 0)

    def test_a_double_submit_makes_one_comment(self, it: Initiative, as_person: As) -> None:
        sent = {"body": "Hello", "creation_key": uuid4()}
        for _ in range(2):
            answer = as_person("member").post(url(it, "comments/"), sent, headers=WHOLE)
            assert answer.status_code == 200
        assert it.comments.count() == 1

    def test_it_is_shown_with_its_author_as_markdown(self, it: Initiative, as_person: As) -> None:
        sent = {"body": "Yes, **first**", "creation_key": uuid4()}
        html = as_person("member").post(url(it, "comments/"), sent, headers=WHOLE).content.decode()
        assert "Yes, <strong>first</strong>" in html
        assert '<bdi class="who">Member</bdi>' in html

    @pytest.mark.parametrize(
        ("body", "message"),
        [("", "Type a comment first"), ("x" * 20_001, "at most 20000"), ("a\x00", "Null")],
    )
    def test_what_can_not_be_kept_is_refused_with_what_was_typed(
        self, it: Initiative, as_person: As, body: str, message: str
    ) -> None:
        answer = as_person("member").post(
            url(it, "comments/"), {"body": body, "creation_key": uuid4()}
        )
        html = answer.content.decode()
        assert answer.status_code == 422
        assert message in html
        assert body.replace("\x00", "") in html
        assert it.comments.count() == 0

    def test_a_form_without_its_key_is_refused(self, it: Initiative, as_person: As) -> None:
        assert as_person("member").post(url(it, "comments/"), {"body": "Hi"}).status_code == 422

    def test_without_script_the_preview_keeps_what_was_typed(
        self, it: Initiative, as_person: As
    ) -> None:
        sent = {"body": "**b**", "creation_key": uuid4(), "preview": "1"}
        html = as_person("member").post(url(it, "comments/"), sent).content.decode()
        assert "<strong>b</strong>" in html
        assert ">**b**</textarea>" in html.replace("\n", "")
        assert it.comments.count() == 0


class TestCommentEdit:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("stranger", 404), ("viewer", 403), ("member", 200), ("lead", 403), ("superuser", 403)],
    )
    def test_only_its_author_changes_a_comment(
        self, it: Initiative, said: Comment, as_person: As, role: str, status: int
    ) -> None:
        path = url(it, f"comments/{said.pk}/")
        assert as_person(role).get(path).status_code == status
        answer = as_person(role).post(path, {"body": "Could we?"})
        assert answer.status_code == (302 if status == 200 else status)
        said.refresh_from_db()
        assert said.body == ("Could we?" if status == 200 else "Can we?")

    def test_it_opens_in_its_place(self, it: Initiative, said: Comment, as_person: As) -> None:
        headers = {"HX-Request": "true", "HX-Target": f"li#comment-{said.pk}"}
        path = url(it, f"comments/{said.pk}/")
        html = as_person("member").get(path, headers=headers).content.decode().strip()
        assert html.startswith(f'<li id="comment-{said.pk}"')
        assert "Can we?" in html

    def test_an_empty_comment_is_refused(
        self, it: Initiative, said: Comment, as_person: As
    ) -> None:
        answer = as_person("member").post(url(it, f"comments/{said.pk}/"), {"body": " "})
        assert answer.status_code == 422
        assert "or delete it" in answer.content.decode()

    def test_a_comment_on_another_initiative_or_a_deleted_one_is_not_found(
        self, log: Log, it: Initiative, said: Comment, as_person: As
    ) -> None:
        assert as_person("member").get(url(log(), f"comments/{said.pk}/")).status_code == 404
        comments.delete(comment=said)
        assert as_person("member").get(url(it, f"comments/{said.pk}/")).status_code == 404


class TestCommentDelete:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("stranger", 404), ("viewer", 403), ("member", 302), ("lead", 302), ("group_lead", 302)],
    )
    def test_its_author_and_leads_take_it_away(
        self, it: Initiative, said: Comment, as_person: As, role: str, status: int
    ) -> None:
        path = url(it, f"comments/{said.pk}/delete/")
        assert as_person(role).post(path).status_code == status
        html = as_person("viewer").get(url(it)).content.decode()
        assert ("Can we?" in html) == (status != 302)

    def test_a_member_does_not_take_away_what_others_said(
        self, cast: Cast, it: Initiative, as_person: As
    ) -> None:
        other = comments.add(by=cast.lead, initiative=it, body="No", creation_key=uuid4())
        path = url(it, f"comments/{other.pk}/delete/")
        assert as_person("member").post(path).status_code == 403
        assert it.comments.filter(deleted_at=None).count() == 1


class TestMarkdownPreview:
    @pytest.mark.parametrize(
        ("role", "status"),
        [(role, status if role == "anonymous" else 200) for role, status in ROLES],
    )
    def test_whoever_has_signed_in_may_look(
        self, cast: Cast, as_person: As, role: str, status: int
    ) -> None:
        assert as_person(role).post("/preview/", {"body": "x"}).status_code == status

    @pytest.mark.parametrize("name", ["body", "description"])
    def test_it_comes_as_a_page_or_as_the_part_alone(
        self, cast: Cast, as_person: As, name: str
    ) -> None:
        client, sent = as_person("member"), {name: "**b** <script>x</script>"}
        headers: Any = {"HX-Request": "true", "HX-Target": "div#preview-comment"}
        alone = client.post("/preview/", sent, headers=headers).content.decode()
        assert "<strong>b</strong> &lt;script&gt;" in alone
        assert "<html" not in alone
        assert "<html" in client.post("/preview/", sent).content.decode()

    def test_too_long_a_text_is_refused(self, cast: Cast, as_person: As) -> None:
        answer = as_person("member").post("/preview/", {"body": "x" * 50_001})
        assert answer.status_code == 422

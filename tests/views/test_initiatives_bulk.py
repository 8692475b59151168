"""One deed for many initiatives, deleting with undo, and the file of what matches."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.views.initiative import As, Log
from tracker.actions import initiatives as actions
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative
from tracker.views import initiatives_bulk

URL = "/initiatives/bulk/"


HTMX = {"HX-Request": "true", "HX-Target": "tbody#rows"}


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def do(client: Client, deed: str, rows: list[Initiative], **data: Any) -> Any:
    """Send the bar for a selection; ``headers=None`` is the plain form."""
    headers = data.pop("headers", HTMX)
    sent = {"deed": deed, "pk": [row.pk for row in rows], "matching": "team=platform", **data}
    return client.post(URL, sent, headers=headers)


def html(response: Any) -> str:
    return str(response.content.decode())


class TestInitiativesBulk:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("anonymous", 200),  # htmx is told to go and sign in
            ("stranger", 404),
            ("viewer", 403),
            ("member", 200),
            ("group_lead", 200),
            ("superuser", 200),
        ],
    )
    def test_only_members_change_many(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        it = log(origin="planned")
        answer = do(as_person(role), "classify", [it], origin="unclassified")
        assert answer.status_code == status
        it.refresh_from_db()
        changed = status == 200 and role != "anonymous"
        assert it.origin == ("unclassified" if changed else "planned")

    def test_rows_of_other_teams_are_never_touched(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        ours = log()
        theirs = log(team=cast.checkout, by=cast.other_lead)
        answer = do(as_person("member"), "classify", [ours, theirs], origin="planned")
        assert answer.status_code == 200
        assert "1 initiative classified. 1 left as it was" in html(answer)
        theirs.refresh_from_db()
        assert (theirs.origin, theirs.version) == ("unclassified", 1)

    def test_only_foreign_rows_change_nothing(self, cast: Cast, log: Log, as_person: As) -> None:
        theirs = log(team=cast.checkout, by=cast.other_lead)
        do(as_person("member"), "delete", [theirs])
        assert Initiative.objects.filter(pk=theirs.pk).exists()

    def test_it_classifies_with_need_and_trigger(self, log: Log, as_person: As) -> None:
        rows = [log(), log()]
        do(
            as_person("member"),
            "classify",
            rows,
            origin="opportunistic",
            need="dire-need",
            trigger="incident",
        )
        found = Initiative.objects.order_by().values_list("origin", "need", "trigger").distinct()
        assert list(found) == [("opportunistic", "dire-need", "incident")]
        assert Initiative.history.filter(history_type="~").count() == 2

    def test_a_version_made_by_many_at_once_keeps_its_labels(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        actions.relabel(by=cast.member, pk=it.pk, add=["security"])
        do(as_person("member"), "classify", [it], origin="planned")
        newest = Initiative.history.order_by("-history_id")[0]
        assert newest.history_user == cast.member
        assert [row.label.name for row in newest.labels.all()] == ["security"]
        it.refresh_from_db()
        assert (newest.origin, newest.version) == ("planned", it.version)

    def test_it_sets_owner_label_and_target(self, cast: Cast, log: Log, as_person: As) -> None:
        rows, client = [log(), log()], as_person("member")
        assert "given to Lead" in html(do(client, "owner", rows, owner="Lead"))
        do(client, "label", rows, label=" Big  rock ")
        do(client, "target", rows, due_on="2026-12-01")
        for it in Initiative.objects.all():
            assert it.owner == cast.lead
            assert [label.name for label in it.labels.all()] == ["Big rock"]
            assert it.due_on == date(2026, 12, 1)
        do(client, "owner", rows, owner="")
        assert not Initiative.objects.filter(owner__isnull=False).exists()

    def test_a_target_ahead_of_a_start_leaves_that_row(self, log: Log, as_person: As) -> None:
        early, late = log(), log(target_start=date(2027, 1, 1))
        answer = do(as_person("member"), "target", [early, late], due_on="2026-12-01")
        assert "1 left as it was, since they start later" in html(answer)
        late.refresh_from_db()
        assert late.due_on is None

    def test_an_owner_goes_only_where_he_belongs(self, cast: Cast, log: Log, as_person: As) -> None:
        ours, theirs = log(), log(team=cast.checkout, by=cast.other_lead)
        answer = do(as_person("group_lead"), "owner", [ours, theirs], owner="Member")
        assert "1 left as it was" in html(answer)
        theirs.refresh_from_db()
        assert theirs.owner is None

    def test_nothing_is_delivered_before_its_commitment(self, log: Log, as_person: As) -> None:
        old, new = log(committed_on=date(2026, 8, 3)), log()
        answer = do(as_person("member"), "status", [old, new], verb="deliver", on="2026-09-01")
        assert "1 initiative delivered as of 1 Sep 2026. 1 left as it was" in html(answer)
        new.refresh_from_db()
        assert new.status == Status.COMMITTED

    def test_a_verb_leaves_what_does_not_allow_it_and_says_so(
        self, log: Log, as_person: As
    ) -> None:
        committed, done = log(), log(status=Status.ACTIVE)
        answer = do(as_person("member"), "status", [committed, done], verb="start")
        assert "1 initiative started as of 18 Sep 2026. 1 left as it was" in html(answer)
        committed.refresh_from_db()
        assert committed.status == Status.ACTIVE

    def test_a_verb_leaves_rows_whose_work_does_not_allow_the_day(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        fresh, worked = log(), log(status=Status.ACTIVE)
        actions.turn(by=cast.member, pk=worked.pk, version=1, verb=Verb.CANCEL, on=TODAY)
        actions.turn(by=cast.member, pk=worked.pk, version=2, verb=Verb.REOPEN, on=TODAY)
        actions.turn(by=cast.member, pk=worked.pk, version=3, verb=Verb.START, on=TODAY)
        actions.turn(by=cast.member, pk=worked.pk, version=4, verb=Verb.PAUSE, on=TODAY)
        answer = do(as_person("member"), "status", [fresh, worked], verb="start", on="2026-09-01")
        assert answer.status_code == 200
        worked.refresh_from_db()
        assert (worked.status, worked.version) == (Status.PAUSED, 5)

    @pytest.mark.parametrize(
        ("deed", "data"),
        [
            ("status", {"verb": "start", "on": "2026-09-19"}),
            ("status", {"verb": "", "on": ""}),
            ("label", {"label": " "}),
            ("target", {"due_on": "soon"}),
            ("owner", {"owner": "Somebody Else"}),
            ("classify", {"origin": "lucky"}),
            ("restore", {"moment": "yesterday"}),
            ("explode", {}),
        ],
    )
    def test_nonsense_changes_nothing_and_is_explained(
        self, log: Log, as_person: As, deed: str, data: dict[str, str]
    ) -> None:
        it = log()
        answer = do(as_person("member"), deed, [it], **data)
        assert answer.status_code == 422
        assert "toast-error" in html(answer)
        plain = do(as_person("member"), deed, [it], headers=None, **data)
        assert plain.status_code == 422
        assert 'role="alert"' in html(plain)
        it.refresh_from_db()
        assert it.version == 1

    def test_what_is_half_typed_in_another_menu_does_not_matter(
        self, log: Log, as_person: As
    ) -> None:
        answer = do(as_person("member"), "label", [log()], label="x", due_on="so", owner="?")
        assert answer.status_code == 200

    @pytest.mark.parametrize("pks", [[], ["x"], ["9" * 30]])
    def test_nothing_selected_is_explained(self, cast: Cast, as_person: As, pks: list[str]) -> None:
        sent = {"deed": "delete", "pk": pks}
        assert as_person("member").post(URL, sent, headers=HTMX).status_code == 422

    def test_all_that_match_are_changed_and_no_others(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        for number in range(60):
            log(f"Match {number}")
        other = log("Other")
        theirs = log("Match", team=cast.checkout, by=cast.other_lead)
        answer = do(
            as_person("member"),
            "classify",
            [],
            everything="1",
            origin="planned",
            matching="q=match",
        )
        assert "60 initiatives classified" in html(answer)
        assert Initiative.objects.filter(origin="planned").count() == 60
        for it in (other, theirs):
            it.refresh_from_db()
            assert it.origin == "unclassified"

    def test_too_many_at_once_are_refused(
        self, log: Log, as_person: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(initiatives_bulk, "MOST", 1)
        answer = do(as_person("member"), "delete", [log(), log()])
        assert answer.status_code == 413
        assert "data-error" in html(answer)
        assert Initiative.objects.count() == 2

    def test_deleting_can_be_undone_for_all_at_once(self, log: Log, as_person: As) -> None:
        rows, client = [log(), log(), log()], as_person("member")
        answer = do(client, "delete", rows[:2])
        assert Initiative.objects.count() == 1
        assert "data-undo" in html(answer)
        moment = re.search(r'name="moment" value="([^"]+)"', html(answer))
        assert moment
        back = do(client, "restore", [], moment=moment[1].replace("&#x2B;", "+"))
        assert "2 initiatives restored." in html(back)
        assert Initiative.objects.count() == 3

    def test_somebody_else_can_not_bring_foreign_rows_back(self, log: Log, as_person: As) -> None:
        do(as_person("member"), "delete", [log()])
        gone = Initiative.every.get()
        assert gone.deleted_at
        do(as_person("other_lead"), "restore", [], moment=gone.deleted_at.isoformat(), matching="")
        assert not Initiative.objects.exists()

    def test_without_script_the_list_says_what_came_of_it_and_offers_the_undo(
        self, log: Log, as_person: As
    ) -> None:
        client = as_person("member")
        answer = do(client, "delete", [log()], headers=None)
        assert answer.status_code == 302
        page = html(client.get(answer["Location"]))
        assert "1 initiative deleted." in page
        assert 'name="deed" value="restore"' in page

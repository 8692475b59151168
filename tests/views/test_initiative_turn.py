"""Status verbs, and the move to another team."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.views.initiative import WHOLE, WRITERS, As, Log, url
from tracker.actions import initiatives
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative

pytestmark = pytest.mark.django_db
Turn = Callable[..., Any]
SEP_9, SEP_14 = date(2026, 9, 9), date(2026, 9, 14)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def turn(client: Client, it: Initiative, verb: str, **data: Any) -> Any:
    headers = data.pop("headers", None)
    sent = {"version": it.version, "on": "2026-09-18"} | data
    return client.post(url(it, f"turn/{verb}/"), sent, headers=headers)


class TestInitiativeTurn:
    @pytest.mark.parametrize(("role", "status"), WRITERS)
    def test_only_members_may_change_the_status(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        it = log()
        assert as_person(role).get(url(it, "turn/start/")).status_code == status
        answer = turn(as_person(role), it, "start")
        assert answer.status_code == (302 if status == 200 else status)
        it.refresh_from_db()
        assert it.status == (Status.ACTIVE if status == 200 else Status.COMMITTED)

    def test_the_form_asks_for_the_day_with_and_without_htmx(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        headers = {"HX-Request": "true", "HX-Target": "div#turn"}
        fragment = client.get(url(it, "turn/start/"), headers=headers).content.decode().strip()
        assert fragment.startswith('<section id="turn"')
        assert 'value="2026-09-18"' in fragment
        whole = client.get(url(it, "turn/start/")).content.decode()
        assert whole.lstrip().startswith("<!doctype html>")

    def test_a_life_from_proposal_to_delivery_and_back(self, log: Log, as_person: As) -> None:
        it, client = log(status=Status.PROPOSED), as_person("member")
        for verb, status in [
            ("commit", Status.COMMITTED),
            ("start", Status.ACTIVE),
            ("pause", Status.PAUSED),
            ("resume", Status.ACTIVE),
            ("deliver", Status.DELIVERED),
            ("reopen", Status.COMMITTED),
            ("defer", Status.DEFERRED),
            ("cancel", Status.CANCELLED),
        ]:
            assert turn(client, it, verb, headers=WHOLE).status_code == 200
            it.refresh_from_db()
            assert it.status == status

    def test_a_backdated_start_with_its_fte_opens_a_segment_then(
        self, log: Log, as_person: As
    ) -> None:
        it = log()
        turn(as_person("member"), it, "start", on="2026-09-09", fte_milli="0.5", why="Forgot")
        segment = it.segments.get()
        assert (segment.starts_on, segment.fte_milli, segment.fte_assumed) == (SEP_9, 500, False)
        assert it.history.first().history_change_reason == "Forgot"

    def test_an_fte_left_out_is_assumed_and_says_so(self, log: Log, as_person: As) -> None:
        it = log()
        turn(as_person("member"), it, "start", fte_milli="")
        assert it.segments.get().fte_assumed
        assert "assumed" in as_person("member").get(url(it)).content.decode()

    def test_delivery_offers_what_was_worked_as_the_realised_effort(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("member")
        turn(client, it, "start", on="2026-09-14")
        it.refresh_from_db()
        form = client.get(url(it, "turn/deliver/")).content.decode()
        assert 'name="actual_mpd" value="5"' in form
        turn(client, it, "deliver", actual_mpd="6.5")
        it.refresh_from_db()
        assert (it.actual_mpd, it.delivered_on) == (6500, TODAY)

    @pytest.mark.parametrize(
        ("verb", "typed", "message"),
        [
            ("pause", {"on": "2026-09-19"}, "not come yet"),
            ("pause", {"on": ""}, "required"),
            ("pause", {"on": "2026-02-30"}, "Type a day"),
            ("pause", {"on": "2026-09-08"}, "Work started only on 9 Sep 2026"),
            ("cancel", {"on": "2026-09-08"}, "Work started only on 9 Sep 2026"),
            ("deliver", {"on": "2026-09-18", "actual_mpd": "much"}, "Type an effort"),
        ],
    )
    def test_a_day_that_can_not_be_is_refused_with_the_form(
        self, log: Log, as_person: As, verb: str, typed: dict[str, str], message: str
    ) -> None:
        it, client = log(committed_on=SEP_9), as_person("member")
        turn(client, it, "start", on="2026-09-09")
        it.refresh_from_db()
        for headers in (None, WHOLE):
            answer = turn(client, it, verb, headers=headers, **typed)
            assert answer.status_code == 422
            assert message in answer.content.decode()
        it.refresh_from_db()
        assert (it.status, it.segments.get().ends_before) == (Status.ACTIVE, None)

    def test_old_work_is_delivered_by_saying_when_it_was_promised(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(committed_on=SEP_14), as_person("member")
        assert "committed_on" not in client.get(url(it, "turn/deliver/")).content.decode()
        refused = turn(client, it, "deliver", on="2026-09-09", headers=WHOLE)
        page = refused.content.decode()
        assert refused.status_code == 422
        assert "It was committed only on 14 Sep 2026. Say here when it was promised" in page
        assert 'name="committed_on" value="2026-09-09"' in page
        sent = {"on": "2026-09-09", "committed_on": "2026-09-01"}
        assert turn(client, it, "deliver", **sent).status_code == 302
        it.refresh_from_db()
        assert (it.status, it.delivered_on) == (Status.DELIVERED, SEP_9)
        assert it.committed_on == date(2026, 9, 1)

    @pytest.mark.parametrize(
        ("promised", "message"),
        [
            ("", "Say here when it was promised"),
            ("2026-09-10", "It was delivered on 9 Sep 2026. Choose that or earlier."),
            ("nonsense", "Type a day such as"),
        ],
    )
    def test_a_promise_after_the_delivery_is_refused(
        self, log: Log, as_person: As, promised: str, message: str
    ) -> None:
        it = log(committed_on=SEP_14)
        sent = {"on": "2026-09-09", "committed_on": promised}
        answer = turn(as_person("member"), it, "deliver", **sent)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        it.refresh_from_db()
        assert (it.status, it.committed_on) == (Status.COMMITTED, SEP_14)

    def test_a_promise_that_somebody_else_set_meanwhile_is_not_overwritten(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log(committed_on=SEP_14)
        initiatives.edit(by=cast.lead, pk=it.pk, version=1, changes={"committed_on": TODAY})
        sent = {"on": "2026-09-09", "committed_on": "2026-09-01", "version": 1}
        assert turn(as_person("member"), it, "deliver", **sent).status_code == 409
        it.refresh_from_db()
        assert (it.status, it.committed_on) == (Status.COMMITTED, TODAY)

    def test_work_does_not_resume_in_the_middle_of_work(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        for verb, day in (("start", "2026-09-09"), ("pause", "2026-09-15")):
            turn(client, it, verb, on=day)
            it.refresh_from_db()
        answer = turn(client, it, "resume", on="2026-09-10")
        assert answer.status_code == 422
        assert "Work is logged until 14 Sep 2026" in answer.content.decode()

    def test_a_status_that_somebody_else_changed_is_a_conflict(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        turn(as_person("lead"), it, "start")
        answer = turn(as_person("member"), it, "start", headers=WHOLE)
        assert answer.status_code == 409
        html = answer.content.decode()
        assert "PLAT-1 is active already" in html
        assert "Nothing was saved. Lead changed it last on" in html
        assert it.segments.count() == 1

    def test_a_verb_that_still_fits_can_be_sent_again_over_the_newer_version(
        self, log: Log, as_person: As
    ) -> None:
        it = log()
        turn(as_person("lead"), it, "start")
        answer = turn(as_person("member"), it, "deliver", on="2026-09-18", why="Done")
        html = answer.content.decode()
        assert answer.status_code == 409
        assert 'name="version" value="2"' in html
        assert 'value="Done"' in html
        assert "it is active now. You can still deliver it." in html

    def test_a_stale_link_to_a_verb_says_what_stands_and_offers_what_can_be_done(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(status=Status.PROPOSED), as_person("member")
        turn(as_person("lead"), it, "commit")
        link = url(it, "turn/commit/")
        pieces = {"HX-Request": "true", "HX-Target": "div#turn"}
        for headers in (None, pieces):
            answer = client.get(link, headers=headers)
            page = answer.content.decode()
            assert answer.status_code == 409
            assert "PLAT-1 is committed already" in page
            assert "Lead changed it last on" in page
            assert "Nothing was saved" not in page
            told = page.split('id="turn-title"')[1].split("</section>")[0]
            for verb in ("start", "deliver", "cancel", "defer"):
                assert url(it, f"turn/{verb}/") in told
        # The buttons of the page that was left open are stale, too, so all of it is replaced.
        assert answer.headers["HX-Retarget"] == "#initiative"
        assert page.strip().startswith('<div id="initiative"')

    def test_a_verb_that_the_status_does_not_allow_is_explained(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("member")
        assert client.get(url(it, "turn/resume/")).status_code == 409
        answer = turn(client, it, "resume", headers=WHOLE)
        assert answer.status_code == 409
        assert "PLAT-1 is committed, so it can&#x27;t be resumed" in answer.content.decode()

    def test_what_was_worked_on_the_day_of_the_end_stays(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        for verb in ("start", "deliver", "reopen", "cancel"):
            turn(client, it, verb)
            it.refresh_from_db()
        assert it.status == Status.CANCELLED
        assert it.segments.get().last_day == TODAY

    def test_an_unknown_verb_is_not_found(self, log: Log, as_person: As) -> None:
        assert turn(as_person("member"), log(), "explode").status_code == 404

    def test_the_same_start_sent_twice_opens_one_segment(self, log: Log, as_person: As) -> None:
        it, client = log(), as_person("member")
        turn(client, it, "start")
        assert turn(client, it, "start").status_code == 409
        assert it.segments.count() == 1


class TestInitiativeMove:
    def test_it_goes_to_another_team_of_the_person_under_a_new_key(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("group_lead")
        old = url(it)
        assert "Checkout" in client.get(url(it, "move/")).content.decode()
        answer = client.post(url(it, "move/"), {"version": 1, "team": cast.checkout.pk})
        it = Initiative.objects.select_related("team").get(pk=it.pk)
        assert it.team == cast.checkout
        assert answer.headers["Location"] == url(it)
        assert client.get(old).headers["Location"] == url(it)

    def test_a_team_in_which_the_person_is_nobody_is_not_accepted(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        assert as_person("member").get(url(it, "move/")).status_code == 403
        sent = {"version": 1, "team": cast.checkout.pk}
        assert as_person("member").post(url(it, "move/"), sent).status_code == 403
        it.refresh_from_db()
        assert it.team_id == cast.platform.pk

    @pytest.mark.parametrize("team", ["", "x", "999999", "1 OR 1"])
    def test_no_team_is_refused(self, log: Log, as_person: As, team: str) -> None:
        answer = as_person("group_lead").post(url(log(), "move/"), {"version": 1, "team": team})
        assert answer.status_code == 422

    def test_one_that_has_moved_meanwhile_is_a_conflict(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        initiatives.move(by=cast.group_lead, pk=it.pk, version=1, team=cast.checkout)
        answer = as_person("superuser").post(
            url(it, "move/"), {"version": 1, "team": cast.group.pk}
        )
        assert answer.status_code == 409
        assert "belongs to Checkout now" in answer.content.decode()

    def test_a_viewer_moves_nothing(self, log: Log, as_person: As) -> None:
        assert as_person("viewer").get(url(log(), "move/")).status_code == 403


def test_each_verb_is_offered_exactly_where_it_fits(cast: Cast, log: Log, as_person: As) -> None:
    it = log(status=Status.ACTIVE)
    html = as_person("member").get(url(it)).content.decode()
    offered = {verb.value for verb in Verb if url(it, f"turn/{verb.value}/") in html}
    assert offered == {"pause", "deliver", "cancel", "defer"}

"""A lead tries to reach beyond the own team by an initiative's page, inline and actions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.admin.support import act, page, send, snapshot
from tests.cast import TODAY, Cast
from tracker.actions import initiatives as actions
from tracker.models import (
    Initiative,
    Label,
    Membership,
    Team,
)

AsPerson = Callable[[str], Client]


ACTIONS = ["classify", "set_owner", "move", "delete_rows", "restore_rows"]


class TestInitiatives:
    @pytest.mark.parametrize(
        "field",
        ["team", "number", "status", "version", "deleted_at", "created_by", "import_batch"],
    )
    def test_what_the_form_does_not_offer_is_not_changed(
        self, field: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        made = log()
        before = Initiative.every.filter(pk=made.pk).values().get()
        values = {"team": cast.checkout.pk, "status": "delivered", "created_by": cast.lead.pk}
        url = page("initiative", "change", made.pk)
        response = send(lead, url, title="Changed", **{field: str(values.get(field, "77"))})
        assert response.status_code == 302
        after = Initiative.every.filter(pk=made.pk).values().get()
        moved = {name for name in after if after[name] != before[name]}
        assert moved == {"title", "version", "updated_at"}

    @pytest.mark.parametrize("person", ["stranger", "other_lead", "superuser"])
    def test_an_owner_belongs_to_the_team(
        self, person: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        made = log()
        url = page("initiative", "change", made.pk)
        response = send(lead, url, owner=str(cast.person(person).pk))
        assert response.status_code == 422
        assert cast.person(person).email not in response.content.decode()
        made.refresh_from_db()
        assert made.owner is None

    def test_a_foreign_label_is_refused(
        self, cast: Cast, theirs: Initiative, log: Any, lead: Client
    ) -> None:
        made = log()
        foreign_label = Label.objects.get(name="secret-label")
        url = page("initiative", "change", made.pk)
        assert send(lead, url, labels=[str(foreign_label.pk)]).status_code == 422
        assert not made.labels.exists()

    def test_a_foreign_segment_is_not_reached_by_its_id(
        self, theirs: Initiative, log: Any, lead: Client
    ) -> None:
        made = log()
        segment = theirs.segments.get()
        forged = {
            "segments-INITIAL_FORMS": "1",
            "segments-0-id": str(segment.pk),
            "segments-0-starts_on": "2020-01-01",
            "segments-0-last_day": "2020-02-01",
            "segments-0-fte_milli": "9",
        }
        url = page("initiative", "change", made.pk)
        for more in ({}, {"segments-0-DELETE": "on"}):
            send(lead, url, **forged, **more)
            segment.refresh_from_db()
            assert (segment.initiative_id, segment.starts_on) == (theirs.pk, TODAY)

    def test_a_segment_goes_to_the_initiative_of_the_page(
        self, theirs: Initiative, log: Any, lead: Client
    ) -> None:
        made = log()
        forged = {
            "segments-0-initiative": str(theirs.pk),
            "segments-0-starts_on": "2026-01-05",
            "segments-0-last_day": "2026-01-09",
            "segments-0-fte_milli": "1",
        }
        send(lead, page("initiative", "change", made.pk), **forged)
        assert theirs.segments.count() == 1

    def test_the_panel_logs_nothing(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log()
        assert lead.post(page("initiative", "add"), {"title": "x"}).status_code == 403
        url = page("initiative", "change", made.pk)
        assert send(lead, url, _saveasnew="1").status_code == 403
        assert Initiative.every.count() == 1

    def test_deleting_keeps_the_row(self, log: Any, lead: Client) -> None:
        made = log()
        url = page("initiative", "delete", made.pk)
        assert lead.post(url, {"post": "yes"}).status_code == 302
        assert Initiative.every.get(pk=made.pk).is_deleted

    @pytest.mark.parametrize("what", ["change", "history"])
    def test_history_is_not_written_back(
        self, what: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        made = log("Old title")
        actions.edit(by=cast.lead, pk=made.pk, version=1, changes={"title": "New title"})
        record = made.history.last()
        base = page("initiative", "history", made.pk)
        assert lead.post(f"{base}{record.pk}/", {"title": "x"}).status_code in {302, 404}
        lead.post(base, {"_change_history": "1", "title": "Old title"})
        made.refresh_from_db()
        assert made.title == "New title"


class TestActions:
    def forged(self, cast: Cast) -> dict[str, str]:
        return {
            "origin": "opportunistic",
            "need": "opportunity",
            "trigger": "market",
            "owner": str(cast.lead.pk),
            "team": str(cast.platform.pk),
        }

    @pytest.mark.parametrize("across", ["0", "1"])
    @pytest.mark.parametrize("action", ACTIONS)
    def test_forged_ids_reach_no_foreign_row(
        self, action: str, across: str, cast: Cast, theirs: Initiative, log: Any, lead: Client
    ) -> None:
        own = log()
        before = Initiative.every.filter(pk=theirs.pk).values().get()
        act(lead, action, [own.pk, theirs.pk], **self.forged(cast), select_across=across)
        act(lead, action, [theirs.pk], **self.forged(cast))
        assert Initiative.every.filter(pk=theirs.pk).values().get() == before

    def test_forged_ids_bring_back_no_foreign_row(
        self, cast: Cast, theirs: Initiative, lead: Client
    ) -> None:
        actions.delete(by=cast.other_lead, pk=theirs.pk, version=theirs.version)
        url = f"{page('initiative')}?kept=deleted"
        lead.post(url, {"action": "restore_rows", "_selected_action": [theirs.pk]})
        theirs.refresh_from_db()
        assert theirs.is_deleted

    def test_the_page_that_asks_names_no_foreign_row(
        self, theirs: Initiative, log: Any, lead: Client
    ) -> None:
        data = {"action": "move", "_selected_action": [log().pk, theirs.pk], "index": "0"}
        html = lead.post(page("initiative"), data).content.decode()
        assert "Secret" not in html
        assert "Checkout" not in html

    def test_the_export_has_no_foreign_row(
        self, theirs: Initiative, log: Any, lead: Client
    ) -> None:
        own = log("Ours")
        for across in ("0", "1"):
            response = act(lead, "export", [own.pk, theirs.pk], select_across=across)
            text = b"".join(response.streaming_content).decode()
            assert "Ours" in text
            assert "Secret" not in text

    @pytest.mark.parametrize("team", ["checkout", "group"])
    def test_nothing_moves_to_a_team_that_the_lead_does_not_lead(
        self, team: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        own = log()
        response = act(lead, "move", [own.pk], team=str(getattr(cast, team).pk))
        assert response.status_code == 422
        own.refresh_from_db()
        assert own.team == cast.platform

    @pytest.mark.parametrize("person", ["stranger", "other_lead", "superuser"])
    def test_nothing_is_given_to_people_from_elsewhere(
        self, person: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        own = log()
        response = act(lead, "set_owner", [own.pk], owner=str(cast.person(person).pk))
        assert response.status_code == 422
        own.refresh_from_db()
        assert own.owner is None

    @pytest.mark.parametrize("model", ["team", "membership", "initiative", "label"])
    def test_djangos_bulk_delete_is_not_there(
        self, model: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        log()
        Label.objects.create(team=cast.platform, name="ours")
        before = snapshot()
        rows: Any = {"team": Team, "membership": Membership, "initiative": Initiative}
        pks = [row.pk for row in rows.get(model, Label).objects.led_by(cast.lead)]
        data = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
        lead.post(page(model), data)
        lead.post(page(model), data | {"index": "0"})
        assert snapshot() == before

    @pytest.mark.parametrize("pk", ["abc", "9" * 40, "-1", "1e3", "٣", ""])
    @pytest.mark.parametrize("action", ["classify", "export", "delete_rows"])
    def test_ids_that_are_none_choose_nothing(
        self, action: str, pk: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        own = log()
        response = act(lead, action, [pk], origin="planned")
        assert response.status_code in {200, 302}
        own.refresh_from_db()
        assert own.version == 1

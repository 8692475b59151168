"""What the tests of the panel share: addresses, and forms filled in as a browser would."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from tracker.models import (
    Holiday,
    ImportBatch,
    Initiative,
    Label,
    Membership,
    Organisation,
    Plan,
    Team,
    User,
    WorkSegment,
)

PANEL = "/admin/"
MODELS = ["team", "membership", "initiative", "label", "plan", "importbatch"]


def page(model: str, what: str = "changelist", *args: Any) -> str:
    """Return the address of a page of the panel."""
    return reverse(f"admin:tracker_{model}_{what}", args=args)


class FormReader(HTMLParser):
    """Collects what a browser would post from the panel's form."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self.reading = self.in_template = False
        self.select: str | None = None
        self.text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "form":
            self.reading = "admin-form" in (at.get("class") or "")
        if tag == "template":
            self.in_template = True
        if not self.reading or self.in_template:
            return
        name = at.get("name") or ""
        if (
            tag == "input"
            and name
            and (at.get("type") not in {"checkbox", "radio"} or "checked" in at)
        ):
            self.add(name, at.get("value") or "")
        if tag == "textarea":
            self.text = name
            self.data[name] = ""
        if tag == "select":
            self.select = name
            self.data.setdefault(name, "")
        if tag == "option" and self.select and "selected" in at:
            self.data[self.select] = at.get("value") or ""

    def add(self, name: str, value: str) -> None:
        if name in self.data:
            kept = self.data[name]
            self.data[name] = [*(kept if isinstance(kept, list) else [kept]), value]
        else:
            self.data[name] = value

    def handle_data(self, data: str) -> None:
        if self.text:
            self.data[self.text] += data.removeprefix("\n").removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        if tag == "select":
            self.select = None
        if tag == "template":
            self.in_template = False
        if tag == "form":
            self.reading = False


def fill(client: Client, url: str) -> dict[str, Any]:
    """Return what the form at an address would post as it stands."""
    reader = FormReader()
    reader.feed(client.get(url).content.decode())
    assert "csrfmiddlewaretoken" in reader.data, f"no form at {url}"
    return reader.data


def send(client: Client, url: str, **changes: Any) -> Any:
    """Post the form at an address with some of its values changed."""
    return client.post(url, fill(client, url) | changes)


def context_of(response: Any) -> dict[str, Any]:
    """Return what a page was rendered with."""
    context: dict[str, Any] = response.context_data
    return context


def act(client: Client, action: str, pks: list[Any], **more: Any) -> Any:
    """Post an action of the list of initiatives, with its page filled in."""
    data = {"action": action, "_selected_action": pks, "sure": "yes", "select_across": "0", **more}
    return client.post(page("initiative"), data)


def snapshot() -> dict[str, list[Any]]:
    """Return every row that matters, to see that nothing has moved."""
    tables: list[Any] = [
        Holiday,
        ImportBatch,
        Initiative.every.model,
        Label,
        Membership,
        Organisation,
        Plan,
        Team,
    ]
    tables += [User, WorkSegment]
    kept = {}
    for table in tables:
        rows = list(table._base_manager.order_by("pk").values())
        for row in rows:
            row.pop("last_login", None)
        kept[table.__name__] = rows
    return kept

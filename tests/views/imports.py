"""Uploads files and sends the forms of an import."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

As = Callable[[str], Client]


NEW = "/imports/new/"


SHEET = b"Title,Status,Key\nRate limits,idea,A-1\nNew ledger,idea,A-2\n"


def upload(
    client: Client, content: bytes = SHEET, team: str = "platform", name: str = "w.csv"
) -> Any:
    return client.post(NEW, {"team": team, "file": SimpleUploadedFile(name, content)})


def waiting(client: Client, content: bytes = SHEET) -> str:
    answer = upload(client, content)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def as_shown(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """Return what the mapping's form would send, with changes."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()} | changes


def bring(client: Client, content: bytes = SHEET, **changes: Any) -> str:
    url = waiting(client, content)
    if changes:
        assert client.post(url, as_shown(client, url, **changes)).status_code == 302
    assert client.post(f"{url}apply/", as_shown(client, url)).status_code == 302
    return url


def text_of(response: Any) -> str:
    return str(response.content.decode())

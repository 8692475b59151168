"""Reads what pages with figures show."""

import json
import re
from html import unescape
from typing import Any

from django.test import Client

THIN = "\u202f"


def specs(html: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="([a-z]+)-spec">(.*?)</script>', html)
    return {name: json.loads(text) for name, text in found}


def words(html: str) -> str:
    """Return the text of HTML, its thin spaces as plain ones."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def cells(html: str, figure: str) -> dict[str, list[str]]:
    """Return the cells of a figure's data table by the text of the first one."""
    table = html.split(f'id="{figure}"')[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("</tr>") if row]
    return {words(row[0]): [words(cell) for cell in row[1:]] for row in rows}


def trace(spec: Any, role: str) -> Any:
    return next(each for each in spec["data"] if each["meta"]["role"] == role)


def get(client: Client, query: str = "", team: str = "platform", **headers: str) -> str:
    response = client.get(f"/teams/{team}/{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()

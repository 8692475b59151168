"""Pages travel compressed to whoever takes it, and only what gains by it."""

import gzip
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from roadmap.middleware import compressed_pages, padded_gzip
from tests.cast import Cast

As = Callable[[str], Client]
TEXT = "Roadmix " * 200


def answer(response: HttpResponseBase, accepted: str = "gzip") -> HttpResponseBase:
    def view(request: HttpRequest) -> HttpResponseBase:
        return response

    return compressed_pages(view)(RequestFactory().get("/", headers={"Accept-Encoding": accepted}))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip; q=0.0, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("deflate,gzip", "gzip"),
        ("br", "br"),
    ],
)
def test_text_is_compressed_for_whoever_takes_it(accepted: str, coding: str) -> None:
    response = answer(HttpResponse(TEXT), accepted)

    assert isinstance(response, HttpResponse)
    assert response["Content-Encoding"] == coding
    assert int(response["Content-Length"]) == len(response.content) < 200
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[coding]
    assert unpack(response.content).decode() == TEXT


@pytest.mark.parametrize(
    "accepted", ["", "identity", "gzip;q=0", "gzip; q=0.0, br;q=0", "xgzip, xbr"]
)
def test_others_get_it_plain_and_caches_are_told(accepted: str) -> None:
    response = answer(HttpResponse(TEXT), accepted)

    assert isinstance(response, HttpResponse)
    assert response.content.decode() == TEXT
    assert "Content-Encoding" not in response
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(TEXT, content_type="image/png"),
        HttpResponse(TEXT, headers={"Content-Encoding": "br"}),
        HttpResponse(TEXT, headers={"ETag": '"strong"'}),
        StreamingHttpResponse([TEXT]),
    ],
)
def test_what_would_not_gain_is_left_alone(response: HttpResponseBase) -> None:
    before = response.get("Content-Encoding")

    assert answer(response).get("Content-Encoding") == before


def test_the_length_is_blurred_against_guesses() -> None:
    lengths = {len(padded_gzip(TEXT.encode())) for _ in range(60)}
    paddings = {answer(HttpResponse(TEXT), "br")["X-Padding"] for _ in range(60)}

    assert len(lengths) > 10
    assert len(paddings) > 10


def test_a_page_keeps_what_else_it_varies_on(cast: Cast, as_person: As) -> None:
    page = as_person("member").get("/teams/platform/", headers={"Accept-Encoding": "gzip"})

    varies = {name.strip() for name in page["Vary"].split(",")}
    assert {"Accept-Encoding", "Cookie", "HX-Request", "HX-Target"} <= varies
    assert page["Content-Encoding"] == "gzip"
    assert b"Platform" in gzip.decompress(page.content)

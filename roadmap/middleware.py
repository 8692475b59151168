"""What stands around every answer: the content security policy, caching, characters we refuse."""

import gzip
import re
import secrets
from collections.abc import Callable, Collection, Mapping

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

Responder = Callable[[HttpRequest], HttpResponseBase]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
NO_DOCUMENTS = ("text/css", "text/javascript", "application/javascript", "font/")
TEXTUAL = ("text/", "application/json", "application/javascript", "image/svg+xml")
_TAKEN = r"(?:^|[\s,]){}\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)"
GZIP = re.compile(_TAKEN.format("gzip"))
BROTLI = re.compile(_TAKEN.format("br"))
LEVEL = 4  # the next saves 3 % of a page and costs half as much again
QUALITY = 6  # a fifth less than gzip; the next saves 1 % and takes six times as long
WORTH_BYTES = 512
PADDING_BYTES = 100
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def policy(directives: Mapping[str, Collection[str] | str]) -> str:
    """Return the header's text: one constant, since no page needs a nonce."""
    return "; ".join(
        f"{name} {sources if isinstance(sources, str) else ' '.join(sources)}"
        for name, sources in directives.items()
    )


def content_security_policy(get_response: Responder) -> Responder:
    """Send the policy of ``SECURE_CSP`` with every answer, error pages and files included.

    A file that no browser makes a document of gets the shortest one, which allows nothing: a first
    visit fetches a dozen of them.
    """
    header = policy(settings.SECURE_CSP)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.get("Content-Type", "").startswith(NO_DOCUMENTS):
            response.headers.setdefault("Content-Security-Policy", "default-src 'none'")
            response.headers.pop("Cross-Origin-Opener-Policy", None)
            return response
        response.headers.setdefault("Content-Security-Policy", header)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware


def compressed_pages(get_response: Responder) -> Responder:
    """Send text as brotli or gzip to whoever takes it; files are compressed, streams left alone."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and _is_worth_it(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            taken = request.headers.get("Accept-Encoding", "")
            if BROTLI.search(taken):
                response.headers["Content-Encoding"] = "br"
                response.headers["X-Padding"] = "a" * secrets.randbelow(PADDING_BYTES)
                response.content = brotli.compress(response.content, quality=QUALITY)
            elif GZIP.search(taken):
                response.headers["Content-Encoding"] = "gzip"
                response.content = padded_gzip(response.content)
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def _is_worth_it(response: HttpResponse) -> bool:
    untouched = not response.has_header("Content-Encoding") and not response.has_header("ETag")
    textual = response.get("Content-Type", "").startswith(TEXTUAL)
    return untouched and textual and len(response.content) >= WORTH_BYTES


def padded_gzip(content: bytes) -> bytes:
    """Return gzip with a file name of random length in its header.

    A page that shows a secret beside what somebody else made it show would tell, by its length,
    how alike the two are (BREACH); the padding blurs that, as Django's own middleware does. Brotli
    has no place for a name, so there a header is padded.
    """
    packed = bytearray(gzip.compress(content, compresslevel=LEVEL, mtime=0))
    packed[3] |= 8  # the flag that says that a name follows the ten bytes of the header
    packed[10:10] = b"a" * secrets.randbelow(PADDING_BYTES) + b"\0"
    return bytes(packed)


def refuse_null_characters(get_response: Responder) -> Responder:
    """Answer 400 to NUL in an address: no store takes it, and no person types it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a character that can't be used.")
        return get_response(request)

    return middleware


def get_and_post_only(get_response: Responder) -> Responder:
    """Answer 405 to other methods: forms know none, and a library may take PUT for POST."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


def private_pages(get_response: Responder) -> Responder:
    """Keep the pages of people who have signed in out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


class InvalidFormsAre422:
    """Answers 422 where a library's page shows a refused form again with 200."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the work is done when a template answers."""
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """Set the status by the form in the page's context, if there is one."""
        form = (response.context_data or {}).get("form")
        refused = bool(getattr(form, "errors", False))
        if request.method == "POST" and response.status_code == 200 and refused:
            response.status_code = 422
        return response

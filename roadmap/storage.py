"""Static files under names that carry their hash, so that browsers may keep them for ever."""

import re
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = ("css/", "js/")
# Whole lines only: what looks like a comment within a line may be part of a text or an address.
COMMENTS = {
    ".css": re.compile(r"^[ ]*/\*.*?\*/[ ]*\n|^[ ]+", re.MULTILINE | re.DOTALL),
    ".js": re.compile(r"^[ ]*(?://.*|/\*\*.*\*/[ ]*)\n", re.MULTILINE),
}


def lean(name: str, text: str) -> str:
    """Return a file of ours without its comments, and a style sheet without its indents."""
    pattern = COMMENTS.get(PurePosixPath(name).suffix)
    return pattern.sub("", text) if pattern and name.startswith(OURS) else text


class Lean:
    """Opens the files of another storage without their comments."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, name: str) -> "File[bytes]":
        """Return a file as it is sent."""
        with self.storage.open(name) as file:
            return ContentFile(lean(name, file.read().decode()).encode(), name)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites the names that JavaScript modules import each other by."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        """Leave out of the hashed copies what only people who read the source need."""
        sent = {
            name: (Lean(storage) if name.startswith(OURS) else storage, path)
            for name, (storage, path) in paths.items()
        }
        return super().post_process(sent, dry_run, **options)

    @cached_property
    def _addresses(self) -> dict[str | None, str]:
        return {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file, worked out once: a page asks for a dozen of them."""
        if force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

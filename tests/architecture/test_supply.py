"""What comes from elsewhere: advisory floors, hashes of vendored files, lock files."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static/vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:4])


def floors() -> dict[str, str]:
    lines = (ROOT / "requirements/floors.txt").read_text().splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / name).read_text()))


def shipped(name: str) -> str:
    found = {entry["package"]: entry["version"] for entry in MANIFEST}
    return str((pins("base.txt") | found)[name])


@pytest.mark.parametrize(("package", "floor"), floors().items())
def test_no_package_is_older_than_its_advisory_floor(package: str, floor: str) -> None:
    assert version(shipped(package)) >= version(floor)


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: str(entry["file"]))
def test_a_vendored_file_is_the_one_of_the_manifest(entry: dict[str, str]) -> None:
    data = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_in_the_manifest() -> None:
    files = {path.name for path in VENDOR.iterdir() if path.is_file()} - {"manifest.json"}
    assert files == {entry["file"] for entry in MANIFEST}


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_every_pinned_package_has_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    bare = [block.split()[0] for block in blocks if "==" in block and "--hash=" not in block]
    assert pins(name)
    assert bare == []


def test_both_lock_files_agree() -> None:
    everything = pins("dev.txt")
    differs = {name for name, pin in pins("base.txt").items() if everything.get(name) != pin}
    assert differs == set()

"""Which build of Baton judged: kept with each decision, so that a replay can say whose answers it compares."""

import hashlib
from functools import cache
from importlib import metadata, resources
from pathlib import Path

_JUDGING = ("policy", "domain")
_ASKED_BY_POLICY = ("common-expression-language", "holidays", "tzdata")
"""Libraries whose next version may answer otherwise."""


@cache
def build() -> str:
    """Version of the package and digest of the code that judges, its libraries' versions included:
    0.1.0+1f0c9a3e5b7d."""
    digest = hashlib.sha256()
    for package in _JUDGING:
        folder = Path(str(resources.files(package)))
        for file in sorted(folder.rglob("*.py")):
            digest.update(f"{package}/{file.relative_to(folder).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    for library in _ASKED_BY_POLICY:
        digest.update(f"{library} {_version(library)}\0".encode())
    return f"{_version('baton-leads')}+{digest.hexdigest()[:12]}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "dev"  # run from its folder, never installed

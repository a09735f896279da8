"""Who may import whom. import-linter holds the layers; here are the bans it can not see, and the proof that each of its
contracts can fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import (
    CODE,
    PACKAGES,
    ROOT,
    Module,
    about,
    below,
    clean,
    everywhere,
    imported,
    modules,
)

# The gateway talks of leads, runtime/reconciling.py of the nightly comparison; runtime/temporal.py connects, the
# container keeps the connection for the worker.
CLIENT_HOLDERS = (
    "runtime/gateway.py",
    "runtime/reconciling.py",
    "runtime/temporal.py",
    "runtime/container.py",
    "runtime/embedded/",
    "worker.py",
    "bench/",
    "simulator/",
)
BANNED_EVERYWHERE = {
    "httpx": "unmaintained; use httpx2",
    "worker": "a process, not a library; move what is wanted into runtime",
}
SOURCE_OF_RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]

# One line that breaks each contract of pyproject.toml, and the module it is planted in.
BREACHES = {
    "layers": ("domain/planted.py", "import policy"),
    "pure": ("policy/planted.py", "from uuid import UUID"),
    "domain-alone": ("domain/planted.py", "from zoneinfo import ZoneInfo"),
    "no-vendor-inside": ("activities/planted.py", "import twilio.rest"),
    "no-policy-in-workflows": ("workflows/planted.py", "from policy import planted"),
    "adapters-apart": ("adapters/slack.py", "from adapters.twilio import planted"),
    "adapters-protected": ("api/planted.py", "import adapters.slack"),
    "temporal-inside": ("api/planted.py", "from temporalio.client import Client"),
    "nothing-imports-doubles": ("runtime/planted.py", "import simulator"),
}


def banned(source: Module) -> list[str]:
    return [
        f"{source.at(node)}: imports {name}: {why}"
        for node, name in imported(source)
        for top, why in BANNED_EVERYWHERE.items()
        if below(name, top)
    ]


def client_outside_its_holders(source: Module) -> list[str]:
    if source.path.startswith(CLIENT_HOLDERS):
        return []
    return [
        f"{source.at(node)}: {name}: only runtime/gateway.py talks to Temporal; runtime/temporal.py connects"
        for node, name in imported(source)
        if below(name, "temporalio.client")
    ]


def test_nobody_imports_the_worker_or_httpx() -> None:
    clean(everywhere(banned, modules()))


def test_only_the_gateway_uses_the_temporal_client() -> None:
    clean(everywhere(client_outside_its_holders, modules(*CODE)))


def test_a_banned_import_is_noticed_in_each_of_its_forms() -> None:
    for line in ("import worker", "from worker import main", "import httpx", "from httpx import AsyncClient"):
        assert about(banned, line, "api/app.py") != [], line
    assert about(banned, "import httpx2\nfrom temporalio.worker import Worker", "runtime/container.py") == []


def test_a_temporal_client_in_the_wrong_place_is_noticed() -> None:
    for line in ("import temporalio.client", "from temporalio.client import Client", "from temporalio import client"):
        assert about(client_outside_its_holders, line, "runtime/dispatch.py") != [], line
        assert about(client_outside_its_holders, line, "runtime/gateway.py") == [], line
    assert about(client_outside_its_holders, "from temporalio import workflow", "workflows/lead.py") == []


def test_each_package_is_installed_and_under_the_contracts() -> None:
    here = {entry.name for entry in ROOT.iterdir() if (entry / "__init__.py").is_file()} - {"bench", "tests"}
    assert here <= set(PACKAGES), "a new top-level package: name it in tests/architecture/source.py"
    assert here <= set(SOURCE_OF_RULES["importlinter"]["root_packages"]), "import-linter does not look at it"
    assert here <= set(SOURCE_OF_RULES["setuptools"]["packages"]["find"]["include"]), "it would not be installed"


def test_each_contract_has_a_breach_to_prove_it() -> None:
    assert {contract["id"] for contract in SOURCE_OF_RULES["importlinter"]["contracts"]} == set(BREACHES)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty rooms under the real contracts."""
    root = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", root)
    for package in SOURCE_OF_RULES["importlinter"]["root_packages"]:
        (root / package).mkdir()
        (root / package / "__init__.py").touch()
        (root / package / "planted.py").touch()
    (root / "adapters/slack.py").touch()
    (root / "adapters/twilio").mkdir()
    (root / "adapters/twilio/__init__.py").touch()
    (root / "adapters/twilio/planted.py").touch()
    return root


def contract_holds(root: Path, contract: str) -> bool:
    # PYTHONPATH puts the house, and not this checkout, first.
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo", "--contract", contract],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in run.stdout, run.stdout + run.stderr
    return run.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_breaks_its_contract(house: Path, contract: str) -> None:
    where, line = BREACHES[contract]
    assert contract_holds(house, contract)
    planted = house / where
    planted.write_text(line + "\n", encoding="utf-8")
    try:
        assert not contract_holds(house, contract)
    finally:
        planted.write_text("", encoding="utf-8")

"""The files that start Baton: that the compose file keeps its promises without an engine, and can not drift from the
settings, the search attributes and the example it is filled in from."""

import re
import subprocess
import sys
from pathlib import Path
from typing import TypeAlias

import pytest
from ruamel.yaml import YAML

from runtime.settings import Settings
from tests.architecture.source import ROOT

Compose: TypeAlias = dict[str, "Compose"] | list["Compose"] | str | int | bool | None
COMPOSE = ROOT / "docker-compose.yml"
# Names whose value is a secret wherever it is set.
SECRET = re.compile(r"PASSWORD|_PWD$|TOKEN|SECRET|_KEY$|DATABASE_URL")
REFERENCE = re.compile(r"\$\{(?P<name>\w+)(?P<sign>:?[-?])?(?P<rest>[^}]*)\}")
OLDEST_SAFE_SERVER = (1, 30, 3)
PREFIX = "BATON_"
OPTIONAL = {"BATON_ENRICHMENT_KEY"}
# Vendors' addresses are for the simulator, and the compose file has a Temporal of its own, without keys.
BY_HAND_ONLY = {"BATON_EMBEDDED", "BATON_TEMPORAL_API_KEY", "BATON_FAILPOINTS"}


def parsed(text: str) -> dict[str, dict[str, Compose]]:
    """The services of a compose file, merge keys resolved."""
    services: dict[str, dict[str, Compose]] = YAML(typ="safe").load(text)["services"]
    return services


def environment(service: dict[str, Compose]) -> dict[str, str]:
    return {name: str(value) for name, value in mapping(service.get("environment")).items()}


def sequence(value: Compose) -> list[Compose]:
    return value if isinstance(value, list) else []


def mapping(value: Compose) -> dict[str, Compose]:
    return value if isinstance(value, dict) else {}


def _is_asked_for(name: str, reference: re.Match[str]) -> bool:
    """Without it nothing starts; or it is one that may be left out, and is empty then."""
    may_be_empty = name in OPTIONAL and (reference["sign"], reference["rest"]) == (":-", "")
    return reference["sign"] == ":?" or may_be_empty


def secrets_with_a_default(services: dict[str, dict[str, Compose]]) -> list[str]:
    """Secrets that are written into the file or that start without being set."""
    found = []
    for service, definition in services.items():
        for name, value in environment(definition).items():
            if not SECRET.search(name):
                continue
            references = list(REFERENCE.finditer(value))
            if not references or not all(_is_asked_for(name, reference) for reference in references):
                found.append(f"{service}: {name}")
    return found


def published(services: dict[str, dict[str, Compose]]) -> list[str]:
    """Each port that leaves the compose network, as `service host:port`."""
    return [
        f"{service} {port}" for service, definition in services.items() for port in sequence(definition.get("ports"))
    ]


def unpinned(services: dict[str, dict[str, Compose]]) -> list[str]:
    images = {str(definition["image"]) for definition in services.values()}
    return sorted(image for image in images if not re.search(r":(\d[\w.-]*|local)$", image))


def settings(required: bool) -> set[str]:
    """Environment variables that Baton reads; only those without a default if `required`."""
    fields = Settings.model_fields.items()
    return {PREFIX + name.upper() for name, field in fields if field.is_required() or not required}


def unknown_settings(services: dict[str, dict[str, Compose]], known: set[str]) -> list[str]:
    ours = [name for service in ("migrate", "api", "worker") for name in environment(services[service])]
    return sorted({name for name in ours if name.startswith(PREFIX)} - known)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Compose]]:
    return parsed(COMPOSE.read_text(encoding="utf-8"))


def test_the_compose_file_keeps_its_specification() -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    run = subprocess.run(
        [tool, "--builtin-schema", "vendor.compose-spec", COMPOSE], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_part_of_the_house_is_a_service(services: dict[str, dict[str, Compose]]) -> None:
    assert {"postgres", "temporal", "temporal-ui", "migrate", "api", "worker"} <= set(services)


def test_no_secret_has_a_default(services: dict[str, dict[str, Compose]]) -> None:
    assert secrets_with_a_default(services) == []


def test_only_the_api_and_the_ui_are_published_and_only_on_loopback(services: dict[str, dict[str, Compose]]) -> None:
    ports = published(services)
    assert {port.split()[0] for port in ports} == {"api", "temporal-ui"}
    assert [port for port in ports if "127.0.0.1:" not in port or "7233" in port] == []


def test_images_are_pinned_and_temporal_is_past_its_holes(services: dict[str, dict[str, Compose]]) -> None:
    assert unpinned(services) == []
    for service in ("temporal", "temporal-schema", "temporal-namespace"):
        version = str(services[service]["image"]).rsplit(":", 1)[1]
        assert tuple(map(int, version.split("."))) >= OLDEST_SAFE_SERVER, service


def test_what_others_wait_for_can_be_waited_for(services: dict[str, dict[str, Compose]]) -> None:
    for service, definition in services.items():
        for target, wait in mapping(definition.get("depends_on")).items():
            condition = mapping(wait).get("condition")
            if condition == "service_healthy":
                assert "healthcheck" in services[target], f"{service} waits for the health of {target}"
            else:
                assert condition == "service_completed_successfully", f"{service} on {target}"
        assert definition.get("restart"), service


def test_each_setting_in_the_compose_file_exists(services: dict[str, dict[str, Compose]]) -> None:
    assert unknown_settings(services, settings(required=False)) == []


def test_the_compose_file_passes_on_whatever_can_be_set(services: dict[str, dict[str, Compose]]) -> None:
    ours = {name for name in settings(required=False) if not name.endswith("_BASE_URL")} - BY_HAND_ONLY
    for service in ("migrate", "api", "worker"):
        assert ours - set(environment(services[service])) == set(), service


def test_the_compose_file_sets_what_has_no_default(services: dict[str, dict[str, Compose]]) -> None:
    for service in ("migrate", "api", "worker"):
        assert settings(required=True) - set(environment(services[service])) == set(), service


def test_the_example_names_each_variable_once() -> None:
    wanted = {reference["name"] for reference in REFERENCE.finditer(COMPOSE.read_text(encoding="utf-8"))}
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(example) == sorted(wanted)
    mentioned = re.findall(r"^#? ?(BATON_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    told = re.findall(r"`(BATON_[A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(told) <= set(mentioned), "README names a variable that .env.example doesn't"
    assert not re.search(
        r"^\w*(PASSWORD|TOKEN|SECRET|KEY)=\S", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_the_namespace_gets_the_search_attributes_workflows_use() -> None:
    script = (ROOT / "deploy/temporal/namespace.sh").read_text(encoding="utf-8")
    names = (ROOT / "workflows/names.py").read_text(encoding="utf-8")
    declared = re.findall(r"SearchAttributeKey\.for_(\w+)\(\"(\w+)\"\)", names)
    assert sorted(re.findall(r"^(Lead\w+) (\w+)$", script, re.MULTILINE)) == sorted(
        (name, kind.title()) for kind, name in declared
    )


def test_shell_scripts_parse() -> None:
    for script in (".ci/run", "deploy/postgres-roles.sh", "deploy/temporal/schema.sh", "deploy/temporal/namespace.sh"):
        run = subprocess.run(["bash", "-n", ROOT / script], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert (ROOT / script).stat().st_mode & 0o111, f"{script} is not executable"


def test_a_secret_in_the_file_is_noticed() -> None:
    for value in ("hunter2", "${TOKEN:-hunter2}", "${TOKEN}", "${TOKEN-}"):
        assert secrets_with_a_default({"api": {"environment": {"BATON_SLACK_TOKEN": value}}}) != [], value
    assert secrets_with_a_default({"api": {"environment": {"BATON_SLACK_TOKEN": "${TOKEN:?the bot token}"}}}) == []


def test_an_open_port_and_a_moving_image_are_noticed() -> None:
    text = "services:\n  temporal:\n    image: temporalio/server:latest\n    ports: ['7233:7233']\n"
    assert published(parsed(text)) == ["temporal 7233:7233"]
    assert unpinned(parsed(text)) == ["temporalio/server:latest"]
    assert unpinned({"x": {"image": "postgres"}}) == ["postgres"]


def test_a_setting_nobody_reads_is_noticed() -> None:
    ours: dict[str, dict[str, Compose]] = {
        service: {"environment": {"BATON_TENANT": "x", "BATON_TENNANT": "x", "PATH": "x"}}
        for service in ("migrate", "api", "worker")
    }
    assert unknown_settings(ours, settings(required=False)) == ["BATON_TENNANT"]
    assert "BATON_TENANT" not in settings(required=True)
    assert "BATON_DATABASE_URL" in settings(required=True)

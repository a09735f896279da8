"""Rules that single decisions rest on: no personal data in reach of a workflow, no touch as a local activity, no start
that can be lost, no judgement by the database's clock. The pages in docs/decisions name them."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.source import (
    CODE,
    ROOT,
    Module,
    about,
    called,
    clean,
    everywhere,
    files,
    imported,
    module,
    modules,
)

PERSONAL = re.compile(
    r"(^|_)(phone|e164|email|mail|address|postal_code|zip|first_name|last_name|full_name|company|title|body|message_text|ip|note)$|^(name|text|to)$"
)
NOT_PERSONAL = {"DeadLetter.name": "the name of the message that could not be read"}
CAN_BE_LOST = re.compile(r"update_with_start|UpdateWithStart")
BLIND_TRANSPORTS = ("TwilioHttpClient", "AsyncTwilioHttpClient")
STATEMENT = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()",
    re.IGNORECASE | re.DOTALL,
)
DATABASE_CLOCK = re.compile(
    r"\b(now\(\)|current_timestamp|current_date|localtimestamp|clock_timestamp\(\)|transaction_timestamp\(\))",
    re.IGNORECASE,
)
# Columns and leases that nothing is judged by, and the one place that turns the database's clock into a lead's.
BOOKKEEPING = re.compile(
    r"(recorded|received|tried|sending|settled|dispatched|claimed|ended)_|lease|heartbeat|clock_offset|o\.seconds",
    re.IGNORECASE,
)


def classes(sources: Iterable[Module]) -> dict[str, ast.ClassDef]:
    return {node.name: node for source in sources for node in source.tree.body if isinstance(node, ast.ClassDef)}


def words(node: ast.AST) -> set[str]:
    """The names an annotation or a type alias is made of."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {
        part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)
    }


def aliases(sources: Iterable[Module]) -> dict[str, set[str]]:
    """Type aliases: the names each stands for."""
    assigned: dict[str, set[str]] = {}
    for source in sources:
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                assigned[node.targets[0].id] = words(node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                assigned[node.target.id] = words(node.value)
    return assigned


def personal_fields(workflows: Iterable[Module], domain: tuple[Module, ...]) -> list[str]:
    """Fields that may hold personal data, in each domain class a workflow imports or reaches through other fields."""
    known, stands_for = classes(domain), aliases(domain)
    open_names = {
        name.rsplit(".", 1)[1] for source in workflows for _, name in imported(source) if name.startswith("domain.")
    }
    seen: set[str] = set()
    found: list[str] = []
    while open_names:
        name = open_names.pop()
        if name in seen:
            continue
        seen.add(name)
        open_names |= stands_for.get(name, set())
        if name in known:
            open_names |= {word for base in known[name].bases for word in words(base)}
            for field in known[name].body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    open_names |= words(field.annotation)
                    found += [f"{name}.{field.target.id}"] if PERSONAL.search(field.target.id) else []
    return sorted(field for field in found if field not in NOT_PERSONAL)


def start_that_can_be_lost(source: Module) -> list[str]:
    return [
        f"{source.at(node)}: {called(node)}: an admitted update lives in memory; use signal-with-start"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and CAN_BE_LOST.search(called(node))
    ]


def blind_transport(source: Module) -> list[str]:
    return [
        f"{source.at(node)}: {name}: ignores its timeout or starves the threads; adapters/twilio has its own"
        for node, name in imported(source)
        if name.rsplit(".", 1)[-1] in BLIND_TRANSPORTS
    ]


def sql_in_python(source: Module) -> list[str]:
    return [
        f"{source.at(node)}: SQL in Python; a named query in a .sql file"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.search(node.value)
    ]


def judged_by_the_database(path: str, text: str) -> list[str]:
    """Lines of a query that read the database's clock and are not bookkeeping."""
    lines = [(number, line.split("--")[0], line) for number, line in enumerate(text.splitlines(), 1)]
    return [
        f"{path}:{number}: the database's clock; take $now, or say that it is bookkeeping"
        for number, code, line in lines
        if DATABASE_CLOCK.search(code) and not BOOKKEEPING.search(line)
    ]


def bodies(migration: str) -> str:
    """What a migration's functions do, on the lines where it stands; defaults of columns are bookkeeping."""
    return "".join(part if inside % 2 else "\n" * part.count("\n") for inside, part in enumerate(migration.split("$$")))


def undescribed_migration(path: str, text: str) -> list[str]:
    """What a migration must say: dbmate's marks, and whether it runs before or after the new code."""
    marks = ("-- migrate:up", "-- migrate:down")
    missing = [f"{path}: no line '{mark}'" for mark in marks if mark not in text]
    said = re.search(r"^--.*\b(before|after)\b.*\bcode\b", text, re.IGNORECASE | re.MULTILINE)
    return missing + ([] if said else [f"{path}: say in a comment whether it runs before or after the new code"])


def sql_files() -> list[tuple[str, str]]:
    found = [path for path in files() if path.suffix == ".sql"]
    return [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in found]


def is_migration(path: str) -> bool:
    return "migrations" in Path(path).parts


def test_no_personal_data_is_in_reach_of_a_workflow() -> None:
    clean(personal_fields(modules("workflows"), modules("domain")))


def test_no_lead_starts_in_a_way_that_can_be_lost() -> None:
    clean(everywhere(start_that_can_be_lost, modules(*CODE)))


def test_twilio_is_spoken_over_our_own_transport() -> None:
    clean(everywhere(blind_transport, modules(*CODE)))


def test_sql_lives_in_sql() -> None:
    clean(everywhere(sql_in_python, modules(*set(CODE) - {"bench", "simulator"})))


def test_no_query_judges_by_the_database_clock() -> None:
    queries = [(path, text if not is_migration(path) else bodies(text)) for path, text in sql_files()]
    clean(complaint for path, text in queries for complaint in judged_by_the_database(path, text))


def test_each_migration_says_when_it_runs() -> None:
    migrations = [(path, text) for path, text in sql_files() if is_migration(path)]
    clean(complaint for path, text in migrations for complaint in undescribed_migration(path, text))


def test_personal_data_behind_two_classes_and_an_alias_is_noticed() -> None:
    domain = module(
        "domain/lead.py",
        "class Person:\n    phone: str\n\nclass Base:\n    who: Person\n\nclass Reply(Base):\n    at: int\n\n"
        "AnyNews = Annotated[Reply, 1]\n\nclass Lead:\n    news: tuple[AnyNews, ...]\n\n"
        "class Inquiry:\n    email: str\n",
    )
    workflow = module("workflows/lead.py", "from domain.lead import Lead\n")
    assert personal_fields([workflow], (domain,)) == ["Person.phone"]
    assert personal_fields([module("workflows/names.py", "import temporalio\n")], (domain,)) == []


def test_a_start_that_can_be_lost_is_noticed() -> None:
    assert about(start_that_can_be_lost, "client.execute_update_with_start_workflow(x)") != []
    assert about(start_that_can_be_lost, "client.start_workflow(x, start_signal='inquiry')") == []


def test_a_blind_transport_is_noticed() -> None:
    assert about(blind_transport, "from twilio.http.http_client import TwilioHttpClient") != []
    assert about(blind_transport, "from twilio.http import AsyncHttpClient") == []


def test_sql_in_python_is_noticed() -> None:
    for text in (
        "select id from lead where x",
        "INSERT INTO lead values ($1)",
        "update lead set x = 1",
        "with x as (y) z",
    ):
        assert about(sql_in_python, f"q = {text!r}") != [], text
    for text in ("select 1", "Select the lead", "updates the lead", "delete it"):
        assert about(sql_in_python, f"q = {text!r}") == [], text


def test_the_database_clock_is_noticed() -> None:
    assert judged_by_the_database("q.sql", "where at < now()") != []
    assert judged_by_the_database("q.sql", "where day = CURRENT_DATE") != []
    assert judged_by_the_database("q.sql", "set recorded_at = now()\nwhere at < $now -- never now()") == []
    function = "create table x (at timestamptz default now());\ncreate function f() as $$\nselect now()\n$$;\n"
    assert judged_by_the_database("m.sql", bodies(function)) == [
        "m.sql:3: the database's clock; take $now, or say that it is bookkeeping"
    ]


def test_a_silent_migration_is_noticed() -> None:
    good = "-- Runs before the new code.\n-- migrate:up\ncreate table x ();\n-- migrate:down\ndrop table x;\n"
    assert undescribed_migration("1.sql", good) == []
    assert undescribed_migration("1.sql", good.replace("before", "beside")) != []
    assert undescribed_migration("1.sql", good.replace("-- migrate:down\n", "")) != []

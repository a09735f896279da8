"""Reps as they stand, in a CSV file, for a simulation. Reads only; names each bad cell with its row and column."""

from pathlib import Path

from domain.errors import BadInput
from domain.facts import RepLoad
from policy.load import LoadedPolicy
from policy.problems import near
from runtime.sheets import NOT_JUDGED, Columns, Problems, Sheet, shown

_AS_COLUMNS = Columns(("handle", "away", "open_leads"), needs="handle")
_YES, _NO = ("yes", "true"), ("", "no", "false")


def staff_in(path: Path, loaded: LoadedPolicy) -> tuple[RepLoad, ...]:
    """The reps of a file; of the team, who isn't named has nothing open. Raises BadInput with every problem."""
    problems, found = Problems(path.name, NOT_JUDGED), dict[str, tuple[int, RepLoad]]()
    sheet = Sheet(path, _AS_COLUMNS, problems)
    for row, cells in sheet.rows():
        handle, load = cells["handle"], _load(cells, row, loaded, problems)
        if handle in found:
            problems.add(row, "handle", f"{shown(handle)} is in row {found[handle][0]} already")
        found.setdefault(handle, (row, load))
    problems.refuse()
    if not found:
        raise BadInput(f"{path.name} names no rep: there is no row below its columns. {NOT_JUDGED}")
    return tuple(load for _, load in found.values())


def _load(cells: dict[str, str], row: int, loaded: LoadedPolicy, problems: Problems) -> RepLoad:
    handle, away, count = (cells.get(name, "") for name in _AS_COLUMNS.known)
    if loaded.policy.rep(handle) is None:
        meant = near(handle, [rep.handle for rep in loaded.policy.team])
        hint = f"; did you mean “{meant}”?" if meant else ""
        problems.add(row, "handle", f"{shown(handle)} is nobody of the policy's team{hint}")
    if away.lower() not in (*_YES, *_NO):
        problems.add(row, "away", f"{shown(away)} is neither yes nor no")
    if not (count or "0").isdecimal() or not count.isascii() or len(count) > 6:
        problems.add(row, "open_leads", f"{shown(count)} is no number of leads; write for example 3")
        count = "0"
    return RepLoad(rep=handle, away=away.lower() in _YES, open_leads=int(count or "0"))

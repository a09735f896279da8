"""Makes adapters/phone_zones.json: for each US area code and state, the time zones its ZIP codes lie in. Run by hand,
`python deploy/phone_zones.py`, after the package zipcodes was upgraded.

libphonenumber alone misses a zone for about 25 area codes (Orlando's 689 is only America/Chicago there), so both are
used. ZIP data: GeoNames, CC BY 4.0, through the package zipcodes. It lags behind: area codes that it doesn't have yet
are those of the state that libphonenumber's geocoding names (Apache 2.0), which is too large for a worker to load.
"""

import json
from collections import Counter, defaultdict
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from zoneinfo import available_timezones

import phonenumbers
import us
import zipcodes
from phonenumbers import geocoder
from phonenumbers.timezone import time_zones_for_number

MADE_ON = "2026-11-28"
"""The day of the last run; set it with the next one."""
ADAPTERS = Path(__file__).parent.parent / "adapters"
TABLE, ZIPS = ADAPTERS / "phone_zones.json", ADAPTERS / "zip_zones.json"
AREA_CODE_SHARE = 0.05
"""A zone with fewer of an area code's ZIP codes is left out: the package counts neighbours too."""
STATE_SHARE = 0.01
MOSTLY = 0.05
"""A zone with fewer of a state's ordinary ZIP codes (no boxes, no firms' own) is left out where an area code of that
state is known besides."""
ZONES = available_timezones()
AMERICAN = ("US", "AS", "GU", "MP", "PR", "VI")


def main() -> None:
    """Write the table, sorted, so that a new one shows its differences."""
    zones: defaultdict[str, Counter[str]] = defaultdict(Counter)
    states: defaultdict[str, Counter[str]] = defaultdict(Counter)
    lived_in: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in zipcodes.list_all():
        if row["timezone"] not in ZONES:
            continue
        zones[row["state"]][row["timezone"]] += 1
        lived_in[row["state"]][row["timezone"]] += row["zip_code_type"] == "STANDARD"
        for code in filter(_is_american, row["area_codes"]):
            zones[code][row["timezone"]] += 1
            states[code][row["state"]] += 1
    codes = {
        code: [found.most_common(1)[0][0], *_shares(zones[code], AREA_CODE_SHARE)] for code, found in states.items()
    }
    codes |= _newer(codes)
    regions = {name: _shares(zones[name], STATE_SHARE) for name in zones if name.isalpha()}
    mostly = {name: _shares(lived_in[name], MOSTLY) for name in regions if lived_in[name].total()}
    newer = f"area codes newer than those: libphonenumber {version('phonenumbers')}, Apache 2.0"
    made_from = f"zipcodes {version('zipcodes')}: GeoNames, CC BY 4.0; {newer}; made on {MADE_ON}"
    tables = {"area_codes": codes, "states": regions, "states_mostly": mostly}
    parts = (f'"made_from": "{made_from}"', *(f'"{name}": {_rows(table)}' for name, table in tables.items()))
    TABLE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    source = f"zipcodes {version('zipcodes')}: GeoNames, CC BY 4.0; made on {MADE_ON}"
    zips = f'"made_from": "{source}",\n"zip_codes": {_rows(_zip_codes())}'
    ZIPS.write_text("{\n" + zips + "\n}\n", encoding="utf-8")


def _zip_codes() -> dict[str, list[str]]:
    """ZIP codes by where they are, "zone state": each code, or the first and the last of a run without a gap."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in zipcodes.list_all():
        if row["country"] in AMERICAN and row["timezone"] in ZONES:
            found[f"{row['timezone']} {row['state']}"].add(int(row["zip_code"]))
    return {where: [_run(run) for run in _runs(sorted(codes))] for where, codes in found.items()}


def _runs(codes: list[int]) -> list[list[int]]:
    keyed = groupby(enumerate(codes), key=lambda each: each[1] - each[0])
    return [[code for _, code in run] for _, run in keyed]


def _run(codes: list[int]) -> str:
    return f"{codes[0]:05d}" if len(codes) == 1 else f"{codes[0]:05d}-{codes[-1]:05d}"


def _newer(codes: dict[str, list[str]]) -> dict[str, list[str]]:
    named = {each.name: each.abbr for each in (*us.STATES_AND_TERRITORIES, us.states.DC)}
    found: dict[str, list[str]] = {}
    for code in (str(number) for number in range(200, 1000) if str(number) not in codes):
        number = phonenumbers.parse(f"+1{code}5550123")
        told = geocoder.description_for_number(number, "en").rpartition(", ")[2]  # "Florida", or "Palm Beach, FL"
        state = named.get(told, told)
        if _is_american(code) and state in named.values():
            found[code] = [state, *sorted(time_zones_for_number(number))]
    return found


def _rows(table: dict[str, list[str]]) -> str:
    rows = (f'"{key}": {json.dumps(table[key])}' for key in sorted(table))
    return "{\n " + ",\n ".join(rows) + "\n}"


def _is_american(code: str) -> bool:
    number = phonenumbers.parse(f"+1{code}5550123")
    return phonenumbers.region_code_for_number(number) in AMERICAN


def _shares(counted: Counter[str], least: float) -> list[str]:
    return sorted(zone for zone, count in counted.items() if count / counted.total() >= least)


if __name__ == "__main__":
    main()

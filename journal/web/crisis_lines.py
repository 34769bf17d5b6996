"""Listening lines by country, from ``crisis.toml``, and which country a visitor most likely is in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("crisis.toml")
OLD_AFTER: Final = timedelta(days=365)
# A language and a region, as browsers name them: "de-AT", "zh-Hant-TW".
REGION: Final = re.compile(r"^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})$", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One organisation to turn to, and where it says so itself."""

    name: str
    page: str
    entered: date
    by: str = ""
    call: tuple[str, ...] = ()
    text: str = ""
    word: str = ""  # what to write in a first text message
    menu: str = ""  # what to ask for, where the line is a general one
    audience: str = ""  # "young" or "english"; empty for everybody
    checked: date | None = None

    @property
    def seen(self) -> date:
        """The day on which somebody last stood for it."""
        return self.checked or self.entered

    def is_old(self, today: date) -> bool:
        return today - self.seen > OLD_AFTER

    @property
    def dialled(self) -> list[tuple[str, str]]:
        """Each number as it is written and as a telephone takes it."""
        return [(number, dial(number)) for number in self.call]

    @property
    def text_to(self) -> str:
        return dial(self.text)


@dataclass(frozen=True)
class Country:
    code: str
    name: str
    emergency: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Book:
    """Every country of the world by code, those without lines of their own too."""

    countries: Mapping[str, Country]
    directories: tuple[Line, ...] = field(default=())

    def all_lines(self) -> Iterator[Line]:
        for country in self.countries.values():
            yield from country.lines
        yield from self.directories


@cache
def book() -> Book:
    """What the file says. A mistake in it is an error at once, with its place."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = _names()
    if unknown := set(found["countries"]) - names.keys():
        raise ValueError(f"crisis.toml names countries that there aren't: {', '.join(sorted(unknown))}")
    countries = {code: _country(code, name, found["countries"].get(code, {})) for code, name in names.items()}
    return Book(countries, tuple(_line(raw) for raw in found["directories"]))


def _country(code: str, name: str, raw: Mapping[str, Any]) -> Country:
    return Country(code, name, tuple(raw.get("emergency", ())), tuple(_line(line) for line in raw.get("lines", ())))


def _line(raw: Mapping[str, Any]) -> Line:
    values = dict(raw)
    return Line(audience=values.pop("for", ""), call=tuple(values.pop("call", ())), **values)


def dial(number: str) -> str:
    """Digits and * alone, as a ``tel:`` address wants them."""
    return re.sub(r"[^\d*#+]", "", number)


def country_of_zone(zone: str) -> str:
    """The code of the country that a time zone lies in; empty where it lies in none or we don't know it."""
    return _zones().get(zone, "")


def country_of_languages(accepted: str) -> str:
    """The first region that a browser's Accept-Language names, in its order; a language alone is no country."""
    for part in accepted.split(","):
        if (found := REGION.match(part.partition(";")[0].strip())) and found[1].upper() in book().countries:
            return found[1].upper()
    return ""


@cache
def _names() -> dict[str, str]:
    """ISO 3166 codes and English names, by name."""
    rows = dict(row.split("\t")[:2] for row in _table("iso3166.tab"))
    rows["GB"] = "United Kingdom"  # the table calls it "Britain (UK)", where nobody looks for it
    return dict(sorted(rows.items(), key=lambda row: row[1]))


@cache
def _zones() -> dict[str, str]:
    """Country by zone; by its older names too, which browsers still use ("Asia/Calcutta")."""
    found = {row.split("\t")[2]: row.split("\t")[0] for row in _table("zone.tab")}
    links = (row.split() for row in _table("tzdata.zi") if row.startswith("L "))
    # Names without a region ("Iceland") may be linked to another country's clock.
    older = {name: found[zone] for _link, zone, name in links if "/" in name and zone in found}
    return older | found


def _table(name: str) -> list[str]:
    """A table of the time zone database, without its comments."""
    text = resources.files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return [row for row in text.splitlines() if row and not row.startswith("#")]

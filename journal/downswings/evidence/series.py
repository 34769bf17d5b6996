"""A file of days, CSV or TSV, daily or several times a day -> each person's days in order.

- Several rows of a day, also rows that repeat each other, are one day: their mean. Rows may come in any order.
- A date is ``YYYY-MM-DD``, or a date and a time; with a time, a night before 04:00 belongs to the day before. The clock
  is taken as written, so neither a change of zone nor a lost summer-time hour moves a row to another day.
- A row whose value is empty or ``NA`` is an answer that wasn't given and is left out, whatever date it has. Every other
  value must be a finite number.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import fsum, isfinite
from pathlib import Path

from journal.downswings.chart import Scale
from journal.downswings.offsets import Day

DAY_START = time(4)  # downswings.md, "The chart", step 2
NOT_GIVEN = ("", "NA")
LARGEST = 1e100  # whose square is still a number


class BadSeries(ValueError):
    """A file that can't be read as days; the message names the row and is meant for a person."""


@dataclass(frozen=True)
class Columns:
    date: str = "date"
    value: str = "valence"
    person: str | None = None


def read_series(path: Path, columns: Columns, scale: Scale | None = None) -> dict[str, list[Day]]:
    """Days by person, in the file's order of people; everybody is ``""`` without a person column.

    Somebody who never gave an answer has no days. Raises ``BadSeries``.
    """
    people: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for who, answer in _rows(path, columns, scale):
        days = people[who]
        if answer:
            days[answer[0]].append(answer[1])
    return {who: [_mean(when, days[when]) for when in sorted(days)] for who, days in people.items()}


def _mean(when: date, values: list[float]) -> Day:
    return Day(when, fsum(values) / len(values))


def _rows(path: Path, columns: Columns, scale: Scale | None) -> Iterator[tuple[str, tuple[date, float] | None]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=_delimiter(file.readline()), strict=True)
            file.seek(0)
            _need(columns, reader.fieldnames)
            for number, row in enumerate(reader, start=1):
                where = f"Row {number} (line {reader.line_num})"
                yield _row(row, columns, scale, where)
    except OSError as error:
        raise BadSeries(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise BadSeries(f"{path} is not text in UTF-8.") from None
    except csv.Error as error:
        raise BadSeries(f"{path} is not a table: {error}.") from error


def _delimiter(header: str) -> str:
    return max("\t,;", key=header.count)


def _need(columns: Columns, names: object) -> None:
    present = list(names) if isinstance(names, list | tuple) else []
    if not present:
        raise BadSeries("The file is empty: its first line must name the columns.")
    for name in (columns.date, columns.value, columns.person):
        if name is not None and name not in present:
            raise BadSeries(f"There is no column {name!r}. The columns are: {', '.join(present)}.")
        if name is not None and present.count(name) > 1:
            raise BadSeries(f"There are {present.count(name)} columns {name!r}.")


def _row(
    row: dict[str, str | None], columns: Columns, scale: Scale | None, where: str
) -> tuple[str, tuple[date, float] | None]:
    if None in row:
        raise BadSeries(f"{where} has more values than there are columns. Numbers are written with a point: 0.5.")
    cells = {name: row.get(name) for name in (columns.date, columns.value, columns.person) if name}
    for name, cell in cells.items():
        if cell is None:
            raise BadSeries(f"{where} ends before the column {name!r}.")
    who = (cells[columns.person] or "").strip() if columns.person else ""
    if columns.person and not who:
        raise BadSeries(f"{where} names nobody in the column {columns.person!r}.")
    value = _value(cells[columns.value] or "", scale, where)
    return who, None if value is None else (_day(cells[columns.date] or "", where), value)


def _day(text: str, where: str) -> date:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadSeries(f"{where}: {text!r} is no date like 2026-03-14.") from None
    with_time = len(text.strip()) > len("2026-03-14")
    night = with_time and moment.time() < DAY_START and moment.date() > date.min
    return moment.date() - timedelta(days=1) if night else moment.date()


def _value(text: str, scale: Scale | None, where: str) -> float | None:
    if text.strip() in NOT_GIVEN:
        return None
    try:
        value = float(text.replace("_", "?"))  # Python's own 1_000 is nobody else's number
    except ValueError:
        raise BadSeries(f"{where}: {text!r} is no number.") from None
    if not isfinite(value):
        raise BadSeries(f"{where}: {text.strip()!r} is no finite number.")
    if abs(value) > LARGEST:
        raise BadSeries(f"{where}: {text.strip()!r} is too large to reckon with.")
    if scale and not scale[0] <= value <= scale[1]:
        raise BadSeries(f"{where}: {value:g} is outside the scale {scale[0]:g} to {scale[1]:g}.")
    return value

"""``manage.py backtest_downswings``: a file of past days in, states and flags out, and kind words for bad files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from journal.downswings.evidence.backtest import poisson_interval

FIRST = date(2024, 1, 1)
WAVE = (20, -10, 5, -20, 10, -5, 0)
DATA = pytest.mark.skipif("MOODTIDE_DATA" not in os.environ, reason="MOODTIDE_DATA does not name the data folder")


def days(count: int, drop_from: int = 10_000) -> list[tuple[str, float]]:
    return [((FIRST + timedelta(n)).isoformat(), WAVE[n % 7] - (60 if n >= drop_from else 0)) for n in range(count)]


def write(path: Path, rows: list[tuple[Any, ...]], header: str = "date,valence", end: str = "\n") -> Path:
    comma = next(mark for mark in "\t;," if mark in header)
    path.write_text(end.join([header, *(comma.join(map(str, row)) for row in rows)]) + end, encoding="utf-8")
    return path


def backtest(path: Path, *options: str) -> Any:
    out = StringIO()
    call_command("backtest_downswings", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def words(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("backtest_downswings", str(path), *options, stdout=out)
    return out.getvalue()


def test_json_has_one_entry_an_observed_day_and_the_flags(tmp_path: Path) -> None:
    found = backtest(write(tmp_path / "a.csv", days(80, drop_from=60)), "--scale", "-100", "100")
    assert set(found) == {"days", "flags"}
    assert len(found["days"]) == 80
    assert found["days"][0] == {"date": "2024-01-01", "state": "calibrating", "z": None, "limit": None, "flag": False}
    assert [day["date"] for day in found["days"] if day["flag"]] == found["flags"]
    assert len(found["flags"]) == 1
    flagged = next(day for day in found["days"] if day["flag"])
    assert flagged["state"] == "low"
    assert flagged["z"] < flagged["limit"] < 0
    assert "2024-03-01" <= flagged["date"] <= "2024-03-06"


def test_people_have_a_chart_each(tmp_path: Path) -> None:
    rows = [(who, *day) for day in days(80, drop_from=60) for who in ("ada", "bea")]
    rows = [(who, when, value if who == "ada" else 0) for who, when, value in rows]
    path = write(tmp_path / "a.tsv", rows, header="id\tdate\tvalence")
    found = backtest(path, "--person-column", "id")["people"]
    alone = backtest(write(tmp_path / "ada.csv", days(80, drop_from=60)))
    assert found["ada"] == alone
    assert found["bea"]["flags"] == []
    assert "1 of 2 people: no flag." in words(path, "--person-column", "id")


def test_several_answers_a_day_in_any_order_are_their_mean(tmp_path: Path) -> None:
    once = backtest(write(tmp_path / "a.csv", days(50)))
    often = [(when, value + more) for when, value in days(50) for more in (-3, 3)]
    assert backtest(write(tmp_path / "b.csv", often[::-1])) == once


@pytest.mark.parametrize("header", ["when;how", "when\thow", "when,how", "\ufeffwhen,how"])
def test_tables_come_with_all_kinds_of_commas_and_names(tmp_path: Path, header: str) -> None:
    path = write(tmp_path / "a", days(40), header=header, end="\r\n")
    found = backtest(path, "--date-column", "when", "--value-column", "how")
    assert len(found["days"]) == 40


def test_a_night_belongs_to_the_day_before_by_the_clock_as_written(tmp_path: Path) -> None:
    # On 31 March 2024 Berlin had no 02:30, and the zone changed.
    times = ("2024-03-31T02:30:00", "2024-03-31 03:59:59+02:00", "2024-03-31T04:00:00Z", "2024-03-31")
    rows = [(when, 1) for when in times]
    found = backtest(write(tmp_path / "a.csv", rows))
    assert [day["date"] for day in found["days"]] == ["2024-03-30", "2024-03-31"]


def test_answers_not_given_are_left_out(tmp_path: Path) -> None:
    rows = [*days(30), ("2024-02-01", "NA"), ("2024-02-02", ""), ("NA", "NA")]
    assert len(backtest(write(tmp_path / "a.csv", rows))["days"]) == 30


def test_no_rows_one_value_and_equal_values_are_calm(tmp_path: Path) -> None:
    assert backtest(write(tmp_path / "a.csv", [])) == {"days": [], "flags": []}
    assert backtest(write(tmp_path / "a.csv", days(1)))["days"][0]["state"] == "calibrating"
    equal = backtest(write(tmp_path / "a.csv", [(when, 0.1) for when, _ in days(400)]))
    assert equal["flags"] == []
    assert equal["days"][-1]["state"] == "usual"
    assert "Still getting to know" in words(write(tmp_path / "a.csv", days(20)))


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (("2024-03-01", "nan"), r"Row 31 \(line 32\): 'nan' is no finite number"),
        (("2024-03-01", "NaN"), r"Row 31 \(line 32\): 'NaN' is no finite number"),
        (("2024-03-01", "-inf"), r"Row 31 \(line 32\): '-inf' is no finite number"),
        (("2024-03-01", "1e999"), r"Row 31 \(line 32\): '1e999' is no finite number"),
        (("2024-03-01", "fine"), r"Row 31 \(line 32\): 'fine' is no number"),
        (("2024-03-01", "51"), r"Row 31 \(line 32\): 51 is outside the scale -50 to 50"),
        (("2024-02-30", "5"), r"Row 31 \(line 32\): '2024-02-30' is no date like"),
        (("13/08/12", "5"), r"Row 31 \(line 32\): '13/08/12' is no date like"),
        (("", "5"), r"Row 31 \(line 32\): '' is no date like"),
        (("2024-03-01",), r"Row 31 \(line 32\) ends before the column 'valence'"),
        (("2024-03-01", "1", "5"), r"Row 31 \(line 32\) has more values than there are columns"),
        (("2024-03-01", "1_0"), r"Row 31 \(line 32\): '1_0' is no number"),
        (("2024-03-01", "-1e200"), r"Row 31 \(line 32\): '-1e200' is too large"),
    ],
)
@pytest.mark.parametrize("output", [[], ["--json"]])
def test_a_bad_row_is_named(tmp_path: Path, bad: tuple[str, ...], message: str, output: list[str]) -> None:
    path = write(tmp_path / "a.csv", [*days(30), bad, *days(30)])
    out = StringIO()
    with pytest.raises(CommandError, match=message):
        call_command("backtest_downswings", str(path), "--scale", "-50", "50", *output, stdout=out)
    assert out.getvalue() == ""


def test_a_row_of_nobody_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [("a", "2024-01-01", 1), (" ", "2024-01-01", 1)], header="id,date,valence")
    with pytest.raises(CommandError, match=r"Row 2 \(line 3\) names nobody in the column 'id'"):
        backtest(path, "--person-column", "id")


def test_bad_files_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        backtest(tmp_path / "absent.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(CommandError, match="The file is empty"):
        backtest(tmp_path / "empty.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00,\x01")
    with pytest.raises(CommandError, match="not text in UTF-8"):
        backtest(tmp_path / "binary.csv")
    with pytest.raises(CommandError, match=r"no column 'mood'\. The columns are: date, valence"):
        backtest(write(tmp_path / "a.csv", days(3)), "--value-column", "mood")
    with pytest.raises(CommandError, match="There are 2 columns 'date'"):
        backtest(write(tmp_path / "a.csv", [(1, 2, 3)], header="date,date,valence"))
    with pytest.raises(CommandError, match="is not a table"):
        backtest(write(tmp_path / "a.csv", [("2024-01-01", '"3')]))
    with pytest.raises(CommandError, match="A scale is a lower number, then a higher one"):
        backtest(write(tmp_path / "a.csv", days(3)), "--scale", "50", "-50")
    with pytest.raises(CommandError, match="A scale is a lower number, then a higher one"):
        backtest(write(tmp_path / "a.csv", days(3)), "--scale", "0", "inf")


def test_flags_are_drawn_where_a_plot_is_asked_for(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="drawing is an extra")
    backtest(write(tmp_path / "a.csv", days(80, drop_from=60)), "--plot", str(tmp_path / "a.png"))
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_plot_that_cannot_be_drawn_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="drawing is an extra")
    path = write(tmp_path / "a.csv", days(3))
    for picture, message in ((tmp_path / "a.xyz", "xyz"), (tmp_path / "absent" / "a.png", "No such file")):
        with pytest.raises(CommandError, match=message):
            backtest(path, "--plot", str(picture))


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_json_is_alone_on_the_standard_output(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", days(40))
    arguments = ["manage.py", "backtest_downswings", str(path), "--json", "--plot", str(tmp_path / "a.png")]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)["days"]) == 40


def test_the_chart_is_plain_arithmetic() -> None:
    heavy = ("django", "numpy", "matplotlib")
    assert run(f"import sys, journal.downswings.chart; print(sorted(set(sys.modules) & set({heavy!r})))") == "[]"


def test_the_interval_is_close_to_the_exact_poisson_one() -> None:
    # Exact (Garwood 1936): 0 -> 3.689; 12 -> 6.201 to 20.962.
    assert poisson_interval(0, 1.0) == pytest.approx((0.0, 3.689), abs=0.05)
    assert poisson_interval(12, 1.0) == pytest.approx((6.201, 20.962), abs=0.02)


@pytest.mark.data
@DATA
def test_covidaffect_has_at_most_two_and_a_half_flags_an_observed_year() -> None:
    path = Path(os.environ["MOODTIDE_DATA"]) / "mood" / "0018_bailon_ts.tsv"
    people = backtest(path, "--person-column", "id", "--scale", "-50", "50")["people"]
    assert len(people) == 999
    monitored = sum(day["state"] != "calibrating" for found in people.values() for day in found["days"])
    assert sum(len(found["days"]) > 28 for found in people.values()) == 60
    assert sum(len(found["flags"]) for found in people.values()) / (monitored / 365.25) <= 2.5


@pytest.mark.data
@DATA
@pytest.mark.parametrize(
    ("name", "when", "value", "people"),
    [("0013_hoebeke_ts.tsv", "created", "negativity", 40), ("0001_fried_ts.tsv", "date", "anhedonia", 79)],
)
def test_after_14_days_everybody_is_still_being_got_to_know(name: str, when: str, value: str, people: int) -> None:
    path = Path(os.environ["MOODTIDE_DATA"]) / "mood" / name
    options = ["--person-column", "id", "--date-column", when, "--value-column", value]
    found = backtest(path, *options)["people"]
    assert len(found) == people
    assert {day["state"] for one in found.values() for day in one["days"]} == {"calibrating"}
    assert not any(one["flags"] for one in found.values())
    assert "Still getting to know everyone" in words(path, *options)

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inference.emotions import EMOTIONS
from inference.types import Mixture
from tests.pictures import BUNDLE, empty_room, encode, webcam
from tests.training.drawn import drawn_faces, write_layout
from training.__main__ import main
from training.fairface import _by
from training.photos import LABELS, Photo, Seen


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn validation split, and an album in which two groups are found unequally often."""
    root = tmp_path_factory.mktemp("data")
    write_layout(drawn_faces(60, seed=2), root / "fer", "valid")
    (root / "album").mkdir()
    rows = ["file,age,gender,race,expression"]
    for number in range(4):
        (root / "album" / f"{number}.jpg").write_bytes(encode(webcam() if number else empty_room()))
        rows.append(f"{number}.jpg,30-39,Female,{'East' if number % 2 else 'West'},smiling")
    (root / "album" / LABELS).write_text("\n".join(rows) + "\n")
    return root


def test_a_card_holds_every_part_and_only_measured_figures(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, album = tmp_path / "card", str(folders / "album")
    given = ["card", "--bundle", str(BUNDLE), "--data", str(folders / "fer"), "--robustness", "10", "--out", str(out)]
    parity = (
        {"faces": 0, "recall, ours (%)": 100.0, "matched boxes": 3},
        {"faces": 1200, "recall, ours (%)": 95.67, "matched boxes": 7},
    )
    (tmp_path / "parity.json").write_text(json.dumps(dict(zip(("rooms", "all"), parity, strict=True))))
    given += ["--detector", str(tmp_path / "parity.json")]
    assert main([*given, "--photos", album, "--fairface", album, "--each", "5", "--threads", "1"]) == 0
    assert str(out / "card.html") in capsys.readouterr().out

    text, page = (out / "card.md").read_text(), (out / "card.html").read_text()
    measured = json.loads((out / "card.json").read_text())
    for heading in ("Intended use", "Misuse", "Data and licences", "Results on FER+ Valid", "By group", "Limits"):
        assert f"## {heading}" in text
        assert f"<h2>{heading}</h2>" in page
    assert page.count("<table>") == text.count("\n|---|")
    for plot in ("confusion", "precision-recall", "reliability", "robustness"):
        assert f"({plot}.png)" in text
        assert f'src="{plot}.png"' in page
        assert (out / f"{plot}.png").is_file()

    assert measured["manifest"]["sha256"] in text
    figure = measured["evaluation"]["figures"]["macro_f1"]
    assert f"| macro F1 | {figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}] |" in text
    assert measured["groups"]["groups"]["race"]["East"]["found"]["count"] == 2
    assert measured["groups"]["groups"]["race"]["West"]["found"]["count"] == 1
    assert "| West | 1 of 2 (50 %" in text
    assert "| rooms | 0 |  | 3 |\n| all | 1,200 | 95.67 | 7 |" in text
    assert "by group: accuracy" not in text.lower()
    assert measured["cost"]["milliseconds_a_face"]["fp32"] > 0
    assert measured["cost"]["bytes"] == (BUNDLE / "model.safetensors").stat().st_size
    assert "python -m training card --bundle" in text
    assert str(folders) not in text


def test_a_shift_is_a_groups_mean_less_everybodys() -> None:
    glad, calm = np.eye(8)[1], np.eye(8)[0]
    everybody = [
        Seen(
            Photo("x.jpg", n, {"race": "A" if n % 2 else "B"}),
            True,
            Mixture(tuple(glad if n % 4 == 1 else calm), ("neutral",)),
        )
        for n in range(400)
    ]
    everybody.append(Seen(Photo("y.jpg", 400, {"race": "B"}), False, None))
    few = [Seen(Photo("z.jpg", n, {"race": "C"}), True, Mixture(tuple(calm), ("neutral",))) for n in range(9)]
    assert _by("race", everybody + few, seed=0)["C"]["shift"] is None
    groups = _by("race", everybody, seed=0)
    # Half of A is glad and nobody of B, so a quarter of everybody.
    assert groups["A"]["shift"]["happiness"]["value"] == pytest.approx(0.25)
    assert groups["B"]["shift"]["happiness"]["value"] == pytest.approx(-0.25)
    assert groups["A"]["shift"]["happiness"]["low"] > 0.15
    assert groups["B"]["shift"]["neutral"]["high"] > 0.25
    assert groups["A"]["shift"]["fear"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert (groups["B"]["found"]["count"], groups["B"]["found"]["of"]) == (200, 201)
    assert set(groups["A"]["shift"]) == set(EMOTIONS)


def test_photographs_without_groups_are_named(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    (album / "a.jpg").write_bytes(encode(webcam()))
    (album / LABELS).write_text("file,expression\na.jpg,smiling\n")
    given = ["card", "--bundle", str(BUNDLE), "--data", str(folders / "fer"), "--robustness", "0", "--threads", "1"]
    assert main([*given, "--fairface", str(album), "--out", str(tmp_path / "out")]) == 2
    assert "no column 'race'" in capsys.readouterr().err

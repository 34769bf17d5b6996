from __future__ import annotations

from pathlib import Path

import pytest

from training import compare
from training.__main__ import main
from training.comparison_table import BEGIN, END, put_into
from training.sources import DataError


@pytest.fixture(autouse=True)
def nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_tried", lambda name, *_: pytest.fail(f"{name} was tried"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "haar@denoise"], "haar looks for faces on whole photographs, so denoise can't be done"),
        (["--only", "cnn@"], "'' is none of denoise, equalise"),
        (["--only", "cnn@resize24+resize32"], "cnn@resize24+resize32 asks for resize24 and resize32."),
        (["--preprocess", "resize24", "resize32"], "Faces have one size in the end"),
        (["--only", "haar", "--preprocess", "equalise"], "Nothing is left to do equalise for: haar can't"),
        (["--budget", "0"], "A budget of 0 minutes is no time"),
        (["--budget", "-1"], "A budget of -1 minutes is no time"),
        (["--budget", "nan"], "A budget of nan minutes is no time"),
        (["--budget", "inf"], "A budget of inf minutes is no time"),
        (["--fairface", "WORK/absent.zip"], "absent.zip is missing"),
        (["--fairface", "WORK"], "holds 0 files named labels.csv instead of one"),
        (["--readme", "WORK/absent/page.md"], "absent is no folder, so page.md can't be written into it"),
        (["--readme", "WORK"], "is a folder, not a page"),
        (["--readme", "WORK/cut.md"], "cut.md has to hold"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_tried(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cut.md").write_text(f"# Page\n\n{BEGIN}\n\n## More\n")
    asked = [argument.replace("WORK", str(tmp_path)) for argument in arguments]
    assert main(["compare", "--data", "synthetic", "--threads", "1", "--work", str(tmp_path / "work"), *asked]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_a_page_without_markers_gets_the_table_at_its_end(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n")
    put_into(page, "one")
    put_into(page, "two")
    assert page.read_text() == f"# Page\n\n{BEGIN}\ntwo\n{END}\n"
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize("markers", [BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}\n{BEGIN}\n{END}"])
def test_a_page_with_markers_that_do_not_match_stays_as_it_is(markers: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{markers}\n\n## More\n")
    with pytest.raises(DataError, match="once each and in this order, or neither"):
        put_into(page, "table")
    assert page.read_text() == f"# Page\n\n{markers}\n\n## More\n"


def test_a_write_that_fails_leaves_the_page_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n")

    def cut(path: Path, text: str) -> int:
        path.open("w").close()
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(OSError, match="no space"):
        put_into(page, "table")
    assert page.read_text() == "# Page\n"

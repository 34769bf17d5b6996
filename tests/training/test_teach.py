from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.bundle import MANIFEST, load_bundle, load_manifest
from inference.classify import Classifier
from tests.pictures import BUNDLE, empty_room, encode, webcam
from tests.training.drawn import drawn_faces, write_layout
from training.__main__ import main
from training.datasets import vote_shares
from training.export import export
from training.fit import Run
from training.photos import LABELS
from training.provenance import provenance
from training.recipes import TINY
from training.sources import DataError
from training.teach import Lessons, Teacher, Teachers, teach

CREDIT = "somebody's album, CC BY 4.0"


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """One person, and a room without anybody, of which nobody said what it shows."""
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(encode(webcam()))
    (folder / "room.jpg").write_bytes(encode(empty_room()))
    (folder / LABELS).write_text("file\na.jpg\nroom.jpg\n")
    return folder


def fitted(folder: Path, name: str, lessons: Lessons | None = None, began: Path | None = None) -> Run:
    """A run of one epoch on drawn faces, and its bundle in ``folder``."""
    begun = load_bundle(began) if began else None
    faces = drawn_faces(32, seed=1), drawn_faces(32, seed=2)
    run = Run(folder / f"{name} run", replace(TINY, epochs=1), *faces, lessons=lessons, began=begun)
    run.finish()
    export(run, folder / name, name)
    return run


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that reads mirror images itself, and whose weights have terms of their own."""
    folder = tmp_path_factory.mktemp("other")
    run = Run(folder / "run", replace(TINY, epochs=1), drawn_faces(32, seed=1), drawn_faces(32, seed=2))
    run.finish()
    export(run, folder / "bundle", "other-1", "their faces", origin="theirs, for research only")
    return folder / "bundle"


def test_teachers_agree_on_the_mean_and_read_what_photographs_show(album: Path, other: Path) -> None:
    faces = drawn_faces(5, seed=4)
    lessons = teach(Teachers([BUNDLE, other]), faces, album, CREDIT)
    mirrored = np.ascontiguousarray(faces.pixels[:, :, ::-1])
    first = Classifier(load_bundle(BUNDLE))
    one, reverse = (first.shares(pixels) for pixels in (faces.pixels, mirrored))
    assert np.abs(one - reverse).max() > 1e-3  # it reads each face once, and they do not
    both = Classifier(load_bundle(other)).shares(faces.pixels)
    assert np.abs(both - one).max() > 0.1
    np.testing.assert_allclose(lessons.labelled, (one / 2 + reverse / 2 + both) / 2, atol=1e-6)
    assert lessons.pixels.shape == (1, 48, 48)  # the room shows nobody
    assert lessons.shares[0].sum() == pytest.approx(1, abs=1e-5)
    assert lessons.shares[0, 1] > lessons.shares[0, [0, 2, 3, 4, 5, 6, 7]].max()  # she smiles


def test_lessons_outlast_the_program_and_are_about_their_own_faces(tmp_path: Path) -> None:
    faces = drawn_faces(3, seed=4)
    lessons = teach(Teachers([BUNDLE]), faces, credit=CREDIT)
    lessons.save(tmp_path / "lessons.npz")
    again = Lessons.load(tmp_path / "lessons.npz").for_faces(faces)
    np.testing.assert_array_equal(again.labelled, lessons.labelled)
    assert (again.teachers, again.credit) == (lessons.teachers, CREDIT)
    manifest = load_manifest(BUNDLE)
    assert again.teachers == (
        Teacher(manifest.name, manifest.sha256, tuple(manifest.raw["data"]), manifest.raw["licence"]),
    )
    assert again.pixels.shape == (0, 48, 48)
    with pytest.raises(DataError, match="other faces"):
        again.for_faces(drawn_faces(4, seed=4))
    (tmp_path / "broken.npz").write_bytes(b"no lessons")
    with pytest.raises(DataError, match=r"broken\.npz holds no lessons"):
        Lessons.load(tmp_path / "broken.npz")


def test_what_is_learned_lies_between_the_votes_and_the_teachers(tmp_path: Path) -> None:
    train, valid = drawn_faces(32, seed=1), drawn_faces(16, seed=2)
    said = np.full((32, 10), 0.1, dtype=np.float32)
    shown = drawn_faces(3, seed=3).pixels
    lessons = Lessons(train.names, said, shown, np.full((3, 10), 0.1, dtype=np.float32), (Teacher("somebody"),))
    run = Run(tmp_path, replace(TINY, trust=0.25), train, valid, lessons=lessons)
    pixels, shares = run.train
    assert len(pixels) == len(shares) == 35
    np.testing.assert_allclose(shares[:32], 0.75 * vote_shares(train.votes) + 0.025, atol=1e-6)
    np.testing.assert_array_equal(pixels[32:], shown)
    assert run.mean == Run(tmp_path, TINY, train, valid).mean  # the photographs don't move what a bundle subtracts


def test_a_pupil_learns_from_lessons_alone(tmp_path: Path) -> None:
    """Faces whose votes say nothing, and a teacher who has learned from others that do."""
    valid = drawn_faces(128, seed=2)
    master = Run(tmp_path / "master", TINY, drawn_faces(256, seed=1), valid)
    master.finish()
    export(master, tmp_path / "bundle", "master")
    train = drawn_faces(256, seed=5)
    blank = replace(train, votes=np.ones_like(train.votes))
    pupil = Run(
        tmp_path / "pupil",
        replace(TINY, trust=1.0),
        blank,
        valid,
        lessons=teach(Teachers([tmp_path / "bundle"]), blank),
    )
    pupil.finish()
    assert pupil.progress.history[-1]["valid_majority"] > 0.8


def test_the_commands_teach_and_fit(tmp_path: Path, album: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split, count, seed in (("train", 64, 1), ("valid", 32, 2)):
        write_layout(drawn_faces(count, seed), tmp_path / "fer", split)
    data, lessons = str(tmp_path / "fer"), str(tmp_path / "lessons.npz")
    given = ["--data", data, "--threads", "1"]
    asked = ["teach", "--bundle", str(BUNDLE), "--photos", str(album), "--out", lessons, *given]
    assert main(asked) == 2
    assert "whose photographs" in capsys.readouterr().err
    assert main([*asked, "--credit", CREDIT]) == 0
    assert "64 faces with votes, 1 without" in capsys.readouterr().out
    run = str(tmp_path / "run")
    assert main(["fit", "--lessons", lessons, "--run", run, "--recipe", "tiny", "--epochs", "1", *given]) == 0
    assert "65 faces, 32 to validate" in capsys.readouterr().out
    manifest = json.loads((tmp_path / "run" / "bundle" / MANIFEST).read_text())
    teacher = load_manifest(BUNDLE).name
    assert f"1 faces without labels from {CREDIT}, as read by {teacher} (fit)" in manifest["data"]
    assert CREDIT in manifest["licence"]


def test_a_bundle_says_what_its_teachers_come_from(tmp_path: Path, other: Path) -> None:
    lessons = teach(Teachers([BUNDLE, other]), drawn_faces(32, seed=1))
    run = fitted(tmp_path, "taught", lessons)
    raw = load_manifest(tmp_path / "taught").raw
    learned = ["theirs, for research only (begin)", "their faces Train (fit)", "their faces Valid (choose, calibrate)"]
    assert raw["data"][-1] == f"taught by other-1, which had learned from: {'; '.join(learned)}"
    assert raw["data"][-2].startswith(f"taught by {load_manifest(BUNDLE).name}, which had learned from: ")
    assert "FER+ Train (fit)" in raw["data"]
    assert "FER+ Train (fit)" not in raw["data"][-2]  # once is enough
    theirs = "they began as theirs, for research only, whose terms go on to hold; the rest is MIT, as the program"
    assert f" Of the teachers, other-1 had terms of their own ({theirs})." in raw["licence"]
    assert raw["licence"].startswith("Weights: MIT, as the program. They were learned from FER2013 faces")
    assert raw["licence"].count("Check whether") == 1
    siblings = (Teacher(name, licence="Weights: theirs. They were learned from us.") for name in ("one", "other"))
    run.lessons = replace(lessons, teachers=tuple(siblings))
    assert "Of the teachers, one and other had terms of their own (theirs). Check" in provenance(run, "FER+")["licence"]
    # Who goes on from a teacher needs no word of it twice; who goes on from the pupil inherits what stands there.
    fitted(tmp_path, "own", lessons, other)
    own = load_manifest(tmp_path / "own").raw
    assert not any("taught by other-1" in line for line in own["data"])
    assert own["licence"].count("research only") == 1
    fitted(tmp_path, "heir", began=tmp_path / "taught")
    heir = load_manifest(tmp_path / "heir").raw
    assert raw["data"][-1] in heir["data"]
    assert "research only" in heir["licence"]
    assert heir["licence"].count("Check whether") == 1


def test_terms_go_on_whole_to_whom_a_pupil_teaches(tmp_path: Path, other: Path) -> None:
    train = drawn_faces(32, seed=1)
    lessons = teach(Teachers([other]), train)
    fitted(tmp_path, "taught", lessons)
    fitted(tmp_path, "went on", lessons, other)
    theirs = "they began as theirs, for research only, whose terms go on to hold; the rest is MIT, as the program"
    run = fitted(tmp_path, "grandchild", teach(Teachers([tmp_path / "taught"]), train))
    told = provenance(run, "FER+")["licence"]
    whole = f"MIT, as the program. Of the teachers, other-1 had terms of their own ({theirs})"
    assert f"taught had terms of their own ({whole})" in told
    assert told.count("They were learned from") == 1
    run.lessons = teach(Teachers([tmp_path / "went on"]), train)
    told = provenance(run, "FER+")["licence"]
    assert told.count("(") == told.count(")")
    assert 'went on had terms of their own (they began as other-1 ("they began as theirs, for research only' in told
    assert "whose terms go on to hold; the rest is MIT, as the program" in told.rpartition('"), ')[2]


def test_a_bundle_says_whether_it_reads_mirror_images(tmp_path: Path) -> None:
    run = Run(
        tmp_path / "run", replace(TINY, epochs=1, mirrored=False), drawn_faces(32, seed=1), drawn_faces(32, seed=2)
    )
    run.finish()
    export(run, tmp_path / "bundle", "once")
    assert load_manifest(tmp_path / "bundle").crop.mirrored is False
    faces = drawn_faces(4, seed=3).pixels
    flipped = np.ascontiguousarray(faces[:, :, ::-1])
    single = load_bundle(tmp_path / "bundle")
    mirrored = replace(single.manifest, crop=replace(single.manifest.crop, mirrored=True))
    once, both = Classifier(single), Classifier(replace(single, manifest=mirrored))
    assert not np.allclose(once.shares(faces), once.shares(flipped))
    np.testing.assert_allclose(both.shares(faces), both.shares(flipped), atol=1e-5)
    # It read each face once: but for the shift of each output the same logits.
    said = np.log(once.shares(run.valid[0].numpy())) - run.valid_logits() / once.manifest.temperature
    apart = said - said[:, :1]
    assert np.abs(apart - apart[0]).max() < 1e-3

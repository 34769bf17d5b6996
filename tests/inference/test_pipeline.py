from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from inference.emotions import EMOTIONS
from inference.image import decode
from inference.pipeline import Pipeline
from inference.types import Status
from tests.pictures import astronaut, empty_room, encode, noise, webcam


def test_a_smile_is_read_as_happiness(pipeline: Pipeline) -> None:
    analysis = pipeline.analyse([encode(webcam())])[0]
    assert analysis.status is Status.READ
    mixture = analysis.faces[0].mixture
    assert mixture is not None
    assert "happiness" in mixture.present
    assert max(mixture.by_name(), key=mixture.by_name().__getitem__) == "happiness"
    assert sum(mixture.intensities) <= 1.0 + 1e-5
    assert len(mixture.intensities) == len(EMOTIONS)


def test_the_box_and_the_landmarks_lie_on_the_face(pipeline: Pipeline) -> None:
    face = pipeline.analyse([encode(astronaut())])[0].faces[0].face
    left, top, right, bottom = face.box
    assert 160 < left < 200 < 250 < right < 290
    assert 40 < top < 80 < 160 < bottom < 190
    assert all(left < x < right and top < y < bottom for x, y in face.landmarks)


def test_a_turned_head_reads_like_an_upright_one(pipeline: Pipeline) -> None:
    upright = pipeline.analyse([encode(webcam())])[0].faces[0].mixture
    turned = pipeline.analyse([encode(webcam().rotate(15, Image.Resampling.BICUBIC))])[0].faces[0].mixture
    assert upright is not None
    assert turned is not None
    assert np.abs(np.subtract(upright.intensities, turned.intensities)).max() < 0.2


def test_faces_come_largest_first(pipeline: Pipeline) -> None:
    two = Image.new("RGB", (900, 480), "grey")
    two.paste(webcam((320, 240)), (0, 100))
    two.paste(webcam(), (320, 0))
    faces = pipeline.analyse([encode(two)], every_face=True)[0].faces
    assert len(faces) == 2
    assert faces[0].face.area > 2 * faces[1].face.area
    assert all(face.mixture for face in faces)


def test_whoever_else_is_in_the_picture_is_counted_but_not_read(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Image.new("RGB", (900, 480), "grey")
    two.paste(webcam((320, 240)), (0, 100))
    two.paste(webcam(), (320, 0))
    looked_at = []
    read = pipeline._classifier.intensities
    monkeypatch.setattr(pipeline._classifier, "intensities", lambda crops: looked_at.append(len(crops)) or read(crops))
    largest, other = pipeline.analyse([encode(two)])[0].faces
    assert largest.mixture is not None
    assert other.mixture is None
    assert looked_at == [1]


def test_small_faces_beside_a_large_one_are_only_looked_for_where_every_face_is_asked_for(pipeline: Pipeline) -> None:
    wall = Image.new("RGB", (700, 480), "grey")
    wall.paste(webcam((480, 360)), (0, 0))
    wall.paste(webcam((133, 100)), (540, 0))
    data = encode(wall)
    assert len(pipeline.analyse([data])[0].faces) == 1
    assert len(pipeline.analyse([data], every_face=True)[0].faces) == 2


@pytest.mark.parametrize(
    ("picture", "status"),
    [
        (empty_room(), Status.NO_FACE),
        (noise(640, 480), Status.NO_FACE),
        (Image.new("RGB", (640, 480)), Status.TOO_DARK),
        (webcam().point(lambda value: value // 10), Status.TOO_DARK),
        (webcam().filter(ImageFilter.GaussianBlur(14)), Status.BLURRED),
        (webcam((90, 68)), Status.TOO_SMALL),
    ],
)
def test_it_says_why_it_can_not_read(pipeline: Pipeline, picture: Image.Image, status: Status) -> None:
    analysis = pipeline.analyse([encode(picture)])[0]
    assert analysis.status is status
    assert not analysis.faces or analysis.faces[0].mixture is None


def test_bytes_that_are_no_picture_are_an_answer_not_an_exception(pipeline: Pipeline) -> None:
    bad, good = pipeline.analyse([b"not a picture", encode(webcam())])
    assert bad.status is Status.BAD_IMAGE
    assert bad.detail
    assert good.status is Status.READ


def test_a_batch_goes_through_the_classifier_once(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    read = pipeline._classifier.intensities
    monkeypatch.setattr(pipeline._classifier, "intensities", lambda crops: looked_at.append(len(crops)) or read(crops))
    small = encode(webcam((320, 240)))
    analyses = pipeline.analyse([encode(webcam()), b"", small, encode(empty_room()), small])
    assert looked_at == [3]
    assert [a.status for a in analyses] == [Status.READ, Status.BAD_IMAGE, Status.READ, Status.NO_FACE, Status.READ]
    assert [a.width for a in analyses] == [640, 0, 320, 600, 320]
    for together, alone in ((analyses[0], encode(webcam())), (analyses[2], small)):
        (one,), (other,) = together.faces, pipeline.analyse([alone])[0].faces
        assert one.mixture is not None
        assert other.mixture is not None
        assert one.face.box == pytest.approx(other.face.box, abs=0.1)
        assert one.mixture.intensities == pytest.approx(other.mixture.intensities, abs=0.01)


def test_a_picture_is_read_the_same_way_twice(pipeline: Pipeline) -> None:
    first, second = pipeline.analyse([encode(webcam())] * 2)
    assert first == second


def test_decoded_and_encoded_pictures_read_alike(pipeline: Pipeline) -> None:
    data = encode(webcam())
    assert pipeline.analyse([data])[0] == pipeline.analyse_picture(decode(data))


def test_threads_read_the_same_as_one_in_the_same_order(pipeline: Pipeline) -> None:
    pictures = [encode(webcam()), b"no picture", encode(empty_room()), encode(astronaut()), encode(webcam((320, 240)))]
    statuses = [analysis.status for analysis in pipeline.analyse(pictures)]
    threaded = Pipeline.load(threads=2)
    for one, other in zip(pipeline.analyse(pictures), threaded.analyse(pictures), strict=True):
        assert (one.status, one.detail, len(one.faces)) == (other.status, other.detail, len(other.faces))
        for reading, again in zip(one.faces, other.faces, strict=True):
            assert reading.face.box == pytest.approx(again.face.box, abs=0.01)
            assert reading.mixture is not None
            assert again.mixture is not None
            assert reading.mixture.intensities == pytest.approx(again.mixture.intensities, abs=1e-4)
    assert set(statuses) == {Status.READ, Status.BAD_IMAGE, Status.NO_FACE}
    assert threaded.analyse([]) == []

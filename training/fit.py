"""Faces and vote shares -> the weights of an EmotionNet."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from inference.network import EmotionNet, build
from training.augment import augment
from training.datasets import VOTE_COLUMNS, Faces, vote_shares


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a run learns; two runs with the same recipe and data agree."""

    architecture: dict[str, Any] = field(
        default_factory=lambda: {
            "kind": "emotion_net",
            "channels": 1,
            "stem": 24,
            "widths": [48, 96, 192],
            "blocks": [2, 2, 2],
            "dropout": 0.3,
        }
    )
    epochs: int = 18
    batch: int = 128
    peak_rate: float = 0.12
    momentum: float = 0.9
    weight_decay: float = 5e-4
    average_decay: float = 0.998
    seed: int = 0


@dataclass
class Progress:
    """Where a run stands: what a checkpoint must hold beside the tensors."""

    epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


class Run:
    """One training run in a folder: config.json, metrics.json and checkpoints that survive a kill."""

    def __init__(self, folder: Path, recipe: Recipe, train: Faces, valid: Faces) -> None:
        self.folder, self.recipe = folder, recipe
        self.train = _tensors(train)
        self.valid = _tensors(valid)
        self.mean = float(self.train[0].float().mean() / 255)
        self.std = float(self.train[0].float().std() / 255)
        torch.manual_seed(recipe.seed)
        network = build(recipe.architecture, len(VOTE_COLUMNS))
        self.network: EmotionNet = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(
            self.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.average_decay), use_buffers=True
        )
        self.optimiser = torch.optim.SGD(
            _decayed(self.network, recipe.weight_decay),
            lr=recipe.peak_rate,
            momentum=recipe.momentum,
            nesterov=True,
        )
        self.steps = len(train) // recipe.batch
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, recipe.peak_rate, total_steps=self.steps * recipe.epochs, pct_start=0.2
        )
        self.progress = Progress()

    def finish(self) -> None:
        """Train the epochs that remain, with a checkpoint after each."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "config.json").write_text(json.dumps(asdict(self.recipe), indent=2))
        self._resume()
        while self.progress.epoch < self.recipe.epochs:
            started = time.monotonic()
            loss = self._epoch(self.progress.epoch)
            scores = self._score()
            self.progress.epoch += 1
            seconds = time.monotonic() - started
            self.progress.history.append({"loss": loss, "seconds": seconds, **scores})
            self._save()
            left = (self.recipe.epochs - self.progress.epoch) * seconds / 60
            print(
                f"epoch {self.progress.epoch}/{self.recipe.epochs}  loss {loss:.4f}  "
                + "  ".join(f"{name} {value:.4f}" for name, value in scores.items())
                + f"  {left:.0f} min left",
                flush=True,
            )

    def _epoch(self, number: int) -> float:
        """One pass in an order that depends only on the seed and the epoch, so that a resumed run agrees."""
        generator = torch.Generator().manual_seed(self.recipe.seed * 1_000 + number)
        torch.manual_seed(self.recipe.seed * 1_000 + number)  # dropout
        pixels, shares = self.train
        order = torch.randperm(len(pixels), generator=generator)
        self.network.train()
        total = 0.0
        for step in tqdm(range(self.steps), desc=f"epoch {number + 1}", mininterval=5, leave=False):
            rows = order[step * self.recipe.batch : (step + 1) * self.recipe.batch]
            faces = augment(pixels[rows].float().div(255)[:, None], generator)
            logits = self.network(((faces - self.mean) / self.std).contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits, shares[rows])
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            self.schedule.step()
            self.average.update_parameters(self.network)
            total += float(loss.detach())
        return total / self.steps

    def _score(self) -> dict[str, float]:
        logits = torch.from_numpy(self.valid_logits())
        shares = self.valid[1]
        clear = (shares.max(dim=1).values > 0.5) & (shares.argmax(dim=1) < 8)
        right = (logits[:, :8].argmax(dim=1) == shares.argmax(dim=1))[clear]
        return {
            "valid_loss": float(F.cross_entropy(logits, shares)),
            "valid_majority": float(right.float().mean()) if len(right) else float("nan"),
        }

    @torch.inference_mode()
    def valid_logits(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Logits N x 10 of the averaged network on the validation faces and their mirror images, averaged."""
        return predict(self.average.module, self.valid[0], self.mean, self.std)

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
            self.optimiser.state[parameter]["momentum_buffer"] = state[f"momentum.{i}"]
        for _ in range(self.progress.epoch * self.steps):
            self.optimiser._opt_called = True  # type: ignore[attr-defined]
            self.schedule.step()

    def _parameters(self) -> list[torch.nn.Parameter]:
        return [p for group in self.optimiser.param_groups for p in group["params"]]


@torch.inference_mode()
def predict(
    network: torch.nn.Module, pixels: torch.Tensor, mean: float, std: float, batch: int = 256
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Logits N x outputs for uint8 faces N x S x S, averaged over each face and its mirror image."""
    network.eval()
    parts = []
    for start in range(0, len(pixels), batch):
        faces = (pixels[start : start + batch].float().div(255)[:, None] - mean) / std
        parts.append((network(faces) + network(faces.flip(3))) / 2)
    logits: np.ndarray[Any, np.dtype[np.float32]] = torch.cat(parts).float().numpy()
    return logits


def _tensors(faces: Faces) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(faces.pixels.copy()), torch.from_numpy(vote_shares(faces.votes)).float()


def _decayed(network: torch.nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weight decay on what multiplies, none on biases and batch normalisation."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    rest = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def _under(prefix: str, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def _metadata(path: Path, key: str) -> dict[str, Any]:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as held:
        loaded: dict[str, Any] = json.loads(held.metadata()[key])
        return loaded

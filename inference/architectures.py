"""The networks that EmotionNet is compared with; a bundle may hold any of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import torch
from torch import nn
from torch.nn import functional as F

ACTIVATIONS: Final[dict[str, type[nn.Module]]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


# The arithmetic grows with the square of it, and a manifest may come from anybody.
MOST_ENLARGED: Final = 4


class Perceptron(nn.Module):
    """Pixels as one long row -> fully connected layers of ``widths``; it reads faces of ``size`` pixels only."""

    def __init__(
        self,
        outputs: int,
        channels: int = 1,
        size: int = 48,
        widths: Sequence[int] = (1024, 512),
        activation: str = "relu",
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = channels * size * size
        for width in widths:
            layers += [nn.Linear(before, width), ACTIVATIONS[activation](), nn.Dropout(dropout)]
            before = width
        self.layers = nn.Sequential(nn.Flatten(), *layers, nn.Linear(before, outputs))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.layers(faces))


class ConvStack(nn.Module):
    """Blocks of 3x3 convolutions, each block halved by a maximum, then dense layers: LeNet's and VGG's plan.

    ``blocks`` has the widths of each block's convolutions, ``dense`` those of the layers between them and the
    output; ``normalised`` puts batch normalisation after every convolution. After Simonyan and Zisserman 2015.
    """

    def __init__(
        self,
        outputs: int,
        channels: int = 1,
        size: int = 48,
        blocks: Sequence[Sequence[int]] = ((32, 64), (128,), (128,)),
        dense: Sequence[int] = (1024,),
        activation: str = "relu",
        normalised: bool = False,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if size < 2 ** len(blocks):
            raise ValueError(f"{len(blocks)} halvings leave nothing of {size} pixels")
        layers: list[nn.Module] = []
        before = channels
        for block in blocks:
            for width in block:
                layers.append(nn.Conv2d(before, width, 3, padding=1, bias=not normalised))
                layers += [nn.BatchNorm2d(width)] if normalised else []
                layers.append(ACTIVATIONS[activation]())
                before = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        before *= (size // 2 ** len(blocks)) ** 2
        last: list[nn.Module] = [nn.Flatten()]
        for width in dense:
            last += [nn.Dropout(dropout), nn.Linear(before, width), ACTIVATIONS[activation]()]
            before = width
        self.head = nn.Sequential(*last, nn.Dropout(dropout), nn.Linear(before, outputs))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.head(self.features(faces)))


class MobileNet(nn.Module):
    """Inverted residuals (Sandler et al. 2018, "MobileNetV2"); EfficientNet-Lite0 is one with other numbers.

    ``stages`` has a row (expansion, width, count, stride, kernel) for each. ``enlarge`` makes the faces that many
    times as large first, for weights that were learned on larger pictures.
    """

    def __init__(
        self,
        outputs: int,
        channels: int = 1,
        stem: int = 32,
        stages: Sequence[Sequence[int]] = ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3)),
        last: int = 1280,
        enlarge: int = 1,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.enlarge = _bounded(enlarge)
        layers: list[nn.Module] = [*_same_conv(channels, stem, 3, 2), nn.ReLU6()]
        before = stem
        for expansion, width, count, stride, kernel in stages:
            for number in range(count):
                layers.append(InvertedResidual(before, width, expansion, stride if number == 0 else 1, kernel))
                before = width
        self.features = nn.Sequential(*layers, *_same_conv(before, last, 1, 1), nn.ReLU6())
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(last, outputs)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        faces = _enlarged(faces, self.enlarge)
        return cast(torch.Tensor, self.head(self.dropout(self.features(faces).mean(dim=(2, 3)))))


class SeparableNet(nn.Module):
    """Depthwise separable convolutions (Howard et al. 2017, "MobileNets").

    ``stages`` has a row (width, stride) for each: every channel is looked at alone, then all are mixed. ``enlarge``
    makes the faces that many times as large first, for weights that were learned on larger pictures.
    """

    def __init__(
        self,
        outputs: int,
        channels: int = 1,
        stem: int = 32,
        stages: Sequence[Sequence[int]] = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
        enlarge: int = 1,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.enlarge = _bounded(enlarge)
        layers: list[nn.Module] = [*_same_conv(channels, stem, 3, 2), nn.ReLU6()]
        before = stem
        for width, stride in stages:
            layers += [*_same_conv(before, before, 3, stride, groups=before), nn.ReLU6()]
            layers += [*_same_conv(before, width, 1, 1), nn.ReLU6()]
            before = width
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(before, outputs)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.head(self.dropout(self.embed(faces))))

    def embed(self, faces: torch.Tensor) -> torch.Tensor:
        """What the network knows of a face before it names emotions: N x the last width."""
        return cast(torch.Tensor, self.features(_enlarged(faces, self.enlarge)).mean(dim=(2, 3)))


class InvertedResidual(nn.Module):
    """Widen, look at each channel alone, narrow; around a shortcut where the shapes allow it."""

    def __init__(self, before: int, width: int, expansion: int, stride: int, kernel: int) -> None:
        super().__init__()
        inner = before * expansion
        layers = [] if expansion == 1 else [*_same_conv(before, inner, 1, 1), nn.ReLU6()]
        layers += [*_same_conv(inner, inner, kernel, stride, groups=inner), nn.ReLU6()]
        self.layers = nn.Sequential(*layers, *_same_conv(inner, width, 1, 1))
        self.shortcut = stride == 1 and before == width

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        made = cast(torch.Tensor, self.layers(x))
        return x + made if self.shortcut else made


def _bounded(enlarge: int) -> int:
    if not 1 <= enlarge <= MOST_ENLARGED:
        raise ValueError(f"faces can be made 1 to {MOST_ENLARGED} times as large, not {enlarge} times")
    return enlarge


def _enlarged(faces: torch.Tensor, enlarge: int) -> torch.Tensor:
    return F.interpolate(faces, scale_factor=enlarge, mode="bilinear") if enlarge > 1 else faces


class SamePadding(nn.Module):
    """TensorFlow's "same": what a stride leaves over goes to the right and below, as published weights expect."""

    def __init__(self, kernel: int, stride: int) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        down, across = (self._missing(side) for side in x.shape[2:])
        return F.pad(x, (across // 2, across - across // 2, down // 2, down - down // 2))

    def _missing(self, side: int) -> int:
        return max((-(-side // self.stride) - 1) * self.stride + self.kernel - side, 0)


def _same_conv(before: int, width: int, kernel: int, stride: int, groups: int = 1) -> list[nn.Module]:
    """A convolution and its batch normalisation, which keep the size at a stride of 1."""
    padding = kernel // 2 if stride == 1 else 0
    layers: list[nn.Module] = [] if stride == 1 else [SamePadding(kernel, stride)]
    conv = nn.Conv2d(before, width, kernel, stride=stride, padding=padding, groups=groups, bias=False)
    return [*layers, conv, nn.BatchNorm2d(width, eps=1e-3)]


class SqueezeNet(nn.Module):
    """Fire modules (Iandola et al. 2016): squeeze to few channels, look at them with 1x1 and 3x3 kernels.

    ``stages`` has each stage's rows of (squeezed, expanded) widths; a stage after the first halves the picture.
    """

    def __init__(
        self,
        outputs: int,
        channels: int = 1,
        stem: int = 64,
        stages: Sequence[Sequence[Sequence[int]]] = (
            ((16, 64), (16, 64)),
            ((32, 128), (32, 128)),
            ((48, 192), (48, 192), (64, 256), (64, 256)),
        ),
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [*_same_conv(channels, stem, 3, 1), nn.ReLU(), nn.MaxPool2d(2)]
        before = stem
        for number, stage in enumerate(stages):
            layers += [nn.MaxPool2d(2)] if number else []
            for squeezed, expanded in stage:
                layers.append(Fire(before, squeezed, expanded))
                before = 2 * expanded
        self.features = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Conv2d(before, outputs, 1))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.head(self.features(faces)).mean(dim=(2, 3)))


class Fire(nn.Module):
    """1x1 kernels squeeze; 1x1 and 3x3 kernels beside each other expand."""

    def __init__(self, before: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Sequential(*_same_conv(before, squeezed, 1, 1), nn.ReLU())
        self.one = nn.Sequential(*_same_conv(squeezed, expanded, 1, 1), nn.ReLU())
        self.three = nn.Sequential(*_same_conv(squeezed, expanded, 3, 1), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.squeeze(x)
        return torch.cat([self.one(x), self.three(x)], dim=1)

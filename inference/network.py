"""EmotionNet, a plain residual network over small grey faces; and any network that a manifest describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import torch
from torch import nn

from inference.architectures import ConvStack, MobileNet, Perceptron, SeparableNet, SqueezeNet

# Of a network's weights: several times what the largest of those below has. A manifest may come from anybody.
MOST_NUMBERS: Final = 60_000_000


class EmotionNet(nn.Module):
    """Faces (N x channels x size x size, normalised) -> one logit an output (N x outputs).

    The first convolution keeps the full size and is narrow; each stage then halves it, so that most of the
    arithmetic is spent where the features are. After He et al. 2016 (residual blocks, batch normalisation).
    """

    def __init__(
        self,
        outputs: int,
        channels: int = 1,
        stem: int = 32,
        widths: Sequence[int] = (64, 128, 192),
        blocks: Sequence[int] = (2, 2, 2),
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.stem = _conv(channels, stem, stride=1)
        layers: list[nn.Module] = []
        before = stem
        for width, count in zip(widths, blocks, strict=True):
            for number in range(count):
                layers.append(Residual(before, width, stride=2 if number == 0 else 1))
                before = width
        self.stages = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(before, outputs)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.head(self.dropout(self.embed(faces))))

    def embed(self, faces: torch.Tensor) -> torch.Tensor:
        """What the network knows of a face before it names emotions: N x the last width."""
        return cast(torch.Tensor, self.stages(self.stem(faces)).mean(dim=(2, 3)))


class Residual(nn.Module):
    """Two 3x3 convolutions around a shortcut."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.first = _conv(before, width, stride)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or before != width:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride) if stride > 1 else nn.Identity(),
                nn.Conv2d(before, width, 1, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.second(self.first(x)) + self.shortcut(x))


def _conv(before: int, width: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, width, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )


KINDS: Final[dict[str, Callable[..., nn.Module]]] = {
    "emotion_net": EmotionNet,
    "perceptron": Perceptron,
    "conv_stack": ConvStack,
    "mobile_net": MobileNet,
    "separable_net": SeparableNet,
    "squeeze_net": SqueezeNet,
}


def build(architecture: Mapping[str, Any], outputs: int) -> nn.Module:
    """Make the network that a manifest's ``architecture`` describes, with fresh weights. Raises ``ValueError``."""
    settings = dict(architecture)
    kind = settings.pop("kind")
    if kind not in KINDS:
        raise ValueError(f"unknown architecture {kind!r}")
    with torch.device("meta"):  # takes no memory
        numbers = sum(p.numel() for p in KINDS[kind](outputs, **settings).parameters())
    if numbers > MOST_NUMBERS:
        raise ValueError(f"the architecture has {numbers} weights, more than {MOST_NUMBERS}")
    return KINDS[kind](outputs, **settings)

"""MTCNN's three networks (Zhang et al. 2016), with the weights that facenet-pytorch publishes.

They give what facenet-pytorch's own give, and are arranged for the processor: the normalisation of the input lies
in the first convolution, "face" and "no face" in one number, all heads in one layer, and widths are filled up
with zeros to whole vector registers. Of the input's channels they see the first three, red, green and blue.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

import torch
from torch import nn

from inference.area import CHANNELS

Weights = dict[str, torch.Tensor]
LANES: Final = 16  # 32-bit floats in a vector register
# What the first layer is given: 0..255. What the weights were trained on: -1..1.
MIDDLE, SPAN = 127.5, 128.0


def proposal_network() -> nn.Sequential:
    """N x 4 x H x W, 0..255 -> N x 5 x H' x W': for each 12 x 12, every 2 pixels, a logit and a box's corrections."""
    weights = published("pnet")
    convolutions = [*_convolution(weights, 1), Pool(2), *_convolution(weights, 2), *_convolution(weights, 3)]
    return _ready(nn.Sequential(*convolutions, _conv2d(*_heads(weights, 4))))


def refinement_network() -> nn.Sequential:
    """N x 4 x 24 x 24, 0..255 -> N x 5: a logit and a box's four corrections."""
    weights = published("rnet")
    pools = Pool(3), Pool(3), nn.Identity()
    convolutions = [layer for n, pool in enumerate(pools, 1) for layer in (*_convolution(weights, n), pool)]
    return _ready(nn.Sequential(*convolutions, *_dense(weights, 4, side=3), _linear(*_heads(weights, 5))))


def output_network() -> nn.Sequential:
    """N x 4 x 48 x 48, 0..255 -> N x 15: a logit, four corrections, then x of five landmarks, then their y."""
    weights = published("onet")
    pools = Pool(3), Pool(3), Pool(2), nn.Identity()
    convolutions = [layer for n, pool in enumerate(pools, 1) for layer in (*_convolution(weights, n), pool)]
    return _ready(nn.Sequential(*convolutions, *_dense(weights, 5, side=3), _linear(*_heads(weights, 6))))


def published(name: str) -> Weights:
    """Weights of one network, read from facenet-pytorch's files; its code, which needs torchvision, is not run."""
    package = importlib.util.find_spec("facenet_pytorch")
    if package is None or package.origin is None:
        raise FileNotFoundError("facenet-pytorch, which holds the weights of the face detector, is not installed.")
    path = Path(package.origin).parent / "data" / f"{name}.pt"
    weights: Weights = torch.load(path, map_location="cpu", weights_only=True)
    return weights


class Pool(nn.Module):
    """The maximum of every ``side`` x ``side`` (2 or 3), every 2 pixels; at the far edges, of what is left.

    Several times faster than torch's own where channels come last.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for dim in (2, 3):
            even, odd = (x[:, :, start::2] if dim == 2 else x[:, :, :, start::2] for start in (0, 1))
            x = torch.maximum(even.narrow(dim, 0, odd.shape[dim]), odd)
            if self.side == 3:
                after = even.narrow(dim, 1, even.shape[dim] - 1)
                first = x.narrow(dim, 0, after.shape[dim])
                torch.maximum(first, after, out=first)
            elif even.shape[dim] > odd.shape[dim]:
                x = torch.cat([x, even.narrow(dim, odd.shape[dim], 1)], dim)
        return x


def _convolution(weights: Weights, number: int) -> list[nn.Module]:
    weight, bias = weights[f"conv{number}.weight"], weights[f"conv{number}.bias"]
    outputs, inputs = _whole(weight.shape[0]), _whole(weight.shape[1])
    if number == 1:
        bias = bias - weight.sum(dim=(1, 2, 3)) * (MIDDLE / SPAN)
        weight, inputs = weight / SPAN, CHANNELS
    slopes = nn.PReLU(outputs)
    slopes.load_state_dict({"weight": _filled(weights[f"prelu{number}.weight"], outputs)})
    return [_conv2d(_filled(weight, outputs, inputs), _filled(bias, outputs)), slopes]


def _dense(weights: Weights, number: int, side: int) -> list[nn.Module]:
    """A dense layer over a last ``side`` x ``side`` map, which comes as rows x columns x channels."""
    weight = weights[f"dense{number}.weight"]
    # The published one wants columns x rows x channels.
    weight = weight.view(len(weight), side, side, -1).transpose(1, 2).flatten(1)
    slopes = nn.PReLU(len(weight))
    slopes.load_state_dict({"weight": weights[f"prelu{number}.weight"]})
    return [ChannelsLast(), _linear(weight, weights[f"dense{number}.bias"]), slopes]


class ChannelsLast(nn.Module):
    """N x C x H x W -> N x (H W C)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


def _heads(weights: Weights, number: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of all heads in one layer: the logit of a face first."""
    kind = "conv" if f"conv{number}_1.weight" in weights else "dense"
    names = [f"{kind}{number}_{head}" for head in (1, 2, 3) if f"{kind}{number}_{head}.weight" in weights]
    weight, bias = (torch.cat([weights[f"{name}.{part}"] for name in names]) for part in ("weight", "bias"))
    # A softmax over two logits is a sigmoid of their difference.
    return torch.cat([weight[1:2] - weight[:1], weight[2:]]), torch.cat([bias[1:2] - bias[:1], bias[2:]])


def _conv2d(weight: torch.Tensor, bias: torch.Tensor) -> nn.Conv2d:
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], kernel_size=weight.shape[-1])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def _filled(weight: torch.Tensor, *shape: int) -> torch.Tensor:
    """Zeros of that shape (the other dimensions stay), with the weights in their first corner."""
    filled = weight.new_zeros(*shape, *weight.shape[len(shape) :])
    filled[tuple(slice(length) for length in weight.shape)] = weight
    return filled


def _whole(channels: int) -> int:
    return -(-channels // LANES) * LANES


def _ready(network: nn.Sequential) -> nn.Sequential:
    nn.utils.convert_conv2d_weight_memory_format(network, torch.channels_last)
    return network.eval().requires_grad_(False)

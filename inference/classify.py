"""Crops -> calibrated intensities, in one forward pass a batch."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from inference.bundle import Bundle, BundleError
from inference.emotions import EMOTIONS
from inference.network import build
from inference.prepare import prepare


class Classifier:
    """A network with a bundle's weights. Raises ``BundleError`` where the two don't fit."""

    def __init__(self, bundle: Bundle) -> None:
        self.manifest = bundle.manifest
        try:
            network = build(self.manifest.architecture, len(self.manifest.outputs))
            network.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in bundle.weights.items()})
            _try(network.eval(), self.manifest.crop.size, len(self.manifest.outputs))
        except (RuntimeError, TypeError, ValueError, KeyError, AttributeError) as error:
            reason = str(error).splitlines()[0]
            raise BundleError(f"The weights of {self.manifest.name} don't fit its network: {reason}") from error
        self._network = _folded(network)

    def intensities(self, crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """N x size x size grey crops -> N x 8 intensities: estimated shares of viewers, 0..1.

        The shares are over everything a viewer may say, "unknown" and "not a face" included, so the eight
        add up to at most 1.
        """
        return self.shares(crops)[:, : len(EMOTIONS)]

    @torch.inference_mode()
    def shares(self, crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """N x size x size grey crops -> N x outputs, the estimated share of viewers for each; a row adds up to 1."""
        if len(crops) == 0:
            return np.empty((0, len(self.manifest.outputs)), dtype=np.float32)
        crop = self.manifest.crop
        faces = (torch.from_numpy(prepare(crops, crop.prepare)).float().div_(255).unsqueeze(1) - crop.mean) / crop.std
        if crop.mirrored:
            faces = torch.cat([faces, faces.flip(3)])
        logits = self._network(faces.contiguous(memory_format=torch.channels_last)).float()
        if crop.mirrored:
            logits = (logits[: len(crops)] + logits[len(crops) :]) / 2
        shares = torch.softmax(logits / self.manifest.temperature, dim=1)
        return np.asarray(shares.numpy(), dtype=np.float32)


@torch.inference_mode()
def _try(network: nn.Module, size: int, outputs: int) -> None:
    """Raise where the network doesn't read crops of this size: one of fully connected layers reads one size only."""
    shape = tuple(network(torch.zeros(1, 1, size, size)).shape)
    if shape != (1, outputs):
        raise ValueError(f"it gives {shape} for one crop of {size} pixels")


def _folded(network: nn.Module) -> nn.Module:
    """The same network with each batch normalisation moved into the convolution before it, and its channels last.

    That is 1.4 to 1.8 times as fast as the network as it was trained; BENCHMARKS.md has what else was tried.
    """
    for layers in [module for module in network.modules() if isinstance(module, nn.Sequential)]:
        for number, (layer, after) in enumerate(itertools.pairwise(list(layers))):
            if isinstance(layer, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
                layers[number], layers[number + 1] = fuse_conv_bn_eval(layer, after), nn.Identity()
    nn.utils.convert_conv2d_weight_memory_format(network, torch.channels_last)
    return network

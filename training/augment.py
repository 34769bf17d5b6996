"""Random changes of a batch of faces that leave the emotion on them as it was."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F

from training.recipes import Changes


def augment(faces: torch.Tensor, generator: torch.Generator, changes: Changes) -> torch.Tensor:
    """N x 1 x S x S in 0..1 -> the same shape: mirrored, moved, re-lit, coarsened and partly covered."""
    faces = _relight(_move(faces, generator, changes), generator, changes)
    return _cover(_coarsen(faces, generator, changes.coarsened), generator)


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(shape, generator=generator, device=generator.device) * (high - low) + low


def _move(faces: torch.Tensor, generator: torch.Generator, changes: Changes) -> torch.Tensor:
    """Mirror, rotate, scale and shift, in one interpolation."""
    n = len(faces)
    angle = _uniform((n,), -changes.turn, changes.turn, generator) * (math.pi / 180)
    scale = torch.exp(_uniform((n,), -1, 1, generator) * math.log1p(changes.scale))
    mirror = torch.where(torch.rand(n, generator=generator, device=generator.device) < 0.5, -1.0, 1.0)
    shift = _uniform((n, 2), -changes.shift, changes.shift, generator)
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    matrix = torch.stack([cosine * mirror, -sine, shift[:, 0], sine * mirror, cosine, shift[:, 1]], dim=1).view(n, 2, 3)
    grid = F.affine_grid(matrix, list(faces.shape), align_corners=False)
    return F.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def _relight(faces: torch.Tensor, generator: torch.Generator, changes: Changes) -> torch.Tensor:
    """Gamma, contrast, brightness, and light that falls from one side."""
    n, _, height, width = faces.shape
    gamma = torch.exp(_uniform((n, 1, 1, 1), -changes.gamma, changes.gamma, generator))
    contrast = _uniform((n, 1, 1, 1), 1 - changes.contrast, 1 + changes.contrast, generator)
    brightness = _uniform((n, 1, 1, 1), -changes.brightness, changes.brightness, generator)
    slope = _uniform((n, 2, 1, 1), -changes.slope, changes.slope, generator)
    across = torch.linspace(-1, 1, width, device=faces.device).view(1, 1, 1, width) * slope[:, :1]
    down = torch.linspace(-1, 1, height, device=faces.device).view(1, 1, height, 1) * slope[:, 1:]
    lit = faces.clamp(1e-4, 1) ** gamma
    return ((lit - 0.5) * contrast + 0.5 + brightness + across + down).clamp(0, 1)


def _coarsen(faces: torch.Tensor, generator: torch.Generator, share: float) -> torch.Tensor:
    """Blur a share of the batch through a smaller size, and add a sensor's noise to as many others."""
    if share == 0:
        return faces
    n, size = len(faces), faces.shape[-1]
    choice = torch.rand(n, generator=generator, device=generator.device)
    small = int(torch.randint(size // 3, size - 4, (1,), generator=generator, device=generator.device))
    blurred = F.interpolate(
        F.interpolate(faces, size=(small, small), mode="bilinear", antialias=True),
        size=(size, size),
        mode="bilinear",
    )
    noise = torch.randn(faces.shape, generator=generator, device=generator.device) * _uniform(
        (n, 1, 1, 1), 0.0, 0.06, generator
    )
    faces = torch.where((choice < share).view(n, 1, 1, 1), blurred, faces)
    return torch.where((choice > 1 - share).view(n, 1, 1, 1), (faces + noise).clamp(0, 1), faces)


def _cover(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Cut out one rectangle of up to a third of the side in half of the faces (DeVries and Taylor 2017)."""
    n, _, height, width = faces.shape
    centre = torch.rand(n, 2, generator=generator, device=generator.device)
    half = _uniform((n, 2), 0.05, 0.17, generator) * (
        torch.rand(n, 1, generator=generator, device=generator.device) < 0.5
    )
    ys = torch.linspace(0, 1, height, device=faces.device).view(1, height, 1)
    xs = torch.linspace(0, 1, width, device=faces.device).view(1, 1, width)
    inside = ((ys - centre[:, :1, None]).abs() < half[:, :1, None]) & (
        (xs - centre[:, 1:, None]).abs() < half[:, 1:, None]
    )
    return torch.where(inside[:, None], faces.mean(dim=(2, 3), keepdim=True), faces)

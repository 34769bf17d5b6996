"""Random changes of a batch of faces that leave the emotion on them as it was."""

from __future__ import annotations

import math

import torch
from torch.nn import functional as F


def augment(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """N x 1 x S x S in 0..1 -> the same shape: mirrored, moved, re-lit, coarsened and partly covered."""
    faces = _relight(_move(faces, generator), generator)
    return _cover(_coarsen(faces, generator), generator)


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(shape, generator=generator, device=generator.device) * (high - low) + low


def _move(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Mirror, rotate by up to 20 degrees, scale by up to a fifth, shift by up to a tenth: one interpolation."""
    n = len(faces)
    angle = _uniform((n,), -20, 20, generator) * (math.pi / 180)
    scale = _uniform((n,), 0.82, 1.22, generator)
    mirror = torch.where(torch.rand(n, generator=generator, device=generator.device) < 0.5, -1.0, 1.0)
    shift = _uniform((n, 2), -0.2, 0.2, generator)  # in units of half the picture
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    matrix = torch.stack([cosine * mirror, -sine, shift[:, 0], sine * mirror, cosine, shift[:, 1]], dim=1).view(n, 2, 3)
    grid = F.affine_grid(matrix, list(faces.shape), align_corners=False)
    return F.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def _relight(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Gamma, contrast, brightness, and light that falls from one side."""
    n, _, height, width = faces.shape
    gamma = torch.exp(_uniform((n, 1, 1, 1), -0.4, 0.4, generator))
    contrast = _uniform((n, 1, 1, 1), 0.65, 1.35, generator)
    brightness = _uniform((n, 1, 1, 1), -0.15, 0.15, generator)
    slope = _uniform((n, 2, 1, 1), -0.2, 0.2, generator)
    across = torch.linspace(-1, 1, width, device=faces.device).view(1, 1, 1, width) * slope[:, :1]
    down = torch.linspace(-1, 1, height, device=faces.device).view(1, 1, height, 1) * slope[:, 1:]
    lit = faces.clamp(1e-4, 1) ** gamma
    return ((lit - 0.5) * contrast + 0.5 + brightness + across + down).clamp(0, 1)


def _coarsen(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Blur a third of the batch through a smaller size, and add sensor noise to another third."""
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
    faces = torch.where((choice < 0.3).view(n, 1, 1, 1), blurred, faces)
    return torch.where((choice > 0.7).view(n, 1, 1, 1), (faces + noise).clamp(0, 1), faces)


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

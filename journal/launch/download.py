"""Say how much is about to be downloaded, before it is."""

from __future__ import annotations

import platform

from journal.launch.tree import Tree

# Wheels for Linux x86-64 and Python 3.11, weighed in 2026 with `pip download`.
WITHOUT_TORCH_MB = 200
TORCH_CPU_MB = 190
TEST_TOOLS_MB = 180
# PyTorch's CUDA build and the NVIDIA libraries that it brings along.
TORCH_CUDA_MB = 2600


def may_bring_cuda(system: str, machine: str, index: str) -> bool:
    """Tell whether pip's usual index offers this machine PyTorch's CUDA build, and no other is named."""
    return system == "Linux" and machine in {"x86_64", "aarch64"} and not index


def announcement(tree: Tree, extra: str, index: str) -> str:
    """Return the sentence that says how much an installation is going to download."""
    if not (tree.packages / "torch").is_dir():
        return of_everything(extra, index)
    if extra == "test" and not (tree.packages / "pytest").is_dir():
        return f"Installing the test tools: about {TEST_TOOLS_MB} MB to download."
    return "Bringing the installed packages up to date."


def of_everything(extra: str, index: str) -> str:
    """Return the sentence for a first installation."""
    light = WITHOUT_TORCH_MB + TORCH_CPU_MB + (TEST_TOOLS_MB if extra == "test" else 0)
    sentence = f"Installing Moodtide's packages: about {light} MB to download with PyTorch's CPU build"
    if not may_bring_cuda(platform.system(), platform.machine(), index):
        return f"{sentence}."
    heavy = (light - TORCH_CPU_MB + TORCH_CUDA_MB) / 1000
    return (
        f"{sentence}, about {heavy:.1f} GB if pip's index offers the CUDA build "
        "(the README says how MOODTIDE_TORCH_INDEX chooses the CPU build)."
    )

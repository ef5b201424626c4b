"""Explanations in plain torch, from the formulas of their papers, of networks in plain modules: a reference."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.inspection.lens import Lens
from engine.network import Network
from engine.tasks import Classification
from engine.torchvision_compat import torchvision
from templates import build

NUMBERS = NDArray[np.float64]


class LeNet5(nn.Module):
    """The modern LeNet-5 with functions for everything that has no weights."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        x = functional.relu(self.fc2(functional.relu(self.fc1(x.flatten(1)))))
        return self.fc3(x)


class VGG11(nn.Module):
    """VGG-11 for images of 32 px, whose last maps are one value each."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for step in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0):
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()] if step else [nn.MaxPool2d(2)]
            channels = step or channels
        self.features = nn.Sequential(*layers)
        hidden = 4096
        self.classifier = nn.Sequential(
            nn.Linear(512, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(),
            nn.Linear(hidden, 10),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))


def twin(name: str, **options: object) -> nn.Module:
    """The same network as torchvision writes it, for ten classes."""
    return getattr(torchvision().models, name)(weights=None, num_classes=10, **options)


def lens_on(network: Network, **settings: object) -> Lens:
    """A lens in 64 bits whose running averages are no longer those of a beginning."""
    lens = Lens(network, task=Classification(), dtype=torch.float64, **settings)
    random = torch.Generator().manual_seed(5)
    for name, buffer in lens.module.named_buffers():
        if name.endswith("running_mean"):
            buffer.copy_(torch.randn(buffer.shape, generator=random) / 10)
        if name.endswith("running_var"):
            buffer.copy_(torch.rand(buffer.shape, generator=random) + 0.5)
    return lens


def pair(name: str) -> tuple[Lens, nn.Module, str]:
    """A lens on a template, its twin in plain modules with the same weights, and a layer whose maps are looked at."""
    template, options, plain, layer = {
        "lenet5": ("lenet5", {}, LeNet5, "conv2"),
        "alexnet": ("alexnet", {"variant": "torchvision", "input_size": 80}, lambda: twin("alexnet"), "features.8"),
        "vgg11": ("vgg", {"configuration": "A", "input_size": 32}, VGG11, "features.11"),
        "resnet18": ("resnet", {"depth": 18, "input_size": 64}, lambda: twin("resnet18"), "layer3.1.conv2"),
        "densenet121": (
            "densenet",
            {"input_size": 64},
            lambda: twin("densenet121"),
            "features.denseblock3.denselayer5.conv2",
        ),
        "googlenet": (
            "googlenet",
            {"variant": "torchvision", "aux": False, "input_size": 64},
            lambda: twin("googlenet", init_weights=False, aux_logits=False),
            "inception4e.branch2.1.conv",
        ),
    }[name]
    lens, reference = lens_on(build(template, classes=10, **options)), plain().double().eval()
    reference.load_state_dict(lens.module.state_dict())
    for module in reference.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return lens, reference, layer


def pixels_for(lens: Lens, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, tuple(lens.shape), dtype=np.uint8)


def gradient(model: nn.Module, image: Tensor, number: int) -> NUMBERS:
    """∂ score / ∂ pixel, ``(C, H, W)``."""
    image = image.detach().clone().requires_grad_()
    with functions_out_of_place():
        model(image)[0, number].backward()
    return image.grad[0].numpy()


def guided_gradient(model: nn.Module, image: Tensor, number: int) -> NUMBERS:
    """The same where each ReLU passes back what is above 0, of what was above 0."""
    with mock.patch.object(functional, "relu", lambda x, inplace=False: _GuidedReLU.apply(x)):
        image = image.detach().clone().requires_grad_()
        model(image)[0, number].backward()
    return image.grad[0].numpy()


def grad_cam(model: nn.Module, image: Tensor, layer: str, number: int) -> tuple[NUMBERS, NUMBERS]:
    """α ``(K,)`` and max(0, Σ α·A) ``(h, w)``."""
    kept: list[Tensor] = []
    hook = model.get_submodule(layer).register_forward_hook(lambda _, __, maps: maps.retain_grad() or kept.append(maps))
    with functions_out_of_place():
        model(image.detach().clone().requires_grad_())[0, number].backward()
    hook.remove()
    weights, maps = kept[0].grad[0].numpy().mean(axis=(1, 2)), kept[0][0].detach().numpy()
    return weights, np.maximum(np.einsum("k,khw->hw", weights, maps), 0)


def enlarged(values: NUMBERS, height: int, width: int) -> NUMBERS:
    """Bilinear, corners not aligned, written out: the middle of a pixel lies where it lies in the smaller map."""
    rows, columns = (_shares(size, large) for size, large in zip(values.shape, (height, width), strict=True))
    return rows @ values @ columns.T


def _shares(small: int, large: int) -> NUMBERS:
    """How much each of the small values counts in each of the large ones: ``(large, small)``."""
    shares = np.zeros((large, small))
    for place in range(large):
        at = min(max((place + 0.5) * small / large - 0.5, 0), small - 1)
        low = min(int(at), max(small - 2, 0))
        shares[place, low] += 1 - (at - low)
        shares[place, min(low + 1, small - 1)] += at - low
    return shares


class _GuidedReLU(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(context, slope):
        (x,) = context.saved_tensors
        return torch.where((x > 0) & (slope > 0), slope, torch.zeros_like(slope))


@contextmanager
def functions_out_of_place() -> Iterator[None]:
    """A ReLU that leaves what it reads as it is, for whoever wants to see that too."""
    with mock.patch.object(functional, "relu", lambda x, inplace=False: x.clamp(min=0)):
        yield

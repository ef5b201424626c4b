"""`check` says what `train` would refuse, in the same words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_training import settings, small_network

from engine.data.loading import load
from engine.data.published_sets import MNIST
from engine.data.settings import DataSettings, SplitSettings
from engine.data.split import divide, training_images
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.network import Severity, analyse
from engine.project import Project, problems_of, setup_of
from engine.project import readiness as of_a_project
from engine.recipe.recipe import Device
from engine.runs import preparing
from engine.tasks.refusal import NotTrainableError


def project(**values):
    return Project(small_network(), DataSettings(), settings(**values))


@pytest.fixture
def little_memory(monkeypatch):
    for module in (of_a_project, preparing):
        monkeypatch.setattr(module, "free_bytes", lambda: 1_000_000)


@pytest.fixture
def devices(monkeypatch):
    """Choose what devices the machine has."""

    def have(*found):
        monkeypatch.setattr("engine.machine.devices.available_devices", lambda: dict.fromkeys(found, "a device"))

    return have


def sentences(found):
    """The errors of a project, each with what helps."""
    errors = [problem for problem in problems_of(found) if problem.severity is Severity.ERROR]
    return [f"{problem.message} {problem.hint}".strip() for problem in errors]


@pytest.mark.parametrize("device", [Device.AUTO, Device.CPU])
def test_a_batch_beyond_memory_is_told_as_training_refuses_it(little_memory, devices, device):
    devices(Device.CPU)
    one = project(device=device, batch_size=65536)
    with pytest.raises(NotTrainableError) as refusal:
        preparing.prepare(one)
    assert sentences(one) == [str(refusal.value)]
    assert "batch 1257 needs" in str(refusal.value)


def test_the_cpu_s_memory_limits_no_other_device(little_memory, devices):
    devices(Device.CUDA, Device.CPU)
    assert sentences(project(device=Device.AUTO, batch_size=65536)) == []


def test_a_device_that_the_machine_lacks_is_told_as_training_refuses_it(devices):
    devices(Device.MPS, Device.CPU)
    one = project(device=Device.CUDA)
    with pytest.raises(LayerloomError) as refusal:
        preparing.prepare(one)
    assert sentences(one) == [str(refusal.value)]
    assert sentences(project(device=Device.MPS)) == []


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.floats(0, 0.8), st.floats(0, 0.8))
def test_how_many_images_train_is_known_from_how_many_there_are(counts, validation, test):
    labels = np.repeat(np.arange(len(counts)), counts)
    divided = divide(labels, validation=validation, test=test, seed=0)
    assert training_images(counts, validation=validation, test=test) == len(divided.train)


def test_the_training_images_of_a_set_are_those_that_load():
    data = DataSettings(split=SplitSettings(validation=0.33, test=0.21))
    assert data.training_images(data.source.known) == len(load(data, Shape(1, 8, 8)).train)


def test_a_set_s_own_test_images_do_not_train():
    data = DataSettings(source=MNIST())
    assert data.training_images(MNIST().known) == 51_000


def test_what_is_to_train_names_the_device():
    def device(wanted, *devices):
        one = project(device=wanted)
        return setup_of(one, analyse(one.network), devices=devices).device

    assert device(Device.AUTO) is None
    assert device(Device.AUTO, Device.CUDA, Device.CPU) is Device.CUDA
    assert device(Device.CPU, Device.CUDA, Device.CPU) is Device.CPU

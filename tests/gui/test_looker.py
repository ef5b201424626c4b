"""The looker answers the newest question, survives whatever happens, and frees who waits."""

import shutil
import threading
from typing import ClassVar

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from small_training import settings, small_network
from toy_regression import toy_network
from views_from_outside import Failing, Saliency, Waiting, registered

from engine.data.settings import DataSettings
from engine.inspection import FeatureMaps
from engine.inspection.lens import Lens
from engine.inspection.results import Heat
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.log import log_file
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Classification
from gui.looker import Looker, Question, Weights

PATIENCE = 60_000  # ms
PIXELS = np.random.default_rng(0).integers(0, 256, (1, 8, 8), dtype=np.uint8)
WAIT, FAIL = Asked(Waiting()), Asked(Failing())


class Unpredictable(Classification):
    """Raises what nobody expects of a task."""

    error: ClassVar[BaseException] = KeyError("nobody thought of it")

    def predictions(self, outputs, *, loss, probabilities):
        raise self.error


def thread():
    return next((one for one in threading.enumerate() if one.name == "layerloom-looker"), None)


class Heard:
    """A looker, and what it says, in order."""

    def __init__(self):
        self.looker = Looker()
        self.answers, self.failures = [], []
        self.looker.answered.connect(lambda question, sight: self.answers.append((question, sight)))
        self.looker.failed.connect(lambda question, sentence: self.failures.append((question, sentence)))
        self.weights = Weights(toy_network(outputs=3), Classification())

    def ask_in_vain(self):
        return self.ask(weights=Weights(self.weights.network, Unpredictable()))

    def ask(self, *views, weights=None):
        question = Question(weights or self.weights, PIXELS, views)
        self.looker.ask(question)
        return question


@pytest.fixture
def heard(qapp):
    with registered(Waiting, Failing, Saliency):
        Waiting.begun.clear()
        Waiting.go_on.clear()
        heard = Heard()
        yield heard
        Waiting.go_on.set()
        heard.looker.close()
        assert thread() is None
        assert not heard.looker.busy


@pytest.fixture
def rest(heard, qtbot):
    """Wait until every question is answered, failed or dropped."""

    def wait():
        qtbot.waitUntil(lambda: not heard.looker.busy, timeout=PATIENCE)

    return wait


def test_the_newest_question_is_answered_and_those_between_are_dropped(heard, rest):
    first = heard.ask(WAIT)
    assert Waiting.begun.wait(60)
    between = [heard.ask(Asked(FeatureMaps(), "conv")) for _ in range(3)]
    newest = heard.ask(Asked(FeatureMaps(), "fc"))
    Waiting.go_on.set()
    rest()
    assert [question for question, _ in heard.answers] == [first, newest]
    assert heard.failures == []
    assert not {id(question) for question in between} & {id(question) for question, _ in heard.answers}
    assert heard.answers[-1][1].maps.keys() == {"fc"}


def test_an_answer_maps_what_was_asked_to_results(heard, rest):
    asked = (Asked(Saliency()), Asked(Saliency(target=2)), Asked(FeatureMaps(), "relu"), Asked(FeatureMaps(), "no"))
    heard.ask(*asked)
    rest()
    ((_, sight),) = heard.answers
    lens = Lens(heard.weights.network, task=Classification())
    assert list(sight.results) == list(asked[:3])
    assert isinstance(sight.results[asked[0]], Heat)
    for one, result in sight.results.items():
        np.testing.assert_array_equal(result.array, lens.show(one, PIXELS).array)
    assert list(sight.refused) == [asked[3]]
    assert sight.prediction.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("nobody thought of it"), "Looking inside ended unexpectedly: KeyError. The details are in"),
        (TypeError(), "Looking inside ended unexpectedly: TypeError. The details are in"),
        (SystemExit(1), "Looking inside ended unexpectedly: SystemExit. The details are in"),
        (RuntimeError("first line\nsecond"), "The forward pass failed: first line"),
        (RuntimeError(), "The forward pass failed: RuntimeError"),
        (MemoryError(), "The forward pass failed: MemoryError"),
    ],
    ids=lambda value: repr(value) if isinstance(value, BaseException) else "",
)
def test_an_error_that_nobody_expected_is_told_and_the_next_question_answered(
    heard, rest, error, words, monkeypatch, tmp_path
):
    monkeypatch.setattr(Unpredictable, "error", error)
    asked = heard.ask_in_vain()
    alive = thread()
    rest()
    ((failed, sentence),) = heard.failures
    assert failed is asked
    assert sentence.startswith(words)
    assert heard.answers == []
    following = heard.ask(Asked(FeatureMaps(), "conv"))
    rest()
    assert [question for question, _ in heard.answers] == [following]
    assert thread() is alive


@pytest.mark.parametrize("error", [KeyError(), RuntimeError("sizes differ"), SystemExit(1)], ids=repr)
def test_a_view_that_fails_is_named_and_the_others_are_seen(heard, rest, error, monkeypatch):
    monkeypatch.setattr(Failing, "error", error)
    other = Asked(FeatureMaps(), "conv")
    heard.ask(FAIL, other)
    rest()
    ((_, sight),) = heard.answers
    assert list(sight.results) == [other]
    sentence = f"The view Toy failing ended unexpectedly: {type(error).__name__}. The details are in {log_file()}."
    assert sight.refused == {FAIL: sentence}


def test_the_log_keeps_the_traceback(heard, rest, caplog):
    heard.ask(FAIL)
    rest()
    kept = caplog.text + (log_file().read_text() if log_file().exists() else "")
    assert "nobody thought of it" in kept
    assert "views_from_outside.py" in kept


def test_an_answer_comes_while_another_question_waits_and_each_says_whose_it_is(heard, qtbot):
    first = heard.ask(WAIT)
    assert Waiting.begun.wait(60)
    Waiting.go_on.set()
    second = heard.ask_in_vain()
    qtbot.waitUntil(lambda: not heard.looker.busy, timeout=PATIENCE)
    assert heard.answers[0][0] is first
    assert heard.failures[0][0] is second


def test_closing_with_questions_in_the_queue_answers_none_of_them(heard):
    heard.ask(WAIT)
    assert Waiting.begun.wait(60)
    for _ in range(20):
        heard.ask(FAIL)
    Waiting.go_on.set()
    heard.looker.close()
    assert thread() is None
    assert not heard.looker.busy
    heard.looker._deliver()
    assert heard.answers == heard.failures == []


def test_closing_ends_a_looker_whose_question_failed_and_it_can_be_asked_again(heard, rest):
    heard.ask_in_vain()
    heard.looker.close()
    assert thread() is None
    question = heard.ask(Asked(FeatureMaps(), "conv"))
    rest()
    assert [answered for answered, _ in heard.answers] == [question]
    assert heard.failures == []


def test_a_network_that_does_not_take_one_image_fails_in_a_sentence(heard, rest):
    network = toy_network()
    network.add(LAYERS["Input"](channels=2, height=6, width=6), "second")
    network.remove("flatten")
    network.add(LAYERS["Add"](), "add", inputs=["relu", "second"])
    network.add(LAYERS["Flatten"](), "flatten", inputs="add")
    network.connect("flatten", "fc")
    heard.ask(weights=Weights(network, Classification()))
    rest()
    assert [words for _, words in heard.failures] == [
        "Looking inside needs one input that takes the image; there are 2: input, second."
    ]
    heard.ask()
    rest()
    assert len(heard.answers) == 1


def test_weights_that_failed_to_load_halfway_are_loaded_anew(heard, rest, tmp_path):
    list(run_project(Project(small_network(), DataSettings(), settings(epochs=1)), tmp_path / "run"))
    folder = RunFolder(tmp_path / "run")
    halfway = {name: torch.zeros_like(value) for name, value in folder.weights(1).items()} | {"fc.bias": torch.zeros(3)}
    save_file(halfway, folder.checkpoint(2))
    project = folder.project()
    for which in (1, 2, 1):
        heard.ask(weights=Weights(project.network, project.task, folder.path, which))
        rest()
    assert [words for _, words in heard.failures] == ["The weights do not fit the network small."]
    before, after = (sight.prediction for _, sight in heard.answers)
    np.testing.assert_array_equal(before, after)


def test_a_run_that_took_the_place_of_another_is_looked_at_as_it_is(heard, rest, tmp_path):
    path, asked = tmp_path / "run", Asked(FeatureMaps(), "input")

    def seen(normalise):
        shutil.rmtree(path, ignore_errors=True)
        list(run_project(Project(small_network(), DataSettings(normalise=normalise), settings(epochs=1)), path))
        heard.looker.ask(
            Question(Weights(small_network(), Classification(), path), np.full((1, 8, 8), 255, np.uint8), (asked,))
        )
        rest()
        return heard.answers[-1][1].results[asked].array

    assert (seen("dataset") > 1).all()
    assert (seen("zero_to_one") == 1).all()

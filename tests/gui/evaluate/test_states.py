"""Evaluate in states that are rare: one image, an empty part, a failed run, few classes and a thousand, odd images."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from look_parts import PATIENCE
from PIL import Image

from engine.data.looks import TenCrop
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.evaluation.label_errors import find_label_errors
from engine.layers import LAYERS
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import summarise

sys.path.append(str(Path(__file__).parents[2] / "engine" / "data"))
from image_files import make_folder

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def evaluated(evaluate, trained, qtbot):
    evaluate.evaluator.start()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    return evaluate


@pytest.fixture
def learn(document, evaluate, runs, qtbot):
    """Trains the network on a folder of two classes."""

    def train(folder, *, seed=0, **split):
        if not len(runs.all):
            document.edit("Two classes", lambda network: network.set_layer("fc", LAYERS["Linear"](out_features=2)))
            training = document.project.training.model_copy(update={"batch_size": 4})
            document.replace(replace(document.project, training=training))
        data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(seed=seed, **split))
        document.change_settings("Data", data)
        qtbot.waitUntil(lambda: runs.obstacle is None, timeout=PATIENCE)
        with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
            runs.start()
        return runs.current

    return train


def settle(evaluate, qtbot):
    evaluate.evaluator.start()
    qtbot.waitUntil(lambda: not evaluate.evaluator.busy, timeout=PATIENCE)


def show(evaluate, qtbot, *, classes, labels, predicted):
    """Every page of figures on made-up predictions."""
    probabilities = 0.4 / classes + 0.6 * np.eye(classes)[predicted]
    found = summarise("test", tuple(map(str, range(classes))), probabilities=probabilities, labels=np.array(labels))
    evaluate.evaluator._take(replace(evaluate.evaluator.result, evaluation=found))
    centre = evaluate.matrix
    for page in (centre.matrix_page, centre.curves):
        centre.show_page(page)
        qtbot.waitUntil(lambda page=page: not any(answer.busy for answer in page.answers()), timeout=PATIENCE)
        assert not any(answer.message for answer in page.answers())
        assert not page.grab().isNull()
    return found


@pytest.mark.parametrize(
    ("classes", "labels", "predicted"),
    [
        (2, [1], [1]),
        (2, [0, 1, 1], [1, 1, 0]),
        (6, [0, 0, 3], [0, 3, 5]),
        (1000, [*range(0, 1000, 2)], [*range(1, 1000, 2)]),
    ],
)
def test_few_classes_a_thousand_and_some_without_images_are_shown(evaluated, qtbot, classes, labels, predicted):
    found = show(evaluated, qtbot, classes=classes, labels=labels, predicted=predicted)
    page = evaluated.matrix.matrix_page
    assert page.table.rowCount() == classes
    rows = {page.table.item(row, 0).text(): page.table.item(row, 3).text() for row in range(classes)}
    assert {name for name, recall in rows.items() if recall == "–"} == set(rows) - set(map(str, labels))
    assert evaluated.evaluator.cell == (
        None if found.accuracy == 1 else (labels[0], predicted[found.accuracy != 1 and labels[0] == predicted[0]])
    )


def test_a_part_without_images_is_said_and_so_is_one_whose_images_are_gone(evaluate, learn, tmp_path, qtbot):
    folder = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})
    learn(folder, validation=0.25, test=0)
    settle(evaluate, qtbot)
    assert evaluate.matrix.message.text() == "The test split of pets has no images."
    evaluate.evaluator.choose_split("validation")
    settle(evaluate, qtbot)
    assert evaluate.evaluator.result.evaluation.images == 6


def test_a_folder_is_asked_for_where_images_are_gone_not_where_they_are_too_small(evaluate, learn, tmp_path, qtbot):
    learn(make_folder(tmp_path / "pets", {"cat": 12, "dog": 12}))
    settle(evaluate, qtbot)
    centre, evaluator = evaluate.matrix, evaluate.evaluator
    evaluator.choose_looks(TenCrop())
    qtbot.waitUntil(lambda: bool(evaluator.message), timeout=PATIENCE)
    assert "need a larger image" in centre.trouble.text()
    assert centre.mend.isHidden()
    evaluator.choose_looks(None)
    qtbot.waitUntil(lambda: not evaluator.busy, timeout=PATIENCE)
    (tmp_path / "pets").rename(tmp_path / "elsewhere")
    settle(evaluate, qtbot)
    assert "There is no folder" in centre.trouble.text()
    assert centre.mend.text() == "Choose folder…"


def test_in_a_low_window_the_matrix_and_its_legend_stay_in_their_card_and_apart(evaluated, qtbot):
    page = evaluated.matrix.matrix_page
    evaluated.matrix.window().resize(1050, 530)
    card = page.matrix.parentWidget()
    parts = (page.matrix, page.legend)
    qtbot.waitUntil(lambda: all(card.rect().contains(part.geometry()) for part in parts), timeout=PATIENCE)
    assert card.width() < 300
    assert not page.matrix.geometry().intersects(page.legend.geometry())


def test_a_run_whose_weights_are_no_numbers_says_so(evaluate, trained, monkeypatch, qtbot):
    monkeypatch.setattr(
        "engine.evaluation.evaluating.run_split",
        lambda *_, **__: (np.full((270, 10), np.nan), np.arange(270)),
    )
    settle(evaluate, qtbot)
    assert "gives NaN or infinity" in evaluate.matrix.message.text()
    assert evaluate.matrix.evaluate.isVisible()


def test_all_runs_of_a_folder_are_asked_however_the_way_to_it_was_typed(evaluate, learn, tmp_path, qtbot):
    folder = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})
    first = learn(folder, validation=0.25, test=0.25)
    second = learn(f"{folder}/../pets", seed=3, validation=0.25, test=0.25)
    settle(evaluate, qtbot)
    page = evaluate.matrix.labels
    evaluate.matrix.show_page(page)
    qtbot.waitUntil(lambda: page.errors.value is not None, timeout=PATIENCE)
    alone = page.errors.value
    assert alone.runs == 1
    assert "train a run with another seed" in page.said.text()
    assert page.every_words.text() == "Ask all 2 runs of these classes"
    page.every.click()
    qtbot.waitUntil(lambda: page.errors.value is not None and page.errors.value.runs == 2, timeout=PATIENCE)
    both = find_label_errors([RunFolder(run.folder) for run in (second, first)])
    assert page.errors.value == both
    assert both.judged > alone.judged


def test_images_of_every_mode_and_size_are_answered_or_say_why_not(evaluate, trained, tmp_path, qtbot):
    own = tmp_path / "own"
    own.mkdir()
    for mode in ("RGBA", "P", "CMYK", "L", "1", "LA"):
        Image.new(mode, (20, 20)).save(own / f"{mode}.{'jpg' if mode == 'CMYK' else 'png'}")
    Image.fromarray(np.full((20, 20), 40_000, np.uint16)).save(own / "deep.png")
    Image.new("L", (1, 1)).save(own / "tiny.png")
    Image.new("L", (6000, 3)).save(own / "huge.png")
    (own / "text.png").write_text("no image at all")
    evaluate.matrix.show_own([own])
    page = evaluate.matrix.own
    qtbot.waitUntil(lambda: page.said.value is not None, timeout=PATIENCE)
    said = {one.image.name: one for one in page.said.value.predictions}
    assert len(said) == 10
    assert {name for name, one in said.items() if one.error} == {"text.png"}
    assert said["text.png"].error == "text.png could not be read: it holds no known image format."
    assert page.score.isHidden()  # no folders of classes


def test_a_folder_of_ones_own_is_scored_without_copies_of_what_trained(evaluate, learn, tmp_path, qtbot):
    folder = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})
    run = learn(folder, validation=0.25, test=0.25)
    own = make_folder(tmp_path / "mine", {"cats": 3, "dogs": 2, "mice": 2}, seed=9)
    trained = RunFolder(run.folder).parts.train[0]
    (own / "dogs" / "copy.png").write_bytes((folder / trained).read_bytes())
    centre = evaluate.matrix
    centre.show_own([own])
    qtbot.waitUntil(lambda: centre.own.said.value is not None, timeout=PATIENCE)
    assert centre.own.score.text() == "Score against its 2 class folders"
    assert centre.own.table.item(0, 0).text() == "cats/000.png"
    done = []
    evaluate.done.connect(done.append)
    centre.own.score.click()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    result = evaluate.evaluator.result
    assert sorted(result.names) == ["cats/000.png", "cats/001.png", "cats/002.png", "dogs/000.png", "dogs/001.png"]
    assert result.classes.confusion.sum(axis=1).tolist() == [3, 2]
    said = {one.image.relative_to(own).as_posix(): one.readings[0] for one in centre.own.said.value.predictions}
    predicted = result.classes.predictions
    for place, name in enumerate(result.names):
        assert said[name].name == result.classes.classes[predicted.predicted[place]]
        assert said[name].value == pytest.approx(predicted.confidence[place], abs=1e-5)
    assert result.changes == (
        "1 image is a copy of one that trained and is left out.",
        "Left out, as the run did not learn it: mice.",
    )
    assert done[-1].startswith("Evaluated 5 images of mine in ")
    centre.show_page(centre.labels)
    qtbot.waitUntil(lambda: centre.labels.errors.value is not None, timeout=PATIENCE)
    assert centre.labels.errors.value.judged == 5
    centre.splits.chosen.emit("test")
    assert evaluate.evaluator.own is None


def test_a_cell_that_is_gone_to_is_of_its_part_and_forgotten_with_it(evaluate, trained, tmp_path, qtbot):
    evaluator = evaluate.evaluator

    def found():
        qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)
        return evaluator.result.evaluation.split, evaluator.cell

    hit = (0, 0)  # by itself a mistake is looked at
    evaluator.go_to("validation", *hit)
    assert found() == ("validation", hit)
    evaluator.go_to("validation", 1, 1)
    assert found() == ("validation", (1, 1))
    evaluator.go_to("test", *hit)
    evaluator.choose_split("validation")
    part, cell = found()
    assert part == "validation"
    assert cell != hit
    evaluator.choose_own(tmp_path)  # in which there is nothing
    assert evaluator.result is None  # what was found of the part is not shown as theirs
    evaluator.go_to("test", *hit)
    assert found() == ("test", hit)
    assert evaluator.own is None

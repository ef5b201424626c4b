"""Images as points in the window: by class, filtered, pointed at, chosen, worked out again and called off."""

import threading

import numpy as np
import pytest
from look_parts import PATIENCE
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.progress import Progress, tell
from engine.inspection import Ablation, Alteration, Embedding, FeatureMaps
from engine.inspection.interventions import Off
from engine.inspection.lens import Lens
from engine.inspection.results import Points
from engine.inspection.sight import Asked
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from gui.look.class_marks import mark_of
from gui.look.points_plot import PointsPlot

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def rest(inside, qtbot):
    def wait():
        qtbot.waitUntil(lambda: not inside.look.busy and not inside.points.images._job.running, timeout=PATIENCE)

    return wait


@pytest.fixture
def look_through(inside, rest):
    """Choose the tab of a view by the mouse."""

    def choose(kind):
        bar = inside.maps.tabs.bar
        place = next(at for at in range(bar.count()) if bar.tabText(at) == kind.title)
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(place).center())
        rest()

    return choose


@pytest.fixture
def page(trained, inside, seen, look_through):
    """The points of a layer of a trained run."""
    inside.set_active(True)
    seen()
    inside.look.choose_node("fc")
    look_through(Embedding)
    assert inside.maps.page.currentWidget() is inside.points
    return inside.points


def lens_of(run, epoch=3):
    folder = RunFolder(run.folder)
    lens = Lens.of_run(folder)
    lens.load(folder.weights(epoch))
    return lens


def place_of(page, index):
    return QPointF(*page.plot.places[index]).toPoint()


def test_points_are_those_of_the_view_and_follow_layer_epoch_and_settings(page, inside, trained, rest):
    def same(view, node, epoch):
        rest()
        expected = lens_of(trained, epoch).show(Asked(view, node))
        np.testing.assert_allclose(np.abs(page._points.values), np.abs(expected.values), rtol=1e-3, atol=1e-3)

    same(Embedding(), "fc", 3)
    inside.look.choose_node("conv1")
    same(Embedding(), "conv1", 3)
    QTest.mouseClick(inside.maps.settings.fields["flatten"].editor, LEFT, pos=QPoint(8, 8))
    same(Embedding(flatten=True), "conv1", 3)
    inside.look.choose_epoch(1)
    same(Embedding(flatten=True), "conv1", 1)
    QTest.mouseClick(inside.maps.settings.fields["part"].editor.chips[2], LEFT)
    same(Embedding(flatten=True, part="test"), "conv1", 1)


def test_settings_stay_while_another_tab_is_in_front(page, inside, look_through):
    QTest.mouseClick(inside.maps.settings.fields["part"].editor.chips[2], LEFT)
    look_through(FeatureMaps)
    assert not inside.maps.settings.isVisible()
    look_through(Embedding)
    assert inside.chosen.view == Embedding(part="test")
    assert page._points.part == "test"


def test_the_image_of_a_point_is_shown_and_one_that_is_clicked_is_looked_at(page, inside, trained, rest):
    split = load_run_data(RunFolder(trained.folder)).validation
    index = next(i for i in range(50) if page.plot.at(QPointF(*page.plot.places[i])) == i)
    QTest.mouseMove(page.plot, place_of(page, index))
    rest()
    assert page.plot.current == index
    assert not page.picture.pixmap().isNull()
    name = split.targets.classes[split.targets.values[index]]
    assert page.said.text().startswith(f"Validation image {index + 1}: class {name}")
    QTest.mouseClick(page.plot, LEFT, pos=place_of(page, index))
    rest()
    np.testing.assert_array_equal(inside.look.pixels, split.images([index])[0])
    assert inside.look.target == split.targets.values[index]


def test_filters_are_a_cell_of_the_matrix(page):
    points = page._points
    true, taken = (int(found[points.wrong][0]) for found in (points.labels, points.predicted))
    page.filter(true, taken)
    np.testing.assert_array_equal(page.plot.kept, (points.labels == true) & (points.predicted == taken))
    assert page.said.text().startswith(f"{page.plot.kept.sum()} validation image")
    with_cell = []
    page.cell_wanted.connect(lambda *cell: with_cell.append(cell))
    QTest.mouseClick(page.matrix, LEFT)
    assert with_cell == [("validation", true, taken)]
    QTest.mouseClick(page.all, LEFT)
    assert page.plot.kept.all()
    assert not page.matrix.isEnabled()
    own = page._marks.itemAt(4).widget()
    QTest.mouseClick(own, LEFT)
    np.testing.assert_array_equal(page.plot.kept, points.labels == 4)


def test_a_cell_is_shown_among_the_points_of_its_part(page, inside, rest):
    inside.show_cell("test", 3, 5)
    rest()
    assert inside.chosen.view == Embedding(part="test")
    points = page._points
    assert points.part == "test"
    np.testing.assert_array_equal(page.plot.kept, (points.labels == 3) & (points.predicted == 5))


def test_points_of_the_altered_network_come_when_it_is_altered(page, inside, rest):
    before = page._points
    inside.look.alterations.put(Alteration(units=[Off(node="fc", units=tuple(range(1, 10)))]), "x")
    rest()
    assert page._points is not before
    assert not page._points.values[:, 1].any()


def test_what_takes_long_tells_how_far_it_is_and_is_called_off(page, inside, rest, monkeypatch, qtbot, look_through):
    go_on, heard = threading.Event(), []

    def slow(view, lens, image, node):
        for done in range(1000):
            heard.append(done)
            tell(lens.images.listener, Progress("Placing points", done, 1000, "steps"))
            go_on.wait(0.01)
        raise AssertionError("nobody called it off")

    monkeypatch.setattr(Embedding, "show", slow)
    inside.chosen.choose(Embedding(seed=4))
    waiting = inside.maps.page.waiting
    qtbot.waitUntil(waiting.isVisible, timeout=PATIENCE)
    assert waiting.text.text().startswith("Placing points ")
    QTest.mouseClick(waiting.cancel, LEFT)
    rest()
    assert inside.maps.page.sentence.text() == "Called off."
    assert not waiting.isVisible()
    assert len(heard) < 1000
    monkeypatch.undo()
    QTest.mouseClick(inside.maps.page.again, LEFT)
    rest()
    assert inside.maps.page.currentWidget() is page


def test_a_newer_question_takes_the_place_of_one_that_takes_long(page, inside, rest, monkeypatch, qtbot):
    begun = threading.Event()

    def endless(view, lens, image, node):
        while True:
            begun.set()
            tell(lens.images.listener, Progress("Placing points", 0, 0, "steps"))

    with monkeypatch.context() as patch:
        patch.setattr(Embedding, "show", endless)
        inside.chosen.choose(Embedding(seed=4))
        qtbot.waitUntil(begun.is_set, timeout=PATIENCE)
        patch.undo()
        inside.look.choose_node("conv1")
        rest()
    assert inside.maps.page.currentWidget() is page
    assert page._points.node == "conv1"


def test_units_are_ranked_and_switched_off_by_keys(trained, inside, seen, rest, look_through):
    inside.set_active(True)
    seen()
    look_through(Ablation)
    view = inside.ranking
    assert inside.maps.page.currentWidget() is view
    expected = lens_of(trained).show(Asked(Ablation(), "conv1"))
    assert view.rows._order == expected.order
    assert view.about.text().startswith("Accuracy ")
    view.rows.setFocus()
    QTest.keyClick(view.rows, Qt.Key.Key_Down)
    second = expected.order[1]
    assert view.off.text() == f"Switch off unit {second}"
    QTest.keyClick(view.rows, Qt.Key.Key_Return)
    assert inside.look.alterations.value.units == (Off(node="conv1", units=(second,)),)
    rest()
    assert view.rows._ranking.values[second] == pytest.approx(view.rows._ranking.before)


def test_a_drawing_has_no_points(inside, seen, look_through):
    inside.set_active(True)
    seen()
    look_through(Embedding)
    assert inside.maps.page.sentence.text() == "There are no images for small: train it on a data set first."


# The plot by itself


@pytest.fixture
def plot(qapp, qtbot):
    made = PointsPlot()
    made.resize(400, 300)
    random = np.random.default_rng(0)
    values, labels = random.normal(size=(200, 2)).astype(np.float32), np.arange(200) % 3
    made.show_points(Points("fc", "pca", "test", values, np.arange(200), labels, labels, ("a", "b", "c")))
    with qtbot.waitExposed(made, timeout=PATIENCE):
        made.show()
    yield made
    made.close()


def test_all_points_are_in_view_on_one_scale(plot):
    places = plot.places
    assert (places > 0).all()
    assert (places < (400, 300)).all()
    across, up = (np.ptp(places[:, axis]) / np.ptp(plot._points.values[:, axis]) for axis in (0, 1))
    assert across == pytest.approx(up, rel=1e-4)
    highest = plot._points.values[:, 1].argmax()
    assert places[highest, 1] == places[:, 1].min()


def test_the_wheel_enlarges_about_the_pointer_and_a_drag_moves(plot):
    before, at = plot.places, QPointF(*plot.places[7])
    wheel = QWheelEvent(
        at, plot.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot, wheel)
    np.testing.assert_allclose(plot.places[7], before[7], atol=1e-6)
    assert np.ptp(plot.places) > 1.2 * np.ptp(before)
    moved, chosen = plot.places, []
    plot.chosen.connect(chosen.append)
    QTest.mousePress(plot, LEFT, pos=at.toPoint())
    QTest.mouseMove(plot, at.toPoint() + QPoint(30, 20))
    QTest.mouseRelease(plot, LEFT, pos=at.toPoint() + QPoint(30, 20))
    np.testing.assert_allclose(plot.places - moved, np.broadcast_to((30, 20), moved.shape), atol=1e-6)
    assert not chosen
    QTest.keyClicks(plot, "0")
    np.testing.assert_allclose(plot.places, before)


def test_arrows_go_from_point_to_point_and_enter_chooses(plot):
    chosen = []
    plot.chosen.connect(chosen.append)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    walked = [plot.current]
    for _ in range(60):
        QTest.keyClick(plot, Qt.Key.Key_Right)
        walked.append(plot.current)
    across = plot.places[walked, 0]
    assert (np.diff(across) >= 0).all()
    assert across[-1] > across[0]
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert chosen == [plot.current]


def test_what_is_filtered_out_cannot_be_pointed_at(plot):
    plot.keep(plot._points.labels == 1)
    for index in range(200):
        assert plot.at(QPointF(*plot.places[index])) in (-1, *np.flatnonzero(plot.kept))
    plot.keep(np.zeros(200, bool))
    assert plot.at(QPointF(*plot.places[0])) == -1
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.current == -1


def test_no_two_classes_have_the_same_mark(qapp):
    images = [mark_of(number).toImage() for number in range(42)]
    assert all(one != other for place, one in enumerate(images) for other in images[:place])

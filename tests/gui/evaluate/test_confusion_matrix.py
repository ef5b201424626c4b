"""The matrix is coloured by rows, answers the mouse where its cells stand, and the keyboard within them."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.evaluate.confusion_matrix import ConfusionMatrix, _share
from gui.evaluate.matrix_legend import MatrixLegend
from gui.evaluate.matrix_picture import matrix_picture
from gui.style.appearance import appearance
from gui.style.style import apply_style

LEFT = Qt.MouseButton.LeftButton
COUNTS = np.array([[8, 2, 0], [0, 1, 1], [12, 4, 4]])


@pytest.fixture
def made(qapp, qtbot):
    """Makes a matrix of some counts."""
    apply_style(qapp)

    def make(counts):
        matrix = ConfusionMatrix()
        qtbot.addWidget(matrix)
        matrix.resize(420, 400)
        matrix.show_counts(np.array(counts), tuple("abcdef"[: len(counts)]))
        return matrix

    return make


def mixed(name, strength):
    """A colour of the palette so far from that of an empty cell."""
    empty, full = (np.array(appearance().colour(token).getRgb()[:3], float) for token in ("raised", name))
    return tuple(np.rint(empty + (full - empty) * strength).astype(int))


def test_hits_are_coloured_by_their_share_of_the_true_class_and_mistakes_by_the_largest(made):
    matrix = made(COUNTS)
    image = matrix.grab().toImage()
    expected = {
        (0, 0): mixed("primary", 0.15 + 0.85 * 8 / 10),
        (1, 1): mixed("primary", 0.15 + 0.85 * 1 / 2),
        (2, 2): mixed("primary", 0.15 + 0.85 * 4 / 20),
        (0, 1): mixed("trainable", 0.15 + 0.85 * 2 / 12),
        (2, 0): mixed("trainable", 1.0),
        (2, 1): mixed("trainable", 0.15 + 0.85 * 4 / 12),
        (0, 2): mixed("raised", 0.0),
    }
    corners = {cell: matrix.area_of(*cell).topLeft().toPoint() + QPoint(8, 8) for cell in expected}
    assert {cell: image.pixelColor(corner).getRgb()[:3] for cell, corner in corners.items()} == expected


def test_per_cent_are_of_the_row(made):
    in_per_cent = made([[1, 3], [0, 8]])
    in_per_cent.show_shares(True)
    counted = made([[25, 75], [0, 100]])
    assert in_per_cent.grab().toImage() == counted.grab().toImage()
    in_per_cent.show_shares(False)
    assert in_per_cent.grab().toImage() != counted.grab().toImage()


@pytest.mark.parametrize("width", [420, 900])
def test_a_click_chooses_the_cell_below_it_and_none_beyond_the_last(made, width):
    matrix, chosen = made(COUNTS), []
    matrix.resize(width, 400)
    matrix.chosen.connect(lambda *cell: chosen.append(cell))
    for cell in np.ndindex(3, 3):
        QTest.mouseClick(matrix, LEFT, pos=matrix.area_of(*cell).center().toPoint())
    assert chosen == [*np.ndindex(3, 3)]
    edge = round(matrix.area_of(0, 1).left() - matrix.area_of(0, 0).left())
    first, last = matrix.area_of(0, 0).center().toPoint(), matrix.area_of(2, 2).center().toPoint()
    for beyond in (first - QPoint(edge, 0), first - QPoint(0, edge), last + QPoint(edge, 0), last + QPoint(0, edge)):
        QTest.mouseClick(matrix, LEFT, pos=beyond)
    assert len(chosen) == 9


def test_in_another_order_cells_keys_and_pictures_are_still_those_of_their_classes(made, qtbot):
    matrix, chosen = made(COUNTS), []
    plain = {cell: matrix.area_of(*cell) for cell in np.ndindex(3, 3)}
    matrix.show_order(np.array([2, 0, 1]))
    assert [matrix.area_of(true, 0) for true in (2, 0, 1)] == [plain[place, 1] for place in range(3)]
    matrix.chosen.connect(lambda *cell: chosen.append(cell))
    for cell in plain:
        QTest.mouseClick(matrix, LEFT, pos=matrix.area_of(*cell).center().toPoint())
    assert chosen == list(plain)
    matrix.mark((2, 2))
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    assert chosen[-1] == (2, 0)
    many = made_of(qtbot, [f"{number}" for number in range(30)], (500, 500))
    counts = np.zeros((30, 30), np.int64)
    counts[4, 9] = 1
    many.show_counts(counts, many._classes)
    many.show_order(np.roll(np.arange(30), 7))
    image = many.grab().toImage()
    colours = {cell: image.pixelColor(many.area_of(*cell).center().toPoint()) for cell in np.ndindex(30, 30)}
    assert [cell for cell, colour in colours.items() if colour == appearance().colour("trainable")] == [(4, 9)]


def test_a_cell_is_told_in_words_with_its_share_of_the_true_class(made):
    matrix = made(COUNTS)
    said = []
    for cell in ((0, 1), (2, 2), (0, 2)):
        matrix.mark(cell)
        said.append(matrix.accessibleDescription())
    assert said == [
        "2 images of a taken for b, 20.0 % of its 10",
        "4 images of c recognised, 20.0 % of its 20",
        "0 images of a taken for c, 0.0 % of its 10",
    ]
    matrix.mark(None)
    assert matrix.accessibleDescription() == ""


def test_what_is_there_is_never_nought_per_cent():
    assert [_share(count, 1000) for count in (1, 9, 10, 994, 1000)] == ["<1", "<1", "1", "99", "100"]


def test_the_legend_says_how_many_images_a_true_class_has(made, qtbot):
    made(COUNTS)
    legend = MatrixLegend()
    qtbot.addWidget(legend)
    for counts, shares, words in (
        (COUNTS, False, "counts, 2 to 20 images a row"),
        (np.array([[1, 3], [4, 0]]), True, "per cent of 4 images a row"),
        (np.array([[1, 0], [0, 0]]), True, "per cent of 1 image a row"),
    ):
        legend.show_counts(counts, shares=shares)
        assert legend.accessibleName().endswith(f", {words}")


def test_the_arrow_keys_stay_within(made):
    matrix = made(COUNTS)
    matrix.chosen.connect(lambda *cell: matrix.mark(cell))
    reached = []
    keys = Qt.Key
    for key in (*[keys.Key_Right] * 3, *[keys.Key_Down] * 3, *[keys.Key_Left] * 3, *[keys.Key_Up] * 3):
        QTest.keyClick(matrix, key)
        reached.append(matrix.current)
    assert reached == [(0, 1), (0, 2), (0, 2), (1, 2), (2, 2), (2, 2), (2, 1), (2, 0), (2, 0), (1, 0), (0, 0), (0, 0)]


def made_of(qtbot, classes, size):
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(*size)
    matrix.show_counts(np.eye(len(classes), dtype=np.int64), tuple(classes))
    return matrix


def written(matrix, area):
    """Whether anything is written in a part of the matrix."""
    image = matrix.grab().toImage()
    paper = image.pixel(0, image.height() - 1)
    columns = range(int(area.left()), int(area.right()))
    return any(image.pixel(x, y) != paper for x in columns for y in range(int(area.top()), int(area.bottom())))


def test_names_wider_than_their_columns_stand_aslant_above_them(made, qtbot):
    made(COUNTS)  # with the style in force
    plain = made_of(qtbot, "abcde", (500, 400))
    long = made_of(qtbot, ["Hemiptera_Auchenorrhyncha", "leaf spot", "healthy", "scorch", "x"], (500, 400))
    assert plain.area_of(0, 0).top() == 46
    cell = long.area_of(0, 1)
    assert cell.top() > 100
    assert written(long, QRectF(cell.center().x(), 30, cell.width(), cell.top() - 34))
    last = long.area_of(4, 4)
    assert last.right() + (cell.top() - 46) <= 500  # so that the last name ends within
    assert long.cell_at(cell.center().toPoint()) == (0, 1)


def test_names_of_columns_that_are_too_narrow_take_no_room(made, qtbot):
    made(COUNTS)
    many = made_of(qtbot, [f"species_{number}" for number in range(38)], (500, 400))
    assert many.area_of(0, 0).top() == 46
    assert not written(many, QRectF(many.area_of(0, 0).left(), 22, 300, 20))


def test_where_names_have_no_room_the_axes_name_the_cell_below_the_pointer(made, qtbot):
    made(COUNTS)
    for classes in (38, 1000):
        many = made_of(qtbot, [f"species_{number}" for number in range(classes)], (500, 400))
        last = many.area_of(classes - 1, classes - 1)
        assert many.rect().contains(last.toAlignedRect())
        top = QRectF(many.area_of(0, 0).left(), 0, 340, 20)
        plain = many.grab(top.toRect()).toImage()
        at, none = many.area_of(classes // 2, classes // 3).center(), Qt.MouseButton.NoButton
        move = QMouseEvent(QEvent.Type.MouseMove, at, many.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(many, move)
        assert many.grab(top.toRect()).toImage() != plain
        QApplication.sendEvent(many, QEvent(QEvent.Type.Leave))
        assert many.grab(top.toRect()).toImage() == plain


def test_no_mistake_is_lost_where_a_pixel_stands_for_several_cells(made):
    made(COUNTS)
    counts = np.zeros((1000, 1000), np.int64)
    places = [(3, 700), (501, 2), (998, 400), (0, 999)]
    for place in places:
        counts[place] = 5
    order = np.random.default_rng(0).permutation(1000)
    for some in (np.arange(1000), order):
        image, place = matrix_picture(counts, some, 300), np.argsort(some)
        marked = {
            (x, y) for x in range(300) for y in range(300) if image.pixelColor(x, y) != image.pixelColor(150, 150)
        }
        assert marked == {(int(place[right] * 300 // 1000), int(place[true] * 300 // 1000)) for true, right in places}


def test_a_long_name_leaves_most_of_a_small_matrix_to_the_cells(made, qtbot):
    made(COUNTS)
    small = made_of(qtbot, ["Hemiptera_Auchenorrhyncha_Cicadellidae", "leaf spot", "x"], (300, 300))
    assert small.area_of(0, 0).left() <= 300 / 4 + 34
    assert small.area_of(0, 0).width() >= 30

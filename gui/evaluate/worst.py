"""The mistakes that cost most, each with its image."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.files import readable
from gui.evaluate.evaluator import Evaluated
from gui.style.appearance import appearance
from gui.widgets.tile_pictures import TilePictures, paint_picture

MOST = 20
PLACE, LOSS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_PICTURE, _ROW = 44, 56  # px


class WorstList(QListWidget):
    """What an image was taken for and how surely, what it is, and its loss; ``opened`` brings its position."""

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Worst errors by loss")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setMinimumHeight(3 * _ROW)
        self.pictures = TilePictures(self)
        self.pictures.read.connect(self.viewport().update)
        self.setItemDelegate(_Delegate(self))
        self.itemClicked.connect(self._open)
        self.itemActivated.connect(self._open)
        appearance().changed.connect(self.viewport().update)

    def show_mistakes(self, result: Evaluated | None) -> None:
        """List the worst mistakes of an evaluation."""
        self.clear()
        self.pictures.show_listing(result)
        found = result.classes if result is not None else None
        if result is None or found is None:
            return
        said = found.predictions
        for place in said.worst(MOST, by="loss").tolist():
            taken, true = found.classes[said.predicted[place]], found.classes[said.labels[place]]
            item = QListWidgetItem(f"{taken} {100 * said.confidence[place]:.1f} %\nis {true}")
            item.setData(PLACE, place)
            item.setData(LOSS, f"{said.losses[place]:.1f}")
            item.setToolTip(f"{item.text()}\n{readable(result.names[place])}, loss {said.losses[place]:.2f}")
            item.setSizeHint(QSize(1, _ROW))  # as wide as the list: longer names end in an ellipsis
            self.addItem(item)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.pictures.want(self._places(), round(_PICTURE * self.devicePixelRatioF()))
        super().paintEvent(event)

    def _places(self) -> Sequence[int]:
        """The positions of the images in view."""
        items = map(self.item, range(self.count()))
        return [item.data(PLACE) for item in items if self.visualItemRect(item).intersects(self.viewport().rect())]

    def _open(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(PLACE))


class _Delegate(QStyledItemDelegate):
    def __init__(self, parent: WorstList) -> None:
        super().__init__(parent)
        self._list = parent

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look, area = appearance(), QRect(option.rect)
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        whole.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, whole, painter, option.widget)
        painter.save()
        picture = QRect(area.left() + 4, area.top() + (_ROW - _PICTURE) // 2, _PICTURE, _PICTURE)
        image = self._list.pictures.picture(index.data(PLACE))
        if image is None:
            painter.fillRect(picture, look.colour("canvas"))
            if self._list.pictures.is_unreadable(index.data(PLACE)):
                look.icon("mdi6.image-broken-variant", "warn").paint(painter, picture.adjusted(12, 12, -12, -12))
        else:
            paint_picture(painter, picture, image)
        loss = str(index.data(LOSS))
        painter.setFont(look.font(12, mono=True))
        painter.setPen(look.colour("text"))
        painter.drawText(area.adjusted(0, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, loss)
        left = picture.right() + 12
        right = area.right() - painter.fontMetrics().horizontalAdvance(loss) - 14
        self._paint_words(painter, QRectF(left, area.top(), right - left, _ROW), str(index.data()))
        painter.setPen(look.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()

    def _paint_words(self, painter: QPainter, area: QRectF, text: str) -> None:
        """ "scab 99.4 %" in the colour of mistakes above "is leaf spot"."""
        look, (taken, true) = appearance(), text.split("\n", 1)
        for line, weight, token, top in ((taken, 600, "err", 9), (true, 400, "muted", 27)):
            painter.setFont(look.font(12, weight=weight))
            painter.setPen(look.colour(token))
            words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, int(area.width()))
            row = QRectF(area.left(), area.top() + top, area.width(), 18)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

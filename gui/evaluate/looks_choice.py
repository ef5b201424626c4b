"""How each image is looked at when a run is evaluated: as the run says, once, in ten crops, in several draws."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from engine.data.looks import LOOKS, Looks
from gui.widgets import layouts

_AS_THE_RUN_SAYS = "As the run says"
_ABOUT = "How each image is looked at: as the run's own test-time setting says, or another way"
_WIDTH, _NUMBER, _INSET = 132, 84, 6  # px


class LooksChoice(QWidget):
    """The choices of the registry, with a field for the number that one of them has; ``chosen`` brings None or one."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds, self.number = QComboBox(), QSpinBox()
        self.kinds.setAccessibleName("How each image is looked at")
        self.kinds.setToolTip(_ABOUT)
        self.kinds.setFixedWidth(_WIDTH)
        self.kinds.addItem(_AS_THE_RUN_SAYS, "")
        for name, kind in LOOKS.items():
            self.kinds.addItem(kind.title, name)
            self.kinds.setItemData(self.kinds.count() - 1, kind.help(), 3)  # its tooltip
        self.number.setFixedWidth(_NUMBER)
        self.number.setKeyboardTracking(False)
        self.number.lineEdit().setTextMargins(_INSET, 0, 0, 0)
        self.number.hide()
        layouts.row(self, self.kinds, self.number, spacing=6)
        self.kinds.activated.connect(self._take_kind)
        self.number.valueChanged.connect(self._tell)

    @property
    def looks(self) -> Looks | None:
        """What is chosen; None leaves it to the run."""
        name = self.kinds.currentData()
        if not name:
            return None
        kind, field = LOOKS[name], _field(name)
        return kind(**{field: self.number.value()}) if field else kind()

    def _take_kind(self) -> None:
        name = self.kinds.currentData()
        field = _field(name) if name else ""
        self.number.setVisible(bool(field))
        if field:
            self._set_up_number(LOOKS[name], field)
        self.kinds.setToolTip(LOOKS[name].help() if name else _ABOUT)
        self._tell()

    def _set_up_number(self, kind: type[Looks], field: str) -> None:
        about = kind.model_fields[field]
        extra = about.json_schema_extra if isinstance(about.json_schema_extra, dict) else {}
        least, most = (next(getattr(one, way) for one in about.metadata if hasattr(one, way)) for way in ("ge", "le"))
        self.number.blockSignals(True)
        self.number.setRange(int(least), int(most))
        self.number.setValue(int(about.default))
        labels = extra.get("labels")
        first = str(labels.get("0", "")) if isinstance(labels, dict) else ""
        self.number.setSpecialValueText("as kept" if first else "")
        self.number.setSuffix(f" {extra['unit']}" if extra.get("unit") else "")
        self.number.setAccessibleName(str(about.title))
        self.number.setToolTip(f"{about.title}{f' ({first} at 0)' if first else ''}")
        self.number.blockSignals(False)

    def _tell(self) -> None:
        self.chosen.emit(self.looks)


def _field(name: str) -> str:
    """The setting of a choice that is one number, "" where it has none."""
    return next(iter(LOOKS[name].model_fields), "")

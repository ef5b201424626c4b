"""Which part of a data set the name of a folder speaks of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

PartName = Literal["train", "validation", "test"]
SPOKEN: Mapping[str, str] = {"train": "training", "validation": "validation", "test": "test"}
"""The parts as sentences call them: "270 test images"."""

_TRAIN = {
    *("train", "trains", "training", "trainval", "trn", "trening", "traning", "entrainement", "apprentissage"),
    *("entrenamiento", "entrenar", "addestramento", "treino", "treinamento", "treinar", "обучение", "обучающая"),
    *(
        "тренировка",
        "тренировочная",
        "навчання",
        "egitim",
        "szkolenie",
        "uczenie",
        "treningowe",
        "trenovaci",
        "latih",
        "latihan",
    ),
    *("训练", "訓練", "学習", "학습", "훈련"),
}
_VALIDATION = {
    *("val", "valid", "validate", "validating", "validation", "vld", "dev", "validierung", "validacion", "validazione"),
    *("validacao", "валидация", "валидационная", "dogrulama", "walidacja", "验证", "驗證", "検証", "검증"),
}
_TEST = {
    *("test", "tests", "testing", "tst", "holdout", "prueba", "pruebas", "teste", "testes", "testy", "collaudo"),
    *(
        "testen",
        "testovaci",
        "testowe",
        "uji",
        "тест",
        "тестовая",
        "тестирование",
        "测试",
        "測試",
        "テスト",
        "테스트",
        "시험",
    ),
}
_EVALUATION = {"eval", "evaluation"}  # the one of the two that is not there otherwise
_ASKED = {"query", "gallery"}  # what is searched with and in, where something trains
_SHORT: dict[str, PartName] = {"tr": "train", "va": "validation", "vl": "validation", "te": "test", "ts": "test"}
_PARTS = _TRAIN | _VALIDATION | _TEST | _EVALUATION
COMMON = {
    *("set", "sets", "data", "dataset", "datasets", "image", "images", "img", "imgs", "picture", "pictures", "photo"),
    *("photos", "daten", "sdaten", "sample", "samples", "split", "part", "folder", "dir", "files", "the"),
    *("donnees", "datos", "dati", "dados", "данные", "выборка"),
    *("集", "数据", "数据集", "データ", "用", "데이터", "세트"),
}
"""Words that say that there are images, whatever they show."""

_ACCENT = re.compile(r"([A-Za-z])[\u0300-\u036f]+")
_JOINING = {"d", "de", "du", "des", "di", "da", "do", "dos", "del", "per", "para", "pour", "for", "of", "le", "la"}

_CASES = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"  # TrainSet, XMLTrain
    r"|(?<=[\u0000-\u024f])(?=[\u3040-\u9fff\uac00-\ud7af])|(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[\u0000-\u024f])"
)
_COMPOUNDS = (
    (re.compile(r"(?<![a-z])hold[-_ ]out", re.IGNORECASE), "holdout"),
    (re.compile(r"(?<![a-z])ground[-_ ]?truth", re.IGNORECASE), "groundtruth"),
)
_WORD = re.compile(r"[^\W\d_]+")
_JOINED = re.compile(
    f"({'|'.join(sorted(_PARTS, key=len, reverse=True))})"
    "(sets?|data|s?daten|images?|imgs?|dataset|集|数据集?|用?データ|用|데이터|세트)"
)


@dataclass(frozen=True, slots=True)
class PartWords:
    """A folder's name as one that may stand for a part: what the part is, and the ``rest`` of the words."""

    folder: str
    part: PartName
    rest: frozenset[str]

    def goes_with(self, other: PartWords) -> bool:
        """Whether two names differ in nothing but the part: not "training shoe" and "test tube"."""
        return self.rest == other.rest or not self.rest or not other.rest


def words_of(name: str) -> frozenset[str]:
    """The words in a name, small, split where case, digits, signs or scripts change: "seg_train2": seg and train."""
    plain = _plain(name)
    for compound, word in _COMPOUNDS:
        plain = compound.sub(word, plain)
    words = (word for token in _WORD.findall(plain) for word in _split(token))
    return frozenset(piece for word in words for piece in _pieces(word.lower()))


def part_words(names: Sequence[str]) -> tuple[PartWords, ...]:
    """Those of the names that speak of a part, in their order.

    Short forms speak of one only where all names do, "query" and "gallery" where another name speaks of training.
    """
    words = {name: words_of(name) for name in names}
    known = set(_PARTS)
    if any(some & _TRAIN for some in words.values()):
        known |= _ASKED
    if all(some & (known | _SHORT.keys()) for some in words.values()):
        known |= _SHORT.keys()
    spoken = {name: some for name, some in words.items() if some & known}
    tested = any(some & _TEST and not some & _TRAIN for some in spoken.values())
    return tuple(
        PartWords(name, _part_of(some, tested=tested), some - known - COMMON - _JOINING)
        for name, some in spoken.items()
    )


def speaks_of_parts_alone(name: str, *, like: str) -> bool:
    """Whether a folder's name says nothing but that it is a part of images, or what the name ``like`` says already."""
    words = words_of(name)
    return bool(words) and words <= words_of(like) | _PARTS | COMMON | _JOINING


def _plain(name: str) -> str:
    """A name without the accents of Latin letters: "entraînement" is "entrainement"."""
    letters = unicodedata.normalize("NFD", name)
    return unicodedata.normalize("NFKC", _ACCENT.sub(r"\1", letters))


def _split(token: str) -> list[str]:
    """The words that capitals and scripts part, unless it is one as it stands: "tRaIn"."""
    return [token] if token.lower() in _PARTS else _CASES.sub(" ", token).split()


def _pieces(word: str) -> tuple[str, ...]:
    joined = _JOINED.fullmatch(word)
    return joined.groups() if joined else (word,)


def _part_of(words: frozenset[str], *, tested: bool) -> PartName:
    if words & _TRAIN:
        return "train"
    if words & _VALIDATION or (words & _EVALUATION and tested and not words & _TEST):
        return "validation"
    if words & (_TEST | _EVALUATION | _ASKED):
        return "test"
    return next(_SHORT[word] for word in words if word in _SHORT)

"""Folders in the layout of ImageNet, whose classes are called by the numbers of their synsets.

Files beside them give the classes names, and say what validation images show that stand in no folders of classes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.data.progress import Listener
from engine.data.source import SOURCES
from engine.data.user_folder import FolderSource
from engine.files import is_file

if TYPE_CHECKING:
    from engine.data.folder import ImageFile, ImageFolder
    from engine.data.layout import Layout, LeftOut
    from engine.data.tree import Tree

_SYNSET = re.compile(r"n\d{8}")
_DEEPEST = 4  # folders around the classes: ILSVRC/Data/CLS-LOC/train
_MOST_AROUND = 8  # folders in one of these
_LOOKED_AT = 2000  # entries of a folder, to see what it is
_UP = 3  # folders above the one that was chosen in which files are looked for


@SOURCES.register
class ImageNet(FolderSource):
    """A folder with train/ and val/, in them a folder for each synset: n01440764."""

    name: ClassVar = "imagenet"
    title: ClassVar = "ImageNet layout"

    @classmethod
    def reads(cls, folder: Path) -> bool:
        return _has_synsets(folder)

    def scan(self, *, progress: Listener | None = None) -> ImageFolder:
        from engine.data.folder import images_of, read_names

        path = Path(self.path)
        tree, layout = read_names(path, progress=progress)
        around = path.joinpath(*layout.around)
        beside = [around, *around.parents][: len(layout.around) + 1 + _UP]
        layout, more, notes = _with_flat_parts(path, tree, layout, beside)
        folder = images_of(path, tree, layout, more=more, progress=progress)
        return replace(folder, called=_names_of(folder.owners, beside), notes=(*folder.notes, *notes))


def _has_synsets(folder: Path, depth: int = 0) -> bool:
    """Whether most of the folders in a folder are called like synsets, or of those in one that is in it."""
    try:
        within = [entry for entry in islice(folder.iterdir(), _LOOKED_AT) if entry.is_dir()]
    except (OSError, ValueError):  # the latter for a path that no system takes
        return False
    synsets = sum(_SYNSET.fullmatch(entry.name) is not None for entry in within)
    if synsets or depth == _DEEPEST or len(within) > _MOST_AROUND:
        return 0 < synsets >= len(within) / 2
    return any(_has_synsets(entry, depth + 1) for entry in within)


# Validation images that stand in no folders of classes


def _with_flat_parts(
    path: Path, tree: Tree, layout: Layout, beside: Sequence[Path]
) -> tuple[Layout, list[ImageFile], list[str]]:
    """The layout with these images, as far as a file says what they show, and what to do where none does."""
    more: list[ImageFile] = []
    notes: list[str] = []
    for left in layout.left_out:
        if left.place[:-1] != layout.around or not _validates(left) or not tree.at(left.place).has_images:
            continue
        if found := _labelled(path, tree, left, beside):
            more += found
            rest = tuple(one for one in layout.left_out if one != left)
            layout = replace(layout, left_out=rest, parts=(*layout.parts, (left.place[-1], "validation")))
        else:
            notes.append(_what_to_do(left.place[-1]))
    return layout, more, notes


def _validates(left: LeftOut) -> bool:
    from engine.data.part_words import part_words

    return any(words.part == "validation" for words in part_words(left.place[-1:]))


def _what_to_do(folder: str) -> str:
    return (
        f"To use {folder}, put LOC_val_solution.csv or val_annotations.txt beside it, which say what its images show, "
        "or move them into a folder for each class."
    )


def _labelled(path: Path, tree: Tree, left: LeftOut, beside: Sequence[Path]) -> list[ImageFile]:
    """The images of a folder of which a file says what they show; none where there is no such file."""
    from engine.data.folder import ImageFile

    shown = _first([path.joinpath(*left.place), *beside], _TRUTHS)
    return [
        ImageFile(path.joinpath(*place, name), owner, "validation")
        for place, name in tree.at(left.place).walk(left.place)
        if (owner := shown.get(Path(name).stem))
    ]


def _solution(text: str) -> dict[str, str]:
    """Of LOC_val_solution.csv: "ILSVRC2012_val_00048981,n03995372 85 1 499 272"."""
    return dict(re.findall(rf"^([^,\n]+),({_SYNSET.pattern})\b", text, re.MULTILINE))


def _annotations(text: str) -> dict[str, str]:
    """Of val_annotations.txt: "val_0.JPEG", a tab, "n03444034", and the box of it."""
    found: list[tuple[str, str]] = re.findall(rf"^([^\t\n]+)\t({_SYNSET.pattern})\b", text, re.MULTILINE)
    return {Path(name).stem: synset for name, synset in found}


# Names of classes


def _names_of(owners: Iterable[str], beside: Sequence[Path]) -> Mapping[str, str]:
    """A name for each of the synsets that a file names; the synset is added where several have the same name."""
    every = _first(beside, _NAMES)
    found = {owner: every[owner] for owner in owners if every.get(owner)}
    times = Counter(found.values())
    return {owner: f"{name} ({owner})" if times[name] > 1 else name for owner, name in found.items()}


def _lines(text: str) -> dict[str, str]:
    """Of LOC_synset_mapping.txt or words.txt: "n01440764 tench, Tinca tinca", with a space or a tab."""
    found: list[tuple[str, str]] = re.findall(rf"^({_SYNSET.pattern})[ \t]+([^,\n]+)", text, re.MULTILINE)
    return {synset: name.strip() for synset, name in found}


def _class_index(text: str) -> dict[str, str]:
    """Of imagenet_class_index.json: {"0": ["n01440764", "tench"]}."""
    return dict(re.findall(rf'\["({_SYNSET.pattern})", *"([^"]*)"\]', text))


_Reader = Callable[[str], dict[str, str]]
_TRUTHS: Mapping[str, _Reader] = {"LOC_val_solution.csv": _solution, "val_annotations.txt": _annotations}
_NAMES: Mapping[str, _Reader] = {
    "LOC_synset_mapping.txt": _lines,
    "imagenet_class_index.json": _class_index,
    "words.txt": _lines,
}


def _first(places: Iterable[Path], readers: Mapping[str, _Reader]) -> dict[str, str]:
    """What the first of some files says that says anything."""
    for place in places:
        for name, read in readers.items():
            if is_file(place / name):
                try:
                    found = read((place / name).read_text("utf-8", errors="replace"))
                except OSError:
                    continue
                if found:
                    return found
    return {}

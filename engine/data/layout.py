"""How a folder of images is laid out: where its classes stand, and its parts if it has any.

The reading goes by names alone, and there are four::

    cats/… dogs/…                                   classes, each with all that is in it
    train/cats/… train/dogs/… test/cats/…           parts that have the same classes
    cats/train/… cats/test/… dogs/train/…           classes that have the same parts
    archive/…                                       one folder around any of these
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.data.part_words import PartName, PartWords, part_words, speaks_of_parts_alone
from engine.data.tree import Place, Tree


@dataclass(frozen=True, slots=True)
class Group:
    """A place whose images, at any depth, are of one class, and of one part if the folder has parts."""

    place: Place
    owner: str
    part: PartName | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A place whose images are not used, and why: "it has no sub-folder for each class"."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a folder is read. ``around`` is the place that all of it stands in; ``parts`` are folders by their part."""

    groups: tuple[Group, ...]
    around: Place = ()
    parts: tuple[tuple[str, PartName], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A folder at ``around`` in which ``folders`` may be parts as well as classes.

    ``train`` is the one for training, if it has classes; ``within`` is a class in which they stand, where other classes
    have none.
    """

    around: Place
    folders: tuple[str, ...]
    train: str = ""
    within: str = ""


def read_layout(tree: Tree) -> Layout | Unclear:
    """Read the layout of a folder from the names in it."""
    around, tree = _inside(tree)
    found = _parts_of_classes(around, tree) or _parts_in_classes(around, tree) or classes_alone(around, tree)
    return found if isinstance(found, Unclear) else replace(found, groups=_one_form(found.groups))


def classes_alone(around: Place, tree: Tree) -> Layout:
    """The layout of a folder in which each sub-folder is a class, whatever its name."""
    return Layout(tuple(Group((*around, folder.name), folder.name) for folder in tree.folders), around)


def same_text(name: str) -> str:
    """A name in the form in which names that look the same are the same: "é" may be one character or two."""
    return unicodedata.normalize("NFC", name)


def _inside(tree: Tree) -> tuple[Place, Tree]:
    """The folder that is looked through to, where one stands alone and has folders with images itself."""
    place: Place = ()
    while not tree.has_loose_images and len(tree.with_images) == 1 and tree.with_images[0].with_images:
        (tree,) = tree.with_images
        place = (*place, tree.name)
    return place, tree


def _one_form(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups with one name for each class, where names of the same text came in several forms."""
    forms = defaultdict(set)
    for group in groups:
        forms[same_text(group.owner)].add(group.owner)
    return tuple(
        replace(group, owner=same) if len(forms[same := same_text(group.owner)]) > 1 else group for group in groups
    )


# Parts that have classes


@dataclass(frozen=True, slots=True)
class _Part:
    """A folder that may be a part, with the folder in it that has the classes, and their names."""

    words: PartWords
    place: Place
    tree: Tree

    @classmethod
    def at(cls, words: PartWords, around: Place, tree: Tree) -> _Part:
        """Look through folders that only say the same again: seg_train/seg_train, train/images."""
        place = (*around, tree.name)
        while len(tree.with_images) == 1 and speaks_of_parts_alone(tree.with_images[0].name, like=words.folder):
            (tree,) = tree.with_images
            place = (*place, tree.name)
        return cls(words, place, tree)

    @property
    def trains(self) -> bool:
        return self.words.part == "train"

    @property
    def owners(self) -> frozenset[str]:
        return frozenset(same_text(folder.name) for folder in self.tree.with_images)


def _parts_of_classes(around: Place, tree: Tree) -> Layout | Unclear | None:
    folders = {folder.name: folder for folder in tree.with_images}
    parts = [_Part.at(words, around, folders[words.folder]) for words in part_words(list(folders))]
    trains, others = [part for part in parts if part.trains], [part for part in parts if not part.trains]
    alone = next((part.words.folder for part in trains if len(part.owners) > 1), "")
    unclear = Unclear(around, tuple(folders), alone)
    if not trains or not others:
        return unclear if _lack_their_like(parts, tree) else None
    learned = _owners_of(trains)
    agreeing = [part for part in others if _share(part.owners, learned)]
    without_classes = len(learned) > 1 and not _owners_of(others)
    if _go_together(trains, agreeing) or (without_classes and _go_together(trains, others)):
        return _with_parts(around, tree, [*trains, *agreeing])
    return unclear if agreeing or _go_together(trains, others, exactly=not learned) else None


def _lack_their_like(parts: Sequence[_Part], tree: Tree) -> bool:
    """Whether folders are named like parts although none is there to train with, or none to test with."""
    bare = [part for part in parts if not part.words.rest]
    if len(bare) == len(tree.with_images) > 1:
        return True
    named = {part.words.folder for part in parts}
    others = [folder for folder in tree.with_images if folder.name not in named]
    nested = any(part.trains and len(part.owners) > 1 for part in bare)
    return nested and bool(others) and not any(folder.with_images for folder in others)


def _go_together(trains: Sequence[_Part], others: Sequence[_Part], *, exactly: bool = False) -> bool:
    """Whether a name that trains and one that does not differ in the part alone; ``exactly``: in no other word."""
    pairs = ((one.words, other.words) for one in trains for other in others)
    return any(one.rest == other.rest if exactly else one.goes_with(other) for one, other in pairs)


def _owners_of(parts: Sequence[_Part]) -> frozenset[str]:
    return frozenset[str]().union(*(part.owners for part in parts))


def _share(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether at least half of the names are the same ones."""
    return 2 * len(one & other) >= min(len(one), len(other)) > 0


def _with_parts(around: Place, tree: Tree, parts: Sequence[_Part]) -> Layout:
    learned, used = _owners_of([part for part in parts if part.trains]), {part.words.folder for part in parts}
    groups, left_out = [], []
    for folder in tree.with_images:
        if folder.name not in used:
            without = "it has no sub-folder for each class" if not folder.with_images else "it belongs to no part"
            left_out.append(LeftOut((*around, folder.name), without))
    for part in parts:
        for folder in part.tree.folders:
            place = (*part.place, folder.name)
            if same_text(folder.name) in learned or not folder.has_images:
                groups.append(Group(place, folder.name, part.words.part))
            else:
                left_out.append(LeftOut(place, "no image of this class trains"))
    found = tuple((part.words.folder, part.words.part) for part in parts if part.owners)
    return Layout(tuple(groups), around, found, tuple(left_out))


# Classes that have parts


def _parts_in_classes(around: Place, tree: Tree) -> Layout | Unclear | None:
    named = {folder.name: _own_parts(folder) for folder in tree.with_images}
    having = {owner: words for owner, words in named.items() if words}
    if not having:
        return None
    if len(having) < len(named):
        within, words = next(iter(having.items()))
        return Unclear(around, tuple(word.folder for word in words), within=within)
    groups = [Group((*around, owner, word.folder), owner, word.part) for owner, some in named.items() for word in some]
    used = {group.place for group in groups}
    places = [(*around, owner.name, folder.name) for owner in tree.with_images for folder in owner.with_images]
    left_out = tuple(LeftOut(place, "it belongs to no part") for place in places if place not in used)
    parts = dict.fromkeys((word.folder, word.part) for words in named.values() for word in words)
    return Layout(tuple(groups), around, tuple(parts), left_out)


def _own_parts(folder: Tree) -> tuple[PartWords, ...]:
    """The folders in a class that are parts: some train and some do not, and their names differ in nothing else."""
    words = part_words([child.name for child in folder.with_images])
    trains, others = [word for word in words if word.part == "train"], [word for word in words if word.part != "train"]
    return words if any(one.goes_with(other) for one in trains for other in others) else ()

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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from engine.data.folder_words import is_no_class, speaks_of_what_goes_with_images, stands_aside
from engine.data.part_words import PartName, PartWords, part_words, speaks_of_parts_alone
from engine.data.tree import Place, Tree

_GOES_WITH_IMAGES = "its name says that it goes with the images"


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
    have none. With ``kept`` it is not parts that they may be, but the ways in which the images of the classes are kept,
    or what goes with them.
    """

    around: Place
    folders: tuple[str, ...]
    train: str = ""
    within: str = ""
    kept: bool = False


def read_layout(tree: Tree) -> Layout | Unclear:
    """Read the layout of a folder from the names in it."""
    around, aside = _around(tree)
    inside = tree.at(around)
    found = (
        _parts_of_classes(around, inside)
        or _no_classes(around, inside)
        or _parts_in_classes(around, inside)
        or classes_alone(around, inside)
    )
    if isinstance(found, Unclear):
        return found
    groups = tuple(replace(group, owner=same_text(group.owner)) for group in found.groups)
    left_out = (*aside, *_empty_parts(tree, found), *found.left_out, *_aside_in(tree, groups))
    return replace(found, groups=groups, left_out=left_out)


def classes_alone(around: Place, tree: Tree) -> Layout:
    """The layout of a folder in which each sub-folder is a class, whatever its name."""
    return Layout(tuple(Group((*around, folder.name), folder.name) for folder in tree.folders), around)


def same_text(name: str) -> str:
    """A name in the form in which names that look the same are the same: "é" may be one character or two."""
    return unicodedata.normalize("NFC", name)


def _around(tree: Tree) -> tuple[Place, tuple[LeftOut, ...]]:
    """The place that is looked through to, and what stands beside it on the way.

    It is a folder that has folders with images itself, alone or beside such that only go with the images.
    """
    place: Place = ()
    aside: list[LeftOut] = []
    while not tree.has_loose_images and (within := _only_one(tree)) and within.with_images:
        others = [folder.name for folder in tree.with_images if folder is not within]
        aside += [LeftOut((*place, name), _GOES_WITH_IMAGES) for name in others]
        tree, place = within, (*place, within.name)
    return place, tuple(aside)


def _only_one(tree: Tree) -> Tree | None:
    """The folder that has images, alone or beside such that only go with them."""
    rest = [folder for folder in tree.with_images if not stands_aside(folder.name)]
    kept = rest if len(tree.with_images) > 1 else tree.with_images
    return kept[0] if len(kept) == 1 else None


def _aside_in(tree: Tree, groups: Sequence[Group]) -> Iterator[LeftOut]:
    """The folders among the images of a class that only go with them, such as masks."""
    for group in groups:
        folder = tree.at(group.place)
        aside = [within.name for within in folder.with_images if stands_aside(within.name)]
        if folder.has_loose_images or len(aside) < len(folder.with_images):
            yield from (LeftOut((*group.place, name), _GOES_WITH_IMAGES) for name in aside)


def _empty_parts(tree: Tree, layout: Layout) -> Iterator[LeftOut]:
    """The folders without images that are named like parts, beside what is used and around it."""
    for depth in range(len(layout.around) + 1):
        place = layout.around[:depth]
        folders = tree.at(place).folders
        named = {words.folder for words in part_words([folder.name for folder in folders])}
        groups = {group.place for group in layout.groups}
        for folder in folders:
            if folder.name in named and not folder.has_images and (*place, folder.name) not in groups:
                yield LeftOut((*place, folder.name), "it has no images")


# Folders that are no classes


def _no_classes(around: Place, tree: Tree) -> Unclear | None:
    """Refuses folders of which the names do not say what their images show: v1 and v2, images and masks."""
    folders = tree.with_images
    kept = [folder for folder in folders if is_no_class(folder.name)]
    others = [folder for folder in folders if folder not in kept]
    if len(folders) == 1:
        return None
    unclear = kept
    if others:
        unclear = [folder for folder in kept if stands_aside(folder.name)]
        if len(others) == 1 and any(_share(_folders_in(folder), _folders_in(others[0])) for folder in kept):
            unclear = [*others, *kept]
    return Unclear(around, tuple(folder.name for folder in unclear), kept=True) if unclear else None


# Parts that have classes


@dataclass(frozen=True, slots=True)
class _Part:
    """A folder that may be a part, with the folder in it that has the classes, and their names."""

    words: PartWords
    place: Place
    tree: Tree
    aside: tuple[Place, ...] = ()

    @classmethod
    def at(cls, words: PartWords, around: Place, tree: Tree) -> _Part:
        """Look through folders that only say the same again: seg_train/seg_train, train/images."""
        place, aside = (*around, tree.name), list[Place]()
        while (within := _only_one(tree)) and speaks_of_parts_alone(within.name, like=words.folder):
            aside += [(*place, folder.name) for folder in tree.with_images if folder is not within]
            tree, place = within, (*place, within.name)
        return cls(words, place, tree, tuple(aside))

    @property
    def trains(self) -> bool:
        return self.words.part == "train"

    @property
    def holds_no_classes(self) -> bool:
        """Whether its folders only say how images are kept: images and masks."""
        names = _folders_in(self.tree)
        return len(names) > 1 and all(map(is_no_class, names))

    @property
    def owners(self) -> frozenset[str]:
        return frozenset(name for name in _folders_in(self.tree) if not stands_aside(name))

    def is_like(self, other: _Part) -> bool:
        """Whether another one has a name like its own, and the same folders: train and train_extra."""
        return self.words.goes_with(other.words) and _share(self.owners, other.owners)


def _parts_of_classes(around: Place, tree: Tree) -> Layout | Unclear | None:
    folders = {folder.name: folder for folder in tree.with_images}
    named = [words for words in part_words(list(folders)) if not speaks_of_what_goes_with_images(words.folder)]
    parts = [_Part.at(words, around, folders[words.folder]) for words in named]
    trains, others = [part for part in parts if part.trains], [part for part in parts if not part.trains]
    alone = next((part.words.folder for part in trains if len(part.owners) > 1), "")
    unclear = Unclear(around, tuple(folders), alone)
    if not trains or not others:
        return unclear if _lack_their_like(parts, tree) else None
    learned = _owners_of(trains)
    if kept := next((part for part in trains if part.holds_no_classes), None):
        return Unclear(kept.place, tuple(folder.name for folder in kept.tree.with_images), kept=True)
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
    if not others:
        return any(one.is_like(other) for one, other in combinations(parts, 2))
    if len(bare) == len(others) == 1 < len(bare[0].owners & _folders_in(others[0])):
        return True  # of one the word is not known
    nested = any(part.trains and len(part.owners) > 1 for part in bare)
    return nested and not any(folder.with_images for folder in others)


def _go_together(trains: Sequence[_Part], others: Sequence[_Part], *, exactly: bool = False) -> bool:
    """Whether a name that trains and one that does not differ in the part alone; ``exactly``: in no other word."""
    pairs = ((one.words, other.words) for one in trains for other in others)
    return any(one.rest == other.rest if exactly else one.goes_with(other) for one, other in pairs)


def _owners_of(parts: Sequence[_Part]) -> frozenset[str]:
    return frozenset[str]().union(*(part.owners for part in parts))


def _folders_in(tree: Tree) -> frozenset[str]:
    return frozenset(same_text(folder.name) for folder in tree.with_images)


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
        left_out += [LeftOut(place, _GOES_WITH_IMAGES) for place in part.aside]
        for folder in part.tree.folders:
            place = (*part.place, folder.name)
            if same_text(folder.name) in learned or not folder.has_images:
                groups.append(Group(place, folder.name, part.words.part))
            else:
                aside = stands_aside(folder.name)
                left_out.append(LeftOut(place, _GOES_WITH_IMAGES if aside else "no image of this class trains"))
    found = tuple((part.words.folder, part.words.part) for part in parts if part.owners)
    return Layout(tuple(groups), around, found, tuple(left_out))


# Classes that have parts


def _parts_in_classes(around: Place, tree: Tree) -> Layout | Unclear | None:
    inside = defaultdict[str, list[Tree]](list)  # of each class, in whatever form its name comes
    for folder in tree.with_images:
        inside[same_text(folder.name)] += folder.with_images
    named = {owner: _own_parts(folders) for owner, folders in inside.items()}
    having = {owner: words for owner, words in named.items() if words}
    if not having:
        return None
    if len(having) < len(named):
        within, words = next(iter(having.items()))
        return Unclear(around, tuple(word.folder for word in words), within=within)
    groups, left_out = [], []
    for folder in tree.with_images:
        parts = {word.folder: word.part for word in named[same_text(folder.name)]}
        for child in folder.with_images:
            place = (*around, folder.name, child.name)
            if child.name in parts:
                groups.append(Group(place, folder.name, parts[child.name]))
            else:
                left_out.append(LeftOut(place, "it belongs to no part"))
    found = dict.fromkeys((word.folder, word.part) for words in named.values() for word in words)
    return Layout(tuple(groups), around, tuple(found), tuple(left_out))


def _own_parts(folders: Sequence[Tree]) -> tuple[PartWords, ...]:
    """The folders in a class that are parts: some train and some do not, and their names differ in nothing else."""
    words = part_words([folder.name for folder in folders])
    trains, others = [word for word in words if word.part == "train"], [word for word in words if word.part != "train"]
    return words if any(one.goes_with(other) for one in trains for other in others) else ()

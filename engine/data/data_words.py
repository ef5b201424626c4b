"""How a folder of images was read, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.folder_words import stands_aside
from engine.data.tree import DEEPEST
from engine.files import readable
from engine.words import counted, memory, thousands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data.copies import Copies
    from engine.data.extents import CommonRange
    from engine.data.layout import Layout, Reason, Unclear
    from engine.data.part_words import PartName
    from engine.data.parts import Name
    from engine.data.settings import SplitSettings
    from engine.data.source import DataDescription, LeftOutClass, Unreadable
    from engine.data.tree import Tree
    from engine.layers.shape import Shape

_MOST = 3  # named one by one
_PARTS: dict[PartName, str] = {"train": "training", "validation": "validation", "test": "test"}


def unread_words(images: int) -> str:
    """How many images went missing while a run trains; "" for none."""
    verb = "was" if images == 1 else "were"
    return f"{counted(images, 'image')} could not be read any more and {verb} left out." if images else ""


def tree_notes(tree: Tree) -> tuple[str, ...]:
    """Which links lead to folders that are read already, and which folders are too deep to be read."""
    again = [_place((*place, name)) for place, folder in tree.every() for name in folder.again]
    deep = [(*place, name) for place, folder in tree.every() for name in folder.too_deep]
    notes = []
    if again:
        verb = "is a link to a folder that is" if len(again) == 1 else "are links to folders that are"
        notes.append(f"{listed(again)} {verb} read already: each image counts once.")
    if deep:
        shown = listed([_place((*place[:3], "…")) for place in deep])
        notes.append(f"What stands more than {thousands(DEEPEST)} folders deep is left out: {shown}.")
    return tuple(notes)


def layout_notes(layout: Layout, classes: Sequence[str]) -> tuple[str, ...]:
    """Where classes and parts were found, and what is left out; nothing where each sub-folder is a class."""
    notes = []
    if layout.around:
        notes.append(f"The images stand in {_place(layout.around)}.")
    if layout.parts:
        notes.append(_parts(layout))
    by_reason: dict[Reason, list[str]] = {}
    for left in layout.left_out:
        inside = left.place[: len(layout.around)] == layout.around
        shown = left.place[len(layout.around) :] if inside else left.place
        by_reason.setdefault(left.reason, []).append(_place(shown))
    for reason, places in by_reason.items():
        notes.append(f"{listed(places)} {'is' if len(places) == 1 else 'are'} left out: {reason.said(len(places))}.")
    return (*notes, *without_images({group.owner for group in layout.groups}, classes))


def without_images(before: set[str], classes: Sequence[str]) -> tuple[str, ...]:
    """The classes that are none any more as no image of them can be used."""
    missing = [readable(name) for name in sorted(before.difference(classes))]
    return (f"No image of {listed(missing)} can be used: no class is made of it.",) if missing else ()


def left_out_words(classes: Sequence[LeftOutClass], unknown: Sequence[str]) -> tuple[str, ...]:
    """Which classes are left out as it was asked for, and which of those asked for are not there."""
    notes = []
    if classes:
        names, images = listed([readable(one.name) for one in classes]), sum(one.images for one in classes)
        verb = "is" if len(classes) == 1 else "are"
        notes.append(f"{names} {verb} left out, {counted(images, 'image')}.")
    if unknown:
        are = "is no class" if len(unknown) == 1 else "are no classes"
        notes.append(f"There {are} {listed([*map(readable, unknown)])} that could be left out.")
    return tuple(notes)


def unclear_words(path: Path, unclear: Unclear) -> str:
    """Both readings of a folder, and how to say which is meant."""
    here, folders = path.joinpath(*unclear.around), listed([*map(readable, unclear.folders)], most=6)
    if unclear.kept:
        return _kept_words(here, unclear.folders)
    if unclear.within:
        return (
            f"{here / unclear.within} has the parts {folders}, other classes have none: give every class the same "
            f"parts, or rename these folders if they are none."
        )
    alone = f", or choose {here / unclear.train} alone, which Layerloom divides itself" if unclear.train else ""
    return (
        f"The folder {here} can be read in two ways: {folders} may be parts of the data or classes of these names. "
        f"If they are parts, give each the same sub-folders, one for each class{alone}. If they are classes, rename "
        "them without words such as train and test."
    )


def _kept_words(here: Path, folders: Sequence[str]) -> str:
    """Both readings of folders of which the names do not say what their images show."""
    names, holding = listed([*map(readable, folders)], most=6), [name for name in folders if not stands_aside(name)]
    remedy = f"choose the one that has the classes, such as {here / holding[0]}" if holding else "move them elsewhere"
    return (
        f"The folder {here} can be read in two ways: {names} may say how images are kept, or what goes with them, or "
        f"be classes of these names. If they are no classes, {remedy}. If they are, add a word to each name that says "
        "what is to be seen."
    )


def cut_words(lacking: Sequence[PartName], split: SplitSettings) -> tuple[str, ...]:
    """Which of the parts that a folder is ``lacking`` are cut from training: those that ``split`` asks for."""
    wanted = {"validation": split.validation, "test": split.test}
    cut = [_PARTS[part] for part in lacking if wanted.get(part)]
    return (f"Images for {' and '.join(cut)} are cut from training.",) if cut else ()


def depth_words(ranges: Sequence[CommonRange], images: int) -> tuple[str, ...]:
    """How images of several depths, of so many in all, are scaled, and what is cut of their values."""
    deep = sum(one.images for one in ranges)
    kinds = [f"{counted(images - deep, 'image')} of 8 bits (0 to 255)"] if deep < images else []
    kinds += [f"{thousands(one.images)} of {one.depth} ({one.range.low:.6g} to {one.range.high:.6g})" for one in ranges]
    mixed = (f"Images of each depth have a range of their own: {listed(kinds, most=4)}.",) if len(kinds) > 1 else ()
    return (*mixed, *(note for one in ranges for note in one.notes)) if ranges else ()


def narrowed_words(names: Sequence[str]) -> tuple[str, ...]:
    """Which images have more bits than are read of them, and how to keep all."""
    if not names:
        return ()
    have, them = ("has", "it") if len(names) == 1 else ("have", "them")
    return (
        f"{listed(names)} {have} more than 8 bits, of which 8 are read: save {them} as PNG of 16 bits to keep all.",
    )


def description_notes(found: DataDescription, split: SplitSettings) -> tuple[str, ...]:
    """How the images were found and will be divided, and what is left out."""
    notes = (*found.notes, *found.copies, *filter(None, (found.two_labels,)), *cut_words(found.lacking, split))
    return (*notes, *((skipped_words(found.unreadable),) if found.unreadable else ()))


def memory_words(found: DataDescription, shape: Shape) -> str:
    """What the pixels of all images take at a shape, and where they are while a network trains."""
    from engine.data.memory_images import IN_MEMORY

    takes = found.bytes_at(shape)
    if takes <= IN_MEMORY:
        return f"At {shape} its pixels take {memory(takes)}: they are held in memory."
    return f"At {shape} its pixels take {memory(takes)}, more than {memory(IN_MEMORY)}: they are read batch by batch."


def reason_of_each(reason: str, files: int) -> str:
    """A reason that speaks of one file, said of so many: "it is empty", "each is empty"."""
    subject, _, rest = reason.partition(" ")
    if files == 1 or not {"it", "its"} & set(reason.split()):
        return reason
    return f"each {rest}" if subject == "it" else f"of each, {reason}"


def skipped_words(skipped: Sequence[Unreadable]) -> str:
    """How many files are left out, and which for which reason: "1 file is left out: a.png (it is empty)."."""
    by_reason: dict[str, list[str]] = {}
    for entry in skipped:
        by_reason.setdefault(entry.reason, []).append(readable(entry.name))
    reasons = "; ".join(
        f"{listed(names)} ({reason_of_each(reason, len(names))})" for reason, names in by_reason.items()
    )
    return f"{counted(len(skipped), 'file')} {'is' if len(skipped) == 1 else 'are'} left out: {reasons}."


def copies_words(names: Sequence[Name], across: Copies) -> tuple[str, ...]:
    """How many images are in one part and, the same file, in another."""
    if not across:
        return ()
    are = "image is" if len(across) == 1 else "images are"
    return (f"{thousands(len(across))} {are} in more than one part as copies, byte for byte: {_pairs(names, across)}",)


def possible_copies_words(names: Sequence[Name], copies: Copies) -> tuple[str, ...]:
    """How many files are copies of others, which the division may bring into different parts."""
    if not copies:
        return ()
    count = sum(len(group) - 1 for group in copies)
    are = "file is a copy of another" if count == 1 else "files are copies of others"
    risk = "in different parts, what trains would also test"
    return (f"{thousands(count)} {are}, byte for byte; {risk}: {_pairs(names, copies)}",)


def two_labels_words(names: Sequence[Name], labels: NDArray[np.int64], copies: Copies) -> str:
    """How many images are in two classes as copies, and which; "" if none is."""
    unlike = ((one, [other for other in others if labels[other] != labels[one]]) for one, *others in copies)
    found = tuple((one, others[0]) for one, others in unlike if others)
    if not found:
        return ""
    stand = "image stands" if len(found) == 1 else "images stand"
    return f"{thousands(len(found))} {stand} under two labels: {_pairs(names, found)}"


def _pairs(names: Sequence[Name], copies: Copies) -> str:
    pairs = [f"{_shown(names[one])} = {_shown(names[other])}" for one, other, *_ in copies]
    return f"{listed(pairs)}. Keep one of each."


def _shown(name: Name) -> str:
    return readable(str(name))


def listed(names: Sequence[str], *, most: int = _MOST) -> str:
    """Names in a sentence: "cats, dogs and 7 more"."""
    shown = list(names[:most])
    shown += [f"{thousands(len(names) - most)} more"] if len(names) > most else []
    return " and ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else "".join(shown)


def _parts(layout: Layout) -> str:
    folders = {title: [name for name, found in layout.parts if found == part] for part, title in _PARTS.items()}
    found = listed([f"{name} for {title}" for title, names in folders.items() for name in names], most=8)
    return f"{counted(len(layout.parts), 'part')} found: {found}."


def _place(place: Sequence[str]) -> str:
    return "/".join(map(readable, place))

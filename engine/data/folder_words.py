"""Names of folders that say how images are kept, and not what they show: they make no good classes."""

from __future__ import annotations

from engine.data.part_words import COMMON, words_of

_ASIDE = {
    *("annotation", "annotations", "labels", "masks", "groundtruth", "gt", "trimap", "trimaps", "segmentations"),
    *("thumbnail", "thumbnails", "thumbs", "preview", "previews", "screenshots", "readme", "doc", "docs"),
    *("documentation", "metadata", "meta", "unlabeled", "unlabelled", "unsup", "unsupervised", "heatmaps"),
    *("predictions", "outputs", "results", "logs", "checkpoints", "cache", "backup", "backups"),
}
_KEPT = {
    *("v", "ver", "version", "raw", "processed", "preprocessed", "original", "originals", "resized", "cropped"),
    *("augmented", "augmentation", "augmentations", "aug", "fold", "folds", "subset", "batch", "label", "mask"),
    *("copy", "cleaned", "highres", "lowres", "hr", "lr", "depth", "orig"),
}


def holds_images(name: str) -> bool:
    """Whether a name says nothing but that there are images: "images", "data"."""
    return _says(name, COMMON)


def stands_aside(name: str) -> bool:
    """Whether a name says that what is there goes with the images, or comes from them: "masks", "label images"."""
    words = words_of(name)
    return bool(words & _ASIDE) and words <= _ASIDE | _KEPT | COMMON


def is_no_class(name: str) -> bool:
    """Whether a name says nothing of what images show: "v2", "raw", "images", "masks"; not "with mask", "raw meat"."""
    return _says(name, _ASIDE | _KEPT | COMMON)


def speaks_of_what_goes_with_images(name: str) -> bool:
    """Whether any word of a name does: "train_masks"."""
    return bool(words_of(name) & _ASIDE)


def _says(name: str, words: set[str]) -> bool:
    found = words_of(name)
    return bool(found) and found <= words

"""How the pixels of a TIFF file lie in it."""

from __future__ import annotations

from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

_PLANES, _SEPARATE = 284, 2  # a tag, and what it says of a file with a plane for each channel


def has_planes(image: ImageFile) -> bool:
    """Whether each channel lies apart."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(_PLANES) == _SEPARATE


def lacks_pixels(image: ImageFile) -> bool:
    """Whether less lies in a TIFF file that is not decoded yet than it says: Pillow would leave the rest black."""
    if not isinstance(image, TiffImageFile):
        return False
    given = sum((right - left) * (bottom - top) for left, top, right, bottom in _extents(image))
    return given < image.width * image.height * (len(image.getbands()) if _lies_in_planes(image) else 1)


def _lies_in_planes(image: ImageFile) -> bool:
    return has_planes(image) and all(tile.codec_name == "raw" for tile in image.tile)


def _extents(image: ImageFile) -> list[tuple[int, int, int, int]]:
    return [tile.extents or (0, 0, *image.size) for tile in image.tile]

"""Every step by command line, every setting at the ends of its range, on photographs as people have them."""

import json

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from cli.app import run_command
from engine.data.augmentation import AUGMENTATION

ENDS = ("minimum", "maximum")


def ends_of(schema, end):
    """A setting at an end of its range, as it is typed; both ends for a range of ``end`` "wide"."""
    if "enum" in schema:
        return schema["enum"][-1 if end == "maximum" else 0]
    if "prefixItems" in schema:
        low, high = (
            ends_of(one, ENDS[place] if end == "wide" else end) for place, one in enumerate(schema["prefixItems"])
        )
        return f"{low}..{high}"
    found = schema.get("maximum" if end == "wide" else end)
    return schema["exclusiveMinimum"] + 0.001 if found is None else found


def typed(name, end):
    """A step with all settings that are ranges or numbers at an end; images are kept at no more than 80 pixels."""
    schema = AUGMENTATION[name].to_json()["settings"]
    values = {key: ends_of(one, end) for key, one in schema.items() if key not in ("on", "probability")}
    if "kept_at" in values:
        values["kept_at"] = 80 if end == "maximum" else 0
    if "margin" in values:
        values["margin"] = 15 if end == "maximum" else 1
    return f"{name}:{','.join(f'{key}={value}' for key, value in values.items())}" if values else name


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Two classes of photographs of all kinds of pixels and sizes."""
    place = tmp_path_factory.mktemp("photos")
    for name in ("china", "flower"):
        (place / name).mkdir()
        photo = Image.fromarray(load_sample_image(f"{name}.jpg")).resize((96, 64))
        deep = np.asarray(photo.convert("L")).astype(np.uint16) * 257
        made = {
            "colour.jpg": photo,
            "ink.jpg": photo.convert("CMYK"),
            "grey.png": photo.convert("L"),
            "palette.png": photo.convert("P"),
            "bits.png": photo.convert("1"),
            "clear.png": photo.convert("RGBA"),
            "deep.png": Image.fromarray(deep),
            "dot.png": photo.resize((1, 1)),
            "wide.png": photo.resize((3000, 20)),
            "high.png": photo.resize((20, 3000)),
        }
        for file, image in made.items():
            image.save(place / name / file)
    return place


def augment(photos, tmp_path, capsys, step, *more):
    code = run_command(["augment", "--data", str(photos), "-o", str(tmp_path / "out"), "--augment", step, *more])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("end", ["minimum", "maximum", "wide"])
@pytest.mark.parametrize("name", AUGMENTATION)
def test_every_setting_at_its_ends_gives_pictures(photos, tmp_path, capsys, name, end):
    code, out, err = augment(
        photos, tmp_path, capsys, typed(name, end), "--input", "3,32,40", "--images", "50", "--json"
    )
    assert code == 0, err
    rows = json.loads(out)
    assert len(rows) == 14  # those that train
    for row in rows:
        original, changed = (opened(tmp_path / "out" / stage["file"]).shape for stage in row["stages"])
        assert changed == (32, 40, 3)
        assert original == changed or name in ("crop", "resize_crop", "pad")


def opened(file):
    with Image.open(file) as image:
        return np.asarray(image)


@pytest.mark.parametrize(
    "name", [name for name, kind in AUGMENTATION.items() if not kind.needs_colour and name != "pad"]
)
def test_images_of_one_pixel_are_changed_too(photos, tmp_path, capsys, name):
    code, _, err = augment(photos, tmp_path, capsys, name, "--input", "1,1,1")
    assert code == 0, err
    assert {opened(file).shape for file in (tmp_path / "out").glob(f"*_1_{name}.png")} == {(1, 1)}


def test_one_image_alone_is_refused_or_shown(tmp_path, capsys):
    (tmp_path / "one" / "a").mkdir(parents=True)
    Image.new("RGB", (5, 5), (200, 10, 10)).save(tmp_path / "one" / "a" / "1.png")
    code, out, err = augment(tmp_path / "one", tmp_path, capsys, "rotate")
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1

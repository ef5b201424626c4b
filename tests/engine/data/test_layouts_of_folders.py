"""How folders are laid out, told by the names in them alone."""

import pytest

from engine.data.data_words import layout_notes
from engine.data.layout import Unclear, read_layout
from engine.data.part_words import words_of
from engine.data.tree import Tree

CATS = ("cats", "dogs")


def tree(*paths):
    """The names of a folder with these files; a path that ends in / is an empty folder."""
    files = sorted({path for path in paths if "/" not in path})
    inside = {}
    for path in paths:
        first, slash, rest = path.partition("/")
        if slash:
            inside.setdefault(first, []).append(rest)
    folders = tuple(
        Tree(name, (below := tree(*filter(None, rests))).files, below.folders) for name, rests in sorted(inside.items())
    )
    return Tree("", tuple(files), folders)


def flat(*folders):
    """An image in each folder."""
    return tuple(f"{folder}/a.png" for folder in folders)


def each(*folders, classes=CATS):
    """Folders that have the same classes."""
    return flat(*(f"{folder}/{name}" for folder in folders for name in classes))


def read(*paths):
    """The reading of a folder: where each class stands, by part."""
    found = read_layout(tree(*paths))
    if isinstance(found, Unclear):
        return "unclear"
    groups = {}
    for group in found.groups:
        groups.setdefault(group.part or "any", {}).setdefault(group.owner, []).append("/".join(group.place))
    return groups


def classes(*names, around=""):
    return {"any": {name: [around + name] for name in names}}


def parts(names=CATS, **folders):
    return {
        part: {name: [f"{place}/{name}" for place in given.split("|")] for name in names}
        for part, given in folders.items()
    }


CLASSES = {
    "plain": (flat(*CATS), classes(*CATS)),
    "a vehicle in the same streets": (
        each("train", "bus", "car", classes=("city", "country")),
        classes("train", "bus", "car"),
    ),
    "with rooms": (each("cats", "dogs", classes=("indoor", "outdoor")), classes(*CATS)),
    "test tube and training shoe": (flat("test tube", "training shoe"), classes("test tube", "training shoe")),
    "and a mug": (flat("test tube", "training shoe", "mug"), classes("mug", "test tube", "training shoe")),
    "with other rooms": (
        (*flat("test tube/lab"), *flat("training shoe/shop")),
        classes("test tube", "training shoe"),
    ),
    "vehicles": (flat("train", "car", "bus"), classes("bus", "car", "train")),
    "vehicles and a tube": (flat("train", "car", "test tube"), classes("car", "test tube", "train")),
    "valid or not": (flat("valid", "invalid"), classes("invalid", "valid")),
    "a test and a control": (flat("test", "control"), classes("control", "test")),
    "training alone": (flat("training shoe", "boot"), classes("boot", "training shoe")),
    "words inside words": (flat("contest", "latest", "strain"), classes("contest", "latest", "strain")),
    "developers": (flat("device", "trainer"), classes("device", "trainer")),
    "an empty class": ((*flat(*CATS), "birds/"), classes("birds", *CATS)),
    "a class of another format": ((*flat(*CATS), "birds/a.heic"), classes("birds", *CATS)),
    "an image beside": ((*flat(*CATS), "sample.png"), classes(*CATS)),
    "an archive around": (flat("archive/cats", "archive/dogs"), classes(*CATS, around="archive/")),
    "two around": (
        flat("archive/PetImages/cats", "archive/PetImages/dogs"),
        classes(*CATS, around="archive/PetImages/"),
    ),
    "an archive with a note": (
        (*flat("archive/cats", "archive/dogs"), "README.md", "archive/labels.csv"),
        classes(*CATS, around="archive/"),
    ),
    "an archive beside documents": (
        (*flat("archive/cats", "archive/dogs"), "labels/a.txt"),
        classes(*CATS, around="archive/"),
    ),
    "an archive beside a network": (
        (*flat("archive/cats", "archive/dogs"), "models/best.pth", "models/LICENSE"),
        classes(*CATS, around="archive/"),
    ),
    "training around": (each("train"), classes(*CATS, around="train/")),
    "training beside what has no labels": ((*each("train"), *flat("unlabeled")), classes(*CATS, around="train/")),
    "an archive beside thumbnails": (
        (*each("PetImages"), *each("thumbnails")),
        classes(*CATS, around="PetImages/"),
    ),
    "an archive beside screenshots of it": ((*each("archive"), *flat("docs")), classes(*CATS, around="archive/")),
    "images beside their masks": ((*each("images"), *each("masks")), classes(*CATS, around="images/")),
    "masks worn": (flat("with_mask", "without_mask"), classes("with_mask", "without_mask")),
    "mask or none": (flat("mask", "no mask"), classes("mask", "no mask")),
    "raw meat": (flat("raw meat", "processed meat"), classes("processed meat", "raw meat")),
    "raw or not": (flat("cooked", "raw", "rotten"), classes("cooked", "raw", "rotten")),
    "masks and gloves": (flat("masks to wear", "gloves"), classes("gloves", "masks to wear")),
    "languages": (each("de", "te", "tr", classes=("men", "women")), classes("de", "te", "tr")),
    "trains and what one trains in": (
        (*each("train", classes=("diesel", "steam")), *each("training shoe", classes=("indoor", "outdoor"))),
        classes("train", "training shoe"),
    ),
    "questions": (flat("query", "gallery", "art"), classes("art", "gallery", "query")),
    "questions alone": (flat("query", "gallery"), classes("gallery", "query")),
    "one class": (flat("cats"), classes("cats")),
    "one class in an archive": (flat("archive/cats"), classes("cats", around="archive/")),
    "numbers": (flat("0", "1", "2"), classes("0", "1", "2")),
    "synsets": (flat("n01440764", "n01443537"), classes("n01440764", "n01443537")),
    "nothing": ((), {}),
    "images alone": (("a.png", "b.png"), {}),
}

PARTS = {
    "train and test": (each("train", "test"), parts(train="train", test="test")),
    "three": (each("train", "val", "test"), parts(train="train", validation="val", test="test")),
    "plurals": (each("trains", "tests"), parts(train="trains", test="tests")),
    "hold-out": (each("train", "hold-out"), parts(train="train", test="hold-out")),
    "hold_out": (each("train", "hold_out"), parts(train="train", test="hold_out")),
    "short": (each("trn", "vld", "tst"), parts(train="trn", validation="vld", test="tst")),
    "validate": (each("train", "validate"), parts(train="train", validation="validate")),
    "in German": (each("Trainingsdaten", "Testdaten"), parts(train="Trainingsdaten", test="Testdaten")),
    "in German, verbs": (each("Training", "Testen"), parts(train="Training", test="Testen")),
    "in Czech": (each("trénovací data", "testovací data"), parts(train="trénovací data", test="testovací data")),
    "in Indonesian": (each("latih", "uji"), parts(train="latih", test="uji")),
    "in French": (each("entrainement", "test"), parts(train="entrainement", test="test")),
    "in French, with an accent": (each("Entraînement", "Test"), parts(train="Entraînement", test="Test")),
    "in French, learning": (each("apprentissage", "validation"), parts(train="apprentissage", validation="validation")),
    "in French, data": (
        each("Données d'entraînement", "Données de test"),
        parts(train="Données d'entraînement", test="Données de test"),
    ),
    "in Spanish": (each("entrenamiento", "prueba"), parts(train="entrenamiento", test="prueba")),
    "in Italian": (each("addestramento", "test"), parts(train="addestramento", test="test")),
    "in Portuguese": (each("treino", "teste"), parts(train="treino", test="teste")),
    "in Russian": (each("обучение", "тест"), parts(train="обучение", test="тест")),
    "in Russian, sets": (each("Обучающая выборка", "Тестовая"), parts(train="Обучающая выборка", test="Тестовая")),
    "in Chinese": (each("训练集", "验证集", "测试集"), parts(train="训练集", validation="验证集", test="测试集")),
    "in Chinese and English": (each("train训练", "test测试"), parts(train="train训练", test="test测试")),
    "in Japanese": (each("訓練データ", "テスト"), parts(train="訓練データ", test="テスト")),
    "in Korean": (each("학습", "검증", "테스트"), parts(train="학습", validation="검증", test="테스트")),
    "two letters": (each("tr", "va", "te"), parts(train="tr", validation="va", test="te")),
    "any capitals": (each("tRaIn", "TEst"), parts(train="tRaIn", test="TEst")),
    "to be found again": (each("train", "query", "gallery"), parts(train="train", test="gallery|query")),
    "masks beside parts": ((*each("train", "test"), *each("train_masks")), parts(train="train", test="test")),
    "masks in parts": (
        each("train/images", "train/masks", "test/images", "test/masks"),
        parts(train="train/images", test="test/images"),
    ),
    "without labels in a part": ((*each("train", "test"), *flat("train/unsup")), parts(train="train", test="test")),
    "parts beside screenshots": (
        (*each("data/train", "data/test"), *flat("screenshots")),
        parts(train="data/train", test="data/test"),
    ),
    "classes that have parts in two forms of text": (
        ("cafe\u0301/train/a.png", "caf\u00e9/test/a.png", "dogs/train/a.png", "dogs/test/a.png"),
        {
            "train": {"caf\u00e9": ["cafe\u0301/train"], "dogs": ["dogs/train"]},
            "test": {"caf\u00e9": ["caf\u00e9/test"], "dogs": ["dogs/test"]},
        },
    ),
    "ImageNet": (
        each("train", "val", classes=("n01440764", "n01443537")),
        parts(("n01440764", "n01443537"), train="train", validation="val"),
    ),
    "capitals": (each("TRAIN", "TEST"), parts(train="TRAIN", test="TEST")),
    "a simple test": (
        each("TRAIN", "TEST", "TEST_SIMPLE"),
        parts(train="TRAIN", test="TEST|TEST_SIMPLE"),
    ),
    "train, dev, test": (each("train", "dev", "test"), parts(train="train", validation="dev", test="test")),
    "sets": (each("training_set", "test_set"), parts(train="training_set", test="test_set")),
    "images": (each("train_images", "val_images"), parts(train="train_images", validation="val_images")),
    "years": (each("train2017", "val2017"), parts(train="train2017", validation="val2017")),
    "camels": (each("TrainSet", "TestSet"), parts(train="TrainSet", test="TestSet")),
    "joined words": (each("trainset", "testset"), parts(train="trainset", test="testset")),
    "spaces": (each("Training Data", "Testing Data"), parts(train="Training Data", test="Testing Data")),
    "hyphens": (each("my-train", "my-valid"), parts(train="my-train", validation="my-valid")),
    "validation alone": (each("training", "validation"), parts(train="training", validation="validation")),
    "holdout": (each("train", "holdout"), parts(train="train", test="holdout")),
    "eval alone tests": (each("train", "eval"), parts(train="train", test="eval")),
    "eval beside test validates": (
        each("train", "eval", "test"),
        parts(train="train", validation="eval", test="test"),
    ),
    "eval beside val tests": (each("train", "val", "eval"), parts(train="train", validation="val", test="eval")),
    "a test called eval beside another": (
        each("train", "test", "test_eval"),
        parts(train="train", test="test|test_eval"),
    ),
    "trainval": (each("trainval", "test"), parts(train="trainval", test="test")),
    "Intel": (
        (*each("seg_train", "seg_test"), *flat("seg_pred")),
        parts(train="seg_train", test="seg_test"),
    ),
    "Intel as unpacked": (
        (*each("seg_train/seg_train", "seg_test/seg_test"), *flat("seg_pred/seg_pred")),
        parts(train="seg_train/seg_train", test="seg_test/seg_test"),
    ),
    "images inside": (each("train/images", "test/images"), parts(train="train/images", test="test/images")),
    "in an archive": (
        each("chest_xray/train", "chest_xray/val", "chest_xray/test"),
        parts(train="chest_xray/train", validation="chest_xray/val", test="chest_xray/test"),
    ),
    "unlabelled beside": ((*each("train", "test"), *flat("unlabeled")), parts(train="train", test="test")),
    "a copy of all beside": (
        (*each("train", "test"), *each("all/train", "all/test")),
        parts(train="train", test="test"),
    ),
    "a test without classes": ((*each("train"), *flat("test")), parts(train="train")),
    "a first test without classes": ((*each("train"), *flat("test_stg1")), parts(train="train")),
    "ILSVRC": (
        (*each("Data/CLS-LOC/train"), *flat("Data/CLS-LOC/val", "Data/CLS-LOC/test"), "Annotations/a.xml"),
        parts(train="Data/CLS-LOC/train"),
    ),
    "a test that lacks a class": (
        (*each("train"), *flat("test/cats")),
        {"train": {"cats": ["train/cats"], "dogs": ["train/dogs"]}, "test": {"cats": ["test/cats"]}},
    ),
    "a test with half of the classes, and others": (
        (*each("train", classes="abcd"), *each("test", classes="abxy")),
        {
            "train": {name: [f"train/{name}"] for name in "abcd"},
            "test": {name: [f"test/{name}"] for name in "ab"},
        },
    ),
    "a test with a class that does not train": (
        (*each("train", "test"), *flat("test/unknown")),
        parts(train="train", test="test"),
    ),
    "loose images in a part": ((*each("train", "test"), "train/a.png"), parts(train="train", test="test")),
    "with rooms": (
        each("train/cats", "train/dogs", "test/cats", "test/dogs", classes=("in", "out")),
        parts(train="train", test="test"),
    ),
    "classes that have parts": (
        each("cats", "dogs", classes=("train", "test")),
        {
            "train": {"cats": ["cats/train"], "dogs": ["dogs/train"]},
            "test": {"cats": ["cats/test"], "dogs": ["dogs/test"]},
        },
    ),
    "classes that have three parts, and more": (
        each("data/cats", "data/dogs", classes=("train", "val", "test", "raw")),
        {
            "train": {"cats": ["data/cats/train"], "dogs": ["data/dogs/train"]},
            "validation": {"cats": ["data/cats/val"], "dogs": ["data/dogs/val"]},
            "test": {"cats": ["data/cats/test"], "dogs": ["data/dogs/test"]},
        },
    ),
    "one class in two forms of text": (
        (*each("train", classes=("cafe\u0301", "dogs")), *each("test", classes=("caf\u00e9", "dogs"))),
        {
            "train": {"caf\u00e9": ["train/cafe\u0301"], "dogs": ["train/dogs"]},
            "test": {"caf\u00e9": ["test/caf\u00e9"], "dogs": ["test/dogs"]},
        },
    ),
}

UNCLEAR = {
    "flat parts": flat("train", "test"),
    "three flat parts": flat("train", "val", "test"),
    "flat sets": flat("training_set", "test_set"),
    "flat segments": flat("seg_train", "seg_test", "seg_pred"),
    "four domains": flat("trainA", "trainB", "testA", "testB"),
    "shoes and tubes in the same rooms": each("training shoe", "test tube", classes=("indoor", "outdoor")),
    "parts with other classes": (*each("train"), *each("test", classes=("birds", "fish"))),
    "a flat training": (*flat("train"), *each("test")),
    "nothing to train": each("val", "test"),
    "a training and an unknown word with its classes": each("Training", "Kontrolle"),
    "a test and an unknown word with its classes": each("development", "evaluation"),
    "two that train": flat("train", "training"),
    "more to train with": each("train", "train_extra"),
    "segments to train with": each("seg_train1", "seg_train2"),
    "a hidden test": each("test", "test_hidden"),
    "objects with boxes": (*flat("images/train", "images/val"), "labels/train/a.txt"),
    "versions": each("v1", "v2"),
    "versions with parts": each("v1/train", "v1/test", "v2/train", "v2/test"),
    "raw and processed": each("raw", "processed"),
    "one set and its raw images": (*each("flowers"), *each("raw")),
    "flat images and masks": flat("images", "masks"),
    "annotations": flat("annotations", "images"),
    "folds": each("fold1", "fold2", "fold3"),
    "numbered parts": flat("part1", "part2", "part3"),
    "thumbnails among classes": flat(*CATS, "thumbnails"),
    "unlabelled among classes": flat(*CATS, "unlabelled"),
    "images and masks in flat parts": flat("train/images", "train/masks", "test/images", "test/masks"),
    "some classes with parts": (*each("cats", classes=("train", "test")), *flat("dogs")),
}


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_read_as_classes(name):
    paths, expected = CLASSES[name]
    assert read(*paths) == expected


@pytest.mark.parametrize("name", PARTS)
def test_parts_are_read_as_parts(name):
    paths, expected = PARTS[name]
    assert read(*paths) == expected


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_may_be_either_is_not_guessed(name):
    assert read(*UNCLEAR[name]) == "unclear"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("seg_train", {"seg", "train"}),
        ("TestSet", {"test", "set"}),
        ("train2017", {"train"}),
        ("TRAIN", {"train"}),
        ("valset", {"val", "set"}),
        ("test tube", {"test", "tube"}),
        ("test-images.v2", {"test", "images", "v"}),
        ("XMLTrain", {"xml", "train"}),
        ("contest", {"contest"}),
        ("Übung", {"ubung"}),
    ],
)
def test_names_are_split_into_words(name, words):
    assert words_of(name) == words


def left_out(*paths):
    return {"/".join(one.place): one.reason for one in read_layout(tree(*paths)).left_out}


def test_what_is_left_out_is_named_with_the_reason():
    flat_reason = "it has no sub-folder for each class"
    assert left_out(*each("seg_train", "seg_test"), *flat("seg_pred")) == {"seg_pred": flat_reason}
    assert left_out(*each("train"), *flat("val", "test")) == {"val": flat_reason, "test": flat_reason}
    assert left_out(*each("train", "test"), *flat("test/unknown")) == {"test/unknown": "no image of this class trains"}
    assert left_out(*each("train", "test", "extra")) == {"extra": "it belongs to no part"}
    assert left_out(*each("cats", "dogs", classes=("train", "test", "raw"))) == {
        "cats/raw": "it belongs to no part",
        "dogs/raw": "it belongs to no part",
    }
    assert left_out(*flat(*CATS)) == {}
    aside = "its name says that it goes with the images"
    assert left_out(*each("PetImages"), *each("thumbnails")) == {"thumbnails": aside}
    assert left_out(*each("train", "test"), *flat("train/unsup")) == {"train/unsup": aside}
    assert left_out(*each("train/images", "train/masks", "test")) == {"train/masks": aside}
    assert left_out(*each(*CATS, classes=("images", "masks"))) == {"cats/masks": aside, "dogs/masks": aside}
    assert left_out(*flat(*CATS, "cats/thumbs")) == {"cats/thumbs": aside}


def test_a_part_without_images_is_told():
    empty = "it has no images"
    assert left_out(*each("train"), "test/") == {"test": empty}
    assert left_out(*each("train"), "test/cats/", "test/dogs/") == {"test": empty}
    assert left_out(*each("data/train", "data/val"), "data/test/") == {"data/test": empty}
    assert left_out(*flat(*CATS), "owls/") == {}


def test_the_folders_of_each_part_are_told():
    found = read_layout(tree(*each("seg_train/seg_train", "seg_test/seg_test"), *flat("seg_pred/seg_pred")))
    assert dict(found.parts) == {"seg_train": "train", "seg_test": "test"}


def test_what_stands_beside_an_archive_is_named_as_what_stands_in_it():
    layout = read_layout(tree(*each("archive/train", "archive/test"), *flat("archive/extra", "screenshots")))
    assert layout_notes(layout, CATS) == (
        "The images stand in archive.",
        "2 parts found: train for training and test for test.",
        "screenshots is left out: its name says that it goes with the images.",
        "extra is left out: it has no sub-folder for each class.",
    )

"""Reports: figures as in ``--json``, one file that needs nothing else, harmless whatever the names are."""

import io
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from report_page import Page, page_of
from safetensors.torch import save_file
from small_training import settings, small_network
from toy_regression import registered, toy_project

from cli.app import run_command
from engine.data.asking import listed
from engine.data.looks import AsItIs, Drawn, TenCrop
from engine.data.progress import CancelledError
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.curves import curves_of
from engine.evaluation.ensemble import evaluate_together
from engine.evaluation.evaluating import evaluate
from engine.evaluation.label_errors import find_label_errors
from engine.evaluation.report.blocks import Report, shown
from engine.evaluation.report.charts import calibration_chart, confusion_chart, curves_chart
from engine.evaluation.report.circumstances import _facts_of, _flat, repeating_section
from engine.evaluation.report.drawing import COLOURS, Bar, Label, Stroke
from engine.evaluation.report.figures import classes_section, confusion_section, curves_section
from engine.evaluation.report.letters import TEXT, runs, width_of
from engine.evaluation.report.limits import _of_classes, limits
from engine.evaluation.report.pdf import pdf
from engine.evaluation.report.pictures import Album, mistakes_section, suspects_section
from engine.evaluation.report.subject import Subject
from engine.evaluation.report.writing import WRITERS, write_report
from engine.files import fingerprint
from engine.project import Project, with_values
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks.class_evaluation import summarise
from engine.tasks.reliability import reliability
from engine.words import thousands

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder


def trained(place, *, classes, folder, seed=1, **data):
    images = DataSettings(source={"name": "folder", "path": str(folder)}, **data)
    list(run_project(Project(small_network(classes=classes), images, settings(epochs=1, seed=seed)), place))
    return RunFolder(place)


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """Two runs on the digits that differ by their seeds."""
    place = tmp_path_factory.mktemp("digits")
    for seed in (1, 2):
        list(run_project(Project(small_network(), training=settings(epochs=2, seed=seed)), place / f"run-{seed}"))
    return [RunFolder(place / f"run-{seed}") for seed in (1, 2)]


def test_figures_are_those_of_the_json(digits, tmp_path, capsys):
    runs = [str(run.path) for run in digits]
    assert run_command(["evaluate", *runs, "--json", "--slices", "--report", str(tmp_path / "report.html")]) == 0
    written = capsys.readouterr()
    found = json.loads(written.out)
    assert f"The report is in {tmp_path / 'report.html'}." in written.err
    page = Page((tmp_path / "report.html").read_text())
    text = page.text
    low, high = (f"{100 * bound:.1f} %" for bound in found["interval"])
    assert f"{100 * found['accuracy']:.1f} % ({low} to {high} with 95 % confidence" in text
    assert f"{100 * found['top5']:.1f} %" in text
    assert f"{found['loss']:.4f}" in text
    for name in ("macro", "micro", "weighted"):
        one = found[name]
        assert f"precision {one['precision']:.3f}, recall {one['recall']:.3f}, F1 {one['f1']:.3f}" in text
    assert f"{100 * found['calibration_error']:.1f} % (15 bins)" in text
    assert f"At temperature {found['temperature']['temperature']:.3f}" in text
    areas = [found[kind]["per_class"] for kind in ("average_precision", "auc")]
    for place, (row, score) in enumerate(zip(page.table("Class"), found["per_class"], strict=True)):
        name, _, images, *figures = row
        assert (name, images) == (score["name"], str(score["images"]))
        own = [score[key] for key in ("precision", "recall", "f1")] + [area[place] for area in areas]
        assert figures == [f"{value:.3f}" for value in own]
    assert [row[3] for row in page.table("By")] == [str(one["images"]) for one in found["slices"]]
    assert [row[4] for row in page.table("By")] == [f"{100 * one['accuracy']:.1f} %" for one in found["slices"]]
    assert [row[1] for row in page.table("Run")] == [f"{100 * one['accuracy']:.1f} %" for one in found["members"]]
    cells = re.findall(r'<text [^>]*"10" fill="var\(--text\)"[^>]*>(\d+)<', html_of(tmp_path))
    numbers = list(map(int, cells))
    assert numbers == [count for row in found["confusion"] for count in row if count]
    sides = dict(page.table("Right"))
    assert sum(map(int, sides.values())) == found["images"]
    right = int(sides["Both"]) + int(sides[f"Only {runs[0]}"])
    assert right == round(found["members"][0]["accuracy"] * found["images"])


def html_of(place):
    return (place / "report.html").read_text()


def test_everything_that_repeats_it_is_there(digits, tmp_path):
    run = digits[0]
    write_report(tmp_path / "report.html", [run], "validation", looks=TenCrop(size=10))
    text = Page(html_of(tmp_path)).text
    for words in (
        fingerprint(run.checkpoint("best")),
        fingerprint(run.parts_file),
        f"python main.py train {run.project_file} --run {run.path}-again",
        f"python main.py evaluate {run.path} --split validation --ten-crop 10 --report report.html",
        f"torch {torch.__version__}",
        "mean of ten crops from 10 px",
        "A temperature is fitted on the validation images, so that they cannot show what it does",
        "The epoch was chosen by these validation images",
        "seed 1",
        *("training.optimiser.name", "training.seed", "data.split.seed", "conv", "Conv2d", "8×8×8"),
    ):
        assert words in text


def test_the_epoch_of_the_weights_is_that_of_the_best_one(digits, tmp_path):
    run = RunFolder(shutil.copytree(digits[0].path, tmp_path / "run"))
    lines = [json.loads(line) for line in run.metrics_file.read_text().splitlines()]
    for best in (1, 2):
        for line in lines:
            if line["event"] == "epoch_done":
                line["best"] = line["epoch"] <= best
        run.metrics_file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        facts = dict(_facts_of(RunFolder(run.path)))
        assert facts["Weights"] == f"best.safetensors, of epoch {best}"
    run.checkpoint("best").unlink()
    assert dict(_facts_of(RunFolder(run.path)))["Weights"] == "last.safetensors"


def test_a_report_names_the_file_that_it_is(digits, tmp_path):
    subject = Subject(digits[:1], evaluate_together(digits[:1]))
    _, _, again = repeating_section(subject, "my report.pdf").blocks[-3:]
    assert again.lines[0].endswith("--report 'my report.pdf'")


def test_names_in_chinese_japanese_and_korean_are_written_by_fonts_of_the_reader():
    names = {
        "文字": "STSong-Light",
        "かわいい犬": "HeiseiKakuGo-W5",
        "고양이": "HYGothic-Medium",
        "臺灣貓": "STSong-Light",
    }
    for name, font in names.items():
        assert runs(f"is {name}!", TEXT) == [(TEXT, "is "), (font, name), (TEXT, "!")]
    assert runs("שלום\n", TEXT) == [(TEXT, "[U+05E9][U+05DC][U+05D5][U+05DD]\\n")]
    assert width_of("文字", TEXT, 10) == 20
    found = summarise("test", tuple(names), probabilities=np.eye(4), labels=np.array([0, 1, 2, 2]))
    curves = [curves_of(found, kind) for kind in ("precision_recall", "roc")]
    sections = [confusion_section(found), classes_section(found, curves), curves_section(curves)]
    content = pdf(Report("文字", "かわいい犬", sections))
    for font in set(names.values()):
        assert f"/BaseFont /{font}".encode() in content
    assert b"STSong" not in pdf(Report("Letters", "é λ Ж", []))


def test_a_report_needs_nothing_beside_it(digits, tmp_path):
    write_report(tmp_path / "report.html", digits[:1])
    text = html_of(tmp_path)
    page = Page(text)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text)
    assert not [name for name, _ in page.elements if name in ("script", "link", "iframe", "object")]
    assert all(image["src"].startswith("data:image/png;base64,") and image["alt"] for image in page.all("img"))
    assert page.all("img")
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in page.all("svg"))
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(head["scope"] in ("row", "col") for head in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.all("a")} == set(ids)
    assert "prefers-color-scheme: dark" in text


HOSTILE = (
    "<script>alert(1)<",
    "\"quotes\" & 'more' %",
    "\u202egnp.exe",
    "שלום",
    "文字",
    "two\nlines",
    "x" * 240,
    "a{b}$c%s",
)


def test_hostile_names_do_nothing(tmp_path):
    folder = make_folder(tmp_path / "<b>pets</b>", dict.fromkeys(HOSTILE, 8))
    for image in sorted((folder / HOSTILE[0]).iterdir()):
        image.rename(image.with_name(f'"><img src=x onerror=alert(1)>{image.name}'))
    run = trained(tmp_path / "run <i>", classes=len(HOSTILE), folder=folder)
    for suffix in WRITERS:
        write_report(tmp_path / f"report{suffix}", [run])
    page = Page(html_of(tmp_path))
    assert {name for name, _ in page.elements} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "nav", "h1", "h2", "p", "ul", "li", "a"),
        *("section", "dl", "dt", "dd", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "figure"),
        *("figcaption", "span", "img", "svg", "rect", "polyline", "text"),
    }
    assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")]
    assert [row[0] for row in page.table("Class")] == [shown(name) for name in sorted(HOSTILE)]
    assert shown(HOSTILE[2]) == "\\u202egnp.exe"
    assert shown("two\nlines\ud800") == "two\\nlines\\ud800"
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(("classes", "images"), [(2, 1), (3, 300), (24, 300), (1000, 300)])
def test_any_number_of_classes_and_images_is_written(classes, images):
    random = np.random.default_rng(classes)
    labels = random.integers(0, max(1, classes - 1), images)
    probabilities = random.dirichlet(np.ones(classes), images)
    names = tuple(f"class {one}" for one in range(classes))
    found = summarise("test", names, probabilities=probabilities, labels=labels)
    curves = curves_of(found, "precision_recall"), curves_of(found, "roc")
    sections = [confusion_section(found), classes_section(found, curves), curves_section(curves)]
    report = Report("Random", "", sections)
    page = page_of(report)
    assert len(page.table("Class")) == classes
    assert [row[2] for row in page.table("Class")] == [str(score.images) for score in found.per_class]
    assert ("cannot be read on a page" in page.text) == (classes == 1000)
    assert pdf(report).startswith(b"%PDF-")
    wrong = found.confusion[~np.eye(classes, dtype=bool)]
    if wrong.any():
        assert int(page.table("True class")[0][2]) == wrong.max()


def unlike():
    """Of 10 a two are taken for b, of 2 b one for c, and c is all right."""
    labels, taken_for = np.array([0] * 10 + [1] * 2 + [2] * 3), np.array([0] * 8 + [1] * 2 + [1, 2] + [2] * 3)
    probabilities = np.full((15, 3), 0.1) + 0.7 * np.eye(3)[taken_for]
    return summarise("test", tuple("abc"), probabilities=probabilities, labels=labels)


def test_rows_are_true_classes_in_the_table_and_in_the_matrix():
    rows = page_of(Report("", "", [confusion_section(unlike())])).table("True class")
    assert rows == [["a", "b", "2", "20.0 % of 10"], ["b", "c", "1", "50.0 % of 2"]]
    shapes = confusion_chart(unlike()).drawing.shapes
    bars = {shape.words: shape for shape in shapes if isinstance(shape, Bar)}
    names = [shape for shape in shapes if isinstance(shape, Label) and shape.text in "abc"]
    below = {label.text: label.x for label in names if label.turned}
    beside = {label.text: label.y for label in names if not label.turned}
    for (words, bar), (true, taken) in zip(bars.items(), ("aa", "ab", "bb", "bc", "cc"), strict=True):
        assert words.startswith(f"{true} taken for {taken}: ")
        assert bar.x < below[taken] < bar.x + bar.width
        assert bar.y < beside[true] < bar.y + bar.height


def test_bars_of_confidence_are_as_high_as_answers_are_right_and_curves_go_up():
    confidence, right = np.array([0.5] * 4 + [0.95] * 2), np.array([True, False, False, False, True, True])
    shapes = calibration_chart(reliability(confidence, right), "As it is").drawing.shapes
    quarter, whole = (shape for shape in shapes if isinstance(shape, Bar))
    assert quarter.x < whole.x
    assert quarter.height / whole.height == pytest.approx(0.25)
    assert quarter.y + quarter.height == pytest.approx(whole.y + whole.height)
    assert whole.y < quarter.y
    drawing = curves_chart(curves_of(unlike(), "roc")).drawing
    line = max((shape for shape in drawing.shapes if isinstance(shape, Stroke)), key=lambda shape: shape.width)
    assert line.points[0][1] > line.points[-1][1]


def test_the_classes_of_the_smallest_areas_are_drawn():
    labels, probabilities = np.arange(200) % 5, np.random.default_rng(2).dirichlet(np.ones(5), 200)
    for kind in ("precision_recall", "roc"):
        names = tuple("abcde")
        curves = curves_of(summarise("test", names, probabilities=probabilities, labels=labels), kind)
        drawn = [shape.text for shape in curves_chart(curves).drawing.shapes if isinstance(shape, Label)]
        worst = sorted(zip([curve.area for curve in curves.each], names, strict=True))[:3]
        assert drawn[-4:] == [f"mean: {curves.macro.area:.3f}", *(f"class {name}: {area:.3f}" for area, name in worst)]


def test_images_stand_beside_what_is_said_of_them(digits):
    subject = Subject(digits[:1], evaluate_together(digits[:1]))
    found, album = subject.together.evaluation, Album.of(subject)
    said, names = found.predictions, subject.data.names
    _, photos = mistakes_section(subject, found, album).blocks
    worst = said.worst(20, by="loss")
    assert [photo.lines[:3] for photo in photos.photos] == [
        [f"Image {thousands(names[subject.data.test.indices[one]])}", f"is {true}", f"taken for {taken}"]
        for one, true, taken in zip(worst, said.labels[worst], said.predicted[worst], strict=True)
    ]
    suspected = find_label_errors(digits[:1]).suspects[:20]
    _, photos = suspects_section(subject, album).blocks
    assert [photo.lines[1:] for photo in photos.photos] == [
        [
            f"labelled {one.given}, {100 * one.given_probability:.1f} %",
            f"likely {one.likely}, {100 * one.likely_probability:.1f} %",
        ]
        for one in suspected
    ]


def test_a_thumbnail_has_the_shape_of_its_image(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        Image.new("RGB", (400, 100), (200, 9, 9)).save(tmp_path / name / "wide.png")
    listing = listed(Folder(path=str(tmp_path)))
    photo = Album(listing, {"a/wide.png": 0}).photo("a/wide.png", ["is a"])
    assert Image.open(io.BytesIO(photo.png)).size == (160, 40)


def test_few_images_of_a_class_are_told_apart_from_none():
    labels = np.array([0] * 300 + [1] * 19 + [2] * 20)
    names = tuple("abcd")
    found = summarise("test", names, probabilities=np.full((339, 4), 0.25), labels=labels)
    assert [sentence.split(":")[0].split(";")[0] for sentence in _of_classes(found)] == [
        "1 class has fewer than 20 images",
        "1 class has no images here",
    ]


def test_a_flawless_run_says_so():
    found = summarise("test", ("a", "b"), probabilities=np.eye(2)[[0, 1, 1]], labels=np.array([0, 1, 1]))
    assert "No image was taken for another class." in page_of(Report("Good", "", [confusion_section(found)])).text


def test_a_task_without_classes_has_a_report_too(tmp_path):
    with registered():
        list(run_project(toy_project(epochs=1), tmp_path / "run"))
        for suffix in WRITERS:
            write_report(tmp_path / f"report{suffix}", [RunFolder(tmp_path / "run")])
        figures = evaluate(RunFolder(tmp_path / "run")).figures()
    text = Page(html_of(tmp_path)).text
    assert figures
    assert all(title in text and value in text for title, value in figures)
    assert "Confusion" not in text


@pytest.mark.parametrize("last", ["Looking for wrong labels", "Writing the report"])
def test_a_report_is_written_whole_or_not_at_all(last, digits, tmp_path):
    place = tmp_path / "report.pdf"
    place.write_text("the old one")
    tasks = []

    def stop(progress):
        tasks.append(progress.task)
        return progress.task != last

    with pytest.raises(CancelledError):
        write_report(place, digits[:1], progress=stop)
    assert "Fitting the temperature" in tasks
    assert place.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [place]


def test_what_cannot_be_reported_is_refused_in_a_sentence_and_nothing_is_written(digits, tmp_path, capsys):
    spoilt = RunFolder(shutil.copytree(digits[0].path, tmp_path / "spoilt"))
    weights = spoilt.weights("best")
    next(iter(weights.values())).fill_(torch.nan)
    save_file(weights, spoilt.checkpoint("best"))
    empty = Project(small_network(), DataSettings(split={"test": 0}), settings(epochs=1))
    list(run_project(empty, tmp_path / "empty"))
    for run, file, why in (
        (digits[0].path, "report.doc", "A report is an HTML or a PDF file: let the name of"),
        (digits[0].path, "none/report.html", "could not be written"),
        (spoilt.path, "report.html", "are not finite numbers"),
        (tmp_path / "empty", "report.html", "The test split of Digits has no images."),
    ):
        assert run_command(["evaluate", str(run), "--report", str(tmp_path / file)]) == 2
        (line,) = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
        assert why in line
        assert not (tmp_path / file).exists()


def test_images_that_moved_are_shown_and_the_command_says_where(tmp_path):
    for seed, name in enumerate(("cats", "dogs")):  # which look alike, so that there are mistakes
        folder = make_folder(tmp_path / "pets", {name: 20}, seed=seed)
    run = trained(tmp_path / "run", classes=2, folder=folder)
    (folder / "cats" / "000.png").unlink()
    moved = shutil.move(folder, tmp_path / "archive")
    with pytest.raises(LayerloomError, match="There is no folder"):
        write_report(tmp_path / "report.html", [run])
    write_report(tmp_path / "report.html", [run], moved_to=run.project().data.source.moved_to(Path(moved)))
    page = Page(html_of(tmp_path))
    assert f"--split test --data {moved} --report report.html" in page.text
    assert "1 image of the run is not there any more." in page.text
    assert page.all("img")


def test_limits_are_told(digits, tmp_path):
    for split, why in (("train", "training images, which the network has seen"), ("test", "There are only 270 images")):
        told = " ".join(limits(Subject(digits[:1], evaluate_together(digits[:1], split))))
        assert why in told
        assert "This is one training" in told
    several = evaluate_together(digits)
    assert "This is one training" not in " ".join(limits(Subject(digits, several)))
    for images, sentence in (
        (269, "1 image of the part could not be read and is in no figure."),
        (268, "2 images of the part could not be read and are in no figure."),
    ):
        some = replace(several, evaluation=replace(several.evaluation, images=images))
        assert sentence in list(limits(Subject(digits, some)))


def luminance(colour):
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    return linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("which", [0, 1])
def test_letters_stand_out_on_light_and_on_dark_paper(which):
    colours = {name: both[which] for name, both in COLOURS.items()}
    for name in ("text", "muted", "right", "wrong"):
        assert contrast(colours[name], colours["paper"]) >= 4.5
    found = summarise("test", ("a", "b"), probabilities=np.eye(2)[[0, 0]], labels=np.array([0, 1]))
    bars = [shape for shape in confusion_chart(found).drawing.shapes if isinstance(shape, Bar)]
    assert {bar.ink for bar in bars} == {"right", "wrong"}
    for bar in bars:
        ink, paper = (bytes.fromhex(colours[name][1:]) for name in (bar.ink, "paper"))
        mixed = [round(bar.strength * one + (1 - bar.strength) * other) for one, other in zip(ink, paper, strict=True)]
        assert contrast(f"#{bytes(mixed).hex()}", colours["text"]) >= 4.5


def test_looks_are_told_as_they_are_typed():
    assert (AsItIs().typed(), Drawn(count=3).typed(), TenCrop().typed()) == ("", "--draws 3", "--ten-crop")


def test_settings_stand_in_it_as_they_are_typed_to_have_them_again():
    changed = {
        "training.rate_changes": "5, 0.1; 9, 0.2",
        "training.optimiser.betas": "0.8, 0.9",
        "training.schedule": "step",
        "training.schedule.milestones": "3, 5",
        "training.metrics": "top5, macro_f1",
        "training.watch": "loss",
        "data.normalise": "own",
        "data.normalise.mean": "0.4",
    }
    for project in (Project(), with_values(Project(), changed)):
        settings = {name: getattr(project, name).model_dump(mode="json") for name in ("training", "data")}
        again = with_values(Project(), dict(_flat(settings)))
        assert (again.training, again.data) == (project.training, project.data)

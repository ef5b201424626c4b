"""A report on two runs: the figures of ``--compare``, the images that changed sides, what repeats it."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from report_page import Page, page_of
from small_training import settings, small_network

from cli.app import run_command
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.evaluation.comparing import Compared, compare, compare_runs
from engine.evaluation.ensemble import evaluate_together
from engine.evaluation.report.blocks import Charts, Report
from engine.evaluation.report.comparison import _classes_section, _confusion_section, _Pair, write_comparison
from engine.evaluation.report.pdf import pdf
from engine.evaluation.report.subject import Subject
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks.class_evaluation import summarise
from engine.words import thousands

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """Two runs on the digits, of which one trained longer."""
    place = tmp_path_factory.mktemp("two")
    for seed in (1, 2):
        recipe = settings(epochs=seed, seed=seed, learning_rate=0.01 * seed)
        list(run_project(Project(small_network(), training=recipe), place / f"run-{seed}"))
    return RunFolder(place / "run-1"), RunFolder(place / "run-2")


def points(share):
    return f"{100 * share:+z.1f}".replace("-", "−")


def test_its_figures_are_those_of_the_json(digits, tmp_path, capsys):
    runs = [str(run.path) for run in digits]
    assert run_command(["evaluate", *runs, "--compare", "--json", "--report", str(tmp_path / "two.html")]) == 0
    written = capsys.readouterr()
    found = json.loads(written.out)["comparison"]
    assert written.err == f"The report is in {tmp_path / 'two.html'}.\n"
    page = Page((tmp_path / "two.html").read_text())
    sides = ("both_right", "only_first_right", "only_second_right", "neither_right")
    titles = ("Both", "Only run-1", "Only run-2", "Neither")
    assert [row[:2] for row in page.table("Right")] == [
        [title, str(found[side])] for title, side in zip(titles, sides, strict=True)
    ]
    low, high = map(points, found["interval"])
    assert f"{points(found['difference'])} points (95 % interval {low} to {high}, for paired data)" in page.text
    for name in ("first", "second"):
        assert f"{100 * found['accuracy'][name]:.1f} % (" in page.text
    assert run_command(["evaluate", *runs, "--compare"]) == 0
    verdict = capsys.readouterr().out.splitlines()[-1]
    assert verdict.replace(runs[0], "run-1").replace(runs[1], "run-2") in page.text
    sections = [evaluate_together([run]).evaluation for run in digits]
    for row, one, other in zip(page.table("Class"), *(found.per_class for found in sections), strict=True):
        assert row[2] == points(other.recall - one.recall)
        assert row[3:] == [f"{value:.3f}" for value in (one.recall, other.recall, one.f1, other.f1)]
    differ = {row[0]: row[1:] for row in page.table("Setting")}
    assert differ["Epochs"] == ["1", "2"]
    assert differ["Seed"] == ["1", "2"]
    assert "Batch size" not in differ
    assert f"evaluate {runs[0]} {runs[1]} --compare --split test --report two.html" in page.text
    for run in digits:
        assert f"train {run.project_file} --run {run.path}-again" in page.text


def test_the_images_that_changed_sides_stand_there_with_what_both_say(digits, tmp_path):
    found = compare_runs(digits)
    write_comparison(tmp_path / "two.html", digits, found)
    page = Page((tmp_path / "two.html").read_text())
    data, said = found.sides[0].data, (found.first, found.second)
    expected = []
    for places, wrong in ((found.comparison.only_first, 1), (found.comparison.only_second, 0)):
        sure = sorted(places.tolist(), key=lambda pair: -said[wrong].predictions.confidence[pair[wrong]])
        expected += sure[:20]
    assert expected
    for image, pair in zip(page.all("img"), expected, strict=True):
        name, true, *answers = image["alt"].split(", ", 2)
        assert name == f"Image {thousands(data.names[data.test.indices[pair[0]]])}"
        assert true == f"is {found.first.classes[found.first.predictions.labels[pair[0]]]}"
        taken = [one.predictions.predicted[place] for one, place in zip(said, pair, strict=True)]
        assert answers[0].startswith(f"run-1: {taken[0]}, ")
        assert f"run-2: {taken[1]}, " in answers[0]


def test_runs_on_images_that_they_know_are_not_told_apart_for_new_ones(digits, tmp_path, capsys):
    for split, words in (
        ("train", "Both trained on these images: which of them is better on new ones, this does not say."),
        ("validation", "These images chose the epoch of each, so that both may be worse on new ones."),
    ):
        runs = [str(run.path) for run in digits]
        assert (
            run_command(["evaluate", *runs, "--compare", "--split", split, "--report", str(tmp_path / "a.html")]) == 0
        )
        told = capsys.readouterr().out
        assert words in told
        assert "on images like these" not in told
        assert words in Page((tmp_path / "a.html").read_text()).text
    assert compare_runs(digits).comparison.verdict().count("new ones") == 0


def pair_of(classes, images=300, seed=0):
    """Two random evaluations, the classes of the second in another order."""
    random = np.random.default_rng(seed)
    names = tuple(f"class {one}" for one in range(classes))
    labels = random.integers(0, max(1, classes - 1), images)
    each = [random.dirichlet(np.ones(classes), images) for _ in range(2)]
    order = np.r_[1:classes, 0]
    first = summarise("test", names, probabilities=each[0], labels=labels)
    turned = tuple(names[place] for place in order)
    second = summarise("test", turned, probabilities=each[1][:, order], labels=np.argsort(order)[labels])
    compared = Compared(first, second, (None, None), compare(first, second, keys=(range(images), range(images))))
    plain = [summarise("test", names, probabilities=one, labels=labels) for one in each]
    return compared, plain


@pytest.mark.parametrize("classes", [2, 10, 24, 200])
def test_matrices_stand_in_one_order_of_classes_where_they_can_be_read(classes):
    compared, plain = pair_of(classes)
    one, other = compared.of_common_images()
    assert one.classes == other.classes == plain[0].classes
    for found, expected in zip((one, other), plain, strict=True):
        assert (found.confusion == expected.confusion).all()
        assert found.accuracy == expected.accuracy
    pair = _Pair(("left", "right"), (None, None), compared, (one, other))
    confusion, scores = _confusion_section(pair), _classes_section(pair)
    charts = [len(block.charts) for block in confusion.blocks if isinstance(block, Charts)]
    assert charts == {2: [2], 10: [2], 24: [1, 1], 200: []}[classes]
    report = Report("Two", "", [confusion, scores])
    page = page_of(report)
    differ = plain[1].confusion - plain[0].confusion
    np.fill_diagonal(differ, 0)
    gaps = [abs(int(row[2]) - int(row[3])) for row in page.table("True class")]
    assert gaps == sorted(abs(differ[differ != 0]), reverse=True)[:20]
    assert [row[0] for row in page.table("Class")] == list(one.classes)
    assert page.table("Class")[-1][2:] == ["–"] * 5 or classes == 2
    assert pdf(report).startswith(b"%PDF-")


def test_it_is_written_as_pdf_and_of_images_that_moved(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 20, "文字": 20})
    runs = []
    for seed in (1, 2):
        data = DataSettings(source={"name": "folder", "path": str(folder)})
        place = tmp_path / str(seed) / "a-run-of-the-same-name-that-is-quite-long"
        list(run_project(Project(small_network(classes=2), data, settings(epochs=1, seed=seed)), place))
        runs.append(RunFolder(place))
    moved = shutil.move(folder, tmp_path / "moved")
    at = runs[0].project().data.source.moved_to(Path(moved))
    found = compare_runs(tuple(runs), moved_to=at)
    for name in ("two.pdf", "two.html"):
        write_comparison(tmp_path / name, tuple(runs), found, moved_to=at)
    assert (tmp_path / "two.pdf").read_bytes().startswith(b"%PDF-")
    page = Page((tmp_path / "two.html").read_text())
    assert [row[0] for row in page.table("Right")] == ["Both", "Only the first run", "Only the second run", "Neither"]
    assert f"--data {moved} --report two.html" in page.text


def test_a_place_that_cannot_be_written_is_told_before_anything_is_computed(digits, tmp_path, capsys):
    runs = [str(run.path) for run in digits]
    (tmp_path / "folder.html").mkdir()
    spoilt = shutil.copytree(digits[0].path, tmp_path / "spoilt")
    shutil.rmtree(spoilt / "checkpoints")
    for place, why in (
        (tmp_path / "none" / "two.html", "no such file or directory"),
        (tmp_path / "folder.html", "it is a folder"),
        (tmp_path / "two.doc", "let the name of"),
    ):
        for typed in ((*runs, "--compare"), (str(spoilt),), (str(spoilt), str(spoilt), "--compare")):
            assert run_command(["evaluate", *typed, "--report", str(place)]) == 2
            written = capsys.readouterr()
            assert written.out == ""
            assert why in written.err
    assert run_command(["evaluate", str(spoilt), "--predictions", str(tmp_path / "none" / "said.csv")]) == 2
    assert "said.csv could not be written: no such file or directory." in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"folder.html", "spoilt"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_figures_are_told_also_where_the_report_cannot_be_written_in_the_end(digits, tmp_path, capsys):
    (tmp_path / "two.html").symlink_to("/dev/full")
    runs = [str(run.path) for run in digits]
    for typed, words in (((runs[0],), "Accuracy"), ((*runs, "--compare"), "both right")):
        assert run_command(["evaluate", *typed, "--report", str(tmp_path / "two.html")]) == 2
        written = capsys.readouterr()
        assert words in written.out
        assert "two.html could not be written: the disk is full." in written.err


def test_what_is_told_is_computed_once_for_figures_and_report(digits, tmp_path):
    from cli.further_figures import further_figures
    from engine.evaluation.report.writing import write_report_of

    heard = []
    subject = Subject(digits[:1], evaluate_together(digits[:1]), None, lambda progress: heard.append(progress.task))
    further_figures(subject, slices=True)
    write_report_of(tmp_path / "one.html", subject)
    assert heard.count("Computing curves") == 2  # of two kinds
    assert heard.count("Fitting the temperature") == 1


def test_runs_that_do_not_compare_leave_no_report(digits, tmp_path, capsys):
    run = str(digits[0].path)
    assert run_command(["evaluate", run, "--compare", "--report", str(tmp_path / "two.html")]) == 2
    assert capsys.readouterr().err == "--compare takes two runs, not 1.\n"
    assert run_command(["evaluate", run, "--label-errors", "--report", str(tmp_path / "two.html")]) == 2
    assert "leave out --label-errors" in capsys.readouterr().err
    with pytest.raises(LayerloomError, match="There is no split"):
        compare_runs(digits, "tset")
    assert not (tmp_path / "two.html").exists()

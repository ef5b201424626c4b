"""What may happen to runs while one trains, while they are moved or read, and in a second window."""

import pytest
from train_parts import PATIENCE, settings, tiny_network

from engine.errors import LayerloomError
from engine.project import Project
from gui.document import Document
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.shown import MOST_SHOWN
from gui.train.runs.status import RunStatus


def test_a_run_that_trains_is_moved_when_it_has_ended_and_not_before(begin, runs, document, tmp_path, qtbot):
    run = begin()
    place = run.folder.parent
    document.mark_saved(tmp_path / "mine.loom")
    assert not runs.loading
    assert (run.folder / "run.json").is_file()
    assert not (tmp_path / "mine-runs").exists()
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    qtbot.waitUntil(lambda: [run.folder.parent.name for run in runs.all] == ["mine-runs"], timeout=PATIENCE)
    assert (tmp_path / "mine-runs" / "run-1" / "checkpoints").is_dir()
    assert not any(place.iterdir())


def test_nothing_trains_while_runs_are_moved(finish, runs, document, tmp_path, qtbot, hold):
    run = finish()
    held = hold("shutil.move")
    document.mark_saved(tmp_path / "mine.loom")
    held.wait()
    for begin in (runs.start, lambda: runs.continue_run(run, epochs=9)):
        with pytest.raises(LayerloomError, match="are being moved"):
            begin()
    held.let_go()
    qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        assert runs.start().folder == tmp_path / "mine-runs" / "run-2"


def test_another_project_trains_while_the_runs_of_the_one_before_are_still_moved(
    finish, runs, document, tmp_path, qtbot, hold
):
    finish(epochs=1)
    held = hold("shutil.move")
    document.mark_saved(tmp_path / "mine.loom")
    held.wait()
    other = tiny_network()
    other.name = "other"
    document.replace(Project(other, training=settings(epochs=1)))
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        run = runs.start()
    held.let_go()
    qtbot.wait(100)
    assert runs.all == [run]
    assert run.folder.parent.name == document.key
    assert (tmp_path / "mine-runs" / "run-1" / "run.json").is_file()


def test_runs_that_could_not_be_moved_stay_and_move_at_the_next_saving(finish, runs, document, tmp_path, qtbot):
    place = finish().folder.parent
    told = []
    runs.failed.connect(told.append)
    (tmp_path / "mine-runs").write_text("in the way")
    document.mark_saved(tmp_path / "mine.loom")
    qtbot.waitUntil(lambda: bool(told) and not runs.loading, timeout=PATIENCE)
    assert told[0].startswith(f"The runs in {place} cannot be moved to {tmp_path / 'mine-runs'}: ")
    assert [run.folder for run in runs.all] == [place / "run-1"]
    (tmp_path / "mine-runs").unlink()
    document.mark_saved(tmp_path / "mine.loom")
    qtbot.waitUntil(lambda: [run.folder.parent.name for run in runs.all] == ["mine-runs"], timeout=PATIENCE)


def test_a_run_is_renamed_while_it_trains_and_keeps_the_name(begin, runs, document, qtbot):
    run = begin()
    runs.rename(run, "wide")
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    assert run.title == "1 · wide"
    runs.reload()
    qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
    assert [run.title for run in runs.all] == ["1 · wide"]


def test_runs_are_read_again_while_one_trains_and_it_stays(finish, begin, runs, qtbot):
    finish(epochs=1)
    run = begin()
    runs.reload()
    qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
    assert [one.number for one in runs.all] == [2, 1]
    assert runs.all[0] is runs.active is runs.current is run


def test_deleting_the_run_in_view_brings_its_neighbour_into_view(finish, runs):
    first, second = finish(epochs=1), finish(epochs=1)
    third = finish(epochs=1)
    runs.view(second)
    runs.delete(second)
    assert runs.current is first
    assert not second.folder.exists()
    runs.delete(first)
    assert runs.current is third
    runs.delete(third)
    assert (runs.current, runs.shown) == (None, {})


def test_another_run_is_deleted_while_one_trains(finish, begin, runs):
    first = finish(epochs=1)
    run = begin()
    runs.delete(first)
    assert runs.all == [run]
    assert runs.current is run


def test_a_list_of_another_project_that_comes_late_is_not_shown(finish, runs, document, qtbot, hold):
    finish(epochs=1)
    held = hold("gui.train.runs.places.load_runs")
    runs.reload()
    held.wait()
    other = tiny_network()
    other.name = "other"
    document.replace(Project(other))
    held.let_go()
    qtbot.waitUntil(lambda: not runs.loading, timeout=PATIENCE)
    qtbot.wait(100)
    assert runs.all == []


def test_of_more_runs_than_colours_the_oldest_chart_goes(runs, tmp_path):
    made = [Run(number, tmp_path, runs.document.project) for number in range(1, MOST_SHOWN + 2)]
    for run in made[:MOST_SHOWN]:
        runs.show_in_charts(run)
    before = dict(runs.shown)
    runs.show_in_charts(made[-1])
    assert list(runs.shown) == list(reversed(made[1:]))
    assert runs.shown[made[-1]] == before[made[0]]
    assert all(runs.shown[run] == before[run] for run in made[1:-1])


def test_a_training_called_off_before_its_first_step_can_be_begun_anew(runs, qtbot):
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        run = runs.start()
        runs.stop()
    assert run.status is RunStatus.STOPPED
    assert runs.active is None
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        assert runs.start().number == 2


@pytest.fixture
def beside(document, qtbot, tmp_path):
    """The same saved project in a second window."""
    document.mark_saved(tmp_path / "mine.loom")
    second = Document()
    second.replace(document.project, tmp_path / "mine.loom")
    beside = Runs(second)
    qtbot.waitUntil(lambda: not beside.loading, timeout=PATIENCE)
    yield beside
    beside.shutdown()


def test_a_second_window_gives_other_numbers_and_sees_the_runs_of_the_first(finish, begin, beside, runs, qtbot):
    begin()
    with qtbot.waitSignal(beside.finished, timeout=PATIENCE):
        assert beside.start().number == 2
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    assert finish(epochs=1).number == 3
    beside.reload()
    qtbot.waitUntil(lambda: [run.number for run in beside.all] == [3, 2, 1], timeout=PATIENCE)


def test_a_run_deleted_in_a_second_window_can_be_viewed_and_deleted_but_not_continued(finish, beside, runs, qtbot):
    run = finish(epochs=1)
    beside.reload()
    qtbot.waitUntil(lambda: len(beside.all) == 1, timeout=PATIENCE)
    beside.delete(beside.all[0])
    runs.view(run)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(run, epochs=9)
    assert run.status is RunStatus.FAILED
    assert str(run.folder) in run.failure.message
    runs.delete(run)
    assert runs.all == []


def test_what_earlier_runs_have_learned_from_is_known_where_data_are_chosen(finish, runs, document):
    first = document.project.data
    finish(epochs=1)
    changed = first.model_copy(update={"split": first.split.model_copy(update={"seed": 5})})
    document.change_settings("Seed", changed)
    finish(epochs=1)
    assert runs.readiness.earlier == ((1, first), (2, changed))

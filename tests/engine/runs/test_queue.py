"""Runs to come: their order, what becomes of their copies, and what is kept of them on disk."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_training import settings, small_network

from engine.errors import LayerloomError
from engine.project import Project
from engine.runs.queue import Entry, Queue, QueueFolder


def project(**values):
    return Project(small_network(), training=settings(**values))


def queue(*seeds):
    return Queue(tuple(Entry.of(project(seed=seed), name=f"seed {seed}") for seed in seeds))


def seeds(made):
    return [entry.project.training.seed for entry in made.entries]


@given(st.permutations(range(5)), st.integers(0, 4), st.integers(0, 4))
def test_an_entry_comes_to_stand_where_it_is_moved_and_the_others_keep_their_order(order, place, to):
    made = queue(*order)
    moved = made.moved(made.entries[place].key, to)
    expected = list(order)
    expected.insert(to, expected.pop(place))
    assert seeds(moved) == expected
    assert seeds(made) == list(order)


def test_entries_are_frozen_when_they_are_queued():
    source = project(seed=1)
    entry = Entry.of(source)
    source.network.remove("bn")
    source.training = settings(seed=2)
    assert "bn" in entry.project.network
    assert entry.project.training.seed == 1


def test_copies_follow_what_becomes_of_the_one_they_are_of():
    made = queue(1)
    first = made.entries[0]
    made = made.added([first.copy(), first.copy("another")])
    assert [entry.copy_of for entry in made.entries] == ["", first.key, first.key]
    assert [entry.name for entry in made.entries] == ["seed 1", "seed 1", "another"]
    begun = made.with_run(first.key, 7)
    assert [(entry.copy_of, entry.run) for entry in begun.entries] == [("", 7), ("7", 0), ("7", 0)]
    assert begun.of_run(7).key == first.key
    assert begun.of_run(8) is None
    assert begun.begun == (7,)
    rest = begun.without(first.key)
    assert [entry.copy_of for entry in rest.entries] == ["7", "7"]


def test_one_that_failed_does_not_have_its_turn_again():
    made = queue(1, 2)
    first, second = made.entries
    failed = made.changed(first.key, failure="No room.")
    assert made.next == first
    assert failed.next == second
    assert failed.changed(second.key, failure="No room.").next is None
    assert failed.with_run(first.key, 3).next.key == first.key
    assert Queue().next is None


def test_trainings_of_ensembles_are_counted():
    made = Queue((Entry.of(project()), Entry.of(project(ensemble=3))))
    assert (len(made.entries), made.trainings) == (2, 4)


def test_a_queue_that_was_done_is_a_new_one_with_the_next_entry():
    done = replace(queue(1), begun=(4, 5))
    assert done.added([Entry.of(project())]).begun == (4, 5)
    assert done.without(done.entries[0].key).added([Entry.of(project())]).begun == ()


# On disk


def test_everything_is_there_again(tmp_path):
    made = replace(queue(3, 1, 2), stops_at_failure=True, stops_behind=True, begun=(4,))
    made = made.changed(made.entries[0].key, failure="No room.", run=4).moved(made.entries[0].key, 2)
    made = made.added([made.entries[0].copy("a copy")], 1)
    QueueFolder(tmp_path / "runs").save(made)
    kept = QueueFolder(tmp_path / "runs").load()
    assert kept == (made, "")


def test_nothing_is_kept_of_an_empty_queue_and_nothing_is_there_without_one(tmp_path):
    QueueFolder(tmp_path / "runs").save(Queue())
    assert not (tmp_path / "runs").exists()
    assert QueueFolder(tmp_path / "runs").load() == (Queue(), "")


def test_projects_are_written_once_and_go_with_their_entries(tmp_path):
    folder, made = QueueFolder(tmp_path), queue(1, 2)
    folder.save(made)
    files = {path.stem: path for path in (tmp_path / "queue").iterdir()}
    assert files.keys() == {entry.key for entry in made.entries}
    marks = {key: path.stat().st_ino for key, path in files.items()}
    first, second = made.entries
    folder.save(made.moved(first.key, 1))
    assert {key: path.stat().st_ino for key, path in files.items()} == marks
    folder.save(made.changed(first.key, project=project(seed=9)))
    assert {key for key, path in files.items() if path.stat().st_ino != marks[key]} == {first.key}
    folder.save(made.without(first.key))
    assert [path.stem for path in (tmp_path / "queue").iterdir()] == [second.key]
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_an_entry_that_cannot_be_read_stays_on_disk_and_the_others_are_shown(tmp_path):
    made = queue(1, 2, 3)
    QueueFolder(tmp_path).save(made)
    spoilt = tmp_path / "queue" / f"{made.entries[1].key}.loom"
    spoilt.write_text("{")
    folder = QueueFolder(tmp_path)
    kept = folder.load()
    assert seeds(kept.queue) == [1, 3]
    assert kept.refusal.startswith("1 queued run cannot be shown. ")
    folder.save(kept.queue.without(made.entries[0].key))
    assert spoilt.read_text() == "{"
    assert QueueFolder(tmp_path).load().refusal == kept.refusal
    spoilt.unlink()
    folder.save(Queue())
    assert QueueFolder(tmp_path).load() == (Queue(), "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "is damaged"),
        (json.dumps({"entries": [{"key": "../../elsewhere"}]}), "is damaged"),
        (json.dumps({"entries": 3}), "is damaged"),
    ],
)
def test_a_damaged_list_is_refused_with_its_reason(tmp_path, text, why):
    (tmp_path / "queue.json").write_text(text)
    folder, made = QueueFolder(tmp_path), queue(1)
    with pytest.raises(LayerloomError, match=why):
        folder.load()
    assert (tmp_path / "queue.json").read_text() == text
    folder.save(made)
    assert (tmp_path / "queue.damaged").read_text() == text
    assert QueueFolder(tmp_path).load() == (made, "")


@pytest.mark.parametrize("text", ["", "{"])
def test_a_list_that_is_damaged_while_it_is_open_takes_no_entries_with_it(tmp_path, text):
    folder = QueueFolder(tmp_path)
    made = folder.save(queue(1, 2))
    (tmp_path / "queue.json").write_text(text)
    assert seeds(folder.save(made.added(queue(3).entries))) == [1, 2, 3]
    assert seeds(QueueFolder(tmp_path).load().queue) == [1, 2, 3]
    assert (tmp_path / "queue.damaged").read_text() == text


@hypothesis.settings(max_examples=20)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("add remove rename move choose".split())), max_size=12))
def test_what_two_windows_do_to_one_list_is_all_kept(tmp_path_factory, done):
    place = tmp_path_factory.mktemp("runs")
    first = QueueFolder(place)
    queues = [first.save(queue(1, 2, 3))]
    windows = [first, QueueFolder(place)]
    queues.append(windows[1].load().queue)
    expected = {entry.key: entry.name for entry in queues[0].entries}
    waits = False
    for number, (which, what) in enumerate(done):
        mine = queues[which]
        alive = [entry.key for entry in mine.entries if entry.key in expected]
        if what == "add":
            made = Entry.of(project(), name=f"run {number}")
            mine, expected[made.key] = mine.added([made], 0), made.name
        elif what == "choose":
            waits = not mine.stops_at_failure
            mine = replace(mine, stops_at_failure=waits)
        elif what == "move" and alive:
            mine = mine.moved(alive[-1], 0)
        elif what == "rename" and alive:
            expected[alive[0]] = f"run {number}"
            mine = mine.changed(alive[0], name=expected[alive[0]])
        elif what == "remove" and alive:
            mine = mine.without(alive[0])
            del expected[alive[0]]
        queues[which] = windows[which].save(mine)
        assert {entry.key: entry.name for entry in queues[which].entries} == expected
        assert queues[which].stops_at_failure == waits
    assert {path.stem for path in (place / "queue").iterdir()} == expected.keys()


_QUEUE_MANY = """
import sys
from pathlib import Path
from engine.project import Project
from engine.runs.queue import Entry, QueueFolder
from templates import build

folder = QueueFolder(Path(sys.argv[1]))
kept = folder.load().queue
for number in range(8):
    kept = folder.save(kept.added([Entry.of(Project(build("perceptron")), name=f"{sys.argv[2]}{number}")]))
"""


def test_two_programs_that_queue_at_once_lose_nothing(tmp_path):
    programs = [subprocess.Popen([sys.executable, "-c", _QUEUE_MANY, tmp_path, name]) for name in "ab"]
    assert [program.wait() for program in programs] == [0, 0]
    kept = QueueFolder(tmp_path).load()
    assert {entry.name for entry in kept.queue.entries} == {f"{name}{number}" for name in "ab" for number in range(8)}
    assert kept.refusal == ""
    assert not (tmp_path / "queue.lock").exists()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that nobody can read")
def test_a_list_that_cannot_be_read_is_never_written_over(tmp_path):
    made, file, aside = queue(1, 2), tmp_path / "queue.json", tmp_path / "aside"
    QueueFolder(tmp_path).save(made)
    file.rename(aside)
    file.symlink_to("/proc/self/mem")
    folder, more = QueueFolder(tmp_path), queue(3)
    for use in (folder.load, lambda: folder.save(more)):
        with pytest.raises(LayerloomError, match="cannot be read"):
            use()
    aside.replace(file)
    assert seeds(folder.save(more)) == [3, 1, 2]
    assert seeds(QueueFolder(tmp_path).load().queue) == [3, 1, 2]


def test_what_cannot_be_written_is_told(tmp_path):
    (tmp_path / "queue").write_text("")
    with pytest.raises(LayerloomError, match=r"^The queue cannot be kept in .*"):
        QueueFolder(tmp_path).save(queue(1))

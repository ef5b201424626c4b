"""Work in threads of its own: it ends once, as done, failed or cancelled."""

import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest
from held_calls import PATIENCE, Held
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from engine.errors import LayerloomError
from engine.log import log_file
from gui.background import Job, LatestJob, let_go

ROOT = Path(__file__).parents[2]

ENDING = """
from PySide6.QtCore import QCoreApplication
from gui.background import Job, wait_for_jobs

app = QCoreApplication([])
job = Job(lambda _: print(__import__("torch").__name__)).start()
wait_for_jobs()
"""


def test_the_program_ends_after_its_jobs():
    ended = subprocess.run(
        [sys.executable, "-c", ENDING], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "torch\n", "")


class Heard:
    """All that a job says, and whether it was running then."""

    def __init__(self, job):
        self.all = []
        job.done.connect(lambda answer: self.all.append(("done", answer, job.running)))
        job.failed.connect(lambda error: self.all.append(("failed", str(error), job.running)))
        job.progressed.connect(lambda text, fraction: self.all.append(("progressed", text, job.running)))


def settle(job, qtbot):
    """Let a job's thread end, and all that it says be heard."""
    assert job.join(PATIENCE)
    qtbot.waitUntil(lambda: not job.running, timeout=1000 * PATIENCE)
    QCoreApplication.processEvents()


def refuse(_):
    raise LayerloomError("There is no such folder.")


def report_and_answer(job):
    job.report("Reading", 0.5)
    return 7


@pytest.mark.parametrize(
    ("work", "heard"),
    [
        (report_and_answer, [("progressed", "Reading", True), ("done", 7, False)]),
        (refuse, [("failed", "There is no such folder.", False)]),
    ],
)
def test_what_work_says_arrives_in_order_and_ends_the_job(qapp, qtbot, work, heard):
    job = Job(work)
    said = Heard(job)
    settle(job.start(), qtbot)
    assert said.all == heard


@pytest.mark.parametrize("fault", [TypeError("odd"), AssertionError(), MemoryError(), SystemExit(3)], ids=repr)
def test_an_error_that_nobody_expected_is_told_in_a_sentence_and_kept_in_the_log(qapp, qtbot, fault):
    def break_down(_):
        raise fault

    job = Job(break_down, what="Reading the data")
    said = Heard(job)
    settle(job.start(), qtbot)
    sentence = f"Reading the data ended unexpectedly: {type(fault).__name__}. The details are in {log_file()}."
    assert said.all == [("failed", sentence, False)]
    assert "break_down" in log_file().read_text(encoding="utf-8")


@pytest.mark.parametrize("work", [report_and_answer, refuse], ids=lambda work: work.__name__)
def test_a_cancelled_job_answers_nothing_though_its_answer_is_there(qapp, qtbot, work):
    job = Job(work)
    said = Heard(job)
    job.start()
    assert job.join(PATIENCE)
    job.cancel()
    settle(job, qtbot)
    qtbot.wait(100)
    assert said.all == []


def test_a_job_that_is_cancelled_by_who_hears_of_its_progress_says_no_more(qapp, qtbot):
    job = Job(report_and_answer)
    said = Heard(job)
    job.progressed.connect(job.cancel)
    job.start()
    settle(job, qtbot)
    qtbot.wait(100)
    assert said.all == [("progressed", "Reading", True)]


def test_cancelled_work_ends_at_its_next_check(qapp):
    begun, cancelled = threading.Event(), threading.Event()

    def work(job):
        begun.set()
        assert cancelled.wait(PATIENCE)
        job.check()
        pytest.fail("it went on")

    job = Job(work).start()
    begun.wait(PATIENCE)
    job.cancel()
    cancelled.set()
    assert job.join(PATIENCE)
    assert not log_file().exists()


@pytest.mark.parametrize("kind", [QObject, QTimer, QWidget])
def test_what_only_a_cancelled_job_refers_to_is_deleted_in_the_gui_thread(qapp, kind):
    deleted, held = [], Held(lambda _: None)

    def start(last):
        weakref.finalize(last, lambda: deleted.append(threading.current_thread()))
        return Job(lambda job: (held(job), last)).start()

    start(kind()).cancel()
    held.wait()
    held.let_go()
    assert deleted == []
    let_go()
    assert deleted == [threading.main_thread()]


def test_an_error_of_who_hears_of_the_end_leaves_the_job_ended(qapp, qtbot):
    job = Job(lambda _: 7)
    job.done.connect(refuse)
    said = Heard(job)
    with qtbot.captureExceptions() as errors:
        settle(job.start(), qtbot)
    assert [str(error) for _, error, _ in errors] == ["There is no such folder."]
    assert said.all == [("done", 7, False)]


@pytest.fixture
def latest(qapp):
    """One place for jobs, and what it answered."""
    parent, answers = QObject(), []
    latest = LatestJob("Counting", parent)

    def start(work):
        latest.start(work, done=answers.append, failed=lambda error: answers.append(str(error)))

    yield latest, start, answers
    latest.close()


def test_the_answer_to_an_older_question_never_comes(latest, qtbot):
    jobs, start, answers = latest
    old = Held(lambda _: "old")
    start(old)
    old.wait()
    start(lambda _: "new")
    old.let_go()
    qtbot.waitUntil(lambda: not jobs.running, timeout=1000 * PATIENCE)
    qtbot.wait(100)
    assert answers == ["new"]


def test_one_that_waits_already_gives_way_too(latest, qtbot):
    jobs, start, answers = latest
    start(lambda _: "old")
    assert jobs._job.join(PATIENCE)
    start(lambda _: "new")
    qtbot.waitUntil(lambda: not jobs.running, timeout=1000 * PATIENCE)
    qtbot.wait(100)
    assert answers == ["new"]


def test_jobs_that_gave_way_are_gone(latest, qtbot):
    jobs, start, _ = latest
    for _ in range(20):
        start(lambda _: "old")
        assert jobs._job.join(30)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(jobs.children()) == 1


def test_after_a_failure_the_next_works(latest, qtbot):
    jobs, start, answers = latest
    start(refuse)
    qtbot.waitUntil(lambda: not jobs.running, timeout=1000 * PATIENCE)
    start(lambda _: "new")
    qtbot.waitUntil(lambda: not jobs.running, timeout=1000 * PATIENCE)
    assert answers == ["There is no such folder.", "new"]


def test_closing_waits_for_the_thread_and_nothing_comes(latest, qtbot):
    jobs, start, answers = latest
    threads = []

    def work(job):
        threads.append(threading.current_thread())
        assert job._cancelled.wait(PATIENCE)
        return "late"

    start(work)
    jobs.close()
    assert not threads[0].is_alive()
    qtbot.wait(100)
    assert answers == []

"""What waits for a job while runs are planned, queued, measured, exported and brought together."""

from look_parts import PATIENCE
from PySide6.QtWidgets import QLabel
from waits_for_jobs import Waiting, waiting

from engine.runs.queue import Entry, Queue, QueueFolder
from gui.train.curves.exports import CurvesExport
from gui.train.estimate.estimating import estimating_of
from gui.train.estimate.paces import paces_of
from gui.train.queue.panel import QueuePanel
from gui.train.queue.run_queue import RunQueue
from gui.train.range_test.range_test import range_test_of


@waiting("gui/train/queue/run_queue.py", "engine.runs.queue.QueueFolder.load")
def queue_of_a_project(get):
    document, runs, told = get("document"), get("runs"), []
    QueueFolder(runs.place).save(Queue((Entry.of(document.project),)))
    queue = RunQueue(runs)
    get("request").addfinalizer(queue.close)
    get("qtbot").waitUntil(lambda: not queue.loading, timeout=PATIENCE)
    queue.failed.connect(told.append)
    return Waiting(
        lambda: document.replaced.emit(),
        lambda: queue.loading,
        lambda: "".join(told),
        lambda: bool(queue.queue.entries),
    )


@waiting("gui/train/queue/queue_times.py", "engine.training.estimate.Estimator.estimate")
def times_of_the_queue(get):
    queue = RunQueue(get("runs"))
    get("request").addfinalizer(queue.close)
    get("qtbot").waitUntil(lambda: not queue.loading, timeout=PATIENCE)
    panel = get("show")(QueuePanel(queue, str))
    times = panel.model.times

    def begin():
        for entry in queue.queue.entries:
            queue.remove(entry.key)
        queue.add([Entry.of(get("document").project)])

    def said():
        return panel.total.text() if panel.total.isVisible() else ""

    return Waiting(begin, lambda: times._job.running, said, lambda: times.total() is not None)


@waiting("gui/train/curves/exports.py", "engine.runs.export.epochs_csv")
def tables_of_the_curves(get):
    runs, _, file, told = get("runs"), get("trained"), get("tmp_path") / "epochs.csv", []
    export = CurvesExport(runs, get("show")(QLabel()))
    get("request").addfinalizer(export._job.close)
    export.told.connect(lambda words, _: told.append(words))
    return Waiting(lambda: export.epochs(str(file)), lambda: export._job.running, lambda: "".join(told), file.exists)


@waiting("gui/train/estimate/paces.py", "engine.runs.measuring.measure_steps")
def measured_paces(get):
    document, paces = get("document"), paces_of(get("runs"))
    return Waiting(
        lambda: paces.measure(document.project),
        lambda: paces.measuring,
        lambda: paces.failure,
        lambda: paces._measured is not None,
    )


@waiting("gui/train/estimate/estimating.py", "engine.training.estimate.Estimator.estimate")
def estimate_of_the_next_run(get):
    document, estimating = get("document"), estimating_of(get("runs"))

    def begin():
        settings = document.project.training
        document.change_settings("Batch", settings.model_copy(update={"batch_size": settings.batch_size + 1}))
        estimating.ask()

    def has():
        estimating.paces.changed.emit()  # which brings nothing back that was found before
        return estimating.found is not None

    begin()
    get("qtbot").waitUntil(has, timeout=PATIENCE)
    return Waiting(begin, lambda: estimating.busy, lambda: estimating.failure, has)


@waiting("gui/evaluate/together.py", "engine.evaluation.ensemble.evaluate_together")
def ensemble_together(get):
    workspace, runs, qtbot = get("evaluate"), get("runs"), get("qtbot")
    together = workspace.figures.together
    runs.start(settings=get("document").project.training.model_copy(update={"ensemble": 2, "epochs": 1}))
    qtbot.waitUntil(lambda: len(runs.all) > 1 and not (runs.active or runs.ensembles.coming), timeout=PATIENCE)
    qtbot.waitUntil(together.isVisible, timeout=PATIENCE)

    def said():
        return together.words.text() if together.words.isVisible() else ""

    def begin():
        qtbot.waitUntil(together.evaluate.isEnabled, timeout=PATIENCE)
        together.evaluate.click()

    begin()
    qtbot.waitUntil(together.facts.isVisible, timeout=PATIENCE)
    return Waiting(begin, lambda: not together.evaluate.isEnabled(), said, together.facts.isVisible)


@waiting("gui/train/range_test/range_test.py", "engine.runs.finding_rate.find_rate")
def range_test(get):
    test = range_test_of(get("runs"))
    get("request").addfinalizer(test.close)
    get("qtbot").waitUntil(lambda: not test.refusal, timeout=PATIENCE)
    return Waiting(test.start, lambda: test.going is not None, lambda: test.failure, lambda: test.result is not None)

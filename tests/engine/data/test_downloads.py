"""Published sets that are downloaded, kept, gone on with, or taken from files that somebody has."""

import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from a_server import Sent, serving
from published_files import MADE, small, written

from engine.data import downloads
from engine.data.downloads import NotDownloadedError, data_folder, downloaded, is_downloaded, take_files
from engine.data.progress import CancelledError
from engine.data.published import Digits
from engine.data.published_sets import CIFAR10, MNIST, STL10, SVHN
from engine.data.source import State
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.locks import Lock


@pytest.fixture
def server():
    with serving() as found:
        yield found


def served(server, kind):
    """A small set of a kind, whose files the server has, and their contents."""
    contents = MADE[kind]()[0]
    server.files |= {file.name: Sent(content) for file, content in zip(kind.files, contents, strict=True)}
    return small(kind, server.url, contents=contents)


def pixels_of(kind):
    return np.concatenate([pixels for pixels, _ in MADE[kind]()[1]])


def in_cache():
    return sorted(path.relative_to(data_folder()).as_posix() for path in data_folder().rglob("*"))


@pytest.mark.parametrize("kind", MADE)
def test_a_set_is_downloaded_kept_and_read_again(server, kind):
    source, heard = served(server, kind), []
    raw = downloaded(source, progress=heard.append)
    assert np.array_equal(raw.pixels, pixels_of(kind))
    assert in_cache() == [f"{kind.name}.npz"]
    loading = [one for one in heard if one.task == f"Downloading {kind.title}"]
    assert {one.total for one in loading} == {source.download_bytes}
    assert loading[-1].done == source.download_bytes
    assert [one.done for one in loading] == sorted(one.done for one in loading)
    server.files.clear()
    again = downloaded(source)
    assert np.array_equal(again.pixels, raw.pixels)
    assert np.array_equal(again.labels, raw.labels)
    assert again.tests == raw.tests


def test_where_its_images_are_is_told(server):
    source = served(server, SVHN)
    total = source.download_bytes
    assert Digits().availability().state == State.BUNDLED
    assert source.availability().state == State.TO_DOWNLOAD
    assert SVHN().availability().words == "to download: 246 MB"
    server.files["test_32x32.mat"].breaks = [1000] * 9
    server.files["test_32x32.mat"].ranges = False
    with pytest.raises(NotDownloadedError):
        downloaded(source)
    partly = source.availability()
    assert (partly.state, partly.here) == (State.INCOMPLETE, source.files[0].size + 1000)
    assert partly.words.startswith("not complete: ")
    assert not is_downloaded(source)
    server.files["test_32x32.mat"].breaks.clear()
    downloaded(source)
    assert source.availability().state == State.ON_DISK
    assert source.availability().in_all == total
    assert server.ranges_of("train_32x32.mat") == [""]


def test_where_a_folder_is_is_told(tmp_path):
    folder = Folder(path=str(tmp_path / "images"))
    assert Folder().availability().words == "no folder chosen"
    assert folder.availability().state == State.GONE
    (tmp_path / "images").mkdir()
    assert folder.availability().words == "on disk"
    assert Folder(path="/a\0b").availability().words == "not there"


def test_a_cancelled_download_is_gone_on_with(server):
    source = served(server, STL10)
    with pytest.raises(CancelledError, match="Downloading STL-10 was cancelled"):
        downloaded(source, progress=lambda told: told.done < source.download_bytes // 3)
    assert not is_downloaded(source)
    here = source.availability().here
    assert source.download_bytes // 3 <= here < source.download_bytes
    assert np.array_equal(downloaded(source).pixels, pixels_of(STL10))
    assert server.ranges_of("stl10_binary.tar.gz")[1] == f"bytes={here}-"


def test_a_damaged_copy_is_fetched_again(server):
    source = served(server, MNIST)
    downloaded(source)
    kept = data_folder() / "mnist.npz"
    kept.write_bytes(kept.read_bytes()[:1000])
    assert np.array_equal(downloaded(source).pixels, pixels_of(MNIST))


def test_a_wrong_file_is_refused(server):
    source = served(server, MNIST)
    name = "train-images-idx3-ubyte.gz"
    server.files[name] = Sent(server.files[name].content[::-1])
    with pytest.raises(NotDownloadedError, match=r"what 127.0.0.1 sends is not the published file"):
        downloaded(source)
    assert not is_downloaded(source)


def test_no_network_is_one_sentence_that_says_what_else_there_is():
    source = small(SVHN, "http://127.0.0.1:9/")
    with pytest.raises(NotDownloadedError) as found:
        downloaded(source)
    assert str(found.value) == "SVHN could not be downloaded: no connection."
    got = "Get train_32x32.mat and test_32x32.mat from http://127.0.0.1:9/ in another way and"
    assert found.value.otherwise == f"{got} choose those files."
    assert found.value.in_terminal == (
        f"SVHN could not be downloaded: no connection. {got} give those files: "
        "python main.py data svhn --file train_32x32.mat --file test_32x32.mat."
    )
    assert source.availability().state == State.TO_DOWNLOAD
    assert in_cache() == []


def test_a_full_disk_is_told_before_the_download(server, monkeypatch):
    source = served(server, SVHN)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(LayerloomError, match=r"There is no room for SVHN in .*: it needs 305 MB, 1.00 MB are free\."):
        downloaded(source)
    assert server.asked == []


@pytest.mark.parametrize("most", [20_000, 50_000])
def test_a_disk_that_gets_full_is_told_and_nothing_is_lost(most):
    """In a process of its own, which may write no longer files: in the download, or when the images are kept."""
    code = textwrap.dedent(f"""
        import resource, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_downloads import *
        with serving() as server:
            source = served(server, SVHN)
            resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, resource.RLIM_INFINITY))
            try:
                downloaded(source)
            except LayerloomError as error:
                print(error)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            print(source.availability().state, source.availability().here >= {most})
            assert "svhn/whole.npz" not in in_cache()
            before = len(server.asked)
            assert np.array_equal(downloaded(source).pixels, pixels_of(SVHN))
            print([asked for _, asked in server.asked[before:]])
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said, state, asked = done.stdout.splitlines()
    assert said == f"There is no room for SVHN in {data_folder()}; nothing that has arrived is lost."
    assert state == "not complete True"
    assert asked == ("['bytes=20000-', '']" if most == 20_000 else "[]")


def test_a_folder_that_may_not_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(downloads, "data_folder", lambda: tmp_path / "file" / "data")
    with pytest.raises(LayerloomError, match=r"MNIST could not be kept: not a directory\."):
        downloaded(small(MNIST, "http://127.0.0.1:9/"))


# Several at once


def test_who_comes_second_waits_and_finds_what_the_first_has_fetched(server):
    source, held, waiting = served(server, STL10), threading.Event(), threading.Event()
    results = []

    def first(told):
        held.set()
        waiting.wait()

    def second(told):
        if told.task == "Waiting for another download of STL-10":
            waiting.set()

    threads = [threading.Thread(target=lambda: results.append(downloaded(source, progress=first)))]
    threads[0].start()
    held.wait()
    threads.append(threading.Thread(target=lambda: results.append(downloaded(source, progress=second))))
    threads[1].start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(raw.pixels, pixels_of(STL10)) for raw in results)
    assert len(results) == 2
    assert len(server.asked) == 1
    assert in_cache() == ["stl10.npz"]


def test_waiting_for_another_program_can_be_cancelled(server):
    source = served(server, STL10)
    data_folder().mkdir(parents=True)
    lock = Lock(data_folder() / "stl10.lock")
    assert lock.take()
    with pytest.raises(CancelledError, match="Waiting for another download of STL-10 was cancelled"):
        downloaded(source, progress=lambda _: False)
    lock.release()
    assert len(downloaded(source).labels) == 19


def test_processes_that_download_at_once_all_get_it(server):
    source = served(server, MNIST)
    code = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_downloads import *
        print(np.array_equal(downloaded(small(MNIST, {server.url!r})).pixels, pixels_of(MNIST)))
    """)
    started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0] for process in started] == ["True\n"] * 3
    assert len(server.asked) == 4
    assert is_downloaded(source)


def test_a_killed_download_is_gone_on_with(server):
    """What it left is no whole file, and its lock holds nobody up."""
    source = served(server, SVHN)
    server.files["train_32x32.mat"].held = threading.Event()
    code = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_downloads import *
        downloaded(small(SVHN, {server.url!r}))
    """)
    process = subprocess.Popen([sys.executable, "-c", code])
    server.came.wait()
    process.kill()
    process.wait()
    server.files["train_32x32.mat"].held.set()
    server.files["train_32x32.mat"].held = None
    assert not is_downloaded(source)
    assert np.array_equal(downloaded(source).pixels, pixels_of(SVHN))
    assert in_cache() == ["svhn.npz"]


# Files that somebody has


@pytest.mark.parametrize("kind", MADE)
def test_files_got_in_another_way_are_taken_whatever_they_are_called(kind, tmp_path):
    source, paths = small(kind, "http://127.0.0.1:9/"), written(kind, tmp_path)
    renamed = [path.rename(tmp_path / f"download ({number})") for number, path in enumerate(paths)]
    take_files(source, renamed[::-1])
    assert np.array_equal(downloaded(source).pixels, pixels_of(kind))
    assert [path.exists() for path in renamed] == [True] * len(renamed)
    assert source.availability().state == State.ON_DISK


def test_a_wrong_file_is_told(tmp_path):
    source, (path,) = small(CIFAR10, "http://127.0.0.1:9/"), written(CIFAR10, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:100])
    with pytest.raises(LayerloomError, match=r"is no file of CIFAR-10: it has 100 B\. Needed: cifar-10-python"):
        take_files(source, [path])
    path.write_bytes(content[::-1])
    sentence = r"is not cifar-10-python.tar.gz of CIFAR-10 as it was published: its checksum is another one\."
    with pytest.raises(LayerloomError, match=sentence):
        take_files(source, [path])
    with pytest.raises(LayerloomError, match=r"There is no file .*/nowhere\."):
        take_files(source, [tmp_path / "nowhere"])
    assert not is_downloaded(source)


def test_a_missing_file_is_named(tmp_path):
    paths = written(MNIST, tmp_path)
    with pytest.raises(LayerloomError, match=r"train-labels-idx1-ubyte.gz and t10k-labels-idx1-ubyte.gz are missing"):
        take_files(small(MNIST, "http://127.0.0.1:9/"), [paths[0], paths[2]])
    with pytest.raises(LayerloomError, match=r"not complete: t10k-labels-idx1-ubyte.gz is missing"):
        take_files(small(MNIST, "http://127.0.0.1:9/"), paths[:3])


def test_a_set_without_a_download_takes_no_files(tmp_path):
    with pytest.raises(LayerloomError, match=r"Digits is not made of files that could be chosen\."):
        Digits().take_files([tmp_path])

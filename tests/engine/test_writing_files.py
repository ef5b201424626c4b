"""A file is replaced whole; a device, a pipe and what is open already are written into and stay what they are."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from a_pipe import ReadPipe

from engine.errors import LayerloomError
from engine.files import file_beside, is_plain, remove_leftovers, save_whole, write_whole
from engine.network import Network
from engine.project import Project, ProjectFileError, load_project, save_project


@pytest.fixture
def pipe(tmp_path):
    return ReadPipe(tmp_path / "pipe")


@pytest.fixture
def device(tmp_path):
    """A device of our own that swallows everything, like /dev/null."""
    path = tmp_path / "null"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        path.write_bytes(b"")
    except OSError:
        pytest.skip("only root can make a device, and not everywhere")
    return path


def test_a_pipe_is_written_into(pipe, tmp_path):
    write_whole(pipe.path, b"content")
    assert pipe.read() == b"content"
    assert list(tmp_path.iterdir()) == [pipe.path]


def test_a_link_to_a_pipe_is_written_into(pipe, tmp_path):
    link = tmp_path / "link"
    link.symlink_to("pipe")
    save_whole(link, b"content")
    assert pipe.read() == b"content"
    assert link.is_symlink()


def test_a_device_stays_a_device(device):
    write_whole(device, b"content")
    assert device.is_char_device()
    assert list(device.parent.iterdir()) == [device]


def test_a_project_goes_into_a_pipe(pipe, tmp_path):
    save_project(Project(Network("piped")), pipe.path)
    (tmp_path / "copy.loom").write_bytes(pipe.read())
    assert load_project(tmp_path / "copy.loom").network.name == "piped"


def test_a_folder_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(LayerloomError, match=r"folder could not be written: it is a folder\.$"):
        save_whole(tmp_path / "folder", b"content")
    with pytest.raises(ProjectFileError, match=r"^folder could not be saved: it is a folder\.$"):
        save_project(Project(), tmp_path / "folder")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_links_in_a_circle_are_refused_with_a_sentence(tmp_path):
    (tmp_path / "circle").symlink_to("circle")
    for write in (lambda path: save_whole(path, b"content"), lambda path: file_beside(path, ".pt")):
        with pytest.raises(LayerloomError, match="could not be written: too many levels"):
            write(tmp_path / "circle")


def test_a_link_to_a_file_stays_a_link(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    link.symlink_to("file")
    for content in (b"new", b"newer"):
        save_whole(link, content)
        assert link.is_symlink()
        assert file.read_bytes() == content


WRITING = "from pathlib import Path; from engine.files import save_whole; save_whole(Path({!r}), b'content')"


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("mode", ["wb", "ab"])
def test_what_is_open_already_goes_on_where_it_is(tmp_path, name, mode):
    if name == "link":
        name = str(tmp_path / name)
        (tmp_path / "link").symlink_to("/dev/stdout")
    file = tmp_path / "file"
    file.write_bytes(b"before, ")
    before = file.stat().st_ino
    with file.open(mode) as output:
        subprocess.run([sys.executable, "-c", WRITING.format(name)], stdout=output, check=True)
    assert file.read_bytes() == (b"content" if mode == "wb" else b"before, content")
    assert file.stat().st_ino == before


def test_standard_output_can_be_a_pipe():
    done = subprocess.run([sys.executable, "-c", WRITING.format("/dev/stdout")], capture_output=True, check=True)
    assert done.stdout == b"content"


def test_a_file_stands_beside_a_file_alone(tmp_path, pipe):
    assert file_beside(tmp_path / "net.py", ".pt") == tmp_path / "net.pt"
    for path in (pipe.path, tmp_path, "/dev/stdout"):
        with pytest.raises(LayerloomError, match="is not a file, and nothing can stand beside it"):
            file_beside(Path(path), ".pt")
    with pytest.raises(LayerloomError, match=r"name one that does not end in \.pt\.$"):
        file_beside(tmp_path / "net.pt", ".pt")


def test_what_is_plain(tmp_path, pipe):
    (tmp_path / "file").touch()
    assert is_plain(tmp_path / "file")
    assert is_plain(tmp_path / "new")
    assert not is_plain(pipe.path)
    assert not is_plain(tmp_path)


def test_a_name_as_long_as_a_name_may_be_is_written(tmp_path):
    path = tmp_path / ("n" * 255)
    for content in (b"old", b"new"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_what_killed_writers_left_goes_and_nothing_else(tmp_path):
    of_this, of_another = tmp_path / ".a.loom.0123abcd.part", tmp_path / ".b.loom.0123abcd.part"
    visible, inside = tmp_path / "a.loom.part", tmp_path / "in" / ".a.loom.0123abcd.part"
    inside.parent.mkdir()
    for left in (of_this, of_another, visible, inside):
        left.touch()
    write_whole(tmp_path / "a.loom", b"whole")
    assert [left.exists() for left in (of_this, of_another, visible, inside)] == [False, True, True, True]
    remove_leftovers(tmp_path)
    assert [left.exists() for left in (of_another, visible, inside)] == [False, True, True]
    assert (tmp_path / "a.loom").read_bytes() == b"whole"

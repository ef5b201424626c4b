"""One file from servers that break off, lie, send elsewhere and keep silent."""

import hashlib
import http.client
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pytest
from a_server import AUTHORITY, Sent, serving

from engine.data import web
from engine.data.fetching import bytes_here, fetch, why_other
from engine.data.progress import CancelledError
from engine.data.published import PublishedFile
from engine.data.web import WebError

CONTENT = np.random.default_rng(0).integers(0, 256, 1_000_003, np.uint8).tobytes()
OTHER = CONTENT[::-1]


@pytest.fixture
def server():
    with serving() as found:
        yield found


def published(*urls, content=CONTENT, size=None):
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return PublishedFile("file.bin", size or len(content), digest, urls)


def get(server, place, sent, *, told=lambda _: None):
    """Fetch the file as the server sends it; the path that it goes to."""
    server.files["file.bin"] = sent
    fetch(published(server.url), place / "file.bin", told=told)
    return place / "file.bin"


def names(place):
    return sorted(path.name for path in place.iterdir())


def is_whole(place):
    return (place / "file.bin").read_bytes() == CONTENT and names(place) == ["file.bin"]


def begun(place, size, *, content=CONTENT, mark=""):
    """What an earlier fetching left."""
    (place / "file.bin.part").write_bytes(content[:size])
    if mark:
        (place / "file.bin.part.mark").write_text(mark)


def test_a_file_is_fetched_and_its_bytes_are_counted(server, tmp_path):
    told = []
    get(server, tmp_path, Sent(CONTENT), told=told.append)
    assert is_whole(tmp_path)
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    get(server, tmp_path, Sent(CONTENT))
    get(server, tmp_path, Sent(CONTENT))
    assert len(server.asked) == 1


def test_a_damaged_file_is_fetched_again(server, tmp_path):
    (tmp_path / "file.bin").write_bytes(OTHER)
    get(server, tmp_path, Sent(CONTENT))
    assert is_whole(tmp_path)


@pytest.mark.parametrize("tag", ["", '"one"', 'W/"weak"'])
def test_a_line_that_breaks_is_gone_on_with_where_it_broke(server, tmp_path, tag):
    get(server, tmp_path, Sent(CONTENT, tag=tag, breaks=[300_000, 1, 400_000]))
    assert is_whole(tmp_path)
    assert server.ranges_of("file.bin") == ["", "bytes=300000-", "bytes=300001-", "bytes=700001-"]


def test_a_server_without_ranges_sends_all_once_more(server, tmp_path):
    get(server, tmp_path, Sent(CONTENT, ranges=False, breaks=[300_000]))
    assert is_whole(tmp_path)


def test_a_server_that_always_breaks_at_one_place_is_given_up(server, tmp_path):
    with pytest.raises(WebError, match=r"127.0.0.1 broke off after 300 kB of 1.00 MB"):
        get(server, tmp_path, Sent(CONTENT, ranges=False, breaks=[300_000] * 20))
    assert len(server.asked) < 6
    assert bytes_here(published(server.url), tmp_path / "file.bin") == 300_000


def test_the_next_fetching_goes_on_with_what_is_there(server, tmp_path):
    begun(tmp_path, 600_000)
    get(server, tmp_path, Sent(CONTENT))
    assert is_whole(tmp_path)
    assert server.ranges_of("file.bin") == ["bytes=600000-"]


@pytest.mark.parametrize("size", [len(CONTENT), len(CONTENT) + 5])
def test_a_part_that_is_as_long_as_the_file_is_checked(server, tmp_path, size):
    begun(tmp_path, size, content=CONTENT + b"more!")
    get(server, tmp_path, Sent(CONTENT))
    assert is_whole(tmp_path)
    assert len(server.asked) == (size > len(CONTENT))


def test_another_version_is_fetched_from_its_start(server, tmp_path):
    """The server changed the file since: its mark says so, and nothing of the old version is kept."""
    begun(tmp_path, 500_000, content=OTHER, mark=f'{server.url}file.bin\n"old"')
    get(server, tmp_path, Sent(CONTENT, tag='"new"'))
    assert is_whole(tmp_path)
    assert server.ranges_of("file.bin") == ["bytes=500000-"]


def test_another_version_without_a_mark_is_found_by_its_checksum(server, tmp_path):
    begun(tmp_path, 500_000, content=OTHER)
    get(server, tmp_path, Sent(CONTENT))
    assert is_whole(tmp_path)
    assert server.ranges_of("file.bin") == ["bytes=500000-", ""]


def test_the_part_of_one_server_is_gone_on_with_at_another(server, tmp_path):
    begun(tmp_path, 500_000, mark='http://elsewhere/file.bin\n"theirs"')
    told = []
    get(server, tmp_path, Sent(CONTENT, tag='"ours"'), told=told.append)
    assert is_whole(tmp_path)
    assert told == sorted(told)
    assert server.ranges_of("file.bin") == ["bytes=500000-"]


def test_a_part_from_another_place_than_was_asked_for_is_not_taken(server, tmp_path):
    begun(tmp_path, 500_000)
    get(server, tmp_path, Sent(CONTENT, other_range=7))
    assert is_whole(tmp_path)
    assert server.ranges_of("file.bin") == ["bytes=500000-", ""]


def test_a_file_that_became_shorter_is_asked_for_anew_and_refused(server, tmp_path):
    begun(tmp_path, 500_000)
    with pytest.raises(WebError, match=r"has another file than was published, 1.000 bytes and not 1.000.003"):
        get(server, tmp_path, Sent(CONTENT[:1000]))
    assert not (tmp_path / "file.bin").exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (Sent(CONTENT, length=999), r"has another file than was published, 999 bytes and not"),
        (Sent(CONTENT, length=10**12), r"has another file than was published, 1.000.000.000.000 bytes and not"),
        (Sent(CONTENT + b"!", length=""), r"sends more than the 1.000.003 bytes that were published"),
        (Sent(CONTENT[:-7], length=len(CONTENT)), r"broke off after 1.00 MB of 1.00 MB"),
        (Sent(CONTENT[:-7], length=""), r"broke off after 1.00 MB of 1.00 MB"),
        (Sent(b"", length=""), r"broke off after 0 B of 1.00 MB"),
        (Sent(OTHER), r"what 127.0.0.1 sends is not the published file"),
        (Sent(b"<html>Log in</html>"), r"has another file than was published, 19 bytes"),
        (Sent(status=404), r"127.0.0.1 has no such file any more"),
        (Sent(status=503), r"127.0.0.1 answers 503"),
        (Sent(status=302, to="/file.bin"), r"sends in a circle, or to an address that is not followed"),
        (Sent(status=302, to="file:///etc/hostname"), r"sends in a circle, or to an address that is not followed"),
        (Sent(status=302, to="ftp://127.0.0.1/file.bin"), r"sends no answer that can be understood"),
        (Sent(status=302, to="http://127.0.0.1:9/file.bin"), r"^no connection$"),
        (Sent(CONTENT, length="many"), None),
    ],
)
def test_what_is_not_the_published_file_is_refused_in_a_sentence(server, tmp_path, sent, sentence):
    if sentence is None:  # a length that is none says nothing
        get(server, tmp_path, sent)
        assert is_whole(tmp_path)
        return
    with pytest.raises(WebError, match=sentence):
        get(server, tmp_path, sent)
    assert not (tmp_path / "file.bin").exists()


def test_a_login_page_does_not_cost_what_has_arrived(server, tmp_path):
    begun(tmp_path, 600_000)
    with pytest.raises(WebError, match="has another file"):
        get(server, tmp_path, Sent(b"<html>Log in</html>", ranges=False))
    get(server, tmp_path, Sent(CONTENT))
    assert server.ranges_of("file.bin")[-1] == "bytes=600000-"


def test_a_redirection_is_followed(server, tmp_path):
    server.files["there/file.bin"] = Sent(CONTENT, breaks=[1000])
    get(server, tmp_path, Sent(status=302, to="/there/file.bin"))
    assert is_whole(tmp_path)
    assert server.ranges_of("there/file.bin") == ["", "bytes=1000-"]


def test_a_long_row_of_redirections_is_not(server, tmp_path):
    for number in range(9):
        server.files[f"{number}"] = Sent(status=302, to=f"/{number + 1}")
    server.files["9"] = Sent(CONTENT)
    with pytest.raises(WebError, match="sends in a circle, or to an address"):
        get(server, tmp_path, Sent(status=301, to="/0"))


def test_servers_are_asked_in_order_until_one_has_it(server, tmp_path):
    server.files |= {"a/file.bin": Sent(OTHER), "b/file.bin": Sent(status=500), "c/file.bin": Sent(CONTENT)}
    fetch(published(*(f"{server.url}{name}/" for name in "abcd")), tmp_path / "file.bin", told=lambda _: None)
    assert is_whole(tmp_path)
    assert [name for name, _ in server.asked] == ["a/file.bin", "b/file.bin", "c/file.bin"]


def test_every_server_is_named_where_none_has_it(server, tmp_path):
    file = published("http://127.0.0.1:9/", server.url)
    with pytest.raises(WebError, match=r"^no connection; 127.0.0.1 has no such file any more$"):
        fetch(file, tmp_path / "file.bin", told=lambda _: None)


def trust(monkeypatch, folder):
    AUTHORITY.cert_pem.write_to_path(str(folder / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))


@pytest.mark.parametrize("trusted", [False, True])
def test_a_server_that_speaks_https_must_prove_who_it_is(tmp_path, tmp_path_factory, monkeypatch, trusted):
    if trusted:
        trust(monkeypatch, tmp_path_factory.mktemp("trusted"))
    with serving(secure=True) as server:
        if not trusted:
            with pytest.raises(WebError, match=r"127.0.0.1 could not prove who it is"):
                get(server, tmp_path, Sent(CONTENT))
            return
        get(server, tmp_path, Sent(CONTENT, breaks=[300_000]))
        assert server.ranges_of("file.bin") == ["", "bytes=300000-"]
    assert is_whole(tmp_path)


def test_a_file_of_the_disk_is_never_an_address(tmp_path):
    (tmp_path / "file.bin").write_bytes(CONTENT)
    with pytest.raises(WebError, match="sends no answer"):
        fetch(published(f"{tmp_path.as_uri()}/"), tmp_path / "fetched", told=lambda _: None)


# Calling off


def test_calling_off_is_heard_while_bytes_come(server, tmp_path):
    def enough(done):
        if done > 300_000:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        get(server, tmp_path, Sent(CONTENT), told=enough)
    assert 300_000 < (tmp_path / "file.bin.part").stat().st_size < len(CONTENT)
    get(server, tmp_path, Sent(CONTENT))
    assert is_whole(tmp_path)
    assert server.ranges_of("file.bin")[1].startswith("bytes=")


def once_silent(server):
    """Calls off once the server was asked and nothing more comes of it."""
    heard = []

    def told(done):
        heard.append(done)
        if server.came.is_set() and heard[-2:] == [done, done]:
            raise CancelledError("enough")

    return told


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("secure", [False, True])
def test_calling_off_is_heard_while_the_server_keeps_silent(
    tmp_path, tmp_path_factory, before, elsewhere, secure, monkeypatch
):
    """Nothing but the calling off ends this: the server waits for the end of the test, the time is longer than it."""
    monkeypatch.setattr(web, "_TIMEOUT", 3600)
    trust(monkeypatch, tmp_path_factory.mktemp("trusted"))
    with serving(secure=secure) as server:
        silent = Sent(CONTENT, held=threading.Event(), held_before=before)
        server.files["silent"] = silent
        with pytest.raises(CancelledError):
            get(server, tmp_path, Sent(status=302, to="/silent") if elsewhere else silent, told=once_silent(server))
    part = tmp_path / "file.bin.part"
    assert (part.stat().st_size if part.exists() else 0) == (0 if before else 1000)


def test_calling_off_does_not_wait_for_who_connects_and_cannot_be_woken(monkeypatch):
    begun, reached, ended = (threading.Event() for _ in range(3))

    def connect(*_, **__):
        begun.set()
        reached.wait(5)  # by itself it ends only if nobody calls it off
        ended.set()
        raise ConnectionRefusedError

    def listen():
        if begun.is_set():
            raise CancelledError("enough")

    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(CancelledError), web.Answer("http://far.invalid/file.bin", {}, listen=listen):
        pass
    assert not ended.is_set()
    reached.set()
    for thread in threading.enumerate():
        if thread.name.startswith("layerloom-download"):
            thread.join()
    assert ended.is_set()


def test_calling_off_ends_only_when_nobody_reads_any_more(server, tmp_path, monkeypatch):
    really, reading, never = http.client.HTTPResponse.read1, threading.Event(), threading.Event()

    def lingering(*arguments):
        reading.set()
        try:
            return really(*arguments)
        finally:
            never.wait(0.2)  # long enough for who does not wait to go on
            reading.clear()

    silent = Sent(CONTENT, held=threading.Event())
    monkeypatch.setattr(http.client.HTTPResponse, "read1", lingering)
    with pytest.raises(CancelledError):
        get(server, tmp_path, silent, told=once_silent(server))
    assert not reading.is_set()


def test_a_server_that_keeps_silent_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(web, "_TIMEOUT", 0.05)
    with pytest.raises(WebError, match=r"broke off after 1.00 kB of 1.00 MB|does not answer"):
        get(server, tmp_path, Sent(CONTENT, ranges=False, held=threading.Event()))


# The disk


def test_a_full_disk_keeps_what_has_arrived(tmp_path):
    """In a process of its own, which may write files of 400 kB and no more."""
    code = textwrap.dedent(f"""
        import resource, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from pathlib import Path
        from test_fetching import CONTENT, Sent, get, serving
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        with serving() as server:
            try:
                get(server, Path({str(tmp_path)!r}), Sent(CONTENT))
            except OSError as error:
                print(error.strerror)
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    part = tmp_path / "file.bin.part"
    assert names(tmp_path) == ["file.bin.part", "file.bin.part.mark"]
    assert part.read_bytes() == CONTENT[: part.stat().st_size]
    assert part.stat().st_size == 400_000
    with serving() as server:
        get(server, tmp_path, Sent(CONTENT))
        assert server.ranges_of("file.bin") == ["bytes=400000-"]
    assert is_whole(tmp_path)


def test_it_is_told_why_a_file_is_another_one(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(CONTENT[:-1])
    assert (
        why_other(published(), path, told=lambda _: None)
        == "it has 1\u202f000\u202f002 bytes and not 1\u202f000\u202f003"
    )
    path.write_bytes(OTHER)
    assert why_other(published(), path, told=lambda _: None) == "its checksum is another one"
    path.write_bytes(CONTENT)
    assert why_other(published(), path, told=lambda _: None) == ""

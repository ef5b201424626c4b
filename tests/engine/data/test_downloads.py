import gzip
import hashlib
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from engine.data.downloads import data_folder, downloaded, is_downloaded
from engine.data.progress import CancelledError
from engine.data.published import CIFAR10, MNIST
from engine.errors import LayerloomError
from engine.torchvision_compat import torchvision


def idx(array):
    """An array of bytes in the format of MNIST's files."""
    return gzip.compress(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes())


@pytest.fixture
def server():
    """A server on this machine that has the files given to it."""
    files = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            content = files.get(self.path.lstrip("/"))
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/", files
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def small_mnist(server, monkeypatch):
    """A published set in MNIST's form with 6 training and 4 test images."""
    url, files = server
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (10, 28, 28)).astype(np.uint8)
    labels = np.arange(10, dtype=np.uint8)
    names = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    tests = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
    contents = (idx(images[:6]), idx(labels[:6]), idx(images[6:]), idx(labels[6:]))
    files.update(zip((*names, *tests), contents, strict=True))
    published = torchvision().datasets.MNIST
    monkeypatch.setattr(published, "mirrors", [url])
    sums = [(name, hashlib.md5(files[name]).hexdigest()) for name in (*names, *tests)]
    monkeypatch.setattr(published, "resources", sums)
    return images, files


def test_a_download_tells_how_far_it_is_and_is_kept(small_mnist):
    images, files = small_mnist
    heard = []
    raw = downloaded(MNIST(), progress=heard.append)
    assert (raw.pixels[:, 0] == images).all()
    assert raw.labels.tolist() == list(range(10))
    assert raw.tests == 4
    assert heard[-2].task == "Downloading MNIST"
    assert heard[-2].done == sum(map(len, files.values()))
    assert is_downloaded(MNIST())
    files.clear()
    assert (downloaded(MNIST()).pixels == raw.pixels).all()


def test_a_cancelled_download_leaves_nothing_behind(small_mnist):
    with pytest.raises(CancelledError):
        downloaded(MNIST(), progress=lambda _: False)
    assert list(data_folder().iterdir()) == []
    assert len(downloaded(MNIST()).labels) == 10


def test_a_damaged_copy_is_fetched_again(small_mnist):
    downloaded(MNIST())
    kept = data_folder() / "mnist.npz"
    kept.write_bytes(kept.read_bytes()[:1000])
    assert len(downloaded(MNIST()).labels) == 10


def test_a_wrong_file_is_refused(small_mnist):
    _, files = small_mnist
    files["train-images-idx3-ubyte.gz"] = b"a login page"
    with pytest.raises(LayerloomError, match=r"train-images-idx3-ubyte.gz from 127.0.0.1 is not the published file"):
        downloaded(MNIST())
    assert not is_downloaded(MNIST())


def test_no_network_is_one_sentence(monkeypatch):
    monkeypatch.setattr(torchvision().datasets.CIFAR10, "url", "http://127.0.0.1:9/cifar.tar.gz")
    with pytest.raises(LayerloomError, match=r"CIFAR-10 could not be downloaded: there is no connection to its server"):
        downloaded(CIFAR10())
    assert list(data_folder().iterdir()) == []

"""The published data sets that are downloaded; one class each.

Names, checksums and the first addresses are those of torchvision's readers, sizes those that the servers tell. Servers
that speak https are asked first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from engine.data.published import DIGITS, Published, PublishedFile, RawImages
from engine.data.source import SOURCES
from engine.layers.shape import Shape

_CLOTHES = "T-shirt/top|Trouser|Pullover|Dress|Coat|Sandal|Shirt|Sneaker|Bag|Ankle boot"
_THINGS = "airplane automobile bird cat deer dog frog horse ship truck"
_FINE = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
willow_tree wolf woman worm
"""
_SEEN = "airplane bird car cat deer dog horse monkey ship truck"

_MNIST_AT = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
_FASHION_AT = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
_CIFAR_AT = ("https://www.cs.toronto.edu/~kriz/",)
_SVHN_AT = ("https://ufldl.stanford.edu/housenumbers/", "http://ufldl.stanford.edu/housenumbers/")
_STL10_AT = ("https://cs.stanford.edu/~acoates/stl10/", "http://ai.stanford.edu/~acoates/stl10/")


class _OfIdxFiles(Published):
    """A set in the format of MNIST: pixels and labels of its training images, then those of its test images."""

    def read(self, paths: Sequence[Path]) -> RawImages:
        from engine.data.published_formats import idx_images

        return idx_images(*paths)


@SOURCES.register
class MNIST(_OfIdxFiles):
    """Handwritten digits, 28×28 grey (LeCun et al. 1998)."""

    name: ClassVar = "mnist"
    title: ClassVar = "MNIST"
    classes: ClassVar = DIGITS
    shape: ClassVar = Shape(1, 28, 28)
    counts: ClassVar = (6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958)
    tests: ClassVar = 10_000
    files: ClassVar = (
        PublishedFile("train-images-idx3-ubyte.gz", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", _MNIST_AT),
        PublishedFile("train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432", _MNIST_AT),
        PublishedFile("t10k-images-idx3-ubyte.gz", 1_648_877, "9fb629c4189551a2d022fa330f9573f3", _MNIST_AT),
        PublishedFile("t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c", _MNIST_AT),
    )


@SOURCES.register
class FashionMNIST(_OfIdxFiles):
    """Articles of clothing, 28×28 grey (Xiao et al. 2017)."""

    name: ClassVar = "fashion_mnist"
    title: ClassVar = "Fashion-MNIST"
    classes: ClassVar = tuple(_CLOTHES.split("|"))
    shape: ClassVar = Shape(1, 28, 28)
    counts: ClassVar = (7000,) * 10
    tests: ClassVar = 10_000
    files: ClassVar = (
        PublishedFile("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", _FASHION_AT),
        PublishedFile("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe", _FASHION_AT),
        PublishedFile("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79", _FASHION_AT),
        PublishedFile("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310", _FASHION_AT),
    )


@SOURCES.register
class CIFAR10(Published):
    """Animals and vehicles, 32×32 colour (Krizhevsky 2009)."""

    name: ClassVar = "cifar10"
    title: ClassVar = "CIFAR-10"
    classes: ClassVar = tuple(_THINGS.split())
    shape: ClassVar = Shape(3, 32, 32)
    counts: ClassVar = (6000,) * 10
    tests: ClassVar = 10_000
    files: ClassVar = (
        PublishedFile("cifar-10-python.tar.gz", 170_498_071, "c58f30108f718f92721af3b95e74349a", _CIFAR_AT),
    )

    def read(self, paths: Sequence[Path]) -> RawImages:
        from engine.data.published_formats import cifar_images

        train = [f"cifar-10-batches-py/data_batch_{number}" for number in range(1, 6)]
        return cifar_images(paths[0], train, test="cifar-10-batches-py/test_batch", labels="labels")


@SOURCES.register
class CIFAR100(Published):
    """Animals, plants, people and things of 100 kinds, 32×32 colour (Krizhevsky 2009)."""

    name: ClassVar = "cifar100"
    title: ClassVar = "CIFAR-100"
    classes: ClassVar = tuple(_FINE.split())
    shape: ClassVar = Shape(3, 32, 32)
    counts: ClassVar = (600,) * 100
    tests: ClassVar = 10_000
    files: ClassVar = (
        PublishedFile("cifar-100-python.tar.gz", 169_001_437, "eb9058c3a382ffc7106e4002c42a8d85", _CIFAR_AT),
    )

    def read(self, paths: Sequence[Path]) -> RawImages:
        from engine.data.published_formats import cifar_images

        train, test = ["cifar-100-python/train"], "cifar-100-python/test"
        return cifar_images(paths[0], train, test=test, labels="fine_labels")


@SOURCES.register
class SVHN(Published):
    """Digits of house numbers in the street, 32×32 colour, without the extra images (Netzer et al. 2011)."""

    name: ClassVar = "svhn"
    title: ClassVar = "SVHN"
    classes: ClassVar = DIGITS
    shape: ClassVar = Shape(3, 32, 32)
    counts: ClassVar = (6692, 18_960, 14_734, 11_379, 9981, 9266, 7704, 7614, 6705, 6254)
    tests: ClassVar = 26_032
    files: ClassVar = (
        PublishedFile("train_32x32.mat", 182_040_794, "e26dedcc434d2e4c54c9b2d4a06d8373", _SVHN_AT),
        PublishedFile("test_32x32.mat", 64_275_384, "eb5a983be6a315427106f1b164d9cef3", _SVHN_AT),
    )

    def read(self, paths: Sequence[Path]) -> RawImages:
        from engine.data.published_formats import svhn_images

        return svhn_images(*paths)


@SOURCES.register
class STL10(Published):
    """Animals and vehicles, 96×96 colour, without those that have no label (Coates et al. 2011)."""

    name: ClassVar = "stl10"
    title: ClassVar = "STL-10"
    classes: ClassVar = tuple(_SEEN.split())
    shape: ClassVar = Shape(3, 96, 96)
    counts: ClassVar = (1300,) * 10
    tests: ClassVar = 8000
    files: ClassVar = (
        PublishedFile("stl10_binary.tar.gz", 2_640_397_119, "91f7769df0f17e558f3565bffb0c7dfb", _STL10_AT),
    )

    def read(self, paths: Sequence[Path]) -> RawImages:
        from engine.data.published_formats import stl10_images

        return stl10_images(paths[0])

"""Small networks with the shapes that make compiling hard, drawn by hand."""

from engine.layers import LAYERS
from engine.network import Network


def layer(name, **settings):
    return LAYERS[name](**settings)


def start(name, *, channels=3, size=8):
    network = Network(name)
    network.add(layer("Input", channels=channels, height=size, width=size), "input")
    return network


def conv(network, name, source, *, maps=4, kernel=3):
    padding = kernel // 2
    return network.add(layer("Conv2d", out_channels=maps, kernel_size=kernel, padding=padding), name, inputs=source)


def finish(network, source, *, classes=5):
    network.add(layer("Flatten"), "flatten", inputs=source)
    network.add(layer("Linear", out_features=classes), "fc", inputs="flatten")
    network.add(layer("Output"), "output", inputs="fc")
    return network


def residual():
    """Two equal blocks and one that differs in a number, then a classifier."""
    network = start("Tiny ResNet")
    x = conv(network, "conv1", "input")
    for index, maps in enumerate((4, 4, 6)):
        block = f"layer1.{index}"
        y = conv(network, f"{block}.conv1", x, maps=maps)
        y = network.add(layer("ReLU"), f"{block}.relu", inputs=y)
        shortcut = conv(network, f"{block}.downsample.0", x, maps=maps, kernel=1) if maps == 6 else x
        x = network.add(layer("Add"), f"{block}.add", inputs=[y, shortcut])
        network.set_block(block, kind="BasicBlock")
    return finish(network, x)


def branches():
    """Three paths of different depth that meet in one sum, in a block of two inner blocks."""
    network = start("branches")
    ends = [conv(network, "mixed.wide", "input", kernel=5)]
    for index in range(2):
        y = conv(network, f"mixed.branch{index}.reduce", "input", maps=2, kernel=1)
        y = network.add(layer("ReLU"), f"mixed.branch{index}.relu", inputs=y)
        ends.append(conv(network, f"mixed.branch{index}.conv", y, maps=4))
    return finish(network, network.add(layer("Add"), "mixed.add", inputs=ends))


def auxiliary():
    """A main output and an auxiliary one behind a head of its own."""
    network = start("with-aux")
    x = conv(network, "conv1", "input")
    finish(network, conv(network, "conv2", x))
    network.add(layer("Flatten"), "aux.flatten", inputs=x)
    network.add(layer("Linear", out_features=5), "aux.fc", inputs="aux.flatten")
    network.add(layer("Output", auxiliary=True, loss_weight=0.3), "aux_output", inputs="aux.fc")
    return network


def two_inputs_two_outputs():
    """Two images in, a sum and a difference-free copy out."""
    network = Network("2 in 2 out")
    for name in ("left", "right"):
        network.add(layer("Input", channels=2, height=4, width=4), name)
    total = network.add(layer("Add"), "merge.add", inputs=["left", "right"])
    network.add(layer("Output"), "total", inputs=total)
    network.add(layer("Output"), "merge.copy", inputs=conv(network, "merge.conv", "right"))
    return network


def tangled():
    """Blocks whose nodes alternate, so that neither can run as one piece."""
    network = start("tangled")
    x = conv(network, "a.conv1", "input")
    x = conv(network, "b.conv1", x)
    x = conv(network, "a.conv2", x)
    x = conv(network, "b.0", x)
    return finish(network, network.add(layer("ReLU"), "a.relu", inputs=x))


def encoder_decoder():
    """Two equal blocks with a max pool, and two that undo these with their switches (SegNet)."""
    network = start("Tiny SegNet", size=12)
    x = "input"
    for index, maps in enumerate((4, 6)):
        block = f"encoder.{index}"
        x = network.add(layer("ReLU"), f"{block}.relu", inputs=conv(network, f"{block}.conv", x, maps=maps))
        x = network.add(layer("MaxPool2d"), f"{block}.pool", inputs=x)
    for index, maps in ((1, 4), (0, 4)):
        block = f"decoder.{index}"
        x = network.add(layer("MaxUnpool2d"), f"{block}.unpool", inputs=[x, f"encoder.{index}.pool"])
        x = network.add(layer("ReLU"), f"{block}.relu", inputs=conv(network, f"{block}.conv", x, maps=maps))
    return finish(network, x)


DRAWN = (residual, branches, auxiliary, two_inputs_two_outputs, tangled, encoder_decoder)
NETWORKS = {network.__name__: network for network in DRAWN}

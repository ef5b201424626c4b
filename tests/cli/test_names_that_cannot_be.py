"""A file's name that no system takes is answered in a sentence, whatever command it is given to."""

import pytest

from engine.files import is_file, is_folder, is_there

LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("summary", LONG),
        ("check", LONG),
        ("check", "lenet5", "--data", LONG),
        ("train", LONG),
        ("train", "lenet5", "--run", LONG),
        ("evaluate", LONG),
        ("predict", LONG, "a.png"),
        ("new", "lenet5", "-o", LONG),
        ("export", LONG, "--format", "python", "-o", "a.py"),
        ("export", "lenet5", "--format", "python", "-o", LONG),
        ("compare", LONG, "lenet5"),
        ("look", LONG, "--view", "filters", "--node", "conv1", "--image", "a.png", "-o", "a.png"),
        ("open", LONG),
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "LONG"),
)
def test_a_name_that_is_too_long_is_refused_in_a_sentence(command, arguments):
    code, written, told = command(*arguments)
    assert (code, written) == (2, "")
    assert LONG in told
    assert "inside Layerloom" not in told


@pytest.mark.parametrize("name", [LONG, "a\0b", "file/below"], ids=["long", "zero byte", "below a file"])
def test_what_the_system_does_not_say_is_not_there(tmp_path, name):
    (tmp_path / "file").touch()
    assert not any(asked(tmp_path / name) for asked in (is_there, is_file, is_folder))
    assert is_there(tmp_path / "file")
    assert is_file(tmp_path / "file")
    assert is_folder(tmp_path)

"""What a refusal has to be."""

from engine.errors import LayerloomError


def require_sentence(error: LayerloomError) -> None:
    """An error of the program's own, in words for people."""
    words = str(error)
    assert words
    assert "Traceback" not in words
    assert len(words) < 2_000

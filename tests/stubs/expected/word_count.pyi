"""Counts words on several threads, with the GIL released."""

from typing import Any, final
from typing_extensions import Self

__all__ = ["count_parallel", "WordCounter"]

def count_parallel(text: str, threads: int = 0, top: int = 10) -> list[Any]:
    """The `top` most common words of `text`, as a list of (word, count), ties in alphabetical order. Counts on as many threads as told, 0 for one per processor."""

@final
class WordCounter:
    """Counts the words of several texts. len() is the number of different words."""

    def __new__(cls) -> Self: ...
    def feed(self, text: str) -> None:
        """Count the words of `text` too."""

    def most_common(self, n: int = 10) -> list[Any]:
        """The `n` most common words, as a list of (word, count)."""

    @property
    def total(self) -> int:
        """How many words were counted."""

    def __len__(self) -> int: ...

"""Names that "are" in the way. \\ \x01"""

import builtins
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Final, final, overload
from typing_extensions import Self, disjoint_base
from . import other as other

__all__ = [
    "Colour",
    "Any",
    "Shelf",
    "Tree",
    "Point",
    "Outer",
    "keyword",
    "anything",
    "innermost",
    "brighter",
    "either",
    "limit",
    "texts",
    "other",
]
limit: Final[int]
texts: Final[list[str]]

class Colour(Enum):
    RED = 0
    GREEN = 1

@final
class Any:
    @property
    def value(self) -> int: ...
    @value.setter
    def value(self, value: int) -> None: ...

@final
class Shelf:
    def __new__(cls) -> Self: ...
    def list(self) -> builtins.list[builtins.int]: ...
    def first(self, otherwise: Sequence[builtins.int]) -> builtins.int: ...
    @property
    def int(self) -> builtins.int: ...
    # Left out: '__private', as classes change names with two underscores in front.
    # Left out: 'not an identifier' is no identifier, and found by getattr() alone.
    # Left out: 'import' is a keyword, and found by getattr() alone.

@disjoint_base
class Tree:
    def __new__(cls) -> Self: ...
    @property
    def children(self) -> list[Tree]: ...
    @children.setter
    def children(self, value: Sequence[Tree]) -> None: ...
    def by_name(self) -> dict[str, list[Tree]]: ...
    def __iter__(self) -> Iterator[Tree]: ...
    def apply(self, function: Callable[[Tree], Tree] | None) -> None: ...

@final
class Point:
    @property
    def x(self) -> int: ...
    @x.setter
    def x(self, value: int) -> None: ...

@final
class Outer:
    def __new__(cls) -> Self: ...
    def inner(self) -> Outer.Inner: ...
    @final
    class Inner:
        @property
        def depth(self) -> int: ...
        @depth.setter
        def depth(self, value: int) -> None: ...

# Left out: 'not-an-identifier' is no identifier, and found by getattr() alone.
# Left out: 'class' is a keyword, and found by getattr() alone.
def keyword(from_: int) -> int: ...
def _private(x: int) -> int: ...
def anything(of: object) -> Any: ...
def innermost(outer: Outer) -> Outer.Inner: ...
def brighter(colour: Colour = ...) -> Colour:
    """Defaults: colour=Colour.RED"""

@overload
def either(x: int) -> int:
    """either(x: int)
    either(x: str)

    Takes either.
    """

@overload
def either(x: str) -> int: ...

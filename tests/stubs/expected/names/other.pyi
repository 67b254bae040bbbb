from typing import final
from . import Outer, Point as _Point

__all__ = ["Point", "to_point", "depth"]

@final
class Point:
    @property
    def y(self) -> float: ...
    @y.setter
    def y(self, value: float) -> None: ...

def to_point(other: _Point) -> _Point: ...
def depth(outer: Outer) -> int: ...

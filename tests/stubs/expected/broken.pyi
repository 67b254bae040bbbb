from typing import Any, Final, final, type_check_only
from typing_extensions import Self

__all__ = ["Turbo", "power", "unknown", "lowest", "LEVEL"]
LEVEL: Final[int]

@final
class Turbo:
    def __new__(cls) -> Self: ...
    def power(self, gear: int) -> int: ...

def power(gear: int) -> int: ...
def unknown(x: Any) -> int: ...
def lowest() -> _Gear: ...

@final
@type_check_only
class _Gear:
    @property
    def number(self) -> int: ...
    @number.setter
    def number(self, value: int) -> None: ...

# The declarations end here, as the module's body raised RuntimeError: calls
# library::version(), which is in no source of the module: libraries are not
# there while stubs are made
def __getattr__(name: str) -> Any: ...

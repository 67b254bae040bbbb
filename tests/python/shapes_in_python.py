# SPDX-License-Identifier: MIT
"""Bases written in Python for the classes of python_bases_ext."""
import abc
import typing

registered = []


class Shape(abc.ABC):
    """Knows those that derive from it, and has abstract methods."""

    sides = None

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        registered.append(cls)

    @abc.abstractmethod
    def area(self):
        """The area."""

    def describe(self):
        return f"{type(self).__name__} of {self.area()}"


class Named(abc.ABC):
    __slots__ = ()

    @property
    @abc.abstractmethod
    def label(self):
        """A name."""


class Measured(typing.Protocol):
    def area(self) -> float: ...

    def doubled(self):
        return 2 * self.area()


class Initialised:
    def __init__(self, *args):
        self.given = args


class Made:
    def __new__(cls):
        return super().__new__(cls)


class Strict(type):
    def __new__(mcs, name, bases, namespace, **keywords):
        if "forbidden" in [base.__name__ for base in bases]:
            raise ValueError("forbidden")
        made = super().__new__(mcs, name, bases, namespace, **keywords)
        made.seen_by_metaclass = name
        return made


class WithMetaclass(metaclass=Strict):
    pass


class Sized:
    __slots__ = ("size",)


Item = typing.TypeVar("Item")


class Box(typing.Generic[Item]):
    pass

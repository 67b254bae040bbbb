# SPDX-License-Identifier: MIT
import gc
import subprocess
import sys
import threading
import weakref

import overrides_ext as m
import pytest


@pytest.fixture(autouse=True)
def closed_zoo():
    yield
    m.close_zoo()


class Cat(m.Animal):
    def sound(self):
        return "meow"


class Centipede(m.Animal):
    def sound(self):
        return "..."

    def legs(self):
        return 100


def test_cpp_calls_the_override():
    assert m.hear(Cat()) == "meow"
    assert m.count_legs([Cat(), Centipede(), m.Dog("rex")]) == 108


def test_a_function_that_is_not_overridden_is_that_of_cpp():
    cat = Cat("tom")
    assert cat.legs() == 4 and m.count_legs([cat]) == 4
    assert m.tell(cat, 2, "!") == "tom: meow!!"


def test_arguments_and_results_are_converted():
    class Talker(Cat):
        def describe(self, times, mark):
            return repr((times, mark))

        def child(self):
            return self

        def weight(self):
            return 1

        def meet(self, other, numbers):
            self.met = other, numbers

    talker = Talker()
    assert m.tell(talker, 3, "?") == "(3, '?')"
    assert m.child_of(talker) is talker
    assert m.weigh(talker) == 1.0 and m.weigh(Cat()) is None
    other = Cat()
    m.introduce(talker, other)
    assert talker.met[0] is other and talker.met[1] == [1, 2, 3]


def test_super_is_the_function_of_cpp():
    class Twice(Cat):
        def describe(self, times, mark):
            return super().describe(times * 2, mark) + "."

        def legs(self):
            return super().legs() + m.Animal.legs(self)

        def rename(self, to):
            super().rename(to + to)

    twice = Twice("t")
    assert m.tell(twice, 1, "!") == "t: meow!!."
    assert m.count_legs([twice]) == 8
    m.give_name(twice, "x")
    assert twice.name == "xx"


def test_super_where_python_calls_the_method():
    calls = []

    class Less(Cat):
        def legs(self):
            calls.append("legs")
            return super().legs() - 2

        def sound(self):
            return "meow" * self.legs()

    less = Less()
    assert less.legs() == 2 and m.hear(less) == "meowmeow" and m.count_legs([less]) == 2
    assert calls == ["legs"] * 3
    assert m.Animal.legs(less) == 4 and calls == ["legs"] * 3


def test_a_cpp_function_that_calls_itself_asks_again():
    calls = []

    class Counter(Cat):
        def countdown(self, n):
            calls.append(n)
            return super().countdown(n)

    assert m.count_down(Counter(), 5) == 5
    assert calls == [5, 4, 3, 2, 1, 0]


def test_an_override_calls_the_same_function_of_another_object():
    class Proxy(Cat):
        def __init__(self, name, other):
            self.other = other

        def __new__(cls, name, other):
            return super().__new__(cls, name)

        def legs(self):
            return 1 + m.count_legs([self.other])

    assert m.count_legs([Proxy("a", Proxy("b", Cat()))]) == 6


def test_there_is_nothing_behind_a_pure_function():
    class Deaf(m.Animal):
        def sound(self):
            return super().sound()

    for call in (m.hear, Deaf.sound, m.Animal.sound):
        with pytest.raises(TypeError, match="Animal' has a method 'sound' to be overridden only: it is pure virtual"):
            call(Deaf())


def test_a_pure_function_without_an_override():
    class Silent(m.Animal):
        pass

    with pytest.raises(TypeError, match="'Silent' object has no method 'sound', which its class has to define"):
        m.hear(Silent())
    with pytest.raises(TypeError, match="has no method 'sound'"):
        Silent().sound()

    class Recursive(m.Animal):
        def sound(self):
            return super().sound()

    with pytest.raises(TypeError, match="sound"):
        m.hear(Recursive())


def test_an_abstract_class_is_not_instantiated():
    with pytest.raises(TypeError, match="cannot create 'Animal' instances: the class is abstract"):
        m.Animal("x")
    assert m.Dog("rex").sound() == "woof"


def test_what_an_override_raises_is_raised():
    error = ValueError("mine")

    class Failing(Cat):
        def legs(self):
            raise error

    with pytest.raises(ValueError) as caught:
        m.count_legs([Failing()])
    assert caught.value is error


def test_results_of_the_wrong_type_name_the_method():
    class Wrong(Cat):
        def legs(self):
            return "four"

    with pytest.raises(TypeError, match="Wrong.legs.*int.*str"):
        m.count_legs([Wrong()])


def test_overrides_in_a_class_that_derives_from_a_derived_one():
    class Puppy(m.Dog):
        def sound(self):
            return super().sound() + "!"

    assert m.hear(Puppy("p")) == "woof!"
    assert m.hear(m.Dog("d")) == "woof"

    class Quiet(Puppy):
        sound = m.Dog.sound

    assert m.hear(Quiet("q")) == "woof"


def test_other_kinds_of_overrides():
    class Strange(Cat):
        legs = staticmethod(lambda: 7)

        @classmethod
        def countdown(cls, n):
            return n * 2 if cls is Strange else -1

        @property
        def rename(self):
            return self.__dict__.setdefault("names", []).append

    strange = Strange()
    assert m.count_legs([strange]) == 7 and m.count_down(strange, 4) == 8
    m.give_name(strange, "x")
    assert strange.names == ["x"]


def test_the_type_is_asked_not_the_instance():
    cat = Cat()
    cat.legs = lambda: 3
    assert m.count_legs([cat]) == 4


def test_a_class_may_be_patched():
    class Patched(Cat):
        pass

    cat = Patched()
    assert m.count_legs([cat]) == 4
    Patched.legs = lambda self: 5
    assert m.count_legs([cat]) == 5
    del Patched.legs
    assert m.count_legs([cat]) == 4
    Cat.legs = lambda self: 6
    try:
        assert m.count_legs([cat]) == 6
    finally:
        del Cat.legs
    assert m.count_legs([cat]) == 4


def test_an_object_that_only_cpp_holds_keeps_its_overrides():
    class Named(Cat):
        def __init__(self, name):
            self.extra = "extra"

        def sound(self):
            return self.extra

    named = Named("n")
    alive = weakref.ref(named)
    m.adopt(named)
    del named
    gc.collect()
    assert m.hear_all() == ["extra"]
    m.close_zoo()
    gc.collect()
    assert alive() is None


def test_overrides_on_a_thread_of_cpp():
    threads = set()

    class Watcher(Cat):
        def sound(self):
            threads.add(threading.get_ident())
            return "seen"

    m.adopt(Watcher())
    assert m.hear_all() == ["seen"] and threading.get_ident() not in threads

    class Failing(Cat):
        def sound(self):
            raise KeyError("on the thread")

    m.adopt(Failing())
    with pytest.raises(KeyError, match="on the thread"):
        m.hear_all()


def test_construction_and_destruction_use_the_function_of_cpp():
    class Late(m.Eager):
        def legs(self):
            return 1000

    late = Late()
    assert late.name == "eager4" and m.count_legs([late]) == 1000
    del late
    gc.collect()
    assert m.legs_at_end() == 4


def test_the_arguments_of_an_own_init_where_the_constructor_takes_none():
    class WithArguments(m.Eager):
        def __init__(self, count, *, more=0):
            super().__init__()
            self.count = count + more

        def legs(self):
            return self.count

    assert m.count_legs([WithArguments(3, more=4)]) == 7
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'count'"):
        WithArguments()

    class Without(m.Eager):
        pass

    with pytest.raises(TypeError, match="positional argument"):
        Without(3)


def test_an_override_may_drop_its_object():
    class Last(Cat):
        def sound(self):
            m.close_zoo()
            gc.collect()
            return "last"

    m.adopt(Last())
    m.adopt(Cat())
    cat = Last()
    assert m.hear(cat) == "last"


def test_references_are_returned():
    cat = Centipede()
    before = sys.getrefcount(cat), sys.getrefcount(Centipede.legs)
    assert m.repeat(cat, 1000) == 100_000
    assert (sys.getrefcount(cat), sys.getrefcount(Centipede.legs)) == before


def test_an_override_has_what_cpp_has_borrowed():
    class Writer(Cat):
        def sound(self):
            self.name = "changed"
            return "written"

        def describe(self, times, mark):
            assert m.hear(self.friend) == "meow"
            return f"{self.name} {super().legs()}"

        def rename(self, to):
            assert self.name == "first"
            self.name = to
            m.give_name(self.friend, self.name)
            super().rename(self.name + "!")

    writer = Writer("first")
    writer.friend = Cat()
    assert m.tell(writer, 1, "") == "first 4"  # Borrowed exclusively, by a function that asks a const one.
    m.give_name(writer, "second")
    assert writer.name == "second!" and writer.friend.name == "second"
    with pytest.raises(RuntimeError, match="Already borrowed"):
        m.hear(writer)  # A const function may not change it.
    assert writer.name == "second!"
    m.give_name(writer.friend, "free")


def test_what_is_lent_is_counted():
    """What reads inside an override keeps others from writing there, too."""
    class Nested(Cat):
        def rename(self, to):
            self.seen = []
            super().rename(to)
            m.count_legs([self, self])
            m.introduce(self, Cat("guest"))
            m.give_name(Deeper(self), "deeper")

        def meet(self, other, numbers):
            self.seen.append(other.name)
            super().meet(other, numbers)

    class Deeper(Cat):
        def __init__(self, other):
            self.other = other

        def __new__(cls, other):
            return super().__new__(cls, "deep")

        def rename(self, to):
            assert self.other.name.startswith("first")
            self.other.name = "first " + to

    nested = Nested("n")
    m.give_name(nested, "first")
    assert nested.name == "first deeper" and nested.seen == ["guest"]
    nested.name = "free again"


def test_other_threads_are_lent_nothing():
    seen = []

    class Busy(Cat):
        def rename(self, to):
            def look():
                try:
                    seen.append(self.name)
                except RuntimeError as error:
                    seen.append(str(error))

            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
            super().rename(to)

    busy = Busy("b")
    m.give_name(busy, "c")
    assert seen == ["Already mutably borrowed: 'Animal' object: cannot share what another thread holds exclusively"]
    assert busy.name == "c"


def test_the_end_of_the_process():
    code = """
import overrides_ext as m
class Cat(m.Animal):
    def sound(self):
        return "meow"
m.adopt(Cat())
kept = Cat()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

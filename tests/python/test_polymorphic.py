# SPDX-License-Identifier: MIT
"""Objects seen through a handle to their base: they are of the most derived class in Python, and in C++."""
import sys

import polymorphic_ext as x
import pytest

CLASSES = [x.Animal, x.Dog, x.Puppy, x.Cat]
SOUNDS = {"Animal": "Nemo says ...", "Dog": "Rex says woof", "Puppy": "Bo says yip", "Cat": "Tom says meow"}


class Mutt(x.Dog):
    def sound(self):
        return "never heard in C++"


class Sphynx(x.Cat):
    pass


@pytest.mark.parametrize("cls", CLASSES)
def test_a_returned_base_is_of_the_most_derived_class(cls):
    name = cls.__name__
    for made in (x.adopt(name), x.adopt_unbound(name), x.maybe(x.adopt(name)), x.adopt_all([name, "Cat"])[0]):
        assert type(made) is cls and x.hear(made) == SOUNDS[name]


@pytest.mark.parametrize("cls", [*CLASSES, Mutt, Sphynx])
def test_the_same_object_comes_back(cls):
    animal = cls("Rex")
    count = sys.getrefcount(animal)
    assert x.same(animal) is animal and x.maybe(animal) is animal
    assert sys.getrefcount(animal) == count
    assert x.maybe(None) is None


def test_python_type_and_c_plus_plus_type_agree():
    # By downcast, by dynamic_cast, exactly by typeid, and both find one value.
    assert x.is_dog(x.Dog("Rex")) == x.is_dog(Mutt("Rex")) == (True, True, True, True)
    assert x.is_dog(x.Puppy("Bo")) == (True, True, False, True)
    assert x.is_dog(x.Cat("Tom")) == x.is_dog(x.Animal("Nemo")) == x.is_dog(Sphynx("Ra")) == (False, False, False, True)


@pytest.mark.parametrize("teach", [x.teach, x.teach_by_type])
def test_the_derived_value_can_be_changed_through_the_base(teach):
    for dog in (x.Dog("Rex"), x.Puppy("Bo"), Mutt("Max")):
        assert teach(dog) == 1 and teach(dog) == dog.tricks == 2
    for other in (x.Cat("Tom"), Sphynx("Ra"), x.Animal("Nemo")):
        with pytest.raises(TypeError if teach is x.teach_by_type else RuntimeError):
            teach(other)


def test_a_second_base_that_python_does_not_know_is_found():
    dog = x.Puppy("Bo")
    assert dog.tag() == x.tag_of(dog) == "Bo's tag" and x.tag_of(x.Cat("Tom")) == "no tag"
    assert dog.number == 7
    dog.number = 8
    assert (dog.number, dog.tricks, dog.name) == (8, 0, "Bo")


def test_a_value_of_the_base_is_no_more_than_that():
    made = x.copied(x.Dog("Rex"))
    assert type(made) is x.Animal and x.hear(made) == "Rex says ..."
    dog = x.Dog("Rex")
    dog.tricks = 3
    x.call_it(dog, "Max")
    assert x.hear(dog) == "Max says woof" and dog.tricks == 3 and x.is_dog(dog)[1]

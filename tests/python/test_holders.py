# SPDX-License-Identifier: MIT
import copy
import gc
import sys
import threading
import weakref

import holders_ext as m
import pytest


@pytest.fixture(autouse=True)
def nothing_left():
    """Each value is destroyed once."""
    counters = [m.living_nodes, m.living_shapes, m.living_tickets, m.living_loans, m.living_images, m.living_boxes,
                m.living_groups]
    gc.collect()
    before = [count() for count in counters]
    yield
    m.drop_kept()
    m.clear_shapes()
    m.take_back()
    m.drop_images()
    m.drop_boxes()
    gc.collect()
    assert [count() for count in counters] == before


# --- shared_ptr


def test_the_same_pointer_is_the_same_object():
    node = m.Node("a")
    m.keep(node)
    assert m.last_kept() is node
    made = m.make_node("b")
    m.keep(made)
    assert m.last_kept() is made and made.name == "b"
    assert node.self() is node and made.self() is made


def test_a_value_outlives_its_object_and_comes_back():
    node = m.Node("a")
    m.keep(node)
    gone = weakref.ref(node)
    del node
    gc.collect()
    assert gone() is None
    again = m.last_kept()
    assert type(again) is m.Node and again.name == "a"
    assert m.last_kept() is again


def test_an_object_outlives_the_pointers():
    node = m.make_node("a")
    m.keep(node)
    m.drop_kept()
    assert node.name == "a"
    node.name = "b"
    assert m.name_of(node) == "b"


def test_null_is_none():
    assert m.no_node() is None
    assert m.last_kept() is None
    assert m.name_or_nothing(None) == "nothing"
    assert m.name_or_nothing(m.Node("x")) == "x"
    with pytest.raises(TypeError, match=r"name_of\(\) argument 1 must be Node, not None"):
        m.name_of(None)


@pytest.mark.parametrize("wrong", [1, "x", object(), m.Image(1)])
def test_other_types_are_refused(wrong):
    with pytest.raises(TypeError, match=r"name_of\(\) argument 1 must be Node, not "):
        m.name_of(wrong)
    with pytest.raises(TypeError, match="Node"):
        m.joined([m.Node("x"), wrong])


def test_pointers_in_containers():
    nodes = [m.Node(str(i)) for i in range(5)]
    assert m.joined(nodes) == 5
    parent = m.Node("parent")
    parent.children = nodes
    assert all(a is b for a, b in zip(parent.children, nodes))


def test_parents_and_children():
    parent, child = m.Node("parent"), m.Node("child")
    parent.add(child)
    assert child.parent is parent and parent.children[0] is child
    assert m.path_of(child) == "parent/child"
    m.link_nodes(child, m.make_node("grandchild"))
    assert m.path_of(child.children[0]) == "parent/child/grandchild"
    del parent
    assert child.parent is None and m.path_of(child) == "child"


def test_a_pointer_parameter_borrows_the_object():
    """From those who have it by reference. Pointers may be the same."""
    node = m.Node("a")
    with pytest.raises(RuntimeError, match="Already"):
        node.each_of(lambda: m.rename_node(node, "b"))
    assert node.name == "a"
    node.rename("b")
    assert node.name == "b"
    assert m.same_pointer(node, node) and not m.same_pointer(node, m.Node("c"))


def test_a_callback_uses_what_cpp_has_a_pointer_to():
    node = m.Node("a")
    seen = []

    def use():
        seen.append(node.name)
        node.name += "b"
        m.rename_node(node, node.name + "c")
        node.each_of(lambda: seen.append(node.name))

    m.call_with(node, use)
    assert seen == ["a", "abc"] and node.name == "abc"

    def use_wrongly():
        node.each_of(lambda: setattr(node, "name", "x"))

    with pytest.raises(RuntimeError, match="Already borrowed"):
        m.call_with(node, use_wrongly)
    assert node.name == "abc"
    node.name = "free"


def test_other_threads_wait_for_nobody_with_a_pointer():
    node = m.Node("a")
    seen = []

    def look():
        try:
            seen.append(node.name)
        except RuntimeError as error:
            seen.append(str(error))

    def on_thread():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    m.call_with(node, on_thread)
    assert seen == ["Already mutably borrowed: 'Node' object: cannot share what another thread holds exclusively"]


def test_weak_pointers_follow_the_object():
    node = m.Node("a")
    m.watch(node)
    assert m.still_watched() is node
    del node
    gc.collect()
    assert m.still_watched() is None
    made = m.make_node("b")
    m.watch(made)
    assert m.still_watched() is made


def test_owners_are_counted():
    node = m.Node("a")
    assert m.owners(node) == 2  # The object, and the argument.
    m.keep(node)
    assert m.owners(node) == 3


def test_the_last_owner_may_be_another_thread():
    node = m.Node("a")
    m.keep(node)
    m.drop_on_thread(node)
    assert node.name == "a"
    m.drop_on_thread(m.make_node("b"))


def test_many_threads_pass_one_object():
    node = m.Node("a")
    errors = []

    def work():
        try:
            for _ in range(200):
                assert m.name_of(node) == "a"
                assert m.still_watched() is node
        except Exception as error:  # Reported below.
            errors.append(error)

    m.watch(node)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_references_are_returned():
    node = m.Node("a")
    before = sys.getrefcount(node)
    for _ in range(100):
        m.name_of(node)
        m.keep(node)
        assert m.last_kept() is node
        m.drop_kept()
        node.self()
    assert sys.getrefcount(node) == before


def test_many_values():
    """The table grows and shrinks."""
    nodes = [m.make_node(str(i)) for i in range(2000)]
    for node in nodes:
        m.keep(node)
    assert m.last_kept() is nodes[-1]
    parent = m.Node("parent")
    parent.children = nodes
    assert all(a is b for a, b in zip(parent.children, nodes))
    names = [node.name for node in nodes]
    del nodes, node
    assert [child.name for child in parent.children] == names


# --- Python subclasses


class Folder(m.Node):
    def __init__(self, name):
        super().__init__()
        self.files = []

    def __new__(cls, name):
        return super().__new__(cls, name)


def test_an_instance_of_a_subclass_lives_while_cpp_holds_it():
    folder = Folder("a")
    folder.files.append("file")
    m.keep(folder)
    alive = weakref.ref(folder)
    del folder
    gc.collect()
    assert alive() is not None
    again = m.last_kept()
    assert type(again) is Folder and again.files == ["file"]
    m.drop_kept()
    del again
    gc.collect()
    assert alive() is None


def test_pointers_to_an_instance_of_a_subclass_share_their_owner():
    folder = Folder("a")
    m.keep(folder)
    m.watch(folder)
    assert m.still_watched() is folder
    m.drop_kept()
    m.keep(folder)
    assert m.last_kept() is folder


def test_a_subclass_is_freed_on_another_thread():
    folder = Folder("a")
    alive = weakref.ref(folder)
    m.keep(folder)
    kept, folder = folder, None
    del kept
    m.drop_on_thread(m.last_kept())
    m.living_nodes()
    gc.collect()
    assert alive() is None


class Dying(m.Node):
    def __del__(self):
        m.keep(self)


def test_a_subclass_that_saves_itself():
    dying = Dying("a")
    alive = weakref.ref(dying)
    del dying
    gc.collect()
    saved = m.last_kept()
    assert type(saved) is Dying and saved.name == "a"
    assert alive() is None or alive() is saved
    again = weakref.ref(saved)
    del saved
    m.drop_kept()  # An object is finalized once.
    gc.collect()
    assert again() is None and m.last_kept() is None


def test_a_subclass_that_saves_itself_when_cpp_drops_it():
    dying = Dying("a")
    m.keep(dying)
    del dying
    m.drop_kept()
    saved = m.last_kept()
    assert type(saved) is Dying and saved.name == "a"


# --- A polymorphic chain


@pytest.mark.parametrize("kind, cls, area", [("square", m.Square, 4), ("rectangle", m.Rectangle, 6),
                                             ("hidden", m.Square, 49), ("point", m.Shape, 0)])
def test_a_result_is_of_the_most_derived_class(kind, cls, area):
    shape = m.make_shape(kind)
    assert type(shape) is cls and shape.area() == area and m.area_of(shape) == area
    assert shape.label == "shape"
    m.add_shape(shape)
    assert m.all_shapes()[0] is shape


def test_a_base_that_is_not_the_first():
    square = m.Square(3)
    assert (square.area(), square.side, square.label, square.name) == (9, 3, "shape", "named")
    square.label, square.name = "label", "name"
    assert (square.label, square.name) == ("label", "name")
    m.add_shape(square)
    assert m.all_shapes()[0] is square and m.side_of(square) == 3
    rectangle = m.Rectangle(2, 5)
    assert rectangle.area() == 10 and m.side_of(rectangle) == 2 and rectangle.height == 5


def test_derived_objects_convert_to_pointers_to_their_base():
    shapes = [m.Square(2), m.Rectangle(2, 3), m.make_shape("point")]
    assert m.total_area(shapes) == 10
    with pytest.raises(TypeError, match="must be Square, not holders_ext.Shape|must be Square, not Shape"):
        m.side_of(shapes[2])


def test_an_abstract_class_has_no_constructor():
    with pytest.raises(TypeError, match="cannot create 'holders_ext.Shape' instances|Shape"):
        m.Shape()


def test_values_come_back_as_what_they_were():
    m.add_shape(m.Rectangle(1, 2))
    gc.collect()
    [shape] = m.all_shapes()
    assert type(shape) is m.Rectangle and shape.height == 2


# --- unique_ptr


def test_a_value_is_given_away_and_comes_back():
    ticket = m.Ticket(7)
    m.pocket_ticket(ticket)
    for use in (lambda: ticket.number, lambda: m.look_at(ticket), lambda: m.pocket_ticket(ticket)):
        with pytest.raises(RuntimeError, match=r"'Ticket' object was given to C\+\+"):
            use()
    again = m.take_back()
    assert again is not ticket and again.number == 7
    assert m.take_back() is None
    assert repr(ticket)


def test_a_value_is_taken_only_when_the_call_is_made():
    ticket = m.Ticket(7)
    with pytest.raises(TypeError):
        m.take_then_number(ticket, "x")
    assert ticket.number == 7
    with pytest.raises(RuntimeError, match="Already"):
        m.take_both(ticket, ticket)
    assert ticket.number == 7
    m.maybe_take(ticket, False)
    assert ticket.number == 7
    m.maybe_take(ticket, True)
    with pytest.raises(RuntimeError, match="given to C"):
        ticket.number


def test_a_function_that_fails_has_taken_it():
    ticket = m.Ticket(7)
    with pytest.raises(ValueError):
        m.take_and_fail(ticket)
    with pytest.raises(RuntimeError, match="given to C"):
        ticket.number


def test_an_object_has_what_a_function_leaves_in_its_pointer():
    one, other = m.Ticket(1), m.Ticket(2)
    m.exchange_tickets(one, other)
    assert (one.number, other.number) == (2, 1)
    m.renew_ticket(one, 3)
    del other
    assert one.number == 3


def test_an_object_does_not_get_a_value_of_another_class():
    loan, long = m.lend(1), m.lend_long(2)
    m.exchange_loans(loan, long)
    for use in (lambda: loan.number, lambda: long.days):
        with pytest.raises(RuntimeError, match="given to C"):
            use()
    assert sorted(m.take_returned()) == [1, 2]


def test_a_deleter_goes_with_the_value():
    m.end_long(m.lend_long(7))
    assert m.take_returned() == [7]


class Stamped(m.Ticket):
    pass


def test_an_instance_of_a_subclass_is_not_given_away():
    ticket = Stamped(7)
    with pytest.raises(TypeError, match="cannot give a 'Stamped' object to C.*what Python added to it would be lost"):
        m.pocket_ticket(ticket)
    assert ticket.number == 7


def test_what_was_given_away_can_be_collected():
    tickets = [m.make_ticket(i) for i in range(100)]
    for ticket in tickets:
        m.pocket_ticket(ticket)
    del tickets, ticket
    gc.collect()


# --- References counted in the value


def test_an_intrusive_pointer():
    image = m.Image(3)
    assert image.self() is image
    m.keep_image(image)
    assert m.last_image() is image
    del image
    gc.collect()
    assert m.last_image().width == 3
    made = m.make_image(4)
    assert made.width == 4 and made.self() is made
    assert m.last_image() is not made


def test_a_factory_returns_a_pointer():
    door = m.Door(width=3)
    assert type(door) is m.Door and door.width == 3 and m.Door().width == 1
    with pytest.raises(TypeError, match="NoneType"):
        m.Door(-1)

    class Gate(m.Door):
        pass

    with pytest.raises(TypeError, match="'Door' object, which is no 'Gate'|is no Gate|Gate"):
        Gate(1)


# --- The garbage collector


def test_a_cycle_is_collected_where_python_alone_owns_the_value():
    box = m.Box()
    box.content = [box]
    alive = weakref.ref(box)
    del box
    gc.collect()
    assert alive() is None


def test_what_cpp_owns_too_is_not_taken_for_garbage():
    box = m.Box()
    box.content = content = [box]
    m.keep_box(box)
    del box
    gc.collect()
    assert content[0].content is content
    m.drop_boxes()
    del content
    gc.collect()


class PythonGroup(m.Group):
    pass


def test_a_cycle_through_a_pointer_to_a_python_instance_is_collected():
    parent, child = m.Group(), PythonGroup()
    parent.members = [child]
    child.parent = parent
    alive = weakref.ref(child)
    del parent, child
    gc.collect()
    assert alive() is None


def test_a_cycle_through_a_value_that_python_never_saw_is_collected():
    outer = m.nested_group()
    outer.set_inner_note([outer])
    alive = weakref.ref(outer)
    del outer
    gc.collect()
    assert alive() is None


def test_members_that_python_has_too_are_no_garbage():
    parent, child = m.Group(), m.Group()
    parent.members = [child]
    child.note = marker = [parent]
    gc.collect()
    assert parent.members[0] is child and child.note is marker
    child.note = None


# --- Frozen


def test_a_frozen_value_is_shared_as_const():
    config = m.make_config(3)
    assert config.level == 3 and m.level_of(config) == 3
    assert m.level_of(m.Config(4)) == 4


def test_copies_are_not_made_by_themselves():
    with pytest.raises(TypeError):
        copy.copy(m.Node("a"))


def test_a_value_without_virtual_functions_is_what_it_is_first_returned_as():
    derived = m.as_flatter()
    assert derived.last() == 5 and m.as_flat() is derived
    del derived
    base = m.as_flat()
    assert type(base) is m.Flat
    with pytest.raises(TypeError, match=r"this 'Flatter' result has a 'holders_ext.Flat' object already, made when C\+\+ returned it as that class"):
        m.as_flatter()
    del base
    assert m.as_flatter().last() == 5

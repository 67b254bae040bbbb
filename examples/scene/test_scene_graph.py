# SPDX-License-Identifier: MIT
import gc
import threading
import weakref

import pytest
import scene_graph as sg


def make_tree():
    root = sg.Group("root")
    house = sg.Group("house")
    root.add(house)
    house.add(sg.Mesh("walls", 120))
    house.add(sg.Mesh("roof", 40))
    root.add(sg.Light("sun", 3.5))
    return root


@pytest.fixture
def tree():
    return make_tree()


def test_the_tree(tree):
    house, sun = tree.children
    assert [type(node) for node in tree.children] == [sg.Group, sg.Light]
    assert house.children[1].path == "root/house/roof" and house.parent is tree
    assert sg.total_cost(tree) == 163  # A group and a light cost 1.
    house.position, house.children[0].position = sg.Vector(1, 2, 3), sg.Vector(z=1)
    where = house.children[0].world_position
    assert (where.x, where.y, where.z) == (1, 2, 4)
    sun.power *= 2
    assert tree.children[1].power == 7


def test_nodes_move_and_live_on():
    tree = make_tree()
    house = tree.children[0]
    walls = house.children[0]
    tree.add(walls)
    assert walls.parent is tree and len(house.children) == 1
    tree.remove(walls)
    assert walls.parent is None
    with pytest.raises(ValueError, match="no child"):
        tree.remove(walls)
    with pytest.raises(ValueError, match="below itself"):
        house.add(tree)
    del tree
    gc.collect()
    assert house.parent is None and house.path == "house"  # Children do not keep their parents.


class Names(sg.Visitor):
    def __init__(self):
        self.names = []

    def enter(self, group):
        self.names.append(group.name + "{")
        return not group.name.startswith("hidden")

    def leave(self, group):
        self.names.append("}")

    def visit_mesh(self, mesh):
        self.names.append(f"{mesh.name}:{mesh.triangles}")


def test_a_visitor_in_python(tree):
    visitor = Names()
    sg.walk(tree, visitor)
    assert visitor.names == ["root{", "house{", "walls:120", "roof:40", "}", "}"]
    hidden = sg.Group("hidden")
    hidden.add(sg.Mesh("secret", 1))
    visitor.names.clear()
    sg.walk(hidden, visitor)
    assert visitor.names == ["hidden{"]
    sg.walk(tree, Quiet())


class Quiet(sg.Visitor):
    pass


class Pruner(sg.Visitor):
    """Changes the tree that it is walking through."""

    def visit_mesh(self, mesh):
        if mesh.triangles < 100:
            mesh.parent.remove(mesh)


def test_a_visitor_that_changes_the_tree(tree):
    sg.walk(tree, Pruner())
    assert sg.total_cost(tree) == 123


class Failing(sg.Visitor):
    def visit_light(self, light):
        raise LookupError(light.name)


def test_a_visitor_that_fails(tree):
    with pytest.raises(LookupError, match="sun"):
        sg.walk(tree, Failing())
    sg.walk(tree, Names())


class Compressed(sg.Mesh):
    def __new__(cls, name, triangles, ratio):
        mesh = super().__new__(cls, name, triangles)
        mesh.ratio = ratio
        return mesh

    def __init__(self, name, triangles, ratio):
        pass

    def cost(self):
        return super().cost() // self.ratio


def test_a_node_in_python_lives_in_the_tree(tree):
    tree.children[0].add(Compressed("garden", 1000, 10))
    gc.collect()
    garden = tree.children[0].children[2]
    assert type(garden) is Compressed and garden.ratio == 10
    assert sg.total_cost(tree) == 263


class Circle(sg.Controller):
    def __init__(self, threads):
        self.threads = threads

    def at(self, time):
        self.threads.add(threading.get_ident())
        return sg.Vector(time, time * time)


def test_an_animation_on_threads(tree):
    animation, threads, seen, lock = sg.Animation(), set(), [], threading.Lock()
    walls, roof = tree.children[0].children
    animation.attach(walls, Circle(threads))
    animation.attach(roof, sg.Linear(sg.Vector(1, 1, 1)))
    assert len(animation) == 2

    def listener(node, time):
        with lock:
            seen.append((node.name, time))
            assert node is walls or node is roof

    animation.listen(listener)
    animation.play([0, 1, 2])
    assert sorted(seen) == [(name, time) for name in ("roof", "walls") for time in (0.0, 1.0, 2.0)]
    assert threads and threading.get_ident() not in threads
    assert (walls.position.y, roof.position.z) == (4, 2)


class Nowhere(sg.Controller):
    pass


def test_an_animation_that_fails(tree):
    animation = sg.Animation()
    animation.attach(tree, Nowhere())
    with pytest.raises(TypeError, match="'Nowhere' object has no method 'at', which its class has to define"):
        animation.play([0])


def test_nothing_is_left():
    tree, node = make_tree(), Compressed("last", 1, 1)
    alive = weakref.ref(node)
    tree.add(node)
    animation = sg.Animation()
    animation.attach(node, Circle(set()))
    animation.listen(lambda node, time: None)
    del node, tree, animation
    gc.collect()
    assert alive() is None

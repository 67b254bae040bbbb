# SPDX-License-Identifier: MIT
# Type checkers look at this; each line that says so is wrong, and no other one is.
from scene_graph import Animation, Controller, Group, Light, Mesh, Node, Vector, Visitor, total_cost, walk


class Circle(Controller):
    def at(self, time: float) -> Vector:
        return Vector(time, y=1.0)


def listener(node: Node, time: float) -> None:
    print(node.name, time)


root = Group("root")
root.add(Mesh("ball", 12))
root.add(Light("sun", power=2))
root.children[0].position = Vector(1, 2) + Vector(z=3)
animation = Animation()
animation.attach(root, Circle())
animation.listen(listener)
animation.listen(None)
animation.play([0, 0.5])
cost: int = total_cost(root) + root.cost()
walk(root, Visitor())

root.add("ball")  # wrong
Mesh("ball")  # wrong
animation.attach(root, listener)  # wrong
animation.listen(len)  # wrong
animation.play(["now"])  # wrong
root.children = []  # wrong
root.position.x = "left"  # wrong
Vector(1, 2, 3, 4)  # wrong

// SPDX-License-Identifier: MIT
// A class shows its handles to the garbage collector by a function of its own, which tries to attach. It is told no,
// while other threads attach as ever; and when the collector is done, so can everybody.
#include "adder/embed/embed.hpp"
#include "adder/function/closure.hpp"
#include "adder/stl/optional.hpp"
#include "adder/token/gil_guard.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

using namespace adder;
using namespace test;

namespace {

std::atomic<int> visits_by_class = 0, visits_by_part = 0, visits_by_state = 0;

/// From the refusal. In the last collection of all there are two reasons.
const char* reason = "garbage collector";

/// What code that is called by the collector may try.
void try_everything() {
  check(!Python::try_with_gil([](Python) { fail("try_with_gil has run its function"); }), "try_with_gil says no");
  check(!Python::try_with_gil([](Python) { return 1; }).has_value(), "try_with_gil returns nothing");
  check_contains(refusal([] { Python::with_gil([](Python) { fail("with_gil has run its function"); }); }), reason);
  check_contains(refusal([] {
                   const GILGuard guard = Python::acquire_gil();
                   fail("acquire_gil has attached");
                 }),
                 reason);
}

/// Shown by PyClass::traverse.
struct Node {
  std::optional<Py<PyAny>> next;
  int number = 0;
};
/// Shown by a Traverse of its own, as a field of a class, and in the state of a closure.
struct Part {
  std::optional<Py<PyAny>> next;
  std::atomic<int>* visits = nullptr;
};
struct Whole {
  Part part;
};
struct Base {
  std::optional<Py<PyAny>> next;
};
struct Derived : Base {
  std::optional<Py<PyAny>> other;
};

}  // namespace

template <>
struct adder::ViewTraits<Part> : std::false_type {};  // Its pointer leads to a static variable.
template <>
struct adder::Traverse<Part> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const Part& part) {
    try_everything();
    ++*part.visits;
    visit(part.next);
  }
  static void clear(Part& part) {
    // Not the same: clearing may run Python code, and so it may attach.
    Python::with_gil([&](Python) { part.next.reset(); });
  }
};
template <>
struct adder::UngilTraits<Part> : std::true_type {};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<>();
    cls.field<&Node::next>("next");
  }
  static void traverse(const Node& node, PyVisit& visit) {
    try_everything();
    ++visits_by_class;
    visit(node.next);
    try_everything();
  }
  static void clear(Node& node) {
    Python::with_gil([&](Python) { node.next.reset(); });
  }
};
template <>
struct adder::PyClass<Whole> {
  static constexpr auto name = "Whole";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Whole>& cls) {
    cls.def_new<[] { return Whole{{std::nullopt, &visits_by_part}}; }>();
    cls.def<[](Whole& self, const Bound<PyAny>& next) { self.part.next = Py<PyAny>(next); }>("link");
  }
};
template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true, weakref = true;
  static void define(ClassBuilder<Base>& cls) {
    cls.def_new<>();
    cls.field<&Base::next>("next");
  }
  static void traverse(const Base& base, PyVisit& visit) {
    try_everything();
    ++visits_by_class;
    visit(base.next);
  }
  static void clear(Base& base) { base.next.reset(); }
};
template <>
struct adder::PyClass<Derived> {
  using base = Base;
  static constexpr auto name = "Derived";
  static constexpr bool subclass = true, dict = true;
  static void define(ClassBuilder<Derived>& cls) {
    cls.def_new<>();
    cls.field<&Derived::other>("other");
  }
  static void traverse(const Derived& derived, PyVisit& visit) {
    try_everything();
    ++visits_by_class;
    visit(derived.other);
  }
  static void clear(Derived& derived) { derived.other.reset(); }
};

namespace {

Bound<PyBuiltinFunction> make_closure(Python py, const Bound<PyAny>& next) {
  return new_closure<[](const Part&) {}>(py, "closure", Part{Py<PyAny>(next), &visits_by_state});
}

}  // namespace

ADDER_MODULE(nodes, m) {
  m.add_class<Node>();
  m.add_class<Whole>();
  m.add_class<Base>();
  m.add_class<Derived>();
  m.def<&make_closure>("make_closure");
  m.def<[] { Python::with_gil([](Python) {}); }>("attach");
}

namespace {

void works() {
  check_equal(Python::with_gil([](Python py) { return py.eval("6 * 7").extract<int>(); }), 42, "6 * 7");
  check(Python::try_with_gil([](Python) {}), "try_with_gil says yes");
  const GILGuard guard = Python::acquire_gil();
}

void collect() {
  now_at = "a collection";
  Python::with_gil([](Python py) {
    py.run(R"(
        import gc, weakref
        from nodes import Base, Derived, Node, Whole, attach, make_closure

        class Sub(Derived):
            pass
        class Marker(list):
            pass

        # What the collector is not shown it does not free.
        gone = []
        node, other = Node(), Node()
        node.next, other.next = other, [node]
        whole = Whole()
        whole.link([whole])
        base, derived, sub = Base(), Derived(), Sub()
        base.next = base
        derived.next, derived.other = [derived], {'derived': derived}
        sub.other, sub.itself = sub, sub
        marker = Marker()
        marker.append(make_closure(marker))
        for one in node, other, whole, base, derived, sub, marker:
            gone.append(weakref.ref(one))
        kept = Node()
        kept.next = [kept]
        del node, other, whole, base, derived, sub, marker, one
        gc.collect()
        assert all(ref() is None for ref in gone), [ref() for ref in gone]
        assert kept.next[0] is kept
        attach()

        # Not by the collector, but in the same way.
        assert gc.get_referents(kept)
        assert any(one is kept for one in gc.get_referrers(kept.next)), gc.get_referrers(kept.next)
        attach()
    )");
    works();
  });
  works();
  check(visits_by_class > 0, "PyClass::traverse was called");
  check(visits_by_part > 0, "Traverse::visit was called for a field");
  check(visits_by_state > 0, "Traverse::visit was called for the state of a closure");
}

void collect_while_others_attach() {
  now_at = "collections while other threads attach";
  std::atomic<bool> stop = false;
  std::atomic<int> attached = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      std::optional<Py<PyAny>> own;
      while (!stop) {
        const bool ran = Python::try_with_gil([&](Python py) {
          own = py.eval("Node()").unbind();
          if (i % 2 == 0) py.allow_threads([] { std::this_thread::yield(); });
          Python::with_gil([](Python) {});
        });
        check(ran, "a thread that does not collect may attach");
        if (i % 2 == 1) own.reset();  // Detached.
        ++attached;
      }
    });
  }
  Python::with_gil([](Python py) {
    py.run(R"(
        gc.set_threshold(5)
        for round in range(300):
            nodes = [Node() for _ in range(20)]
            for node in nodes:
                node.next = nodes
            attach()
            if round % 10 == 0:
                gc.collect()
            if round % 50 == 0:
                __import__('time').sleep(0.001)
        gc.set_threshold(700)
    )");
    works();
  });
  const int before = attached;
  await([&] { return attached > before + 20; });
  stop = true;
  join(threads);
  works();
}

}  // namespace

int main() {
  watch();
  append_to_inittab("nodes", PyInit_nodes);
  collect();
  collect_while_others_attach();
  now_at = "the end";
  reason = "";
  finalize();
}

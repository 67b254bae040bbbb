// SPDX-License-Identifier: MIT
// Objects that raise, lie, and change or drop the container that is being read, crossed with the operations of every
// wrapper. Nothing may crash, leave an exception pending or get a reference count wrong. And bad input, with the text
// of the exception.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/typed.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::error_of;

constexpr const char* source = R"(
  import collections.abc, gc, sys, types

  class Boom(Exception): pass
  class Out(BaseException): pass

  class Box:
      # What the evil objects of one case share. They behave until it is armed.
      __slots__ = ('target', 'armed', 'left', 'acted')
      def __init__(self):
          self.target, self.armed, self.left, self.acted = None, False, 5, 0

  def clear(box):
      if hasattr(box.target, 'clear'): box.target.clear()

  def grow(box):
      target = box.target
      if isinstance(target, list): target.append(object())
      elif isinstance(target, bytearray): target.append(0)
      elif isinstance(target, dict): target[object()] = 1
      elif isinstance(target, set): target.add(object())

  def replace(box):  # As many as before, and others.
      target = box.target
      if isinstance(target, list): target[:] = [object() for _ in target]
      elif isinstance(target, dict) and target:
          size = len(target)
          target.clear()
          target.update((object(), object()) for _ in range(size))
      elif isinstance(target, set) and target:
          target.pop()
          target.add(object())

  def drop(box):
      box.target = None

  def raising(error):
      def act(box, name, sane): raise error
      return act

  def answering(answer):
      # CPython 3.11 itself leaks what __hash__ returns where that is no int; None is there anyway.
      hashed = answer if isinstance(answer, int) else None
      return lambda box, name, sane: hashed if name == '__hash__' else answer

  def after(mutate):
      def act(box, name, sane):
          # CPython 3.11 itself writes to freed memory where __index__ resizes the bytearray that waits for it.
          if name == '__index__' and isinstance(box.target, bytearray): return sane()
          if box.acted < 20:  # What grows at each look would never be looked through.
              box.acted += 1
              mutate(box)
          return sane()
      return act

  ACTS = {
      'raises': raising(Boom), 'raises no Exception': raising(Out), 'says that it stops': raising(StopIteration),
      'misses': raising(AttributeError), 'misses keys': raising(KeyError), 'is out of range': raising(IndexError),
      'answers an object': answering(object()), 'answers text': answering('\ud800'), 'answers None': answering(None),
      'answers NotImplemented': answering(NotImplemented), 'answers a negative number': answering(-1),
      'answers a huge number': answering(2 ** 200), 'answers the limit': answering(sys.maxsize),
      'clears': after(clear), 'grows': after(grow), 'replaces': after(replace), 'drops': after(drop),
  }

  def missing(self, name): raise AttributeError(name)
  def item(self, key):
      if isinstance(key, int) and key >= 2: raise IndexError(key)
      return 7
  def step(self):
      self.box.left -= 1
      if self.box.left < 0: raise StopIteration
      return 7

  SANE = {
      '__eq__': lambda self, other: self is other, '__lt__': lambda self, other: True,
      '__hash__': lambda self: 7, '__len__': lambda self: 2, '__iter__': lambda self: self, '__next__': step,
      '__index__': lambda self: 1, '__int__': lambda self: 1, '__float__': lambda self: 1.0,
      '__getattr__': missing, '__bool__': lambda self: True, '__contains__': lambda self, value: False,
      '__getitem__': item, '__setitem__': lambda self, key, value: None, '__delitem__': lambda self, key: None,
      '__repr__': lambda self: 'evil', '__str__': lambda self: 'evil', '__bytes__': lambda self: b'evil',
      '__length_hint__': lambda self: 2, '__call__': lambda self, *args, **kwargs: 7,
      '__add__': lambda self, other: 7, '__radd__': lambda self, other: 7, '__iadd__': lambda self, other: 7,
      '__mul__': lambda self, other: 7, '__rmul__': lambda self, other: 7, '__neg__': lambda self: 7,
      '__pow__': lambda self, other, modulus=None: 7, '__instancecheck__': lambda self, other: True,
      '__dir__': lambda self: ['b', 'a'], 'keys': lambda self: [7], 'values': lambda self: [7],
      'items': lambda self: [(7, 7)],
  }

  def evil_type(act):
      def method(name, sane):
          def call(self, *args, **kwargs):
              box = self.box
              if not box.armed: return sane(self, *args, **kwargs)
              if name == '__next__' and box.left < 0: raise StopIteration  # Garbage comes to an end, too.
              if name == '__next__' and act is not ACTS['clears']: box.left -= 1
              return act(box, name, lambda: sane(self, *args, **kwargs))
          return call
      def init(self, box): self.box = box
      members = {name: method(name, sane) for name, sane in SANE.items()}
      members['__class__'] = property(method('__class__', lambda self: type(self)))
      made = type('Evil', (), members | {'__slots__': ('box', '__weakref__'), '__init__': init})
      collections.abc.Sequence.register(made)
      collections.abc.Mapping.register(made)
      def die(self):
          if self.box.armed: act(self.box, '__del__', lambda: None)
      made.Dying = type('Dying', (), {'__slots__': ('box',), '__init__': init, '__del__': die})
      return made

  EVIL = {name: evil_type(act) for name, act in ACTS.items()}

  def pair(container): return container, container
  def proxied(mapping): return types.MappingProxyType(mapping), mapping
  def iterated(container): return iter(container), container
  def generated(e):
      target = [e]
      def generator():
          got = yield e
          for item in target: got = yield item
          yield bool(got)
      return generator(), target

  # The 7 has the hash of an evil object, so both are compared.
  CONTAINERS = {
      'list': lambda e, make: pair([7, make.Dying(e.box), e, 'x', e]),
      'tuple': lambda e, make: (((7, e, 'x')), [7]),
      'dict': lambda e, make: pair({7: make.Dying(e.box), e: e, 'x': 7}),
      'set': lambda e, make: pair({7, make.Dying(e.box), e, 'x'}),
      'frozenset': lambda e, make: (frozenset([7, e, 'x']), {7}),
      'str': lambda e, make: ('a\0b' + chr(0xd800), [7]),
      'bytes': lambda e, make: (bytes([97, 0, 98]), [7]),
      'bytearray': lambda e, make: pair(bytearray(b'a\0b')),
      'slice': lambda e, make: (slice(e, e, e), [7]),
      'range': lambda e, make: (range(3), [7]),
      'mappingproxy': lambda e, make: proxied({7: make.Dying(e.box), e: e, 'x': 7}),
      'proxy of evil': lambda e, make: (types.MappingProxyType(make(e.box)), [7]),
      'evil': lambda e, make: (make(e.box), [7]),
      'list iterator': lambda e, make: iterated([7, make.Dying(e.box), e]),
      'dict iterator': lambda e, make: iterated({7: 7, e: make.Dying(e.box)}),
      'set iterator': lambda e, make: iterated({7, e}),
      'generator': lambda e, make: generated(e),
  }

  def new_case(kind, container):
      make, box = EVIL[kind], Box()
      e = make(box)
      made, box.target = CONTAINERS[container](e, make)
      return box, made, e

  def references(target, *roots):
      # How many references to it there are from what can be reached.
      total, seen, todo = 0, set(), list(roots)
      while todo:
          at = todo.pop()
          if id(at) in seen or isinstance(at, (type, types.FunctionType, types.ModuleType)): continue
          seen.add(id(at))
          found = gc.get_referents(at)
          total += sum(each is target for each in found)
          todo += found
      return total
)";

using Any = Bound<PyAny>;

/// Goes through a range and has each item looked at; one that grows all the time is left.
template <class Range, class F>
void walk(Range&& range, F&& look) {
  int steps = 0;
  for (auto&& item : range) {
    look(item);
    if (++steps > 30) break;
  }
}

struct Operation {
  const char* container;  // Its name above; "*" for all of them.
  const char* name;
  void (*run)(Python, const Any& container, const Any& evil);
};

// The handle that an operation is about.
template <class T>
Borrowed<T> as(const Any& object) {
  return object.downcast<T>();
}

// clang-format off
const Operation operations[] = {
    {"list", "index", [](Python, const Any& c, const Any& e) { (void)as<PyList>(c).index(e); }},
    {"list", "index of another", [](Python, const Any& c, const Any&) { (void)as<PyList>(c).index("no"); }},
    {"list", "count", [](Python, const Any& c, const Any& e) { (void)as<PyList>(c).count(e); }},
    {"list", "contains", [](Python, const Any& c, const Any&) { (void)as<PyList>(c).contains("no"); }},
    {"list", "remove", [](Python, const Any& c, const Any& e) { as<PyList>(c).remove(e); }},
    {"list", "sort", [](Python, const Any& c, const Any&) { as<PyList>(c).sort(); }},
    {"list", "reverse", [](Python, const Any& c, const Any&) { as<PyList>(c).reverse(); }},
    {"list", "set_item over Dying", [](Python, const Any& c, const Any& e) { as<PyList>(c).set_item(1, e); }},
    {"list", "set_item past the end", [](Python, const Any& c, const Any& e) { as<PyList>(c).set_item(5, e); }},
    {"list", "set_slice", [](Python, const Any& c, const Any& e) { as<PyList>(c).set_slice(0, 3, e); }},
    {"list", "set_slice to itself", [](Python, const Any& c, const Any&) { as<PyList>(c).set_slice(1, 2, c); }},
    {"list", "del_item", [](Python, const Any& c, const Any&) { as<PyList>(c).del_item(1); }},
    {"list", "del_slice", [](Python, const Any& c, const Any&) { as<PyList>(c).del_slice(0, 4); }},
    {"list", "append", [](Python, const Any& c, const Any& e) { as<PyList>(c).append(e); }},
    {"list", "extend", [](Python, const Any& c, const Any& e) { as<PyList>(c).extend(e); }},
    {"list", "extend by itself", [](Python, const Any& c, const Any&) { as<PyList>(c).extend(c); }},
    {"list", "insert", [](Python, const Any& c, const Any& e) { as<PyList>(c).insert(SIZE_MAX, e); }},
    {"list", "pop", [](Python, const Any& c, const Any&) { (void)as<PyList>(c).pop(1); (void)as<PyList>(c).pop(); }},
    {"list", "clear", [](Python, const Any& c, const Any&) { as<PyList>(c).clear(); }},
    {"list", "copies", [](Python, const Any& c, const Any&) { (void)as<PyList>(c).copy(); (void)as<PyList>(c).to_tuple(); (void)as<PyList>(c).get_slice(1, 9); }},
    {"list", "range-for", [](Python, const Any& c, const Any& e) { walk(as<PyList>(c), [&](const Any& i) { (void)i.eq(e); }); }},
    {"list", "range-for that clears", [](Python, const Any& c, const Any&) { walk(as<PyList>(c), [&](const Any&) { as<PyList>(c).clear(); }); }},
    {"list", "as<int>", [](Python, const Any& c, const Any&) { walk(as<PyList>(c).as<int>(), [](int) {}); }},
    {"list", "as<double> by hand", [](Python, const Any& c, const Any&) { const auto view = as<PyList>(c).as<double>(); (void)view[2].get(); }},
    {"list", "as<std::string>", [](Python, const Any& c, const Any&) { const auto view = as<PyList>(c).as<std::string>(); (void)view[2].get(); }},
    {"list", "as<int> written", [](Python, const Any& c, const Any&) { const auto view = as<PyList>(c).as<int>(); view[1] = 3; view[0] = view[2]; }},
    {"list", "as<int> sorted", [](Python, const Any& c, const Any&) { auto view = as<PyList>(c).as<int>(); std::ranges::sort(view); }},
    {"list", "accessor", [](Python, const Any& c, const Any& e) { c[1] = e; c[e] = 1; c[0] += e; c[e].del(); }},

    {"tuple", "index", [](Python, const Any& c, const Any& e) { (void)as<PyTuple>(c).index(e); }},
    {"tuple", "index of another", [](Python, const Any& c, const Any&) { (void)as<PyTuple>(c).index("no"); }},
    {"tuple", "count", [](Python, const Any& c, const Any&) { (void)as<PyTuple>(c).count(1); }},
    {"tuple", "copies", [](Python, const Any& c, const Any&) { (void)as<PyTuple>(c).to_list(); (void)as<PyTuple>(c).get_slice(1, SIZE_MAX); }},
    {"tuple", "range-for", [](Python, const Any& c, const Any& e) { walk(as<PyTuple>(c), [&](const Any& i) { (void)i.lt(e); }); }},
    {"tuple", "as arguments", [](Python, const Any& c, const Any& e) { e.call(args_of(c), kwargs_of(e)); }},
    {"tuple", "builder", [](Python py, const Any&, const Any& e) { PyTupleBuilder b(py, 1); b.push_back(e); b.push_back(e); (void)std::move(b).finish(); }},

    {"dict", "get_item", [](Python, const Any& c, const Any& e) { (void)as<PyDict>(c).get_item(e); }},
    {"dict", "get_item of what is equal", [](Python, const Any& c, const Any&) { (void)as<PyDict>(c).get_item(7.0); }},
    {"dict", "set_item", [](Python, const Any& c, const Any& e) { as<PyDict>(c).set_item(e, e); }},
    {"dict", "set_item over Dying", [](Python, const Any& c, const Any& e) { as<PyDict>(c).set_item(7, e); }},
    {"dict", "del_item", [](Python, const Any& c, const Any& e) { as<PyDict>(c).del_item(e); }},
    {"dict", "contains", [](Python, const Any& c, const Any& e) { (void)as<PyDict>(c).contains(e); }},
    {"dict", "set_default", [](Python, const Any& c, const Any& e) { (void)as<PyDict>(c).set_default(e, 1); }},
    {"dict", "pop", [](Python, const Any& c, const Any& e) { (void)as<PyDict>(c).pop(e); }},
    {"dict", "pop of Dying", [](Python, const Any& c, const Any&) { (void)as<PyDict>(c).pop(7); }},
    {"dict", "update", [](Python, const Any& c, const Any& e) { as<PyDict>(c).update(e); }},
    {"dict", "update by itself", [](Python, const Any& c, const Any&) { as<PyDict>(c).update(c); }},
    {"dict", "update_if_missing", [](Python, const Any& c, const Any& e) { as<PyDict>(c).update_if_missing(e); }},
    {"dict", "lists", [](Python, const Any& c, const Any&) { (void)as<PyDict>(c).keys(); (void)as<PyDict>(c).values(); (void)as<PyDict>(c).items(); (void)as<PyDict>(c).copy(); }},
    {"dict", "clear", [](Python, const Any& c, const Any&) { as<PyDict>(c).clear(); }},
    {"dict", "range-for", [](Python, const Any& c, const Any& e) { walk(as<PyDict>(c), [&](const auto& i) { (void)i.first.eq(e); }); }},
    {"dict", "range-for that replaces", [](Python, const Any& c, const Any& e) { walk(as<PyDict>(c), [&](const auto& i) { as<PyDict>(c).set_item(i.first, e); }); }},
    {"dict", "range-for that clears", [](Python, const Any& c, const Any&) { walk(as<PyDict>(c), [&](const auto&) { as<PyDict>(c).clear(); }); }},
    {"dict", "as<int, int>", [](Python, const Any& c, const Any&) { walk(as<PyDict>(c).as<int, int>(), [](const auto&) {}); }},
    {"dict", "as arguments", [](Python, const Any& c, const Any& e) { e.call(args_of(e), kwargs_of(c)); }},

    {"set", "add", [](Python, const Any& c, const Any& e) { as<PySet>(c).add(e); }},
    {"set", "add what is equal", [](Python, const Any& c, const Any&) { as<PySet>(c).add(7.0); }},
    {"set", "contains", [](Python, const Any& c, const Any& e) { (void)as<PySet>(c).contains(e); }},
    {"set", "discard", [](Python, const Any& c, const Any& e) { (void)as<PySet>(c).discard(e); }},
    {"set", "pop", [](Python, const Any& c, const Any&) { while (as<PySet>(c).pop()) {} }},
    {"set", "clear", [](Python, const Any& c, const Any&) { as<PySet>(c).clear(); }},
    {"set", "range-for", [](Python, const Any& c, const Any& e) { walk(as<PySet>(c), [&](const Any& i) { (void)i.eq(e); }); }},
    {"set", "range-for that adds", [](Python, const Any& c, const Any&) { walk(as<PySet>(c), [&](const Any&) { as<PySet>(c).add("new"); }); }},
    {"set", "as<int>", [](Python, const Any& c, const Any&) { walk(as<PySet>(c).as<int>(), [](int) {}); }},
    {"set", "operators", [](Python, const Any& c, const Any& e) { (void)c.or_(PySet::new_(c.py(), e)); (void)c.isub(e); }},
    {"frozenset", "contains", [](Python, const Any& c, const Any& e) { (void)as<PyFrozenSet>(c).contains(e); }},
    {"frozenset", "range-for", [](Python, const Any& c, const Any& e) { walk(as<PyFrozenSet>(c), [&](const Any& i) { (void)i.eq(e); }); }},
    {"frozenset", "made", [](Python py, const Any&, const Any& e) { (void)PyFrozenSet::new_(py, 7, e, "x"); (void)PyFrozenSet::from_iterable(e); }},
    {"frozenset", "set made", [](Python py, const Any&, const Any& e) { (void)PySet::new_(py, 7, e, e); (void)PySet::from_iterable(e); }},

    {"str", "to_str", [](Python, const Any& c, const Any&) { (void)as<PyString>(c).to_str(); }},
    {"str", "to_string_lossy", [](Python, const Any& c, const Any&) { EXPECT_EQ(as<PyString>(c).to_string_lossy(), std::string("a\0b\xef\xbf\xbd", 6)); }},
    {"str", "encode_utf8", [](Python, const Any& c, const Any&) { (void)as<PyString>(c).encode_utf8(); }},
    {"str", "from_fmt", [](Python py, const Any& c, const Any& e) { (void)PyString::from_fmt(py, "{} {!r} {x}", e, e, kw("x"_s) = c); }},
    {"str", "from_encoded_object", [](Python, const Any&, const Any& e) { (void)PyString::from_encoded_object(e); }},
    {"str", "as a name", [](Python, const Any& c, const Any& e) { (void)e.hasattr(as<PyString>(c)); }},
    {"str", "as a keyword", [](Python py, const Any& c, const Any& e) { const auto d = PyDict::new_(py); d.set_item(c, e); e.call(kwargs_of(d)); }},
    {"bytes", "from_object", [](Python, const Any&, const Any& e) { (void)PyBytes::from_object(e); }},
    {"bytes", "contains", [](Python, const Any& c, const Any& e) { (void)c.contains(e); }},
    {"bytearray", "from_object", [](Python, const Any&, const Any& e) { if (!e.hasattr("__index__"_s)) (void)PyByteArray::from_object(e); }},
    {"bytearray", "while in use", [](Python, const Any& c, const Any& e) { as<PyByteArray>(c).with_bytes([&](std::span<std::byte> b) { (void)e.eq(1); b[0] = b[2]; }); }},
    {"bytearray", "written", [](Python, const Any& c, const Any& e) { c[0] = e; c[PySlice::new_(c.py(), e, e)] = e; }},
    {"bytearray", "resize", [](Python, const Any& c, const Any&) { as<PyByteArray>(c).resize(1); as<PyByteArray>(c).resize(0); as<PyByteArray>(c).resize(100); }},
    {"bytearray", "memory view", [](Python, const Any& c, const Any& e) { const auto view = PyMemoryView::from(c); (void)view.set_item(0, e); }},

    {"slice", "indices", [](Python, const Any& c, const Any&) { (void)as<PySlice>(c).indices(5); }},
    {"slice", "of a list", [](Python py, const Any& c, const Any&) { (void)PyList::new_(py, 1, 2, 3).into_any().get_item(c); }},
    {"slice", "made", [](Python py, const Any&, const Any& e) { (void)PySlice::new_(py, e, e).indices(SIZE_MAX / 2); }},
    {"range", "contains", [](Python, const Any& c, const Any& e) { (void)c.contains(e); }},
    {"range", "made", [](Python py, const Any&, const Any& e) { (void)py.get_type<PyRange>().call(e, e, e).downcast<PyRange>().start(); }},

    {"list iterator", "next", [](Python, const Any& c, const Any& e) { for (int i = 0; i < 6; ++i) { (void)as<PyIterator>(c).next(); (void)e.is_truthy(); } }},
    {"list iterator", "as<int>", [](Python, const Any& c, const Any&) { walk(c.as<int>(), [](int) {}); }},
    {"dict iterator", "next", [](Python, const Any& c, const Any& e) { for (int i = 0; i < 4; ++i) { (void)as<PyIterator>(c).next(); (void)e.is_truthy(); } }},
    {"set iterator", "next", [](Python, const Any& c, const Any& e) { for (int i = 0; i < 4; ++i) { (void)as<PyIterator>(c).next(); (void)e.is_truthy(); } }},
    {"generator", "send", [](Python, const Any& c, const Any& e) { (void)as<PyIterator>(c).send(c.py().None()); for (int i = 0; i < 3; ++i) (void)as<PyIterator>(c).send(e); }},
    {"generator", "send too early", [](Python, const Any& c, const Any& e) { (void)as<PyIterator>(c).send(e); }},
    {"evil", "next", [](Python, const Any& c, const Any&) { for (int i = 0; i < 8; ++i) (void)as<PyIterator>(c).next(); }},
    {"evil", "send", [](Python, const Any& c, const Any& e) { (void)as<PyIterator>(c).send(e); }},

    {"evil", "sequence items", [](Python, const Any& c, const Any& e) { const auto s = as<PySequence>(c); (void)s.get_item(1); s.set_item(0, e); s.del_item(0); }},
    {"evil", "sequence past every end", [](Python, const Any& c, const Any&) { (void)as<PySequence>(c).get_item(SIZE_MAX); }},
    {"evil", "sequence slices", [](Python, const Any& c, const Any& e) { const auto s = as<PySequence>(c); (void)s.get_slice(1, SIZE_MAX); s.set_slice(0, 1, e); s.del_slice(0, 1); }},
    {"evil", "sequence concat", [](Python, const Any& c, const Any& e) { (void)as<PySequence>(c).concat(e); }},
    {"evil", "sequence repeat", [](Python, const Any& c, const Any&) { (void)as<PySequence>(c).repeat(2); (void)as<PySequence>(c).in_place_repeat(2); }},
    {"evil", "sequence in_place_concat", [](Python, const Any& c, const Any& e) { (void)as<PySequence>(c).in_place_concat(e); }},
    {"evil", "sequence index", [](Python, const Any& c, const Any& e) { (void)as<PySequence>(c).index(e); }},
    {"evil", "sequence count", [](Python, const Any& c, const Any& e) { (void)as<PySequence>(c).count(e); }},
    {"evil", "sequence to_list", [](Python, const Any& c, const Any&) { (void)as<PySequence>(c).to_list(); }},
    {"evil", "sequence to_tuple", [](Python, const Any& c, const Any&) { (void)as<PySequence>(c).to_tuple(); }},
    {"evil", "mapping keys", [](Python, const Any& c, const Any&) { (void)as<PyMapping>(c).keys(); }},
    {"evil", "mapping values", [](Python, const Any& c, const Any&) { (void)as<PyMapping>(c).values(); }},
    {"evil", "mapping items", [](Python, const Any& c, const Any&) { (void)as<PyMapping>(c).items(); }},
    {"mappingproxy", "keys", [](Python, const Any& c, const Any&) { (void)as<PyMappingProxy>(c).keys(); }},
    {"mappingproxy", "get_item", [](Python, const Any& c, const Any& e) { (void)as<PyMappingProxy>(c).get_item(e); }},
    {"mappingproxy", "range-for", [](Python, const Any& c, const Any& e) { walk(as<PyMappingProxy>(c), [&](const Any& i) { (void)i.eq(e); }); }},
    {"proxy of evil", "keys", [](Python, const Any& c, const Any&) { (void)as<PyMappingProxy>(c).keys(); }},
    {"proxy of evil", "items", [](Python, const Any& c, const Any&) { (void)as<PyMappingProxy>(c).items(); }},
    {"proxy of evil", "made", [](Python, const Any&, const Any& e) { (void)PyMappingProxy::new_(e).len(); }},

    {"*", "is_instance_of<PySequence>", [](Python, const Any& c, const Any& e) { (void)c.is_instance_of<PySequence>(); (void)e.is_instance_of<PySequence>(); }},
    {"*", "downcast<PyMapping>", [](Python, const Any& c, const Any&) { (void)c.downcast<PyMapping>(); }},
    {"*", "is_instance", [](Python, const Any& c, const Any& e) { (void)c.is_instance(e); }},
    {"*", "len", [](Python, const Any& c, const Any& e) { (void)c.len(); (void)e.len(); }},
    {"*", "hash", [](Python, const Any& c, const Any& e) { (void)e.hash(); (void)c.hash(); }},
    {"*", "is_truthy", [](Python, const Any& c, const Any& e) { (void)c.is_truthy(); (void)e.is_truthy(); }},
    {"*", "is_empty", [](Python, const Any& c, const Any& e) { (void)c.is_empty(); (void)e.is_empty(); }},
    {"*", "str", [](Python, const Any& c, const Any& e) { (void)c.str(); (void)e.str(); }},
    {"*", "repr", [](Python, const Any& c, const Any& e) { (void)c.repr(); (void)e.repr(); }},
    {"*", "contains", [](Python, const Any& c, const Any& e) { (void)c.contains(e); (void)e.contains(c); }},
    {"*", "get_item", [](Python, const Any& c, const Any& e) { (void)c.get_item(e); }},
    {"*", "set_item", [](Python, const Any& c, const Any& e) { c.set_item(e, e); }},
    {"*", "del_item", [](Python, const Any& c, const Any& e) { c.del_item(e); }},
    {"*", "eq", [](Python, const Any& c, const Any& e) { (void)c.eq(e); (void)e.ne(c); }},
    {"*", "compare", [](Python, const Any& c, const Any& e) { (void)e.compare(c); }},
    {"*", "add", [](Python, const Any& c, const Any& e) { (void)c.add(e); (void)e.iadd(c); }},
    {"*", "mul", [](Python, const Any& c, const Any& e) { (void)c.mul(e); }},
    {"*", "pow", [](Python, const Any& c, const Any& e) { (void)e.pow(c); (void)e.pow(c, e); (void)e.neg(); }},
    {"*", "getattr", [](Python, const Any& c, const Any& e) { (void)e.getattr_opt("no"_s); (void)c.getattr("no"_s); }},
    {"*", "accessor", [](Python, const Any& c, const Any& e) { e.attr("no"_s)(c); e.attr("no")["x"_s] = c; }},
    {"*", "item accessor", [](Python, const Any& c, const Any& e) { c[e] += e; c[e].del(); c[e](e); }},
    {"*", "call", [](Python, const Any& c, const Any& e) { e(c, e, kw("x"_s) = c, kw("y") = e); }},
    {"*", "call with args_of", [](Python, const Any& c, const Any& e) { e(c, args_of(c), args_of(e)); }},
    {"*", "call with kwargs_of", [](Python, const Any& c, const Any& e) { e(c, kw("x"_s) = e, kwargs_of(c)); }},
    {"*", "call with evil kwargs_of", [](Python, const Any& c, const Any& e) { e(c, kwargs_of(e)); }},
    {"*", "call_method", [](Python, const Any& c, const Any& e) { e.call_method("no"_s, c); }},
    {"*", "dir", [](Python, const Any& c, const Any& e) { (void)e.dir(); (void)c.dir(); }},
    {"*", "iterate", [](Python, const Any& c, const Any& e) { walk(c, [&](const Any& i) { (void)e.eq(i); }); }},
    {"*", "iterate evil", [](Python, const Any&, const Any& e) { walk(e, [](const Any&) {}); }},
    {"*", "iterate as<int>", [](Python, const Any& c, const Any&) { walk(c.as<int>(), [](int) {}); }},
    {"*", "iterate as<std::string>", [](Python, const Any& c, const Any&) { walk(c.as<std::string>(), [](const std::string&) {}); }},
    {"*", "extract<int>", [](Python, const Any& c, const Any& e) { (void)c.try_extract<int>(); (void)e.extract<int>(); }},
    {"*", "extract<double>", [](Python, const Any& c, const Any& e) { (void)c.try_extract<double>(); (void)e.extract<double>(); }},
    {"*", "extract<bool>", [](Python, const Any& c, const Any& e) { (void)c.try_extract<bool>(); (void)e.extract<bool>(); }},
    {"*", "extract<vector>", [](Python, const Any& c, const Any& e) { (void)c.try_extract<std::vector<int>>(); (void)e.extract<std::vector<int>>(); }},
    {"*", "weak reference", [](Python, const Any& c, const Any& e) { (void)PyWeakrefProxy::new_(e).eq(c); (void)PyWeakrefReference::new_(e).upgrade_as<PySequence>(); (void)PyWeakrefReference::new_(c); }},
    {"*", "weak reference with callback", [](Python py, const Any&, const Any& e) { std::optional<Any> o = py.eval("type('W', (), {})()"); const auto r = PyWeakrefReference::new_with(*o, e); o.reset(); EXPECT_TRUE(r.is_dead()); }},
    {"*", "dead proxy", [](Python py, const Any&, const Any& e) { std::optional<Any> o = py.eval("type('W', (), {})()"); const auto p = PyWeakrefProxy::new_(*o); o.reset(); (void)p.add(e); }},
    {"*", "capsule", [](Python py, const Any& c, const Any& e) { const auto k = PyCapsule::new_(py, Py<PyAny>(e), "right"); (void)k.contains(c); (void)k.pointer("wrong"); }},
};
// clang-format on

/// The kind of the exception; empty for none.
std::string outcome_of(Python py, const Operation& operation, const Any& container, const Any& evil) {
  try {
    operation.run(py, container, evil);
  } catch (const PyErr& error) {
    return error.get_type(py).fully_qualified_name();
  }
  return "";
}

// REFERENCE_ROUNDS: 0. CPython 3.11 itself loses a reference where __hash__ returns no int.
TEST(Types, no_operation_is_broken_by_objects_that_raise_lie_or_change_their_container) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("__name__") = "evil");
    py.run(source, names);
    const Any scope = names;
    const Any new_case = scope.get_item("new_case");
    const Any references = scope.get_item("references");
    // What a __del__ raises is not printed.
    const Any sys = py.import("sys");
    const Any hook = sys.getattr("unraisablehook"_s);
    sys.setattr("unraisablehook"_s, py.eval("lambda unraisable: None"));

    std::set<std::string> outcomes;
    int cases = 0;
    for (const Any& kind : scope.get_item("EVIL")) {
      for (const Any& container_name : scope.get_item("CONTAINERS")) {
        for (const Operation& operation : operations) {
          const std::string wanted = operation.container;
          if (wanted != "*" && wanted != container_name.extract<std::string>()) continue;
          SCOPED_TRACE(kind.extract<std::string>() + ", " + container_name.extract<std::string>() + "." +
                       operation.name);
          const auto made = new_case(kind, container_name).downcast<PyTuple>();
          const Any box = made.get_item(0), container = made.get_item(1), evil = made.get_item(2);
          const auto counts_fit = [&](const char* when) {
            // One for the handle here and one for the tuple, and one for each that Python knows of: those change only
            // where Python code changes them.
            EXPECT_EQ(count(evil), 2 + references(evil, box, container, evil).extract<Py_ssize_t>()) << when;
            EXPECT_EQ(count(container), 2 + references(container, box, container, evil).extract<Py_ssize_t>()) << when;
          };
          counts_fit("before");
          box.setattr("armed"_s, true);
          const std::string outcome = outcome_of(py, operation, container, evil);
          if (wanted == "str") PyType_ClearCache();  // Of attributes: it keeps their names.
          ASSERT_EQ(PyErr_Occurred(), nullptr);
          box.setattr("armed"_s, false);
          EXPECT_NE(outcome, "SystemError");  // The C API was misused.
          counts_fit("after");
          outcomes.insert(outcome);
          ++cases;
          // The cycle that they are.
          box.setattr("target"_s, py.None());
        }
      }
    }
    sys.setattr("unraisablehook"_s, hook);
    EXPECT_GT(cases, 10'000);
    for (const char* seen : {"", "evil.Boom", "evil.Out", "TypeError", "OverflowError", "RuntimeError", "IndexError",
                             "KeyError", "ValueError", "AttributeError", "ReferenceError", "UnicodeEncodeError"}) {
      EXPECT_TRUE(outcomes.contains(seen)) << seen;
    }
  });
}

struct BadInput {
  const char* error;  ///< Or ">>> " and Python code that fails in the same way.
  void (*run)(Python);
};

constexpr std::size_t huge = PY_SSIZE_T_MAX;

// clang-format off
const BadInput bad_input[] = {
    // Unhashable keys.
    {">>> {}[[]]", [](Python py) { (void)PyDict::new_(py).get_item(PyList::empty(py)); }},
    {">>> {}.__setitem__([], 1)", [](Python py) { PyDict::new_(py).set_item(PyList::empty(py), 1); }},
    {">>> {'a': 1}.__delitem__({})", [](Python py) { PyDict::new_(py, kw("a") = 1).del_item(PyDict::new_(py)); }},
    {">>> [] in {}", [](Python py) { (void)PyDict::new_(py).contains(PyList::empty(py)); }},
    {">>> {}.setdefault([], 1)", [](Python py) { (void)PyDict::new_(py).set_default(PyList::empty(py), 1); }},
    {">>> {'a': 1}.pop(set())", [](Python py) { (void)PyDict::new_(py, kw("a") = 1).pop(PySet::empty(py)); }},
    {">>> set().add([])", [](Python py) { PySet::empty(py).add(PyList::empty(py)); }},
    {">>> [] in set()", [](Python py) { (void)PySet::empty(py).contains(PyList::empty(py)); }},
    {">>> set().discard([])", [](Python py) { (void)PySet::empty(py).discard(PyList::empty(py)); }},
    {">>> frozenset([bytearray()])", [](Python py) { (void)PyFrozenSet::new_(py, PyByteArray::new_(py, "")); }},
    {">>> set(([],))", [](Python py) { (void)PySet::from_iterable(PyTuple::new_(py, PyList::empty(py))); }},
#if PY_VERSION_HEX < 0x030C0000
    {"TypeError: unhashable type: 'slice'", [](Python py) { (void)PySlice::full(py).hash(); }},
#endif
    {"TypeError: 'int' object is not iterable", [](Python py) { (void)PySet::from_iterable(PyInt::new_(py, 1)); }},
    // Indices.
    {"no error", [](Python py) { const auto l = PyList::new_(py, 1, 2); (void)l.get_item(0); (void)l.get_item(1); l.set_item(1, 0); l.insert(SIZE_MAX, 3); l.del_item(2); }},
    {"IndexError: list index out of range", [](Python py) { (void)PyList::new_(py, 1, 2).get_item(2); }},
    {"IndexError: list index out of range", [](Python py) { (void)PyList::new_(py, 1, 2).get_item(3); }},
    {"IndexError: list index out of range", [](Python py) { (void)PyList::new_(py, 1, 2).get_item(SIZE_MAX); }},
    {"IndexError: list index out of range", [](Python py) { (void)PyList::empty(py).get_item(0); }},
    {"IndexError: list assignment index out of range", [](Python py) { PyList::new_(py, 1, 2).set_item(2, 0); }},
    {"IndexError: list assignment index out of range", [](Python py) { PyList::new_(py, 1, 2).set_item(SIZE_MAX, 0); }},
    {"IndexError: list assignment index out of range", [](Python py) { PyList::new_(py, 1, 2).del_item(2); }},
    {"IndexError: list assignment index out of range", [](Python py) { PyList::new_(py, 1, 2).del_item(SIZE_MAX); }},
    {"IndexError: pop index out of range", [](Python py) { (void)PyList::new_(py, 1, 2).pop(2); }},
    {"IndexError: pop index out of range", [](Python py) { (void)PyList::new_(py, 1, 2).pop(SIZE_MAX); }},
    {"IndexError: pop from empty list", [](Python py) { (void)PyList::empty(py).pop(); }},
    {"no error", [](Python py) { const auto l = PyList::new_(py, 1, 2); EXPECT_EQ(l.get_slice(SIZE_MAX, 0).len(), 0u); EXPECT_EQ(l.get_slice(1, SIZE_MAX).len(), 1u); l.set_slice(SIZE_MAX, SIZE_MAX, PyList::new_(py, 5)); l.del_slice(2, SIZE_MAX); EXPECT_EQ(l.len(), 2u); }},
    {"IndexError: tuple index out of range", [](Python py) { (void)PyTuple::new_(py, 1, 2).get_item(2); }},
    {"IndexError: tuple index out of range", [](Python py) { (void)PyTuple::new_(py, 1, 2).get_item(3); }},
    {"IndexError: tuple index out of range", [](Python py) { (void)PyTuple::empty(py).get_item(SIZE_MAX); }},
    {"IndexError: tuple index out of range", [](Python py) { const auto t = PyTuple::empty(py); (void)t.get_borrowed_item(0); }},
    {"IndexError: range object index out of range", [](Python py) { (void)PyRange::new_(py, 0, 3).into_any().downcast<PySequence>().get_item(3); }},
    {"IndexError: range object index out of range", [](Python py) { (void)PyRange::new_(py, 0, 3).into_any().downcast<PySequence>().get_item(SIZE_MAX); }},
    {"IndexError: string index out of range", [](Python py) { (void)PyString::new_(py, "ab").into_any().downcast<PySequence>().get_item(2); }},
    {"IndexError: index out of range", [](Python py) { (void)PyBytes::new_(py, "ab").get_item(2); }},
    {"IndexError: bytearray index out of range", [](Python py) { (void)PyByteArray::new_(py, "ab").get_item(2); }},
    {"IndexError: cannot fit 'int' into an index-sized integer", [](Python py) { (void)PyList::new_(py, 1).into_any().get_item(SIZE_MAX); }},
    {"ValueError: sequence.index(x): x not in sequence", [](Python py) { (void)PyList::new_(py, 1).index(3); }},
    {"ValueError: list.remove(x): x not in list", [](Python py) { PyList::new_(py, 1).remove(3); }},
    {"ValueError: sequence.index(x): x not in sequence", [](Python py) { (void)PyTuple::new_(py, 1).index(3); }},
    {"KeyError: 'b'", [](Python py) { PyDict::new_(py, kw("a") = 1).del_item("b"); }},
    {"KeyError: 'b'", [](Python py) { (void)PyDict::new_(py, kw("a") = 1).into_any().get_item("b"); }},
    // Huge sizes.
    {"MemoryError", [](Python py) { PyListBuilder(py, huge); }},
    {"MemoryError", [](Python py) { PyTupleBuilder(py, SIZE_MAX); }},
    {"MemoryError", [](Python py) { (void)PyBytes::new_with(py, SIZE_MAX, [](std::span<std::byte>) {}); }},
    {"OverflowError: byte string is too large", [](Python py) { (void)PyBytes::new_with(py, huge, [](std::span<std::byte>) {}); }},
    {"MemoryError", [](Python py) { BytesWriter(py, huge); }},
    {"MemoryError", [](Python py) { BytesWriter(py, SIZE_MAX); }},
    {"MemoryError", [](Python py) { PyByteArray::new_(py, "a").resize(huge); }},
    {"MemoryError", [](Python py) { PyByteArray::new_(py, "a").resize(SIZE_MAX); }},
    {"MemoryError", [](Python py) { (void)PyByteArray::new_with(py, huge, [](std::span<std::byte>) {}); }},
    {"MemoryError", [](Python py) { (void)PyList::new_(py, 1, 2).into_any().downcast<PySequence>().repeat(SIZE_MAX); }},
    {"MemoryError", [](Python py) { (void)PyTuple::new_(py, 1, 2).into_any().downcast<PySequence>().repeat(huge); }},
    {"OverflowError: repeated string is too long", [](Python py) { (void)PyString::new_(py, "ab").into_any().downcast<PySequence>().repeat(SIZE_MAX); }},
    {"OverflowError: length is too large for a slice", [](Python py) { (void)PySlice::full(py).indices(huge + 1); }},
    {"no error", [](Python py) { EXPECT_EQ(PySlice::full(py).indices(huge).length, huge); }},
    {"OverflowError: Python int too large to convert to C ssize_t", [](Python py) { (void)py.eval("range(2**70)").len(); }},
    {"OverflowError: Python int too large to convert to C ssize_t", [](Python py) { (void)py.eval("range(2**70)").downcast<PySequence>().len(); }},
    // Slices and ranges.
    {"ValueError: slice step cannot be zero", [](Python py) { (void)PySlice::new_(py, 1, 2, 0).indices(3); }},
    {">>> [][slice('a', 2)]", [](Python py) { (void)PySlice::new_(py, "a", 2).indices(3); }},
    {"ValueError: range() arg 3 must not be zero", [](Python py) { (void)PyRange::new_(py, 1, 2, 0); }},
    // Text and bytes.
    {"UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed", [](Python py) { (void)py.eval("'\\ud800'").downcast<PyString>().to_string(); }},
    {"UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed", [](Python py) { (void)py.eval("'\\ud800'").downcast<PyString>().encode_utf8(); }},
    {"UnicodeEncodeError: 'utf-8' codec can't encode character '\\udfff' in position 1: surrogates not allowed", [](Python py) { (void)py.eval("'x\\udfff'").extract<std::string>(); }},
    {"UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 1: invalid start byte", [](Python py) { (void)PyString::new_(py, "a\xff"); }},
    {"UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 0-2: unexpected end of data", [](Python py) { (void)PyString::new_(py, "\xf0\x9f\x98"); }},
    {"UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte", [](Python py) { (void)PyString::intern(py, "\xff"); }},
    {"UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte", [](Python py) { py.None().setattr("\xff", 1); }},
    {"no error", [](Python py) { EXPECT_EQ(PyString::new_(py, std::string_view("a\0b", 3)).to_string(), std::string("a\0b", 3)); }},
    {"no error", [](Python py) { EXPECT_EQ(py.eval("'\\ud800x\\udc00'").downcast<PyString>().to_string_lossy(), "\xef\xbf\xbdx\xef\xbf\xbd"); }},
    {"no error", [](Python py) { EXPECT_EQ(py.eval("'\\ud800\\ud800'").downcast<PyString>().to_string_lossy(), "\xef\xbf\xbd\xef\xbf\xbd"); }},
    {"no error", [](Python py) { EXPECT_EQ(py.eval("'\\udc00\\ud800'").downcast<PyString>().to_string_lossy(), "\xef\xbf\xbd\xef\xbf\xbd"); }},
    {"LookupError: unknown encoding: nothing", [](Python py) { (void)PyString::from_encoded_object(PyBytes::new_(py, "a"), "nothing"); }},
    {"TypeError: decoding str is not supported", [](Python py) { (void)PyString::from_encoded_object(PyString::new_(py, "a")); }},
    {"IndexError: Replacement index 0 out of range for positional args tuple", [](Python py) { (void)PyString::from_fmt(py, "{}"); }},
    {"ValueError: Single '}' encountered in format string", [](Python py) { (void)PyString::from_fmt(py, "}"); }},
    {"ValueError: invalid literal for int() with base 10: '1\\x002'", [](Python py) { (void)PyInt::from_str(py, std::string_view("1\0002", 3)); }},
    {"ValueError: int() arg 2 must be >= 2 and <= 36", [](Python py) { (void)PyInt::from_str(py, "1", 1); }},
    {"TypeError: cannot convert 'int' object to bytes", [](Python py) { (void)PyBytes::from_object(PyInt::new_(py, 3)); }},
    {"ValueError: bytes must be in range(0, 256)", [](Python py) { (void)PyBytes::from_object(PyList::new_(py, 256)); }},
    {"ValueError: byte must be in range(0, 256)", [](Python py) { (void)PyByteArray::from_object(PyList::new_(py, -1)); }},
    {"ValueError: negative count", [](Python py) { (void)PyByteArray::from_object(PyInt::new_(py, -1)); }},
    {"BufferError: Existing exports of data: object cannot be re-sized", [](Python py) { const auto a = PyByteArray::new_(py, "a"); const auto v = PyMemoryView::from(a); a.resize(2); }},
    {"TypeError: memoryview: a bytes-like object is required, not 'list'", [](Python py) { (void)PyMemoryView::from(PyList::empty(py)); }},
    // Capsules, weak references, proxies.
    {"ValueError: the capsule is named 'a.b', not 'a'", [](Python py) { const auto c = PyCapsule::new_(py, 1, "a.b"); (void)c.reference<int>("a"); }},
    {"ValueError: the capsule is named '', not 'a'", [](Python py) { const auto c = PyCapsule::new_(py, 1, ""); (void)c.pointer("a"); }},
    {"TypeError: the capsule 'a' does not hold a C++ value of this type and module", [](Python py) { const auto c = PyCapsule::new_(py, 1, "a"); (void)c.reference<unsigned>("a"); }},
    {"TypeError: the capsule 'a' does not hold a C++ value of this type and module", [](Python py) { int i = 0; const auto c = PyCapsule::new_with_pointer(py, &i, "a"); (void)c.reference<int>("a"); }},
    {"ValueError: a capsule's name cannot contain null bytes", [](Python py) { (void)PyCapsule::new_(py, 1, std::string_view("a\0", 2)); }},
    {"ReferenceError: weakly-referenced object no longer exists", [](Python py) { std::optional<Any> o = test::fresh(py); const auto p = PyWeakrefProxy::new_(*o); o.reset(); EXPECT_FALSE(p.upgrade()); (void)p.len(); }},
    {"no error", [](Python py) { std::optional<Any> o = test::fresh(py); const auto r = PyWeakrefReference::new_(*o); o.reset(); EXPECT_FALSE(r.upgrade_as<PyList>()); EXPECT_TRUE(r.call().is_none()); }},
    {"TypeError: cannot create weak reference to 'list' object", [](Python py) { (void)PyWeakrefProxy::new_(PyList::empty(py)); }},
    {"TypeError: mappingproxy() argument must be a mapping, not list", [](Python py) { (void)PyMappingProxy::new_(PyList::empty(py)); }},
    {"TypeError: 'mappingproxy' object does not support item assignment", [](Python py) { PyMappingProxy::new_(PyDict::new_(py)).set_item("a", 1); }},
    {"TypeError: 'tuple' object does not support item assignment", [](Python py) { PyTuple::new_(py, 1).set_item(0, 1); }},
    {"TypeError: 'int' object is not iterable", [](Python py) { for (const auto& i : PyInt::new_(py, 1)) (void)i; }},
    {"TypeError: object of type 'int' has no len()", [](Python py) { (void)PyInt::new_(py, 1).len(); }},
    // Changed while they are gone through.
    {"no error", [](Python py) { const auto l = PyList::new_(py, 1, 2, 3, 4); int n = 0; for (const auto& i : l) { (void)i; (void)l.pop(); ++n; } EXPECT_EQ(n, 2); }},
    {"no error", [](Python py) { const auto l = PyList::new_(py, 1, 2); int n = 0; for (const auto& i : l) { l.clear(); EXPECT_EQ(i.extract<int>(), 1); ++n; } EXPECT_EQ(n, 1); }},
    {"no error", [](Python py) { const auto l = PyList::new_(py, 0); int n = 0; for (const auto& i : l) { if (i.extract<int>() < 3) l.append(++n); } EXPECT_EQ(l.len(), 4u); }},
    {"IndexError: list index out of range", [](Python py) { const auto l = PyList::new_(py, 1, 2, 3); for (const int i : l.as<int>()) { (void)i; (void)l.pop(); } }},
    {"IndexError: list index out of range", [](Python py) { const auto l = PyList::new_(py, 1, 2, 3); const auto v = l.as<int>(); const auto item = v[2]; l.clear(); (void)item.get(); }},
    {"IndexError: list assignment index out of range", [](Python py) { const auto l = PyList::new_(py, 1, 2, 3); const auto v = l.as<int>(); const auto item = v[2]; l.clear(); item = 1; }},
    {"IndexError: list index out of range", [](Python py) { const auto l = PyList::new_(py, 1); const auto v = l.as<int>(); (void)v.begin()[-1].get(); }},
    {"TypeError: [1]: expected int, got str", [](Python py) { const auto l = PyList::new_(py, 1, "a"); for (const int i : l.as<int>()) (void)i; }},
    {"TypeError: [1]: expected int, got str", [](Python py) { const auto t = PyTuple::new_(py, 1, "a"); for (const int i : t.as<int>()) (void)i; }},
    {"TypeError: ['a']: expected str, got int", [](Python py) { const auto d = PyDict::new_(py, kw("a") = 1); for (const auto& i : d.as<std::string, std::string>()) (void)i; }},
    {"RuntimeError: dictionary changed size during iteration", [](Python py) { const auto d = PyDict::new_(py, kw("a") = 1, kw("b") = 1); for (const auto& [k, v] : d) d.del_item(k); }},
    {"RuntimeError: dictionary changed size during iteration", [](Python py) { const auto d = PyDict::new_(py, kw("a") = 1); for (const auto& i : d) { (void)i; d.clear(); } }},
    {"RuntimeError: dictionary changed size during iteration", [](Python py) { const auto d = PyDict::new_(py, kw("a") = 1); for (const auto& [k, v] : d.as<std::string, int>()) d.set_item("b", v); }},
    {"no error", [](Python py) { const auto d = PyDict::new_(py, kw("a") = 1, kw("b") = 2); for (const auto& [k, v] : d) d.set_item(k, py.None()); }},
    {"RuntimeError: Set changed size during iteration", [](Python py) { const auto s = PySet::new_(py, 1, 2); for (const auto& i : s) (void)s.discard(i); }},
    {"RuntimeError: Set changed size during iteration", [](Python py) { const auto s = PySet::new_(py, 1, 2); for (const int i : s.as<int>()) s.add(i + 10); }},
    // Generators.
    {"TypeError: can't send non-None value to a just-started generator", [](Python py) { (void)py.eval("(x for x in ())").downcast<PyIterator>().send(1); }},
    {"AttributeError: 'list_iterator' object has no attribute 'send'", [](Python py) { (void)PyList::empty(py).try_iter().send(1); }},
};
// clang-format on

// REFERENCE_ROUNDS: 100
TEST(Types, bad_input_raises_what_python_raises_for_it) {
  Python::with_gil([](Python py) {
    for (const BadInput& row : bad_input) {
      const std::string_view given = row.error;
      const bool is_code = given.starts_with(">>> ");
      const std::string expected = is_code ? test::python_error_of(py, row.error + 4) : std::string(given);
      EXPECT_EQ(error_of([&] { row.run(py); }), expected) << "in row " << &row - bad_input;
      EXPECT_TRUE(!is_code || expected.starts_with("TypeError: ")) << expected;
      ASSERT_EQ(PyErr_Occurred(), nullptr);
    }
  });
}

}  // namespace

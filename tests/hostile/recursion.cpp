// SPDX-License-Identifier: MIT
// Conversions of structs that contain their like: cyclic or very deep input is a RecursionError, whatever Python's own
// limit is and however small the thread's stack; what could be converted can be destroyed.
#include "adder/adder.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/fields.hpp"
#include "support/embedded.hpp"

#include <pthread.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

/// By attributes, and to a dict.
struct Tree {
  int value = 0;
  std::vector<Tree> children;
};
/// By items.
struct Chain {
  std::vector<Chain> next;
};
/// What JSON is made of.
struct Json {
  std::variant<std::monostate, bool, double, std::string, std::vector<Json>, std::map<std::string, Json>> value;
};
/// By hand, with more on the stack, and with Python code at each step.
struct Link {
  std::unique_ptr<Link> next;
};
/// Throws at the end of the way.
struct Thrower {
  std::vector<Thrower> items;
};
/// Fields of built-in types only.
struct Point {
  double x = 0, y = 0;
  std::vector<std::map<std::string, std::optional<int>>> more;
};
/// The same, but for a function of its own over that of the fields.
struct Wrapped {
  double x = 0;
  std::vector<Wrapped> others;
};
enum class Color { red = 1, green = 2 };

}  // namespace

template <>
struct adder::FromPyObject<Tree>
    : adder::FromAttributes<Tree, Field<"value", &Tree::value>, Field<"children", &Tree::children>> {};
template <>
struct adder::IntoPyObject<Tree>
    : adder::IntoItems<Tree, Field<"value", &Tree::value>, Field<"children", &Tree::children>> {};
template <>
struct adder::FromPyObject<Chain> : adder::FromItems<Chain, OptionalField<"next", &Chain::next>> {};
template <>
struct adder::IntoPyObject<Chain> : adder::IntoItems<Chain, Field<"next", &Chain::next>> {};
template <>
struct adder::FromPyObject<Json> {
  static PyResult<Json> extract(const Bound<PyAny>& object) {
    return object.try_extract<decltype(Json::value)>().map(
        [](auto&& value) { return Json{std::forward<decltype(value)>(value)}; });
  }
};
template <>
struct adder::IntoPyObject<Json> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Json& json) { return adder::into_py(py, json.value); }
};
template <>
struct adder::FromPyObject<Link> {
  static PyResult<Link> extract(const Bound<PyAny>& object) {
    try {
      const auto next = object.call_method("next"_s);
      if (next.is_none()) return Link();
      auto link = next.try_extract<Link>();
      if (link.is_err()) return std::move(link).error();
      return Link{std::make_unique<Link>(std::move(*link))};
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <>
struct adder::IntoPyObject<const Link*> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Link* link) {
    return link == nullptr ? adder::into_py(py, std::nullopt)
                           : adder::into_py(py, static_cast<const Link*>(link->next.get()));
  }
};
template <>
struct adder::FromPyObject<Thrower> {
  static PyResult<Thrower> extract(const Bound<PyAny>& object) {
    auto items = object.extract<std::vector<Thrower>>();
    if (items.empty()) throw std::runtime_error("the end");
    return Thrower{std::move(items)};
  }
};
template <>
struct adder::FromPyObject<Point>
    : adder::FromItems<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, OptionalField<"more", &Point::more>> {};
template <>
struct adder::FromPyObject<Wrapped> : adder::FromItems<Wrapped, Field<"x", &Wrapped::x>> {
  static PyResult<Wrapped> extract(const Bound<PyAny>& object) {
    PyResult<Wrapped> wrapped = FromItems::extract(object);
    if (wrapped.is_err()) return wrapped;
    auto others = object.get_item("others"_s).try_extract<std::vector<Wrapped>>();
    if (others.is_err()) return std::move(others).error();
    wrapped->others = std::move(*others);
    return wrapped;
  }
};
template <>
struct adder::FromPyObject<Color> : adder::EnumAsInt<Color, Color::red, Color::green> {};

namespace {

// Those that cannot go deep pay nothing.
static_assert(!detail::may_recurse<std::vector<Tree>> && !detail::may_recurse<int> && !detail::may_recurse<PyErr>);
static_assert(!detail::may_recurse<std::string> && !detail::may_recurse<std::map<std::string, int>>);
static_assert(detail::may_recurse<Tree> && !detail::ExtractsFieldsOnly<FromPyObject<Tree>>);
static_assert(detail::may_recurse<const Link*> && !detail::may_recurse<const char*>);
static_assert(detail::ExtractsFieldsOnly<FromPyObject<Point>> && detail::ExtractsFieldsOnly<FromPyObject<Color>>);
static_assert(!detail::ExtractsFieldsOnly<FromPyObject<Wrapped>>);

/// Fails with a RecursionError that says so in few words.
template <class T>
void expect_too_deep(const PyResult<T>& result, Python py, int line = __builtin_LINE()) {
  test::expect(result.is_err(), line);
  if (result.is_ok()) return;
  if (!result.error().template is_instance_of<PyRecursionError>(py)) {
    test::expect_equal(result.error().what(), "RecursionError", line);
  }
  test::expect(std::string_view(result.error().what()).size() < 200, line);
}

/// Deep objects, kept for a thread with a large stack: CPython's own destructors need that from 3.13 on.
std::vector<Py<PyAny>> remains;

Bound<PyAny> made(Python py, const Bound<PyDict>& names, const char* source, int depth) {
  return py.eval(source, names).call(depth);
}

/// @param most  How deep to try; so deep that it cannot be converted.
void from_python(Python py, int fine, int most) {
  const auto names = PyDict::new_(py);
  py.run(R"(
    class Tree:
        def __init__(self, *children): self.value, self.children = 1, children
    class Link:
        def __init__(self, other): self.other = other
        def next(self): return self.other
    def cycle():
        tree = Tree()
        tree.children = [tree]
        return tree
    def tree(depth):
        made = Tree()
        for _ in range(depth): made = Tree(made)
        return made
    def chain(depth):
        made = {}
        for _ in range(depth): made = {'next': [made]}
        return made
    def mapped(depth):
        made = {}
        for _ in range(depth): made = {'next': made}
        return made
    def listed(depth):
        made = []
        for _ in range(depth): made = [made]
        return made
    def link(depth):
        made = Link(None)
        for _ in range(depth): made = Link(made)
        return made
    def wrapped(depth):
        made = {'x': 1, 'others': []}
        for _ in range(depth): made = {'x': 1, 'others': [made]}
        return made
    )",
         names);
  const auto both = [&]<class T>(std::type_identity<T>, const char* source) {
    test::expect(made(py, names, source, fine).try_extract<T>().is_ok());
    const auto deep = made(py, names, source, most);
    remains.emplace_back(deep);
    expect_too_deep(deep.try_extract<T>(), py);
    test::expect(made(py, names, source, fine).try_extract<T>().is_ok());  // As many steps as before.
  };
  expect_too_deep(py.eval("cycle()", names).try_extract<Tree>(), py);
  expect_too_deep(py.eval("[cycle()]", names).try_extract<std::vector<std::optional<Tree>>>(), py);
  both(std::type_identity<Tree>(), "tree");
  both(std::type_identity<Chain>(), "chain");
  both(std::type_identity<Json>(), "listed");
  both(std::type_identity<Json>(), "mapped");
  both(std::type_identity<Link>(), "link");
  both(std::type_identity<Wrapped>(), "wrapped");
  const auto cyclic = py.eval("(lambda x: x.append(x) or x)([])");
  expect_too_deep(cyclic.try_extract<Json>(), py);
  cyclic.downcast<PyList>().clear();
}

void into_python(Python py, int fine, int most) {
  const auto chain = [](int depth) {
    Chain made;
    for (int i = 0; i < depth; ++i) {
      std::vector<Chain> next;
      next.push_back(std::move(made));
      made = Chain{std::move(next)};
    }
    return made;
  };
  /// Takes it apart from the top: such a depth is too much for destructors.
  const auto end = [](Chain top) {
    while (!top.next.empty()) {
      Chain next = std::move(top.next.front());
      top = std::move(next);
    }
  };
  Chain shallow = chain(fine), deep = chain(most);
  test::expect(into_py(py, shallow).is_ok());
  expect_too_deep(into_py(py, deep), py);
  test::expect(into_py(py, shallow).is_ok());
  end(std::move(shallow));
  end(std::move(deep));

  Link links;
  for (int i = 0; i < most; ++i) links = Link{std::make_unique<Link>(std::move(links))};
  const auto linked = into_py(py, static_cast<const Link*>(&links));
  // A compiler may have made a loop of it, for which no stack is too small.
  if (linked.is_err() || Py_GetRecursionLimit() < most) expect_too_deep(linked, py);
  while (links.next) {
    Link next = std::move(*links.next);
    links = std::move(next);
  }
}

void in_a_small_thread(void (*run)(), std::size_t stack) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  test::expect(pthread_attr_setstacksize(&attributes, stack) == 0);
  pthread_t thread{};
  static void (*what)();
  what = run;
  const auto entry = [](void*) -> void* {
    what();
    return nullptr;
  };
  test::expect(pthread_create(&thread, &attributes, entry, nullptr) == 0);
  test::expect(pthread_join(thread, nullptr) == 0);
  pthread_attr_destroy(&attributes);
}

struct Raised {  // The limit, for a scope.
  explicit Raised(int limit) : before(Py_GetRecursionLimit()) { Py_SetRecursionLimit(limit); }
  ~Raised() { Py_SetRecursionLimit(before); }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;
  int before;
};

}  // namespace

int main() {
  Python::with_gil([](Python py) {
    from_python(py, 500, 1100);
    into_python(py, 900, 1100);
    {
      const Raised limit(300);
      from_python(py, 250, 350);
      into_python(py, 250, 350);
    }
    // An exception on its way out leaves every step.
    for (int i = 0; i < 3000; ++i) {
      try {
        (void)py.eval("[[[]]]").extract<Thrower>();
        test::expect(false);
      } catch (const std::runtime_error&) {
      }
    }
    test::expect(py.eval("{'x': 1, 'y': 2, 'more': [{'a': None}]}").extract<Point>().more.size() == 1);
    test::expect(py.eval("2").extract<Color>() == Color::green);
    // Other errors say where.
    const auto error = py.eval("{'next': [{'next': [{'next': 1}]}]}").try_extract<Chain>().map([](auto) { return 0; });
    test::expect(error.is_err());
    test::expect_equal(error.error().what(), "TypeError: ['next'][0]['next'][0]['next']: expected sequence, got int");
    // Whatever Python's limit is, the stack has its own.
    const Raised limit(1'000'000);
    from_python(py, 200, 300'000);
    into_python(py, 200, 300'000);
    py.allow_threads_unchecked([] {
      const auto run = [] {
        Python::with_gil([](Python there) {
          from_python(there, 10, 100'000);
          into_python(there, 10, 100'000);
        });
      };
      in_a_small_thread(run, 256 * 1024);
      in_a_small_thread(run, 1024 * 1024);
    });
    remains.clear();
  });
  return test::failures == 0 ? 0 : 1;
}

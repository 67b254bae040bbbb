// SPDX-License-Identifier: MIT
// Constructors: values that cannot be moved, that throw, and of which Python makes none.
#include "adder/class/detail/constructor.hpp"

#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

using namespace adder;

namespace {

using test::Counted;
using test::error_of;
using test::per_object;
using test::Shape;
using test::type_count;

/// Can be neither copied nor moved, and has no default constructor.
class Rooted {
 public:
  explicit Rooted(std::unique_ptr<int> value) : self_(this), value_(std::move(value)) {}
  Rooted(const Rooted&) = delete;
  Rooted& operator=(const Rooted&) = delete;
  bool is_where_it_was_built() const { return self_ == this; }
  int value() const { return *value_; }

 private:
  const Rooted* self_;
  std::unique_ptr<int> value_;
};

/// Its constructor throws where it is told to; the member that was built before must go.
struct Picky {
  explicit Picky(int given) : part(given) {
    if (given < 0) throw std::invalid_argument("negative");
    if (given == 0) throw PyErr(PyIndexError::new_err("zero"));
  }
  Counted part;
};
/// The same with all that an object can have besides its value.
struct PickyShaped : Picky {
  using Picky::Picky;
  std::optional<Py<PyAny>> handle;
};

struct MadeInCpp {
  char byte = 0;
};

}  // namespace

template <>
struct adder::PyClass<Rooted> {
  static constexpr auto name = "Rooted";
  static void define(ClassBuilder<Rooted>& cls) {
    cls.def_new<[](int value) { return Rooted(std::make_unique<int>(value)); }>();
    cls.getter<&Rooted::is_where_it_was_built>("rooted");
  }
};
template <>
struct adder::PyClass<Picky> {
  static constexpr auto name = "Picky";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Picky>& cls) { cls.def_new<int>(); }
};
template <>
struct adder::PyClass<PickyShaped> {
  static constexpr auto name = "PickyShaped";
  static constexpr bool subclass = true, dict = true, weakref = true;
  static constexpr int freelist = 2;
  using fields = PartialFieldList<&PickyShaped::handle>;
  static void define(ClassBuilder<PickyShaped>& cls) { cls.def_new<int>(); }
};
template <>
struct adder::PyClass<MadeInCpp> {
  static constexpr auto name = "MadeInCpp";
  static void define(ClassBuilder<MadeInCpp>&) {}
};

namespace {

// REFERENCE_ROUNDS: 60

TEST(Constructor, a_value_that_cannot_be_moved_is_built_in_its_object) {
  Python::with_gil([](Python py) {
    const auto made = Bound<Rooted>::new_(py, std::make_unique<int>(5));
    EXPECT_TRUE(made.borrow()->is_where_it_was_built());
    EXPECT_EQ(made.borrow()->value(), 5);
    const auto called = py.get_type<Rooted>().call(6);
    EXPECT_TRUE(called.getattr("rooted"_s).is_truthy());
  });
}

template <class T>
void check_throwing_constructor(Python py) {
  const auto type = py.get_type<T>();
  (void)Bound<T>::new_(py, 1);
  const Py_ssize_t before = type_count<T>(py);
  const int alive = Counted::alive;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(error_of([&] { (void)Bound<T>::new_(py, -1); }), "C++: negative");
    EXPECT_EQ(error_of([&] { (void)Bound<T>::new_(py, 0); }), "IndexError: zero");
    EXPECT_EQ(error_of([&] { (void)Py<T>::new_(py, -1); }), "C++: negative");
    EXPECT_EQ(error_of([&] { (void)type.call(-1); }), "ValueError: negative");
    EXPECT_EQ(error_of([&] { (void)type.call(0); }), "IndexError: zero");
  }
  EXPECT_EQ(type_count<T>(py), before);
  EXPECT_EQ(Counted::alive, alive);
  const auto fine = Bound<T>::new_(py, 3);
  EXPECT_EQ(fine.borrow()->part.value, 3);
  EXPECT_EQ(type_count<T>(py), before + per_object);
}

TEST(Constructor, a_constructor_that_throws_leaves_nothing) {
  Python::with_gil([](Python py) {
    check_throwing_constructor<Picky>(py);
    check_throwing_constructor<PickyShaped>(py);
  });
}

TEST(Constructor, a_constructor_that_throws_in_a_python_subclass_leaves_nothing) {
  Python::with_gil([](Python py) {
    const auto names =
        PyDict::new_(py, kw("Picky"_s) = py.get_type<Picky>(), kw("Shaped"_s) = py.get_type<PickyShaped>());
    py.run(R"(
        import gc, sys, sysconfig

        # Without a GIL an object of a class with __del__ is leaked: other threads may need the class as it is.
        leaks = bool(sysconfig.get_config_var('Py_GIL_DISABLED'))
        for base in Picky, Shaped:
            deleted = []
            class Sub(base):
                def __del__(self): deleted.append(self)
            class Slotted(base):
                __slots__ = ('x',)
            for cls in Sub, Slotted:
                before = sys.getrefcount(cls)
                for i in range(10):
                    for bad, error in ((-1, ValueError), (0, IndexError)):
                        try:
                            cls(bad)
                        except error:
                            pass
                        else:
                            raise AssertionError('no error')
                gc.collect()
                if cls is Slotted or not leaks:
                    assert sys.getrefcount(cls) == before, (cls, sys.getrefcount(cls), before)
            assert not deleted
            Sub(1)
            assert len(deleted) == 1
            deleted.clear()
        del Sub, Slotted, cls
    )",
           names);
    EXPECT_EQ(Counted::alive, 0);
    const auto sub = py.eval("lambda base: type('Later', (base,), {})").call(py.get_type<Picky>());
    EXPECT_EQ(sub.call(4).downcast<Picky>().borrow()->part.value, 4);
  });
}

TEST(Constructor, a_class_without_constructor_is_made_by_cpp_alone) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { (void)py.get_type<MadeInCpp>().call(); }),
              "TypeError: cannot create 'builtins.MadeInCpp' instances");
    EXPECT_EQ(error_of([&] { (void)py.get_type<Shape>().call(); }),
              "TypeError: cannot create 'builtins.Shape' instances");
    EXPECT_EQ(Bound<MadeInCpp>::new_(py).borrow()->byte, 0);
  });
}

}  // namespace

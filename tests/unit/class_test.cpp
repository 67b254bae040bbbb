// SPDX-License-Identifier: MIT
// Classes, as C++ sees their objects: how they are made, borrowed, handed over and destroyed. What Python sees is in
// python/test_classes.py.
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <thread>
#include <variant>

using namespace adder;

namespace {

/// Counts its kind.
struct Counted {
  static inline int alive = 0, copied = 0, moved = 0;
  static void reset() { copied = moved = 0; }

  explicit Counted(int given) : value(given) { ++alive; }
  Counted(const Counted& other) : value(other.value) {
    ++alive;
    ++copied;
  }
  Counted(Counted&& other) noexcept : value(other.value) {
    ++alive;
    ++moved;
  }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --alive; }
  int value;
};

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

struct alignas(64) Wide {
  double values[8] = {1, 2, 3, 4, 5, 6, 7, 8};
};
struct alignas(16) Vec4 {
  float values[4] = {};
};
struct alignas(64) FrozenWide {
  char text[3] = "ab";
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

struct Small {
  char byte = 0;
};
struct FrozenSmall {
  char byte = 0;
};
struct FrozenNumber {
  std::int64_t number = 0;
};
struct UnsendableNumber {
  std::int64_t number = 0;
};
struct Empty {};

struct Tally {
  mutable std::atomic<std::int64_t> total{0};
};
struct OneThread {
  int value = 0;
};
struct FrozenOneThread {
  int value = 0;
};

/// Holds what is tied to the GIL, on its author's word.
struct Sworn {
  std::optional<Bound<PyAny>> handle;
};

/// Refers to its own kind, and is complete before it is a pyclass.
struct Node {
  std::optional<Py<Node>> next;
  int label = 0;
};

class Shape {
 public:
  virtual ~Shape() = default;
  virtual int corners() const = 0;
  int rename(int given) { return std::exchange(label_, given); }
  int label() const { return label_; }

 protected:
  explicit Shape(int label) : label_(label) {}

 private:
  int label_;
};
class Polygon : public Shape {
 public:
  Polygon(int label, int corners) : Shape(label), corners_(corners) {}
  int corners() const override { return corners_; }

 protected:
  int corners_;
};
class Square : public Polygon {
 public:
  explicit Square(int label) : Polygon(label, 4) {}
};

struct Failure {
  explicit Failure(int given) : code(given), part(given) {}
  int code;
  Counted part;
};

struct Cache {
  std::vector<Py<PyAny>> entries;
};
struct HoldsCache {
  Cache cache;
};
/// Shows its handle itself.
class Box {
 public:
  void put(Py<PyAny> handle) { handle_ = std::move(handle); }

 private:
  friend struct adder::Traverse<Box>;
  std::optional<Py<PyAny>> handle_;
};
struct Aggregate {
  int number = 0;
  std::optional<Py<PyAny>> handle;
};
/// A pyclass that is part of the value of another.
struct Part {
  std::optional<Py<PyAny>> link;
};
/// Has a handle in each kind of place.
struct Everywhere {
  std::optional<Py<PyAny>> in_optional;
  std::unique_ptr<Py<PyAny>> in_pointer;
  std::vector<std::vector<Py<PyAny>>> in_vectors;
  std::map<int, std::pair<int, std::optional<Py<PyAny>>>> in_map;
  std::variant<int, Py<PyAny>> in_variant;
  std::tuple<int, std::optional<Py<PyAny>>> in_tuple;
  std::array<std::optional<Py<PyAny>>, 2> in_array;
  Aggregate in_aggregate;
  Part in_class;
  Box in_box;
};
struct Holder {
  Everywhere all;
};

/// Fields that nobody but its PyClass may name.
class Listed {
 public:
  void keep(const Bound<PyAny>& object) { handle_ = object; }

 private:
  friend struct adder::PyClass<Listed>;
  std::optional<Py<PyAny>> handle_;
  char padded_ = 0;
};
class ListedMore : public Listed {
 public:
  void keep_more(const Bound<PyAny>& object) { more_.emplace_back(object); }

 private:
  friend struct adder::PyClass<ListedMore>;
  char tail_ = 0;
  std::vector<Py<PyAny>> more_;
  Counted counted_{1};
};

/// Behind a plain pointer adder does not look.
struct ByHand {
  ByHand() = default;
  ByHand(const ByHand&) = delete;
  ByHand& operator=(const ByHand&) = delete;
  ~ByHand() { delete handle; }
  Py<PyAny>* handle = nullptr;
};

struct Finalized {
  explicit Finalized(bool keep_it) : keep(keep_it) {}
  static inline int calls = 0;
  static inline std::optional<Py<Finalized>> kept;
  bool keep;
  Counted part{1};
};

}  // namespace

template <>
struct adder::Traverse<Cache> : adder::NotTraversed {};
template <>
struct adder::Traverse<Box> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const Box& box) { visit(box.handle_); }
  static void clear(Box& box) { box.handle_.reset(); }
};

template <>
struct adder::PyClass<Counted> {
  static constexpr auto name = "Counted";
  static void define(ClassBuilder<Counted>& cls) {
    cls.def_new<int>();
    cls.field<&Counted::value>("value");
    cls.def<[](const Bound<Counted>& self) { return self; }>("itself");
    cls.def<[](const Bound<Counted>& self) { return Bound<Counted>::new_(self.py(), self.borrow()->value + 1); }>(
        "next");
  }
};
template <>
struct adder::PyClass<Rooted> {
  static constexpr auto name = "Rooted";
  static void define(ClassBuilder<Rooted>& cls) {
    cls.def_new<[](int value) { return Rooted(std::make_unique<int>(value)); }>();
    cls.getter<&Rooted::is_where_it_was_built>("rooted");
  }
};
template <>
struct adder::PyClass<Wide> {
  static constexpr auto name = "Wide";
  static constexpr bool weakref = true, dict = true;
  static void define(ClassBuilder<Wide>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Vec4> {
  static constexpr auto name = "Vec4";
  static void define(ClassBuilder<Vec4>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<FrozenWide> {
  static constexpr auto name = "FrozenWide";
  static constexpr bool frozen = true, sync = true, subclass = true;
  static constexpr int freelist = 4;
  static void define(ClassBuilder<FrozenWide>& cls) { cls.def_new<>(); }
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
struct adder::PyClass<Small> {
  static constexpr auto name = "Small";
  static void define(ClassBuilder<Small>&) {}
};
template <>
struct adder::PyClass<FrozenSmall> {
  static constexpr auto name = "FrozenSmall";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<FrozenSmall>&) {}
};
template <>
struct adder::PyClass<FrozenNumber> {
  static constexpr auto name = "FrozenNumber";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<FrozenNumber>&) {}
};
template <>
struct adder::PyClass<UnsendableNumber> {
  static constexpr auto name = "UnsendableNumber";
  static constexpr bool unsendable = true, frozen = true;
  static void define(ClassBuilder<UnsendableNumber>&) {}
};
template <>
struct adder::PyClass<Empty> {
  static constexpr auto name = "Empty";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Empty>&) {}
};
template <>
struct adder::PyClass<Tally> {
  static constexpr auto name = "Tally";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Tally>&) {}
};
template <>
struct adder::PyClass<OneThread> {
  static constexpr auto name = "OneThread";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<OneThread>& cls) { cls.field<&OneThread::value>("value"); }
};
template <>
struct adder::PyClass<FrozenOneThread> {
  static constexpr auto name = "FrozenOneThread";
  static constexpr bool unsendable = true, frozen = true;
  static void define(ClassBuilder<FrozenOneThread>&) {}
};
template <>
struct adder::PyClass<Sworn> {
  static constexpr auto name = "Sworn";
  static constexpr bool unsafe_send = true;
  static void define(ClassBuilder<Sworn>&) {}
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Node>& cls) {
    cls.getter<&Node::label>("label");
    cls.def<[](Node& self, Py<Node> next) { self.next = std::move(next); }>("link");
    cls.def<[](const Bound<Node>& self) -> std::optional<Bound<Node>> {
      const auto node = self.borrow();
      if (!node->next) return std::nullopt;
      return node->next->bind(self.py());
    }>("next");
  }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Shape>& cls) {
    cls.def<&Shape::corners>("corners");
    cls.def<&Shape::rename>("rename");
    cls.getter<&Shape::label>("label");
  }
};
template <>
struct adder::PyClass<Polygon> {
  static constexpr auto name = "Polygon";
  static constexpr bool subclass = true;
  using base = Shape;
  static void define(ClassBuilder<Polygon>& cls) { cls.def_new<int, int>(); }
};
template <>
struct adder::PyClass<Square> {
  static constexpr auto name = "Square";
  using base = Polygon;
  static void define(ClassBuilder<Square>& cls) { cls.def_new<int>(); }
};
template <>
struct adder::PyClass<Failure> {
  static constexpr auto name = "Failure";
  static constexpr bool subclass = true;
  using base = PyValueError;
  static void define(ClassBuilder<Failure>& cls) {
    cls.def_new<int>();
    cls.getter<&Failure::code>("code");
  }
};
template <>
struct adder::PyClass<Listed> {
  static constexpr auto name = "Listed";
  static constexpr bool subclass = true, weakref = true;
  using fields = FieldList<&Listed::handle_, &Listed::padded_>;
  static void define(ClassBuilder<Listed>&) {}
};
template <>
struct adder::PyClass<ListedMore> {
  static constexpr auto name = "ListedMore";
  using base = Listed;
  using fields = FieldList<&ListedMore::tail_, &ListedMore::more_, &ListedMore::counted_>;
  static void define(ClassBuilder<ListedMore>&) {}
};
template <>
struct adder::PyClass<ByHand> {
  static constexpr auto name = "ByHand";
  static constexpr bool weakref = true;
  static void traverse(const ByHand& value, PyVisit& visit) {
    if (value.handle != nullptr) visit(*value.handle);
  }
  static void clear(ByHand& value) { delete std::exchange(value.handle, nullptr); }
  static void define(ClassBuilder<ByHand>&) {}
};
template <>
struct adder::PyClass<Finalized> {
  static constexpr auto name = "Finalized";
  static void finalize(const Bound<Finalized>& self) {
    ++Finalized::calls;
    if (self.borrow()->keep) Finalized::kept = self;
  }
  static void define(ClassBuilder<Finalized>&) {}
};
template <>
struct adder::PyClass<HoldsCache> {
  static constexpr auto name = "HoldsCache";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<HoldsCache>&) {}
};
template <>
struct adder::PyClass<Part> {
  static constexpr auto name = "Part";
  static void define(ClassBuilder<Part>&) {}
};
template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Holder>&) {}
};

namespace {

using test::count;
using test::error_of;

/// What an object adds to the reference count of its type, which is immortal where threads would contend for the count.
#if defined(Py_GIL_DISABLED)
constexpr Py_ssize_t per_object = 0;
#else
constexpr Py_ssize_t per_object = 1;
#endif
template <class T>
Py_ssize_t type_count(Python py) {
  return Py_REFCNT(py.get_type<T>().as_ptr());
}
template <class T>
std::int64_t basicsize(Python py) {
  return py.get_type<T>().getattr("__basicsize__"_s).template extract<std::int64_t>();
}
std::int64_t collect(Python py) { return py.import("gc").call_method("collect"_s).extract<std::int64_t>(); }
bool is_tracked(const Bound<PyAny>& object) {
  return object.py().import("gc").call_method("is_tracked"_s, object).extract<bool>();
}
template <class T>
bool stands_aligned(const T& value) {
  return reinterpret_cast<std::uintptr_t>(&value) % alignof(T) == 0;
}

/// The error of @p use on another thread that is attached meanwhile.
template <class F>
std::string error_elsewhere(Python py, F use) {
  std::string text;
  py.allow_threads_unchecked([&] {
    std::thread other([&] { Python::with_gil([&](Python there) { text = error_of([&] { use(there); }); }); });
    other.join();
  });
  return text;
}

// --- Making objects --------------------------------------------------------------------------------------------------

TEST(Class, new_builds_the_value_in_place_under_each_of_its_names) {
  Python::with_gil([](Python py) {
    Counted::reset();
    {
      const Bound<Counted> bound = Bound<Counted>::new_(py, 1);
      const Py<Counted> unbound = Py<Counted>::new_(py, 2);
      const Bound<Counted> cell = PyCell<Counted>::new_(py, 3);
      EXPECT_EQ(bound.borrow()->value, 1);
      EXPECT_EQ(unbound.bind(py).borrow()->value, 2);
      EXPECT_EQ(cell.borrow()->value, 3);
      EXPECT_EQ(count(bound), 1);
      EXPECT_EQ(count(unbound), 1);
      EXPECT_EQ(count(cell), 1);
      EXPECT_EQ(Counted::alive, 3);
    }
    EXPECT_EQ(Counted::alive, 0);
    EXPECT_EQ(Counted::copied + Counted::moved, 0);
  });
}

TEST(Class, a_value_is_moved_in_once_and_a_lvalue_copied_once) {
  Python::with_gil([](Python py) {
    Counted value(7);
    Counted::reset();
    const auto moved = Bound<Counted>::new_(py, std::move(value));
    EXPECT_EQ(Counted::moved, 1);
    const auto copied = Bound<Counted>::new_(py, value);
    EXPECT_EQ(Counted::copied, 1);
    EXPECT_EQ(Counted::moved, 1);
    EXPECT_EQ(moved.borrow()->value, copied.borrow()->value);
    // Converting an argument is the same.
    Counted::reset();
    const auto list = PyList::new_(py, Counted(8));
    EXPECT_EQ(Counted::moved, 1);
    EXPECT_EQ(Counted::copied, 0);
    EXPECT_EQ(list.get_item(0).downcast<Counted>().borrow()->value, 8);
  });
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Class, a_value_that_cannot_be_moved_is_built_in_its_object) {
  Python::with_gil([](Python py) {
    const auto made = Bound<Rooted>::new_(py, std::make_unique<int>(5));
    EXPECT_TRUE(made.borrow()->is_where_it_was_built());
    EXPECT_EQ(made.borrow()->value(), 5);
    const auto called = py.get_type<Rooted>().call(6);
    EXPECT_TRUE(called.getattr("rooted"_s).is_truthy());
  });
}

TEST(Class, over_aligned_values_are_aligned_wherever_the_object_is) {
  Python::with_gil([](Python py) {
    std::vector<Bound<Wide>> wide;
    std::vector<Bound<Vec4>> vectors;
    std::vector<Bound<FrozenWide>> frozen;
    for (int i = 0; i < 50; ++i) {
      wide.push_back(Bound<Wide>::new_(py));
      vectors.push_back(Bound<Vec4>::new_(py));
      frozen.push_back(Bound<FrozenWide>::new_(py));
      wide.back().setattr("i", i);
    }
    for (const auto& one : wide) {
      const auto value = one.borrow();
      EXPECT_TRUE(stands_aligned(*value));
      EXPECT_EQ(value->values[7], 8);
    }
    for (const auto& one : vectors) {
      const auto value = one.borrow();
      EXPECT_TRUE(stands_aligned(*value));
    }
    for (const auto& one : frozen) {
      EXPECT_TRUE(stands_aligned(one.get()));
      EXPECT_STREQ(one.get().text, "ab");
    }
    EXPECT_EQ(wide[49].getattr("i").extract<int>(), 49);
    // Also in an object of a Python subclass, and one that is used again.
    frozen.clear();
    const auto subclass =
        py.get_type<PyType>().call("Sub", PyTuple::new_(py, py.get_type<FrozenWide>()), PyDict::new_(py));
    for (int i = 0; i < 20; ++i) {
      const auto object = subclass.call();
      EXPECT_TRUE(stands_aligned(object.downcast<FrozenWide>().get()));
      const auto again = Bound<FrozenWide>::new_(py);
      EXPECT_TRUE(stands_aligned(again.get()));
    }
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

TEST(Class, a_constructor_that_throws_leaves_nothing) {
  Python::with_gil([](Python py) {
    check_throwing_constructor<Picky>(py);
    check_throwing_constructor<PickyShaped>(py);
  });
}

TEST(Class, a_constructor_that_throws_in_a_python_subclass_leaves_nothing) {
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

TEST(Class, objects_are_as_large_as_their_parts) {
  Python::with_gil([](Python py) {
    constexpr auto header = static_cast<std::int64_t>(sizeof(PyObject));
    EXPECT_EQ(basicsize<FrozenNumber>(py), header + 8);       // No flag.
    EXPECT_EQ(basicsize<UnsendableNumber>(py), header + 16);  // The thread's number, padded.
    EXPECT_EQ(basicsize<FrozenSmall>(py), header + 8);        // Rounded up to a pointer.
    EXPECT_EQ(basicsize<Small>(py), header + 8);              // Flag and byte share eight.
    EXPECT_EQ(basicsize<OneThread>(py), header + 16);         // Flag, number, int.
    EXPECT_EQ(basicsize<Vec4>(py), header + 16 + 16);
    EXPECT_EQ(basicsize<Tally>(py), header + 8);
    EXPECT_LE(basicsize<Empty>(py), header + 8);
    EXPECT_GE(basicsize<Wide>(py), header + 64 + 64 + 16);  // Room to align; dict and weak references.
    EXPECT_LT(basicsize<Shape>(py), basicsize<Polygon>(py));
    EXPECT_LT(basicsize<Polygon>(py), basicsize<Square>(py));
  });
}

TEST(Class, a_class_without_constructor_is_made_by_cpp_alone) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { (void)py.get_type<Small>().call(); }),
              "TypeError: cannot create 'builtins.Small' instances");
    EXPECT_EQ(error_of([&] { (void)py.get_type<Shape>().call(); }),
              "TypeError: cannot create 'builtins.Shape' instances");
    EXPECT_EQ(Bound<Small>::new_(py).borrow()->byte, 0);
  });
}

TEST(Class, a_type_keeps_as_many_references_as_there_are_objects) {
  Python::with_gil([](Python py) {
    const Py_ssize_t before = type_count<Counted>(py);
    {
      std::vector<Bound<Counted>> objects;
      for (int i = 0; i < 10; ++i) objects.push_back(Bound<Counted>::new_(py, i));
      EXPECT_EQ(type_count<Counted>(py), before + 10 * per_object);
    }
    EXPECT_EQ(type_count<Counted>(py), before);
  });
}

// --- Borrowing -------------------------------------------------------------------------------------------------------

constexpr auto shared_here =
    "RuntimeError: Already borrowed: 'Counted' object: cannot hold exclusively what this thread shares";
constexpr auto exclusive_here =
    "RuntimeError: Already borrowed: 'Counted' object: cannot hold exclusively what this thread holds exclusively";
constexpr auto share_of_exclusive_here =
    "RuntimeError: Already mutably borrowed: 'Counted' object: cannot share what this thread holds exclusively";

/// Neither, one or both kinds of borrow are granted now; with the texts where they are not.
void expect_borrows(const Bound<Counted>& object, const char* no_share, const char* no_exclusive) {
  {
    const auto reader = object.try_borrow();
    EXPECT_EQ(reader.is_ok(), no_share == nullptr);
    if (reader.is_err()) {
      EXPECT_STREQ(reader.error().what(), no_share);
    }
  }
  {
    const auto writer = object.try_borrow_mut();
    EXPECT_EQ(writer.is_ok(), no_exclusive == nullptr);
    if (writer.is_err()) {
      EXPECT_STREQ(writer.error().what(), no_exclusive);
    }
  }
  EXPECT_EQ(error_of([&] { (void)object.borrow(); }), no_share == nullptr ? "no error" : no_share);
  EXPECT_EQ(error_of([&] { (void)object.borrow_mut(); }), no_exclusive == nullptr ? "no error" : no_exclusive);
  EXPECT_EQ(error_of([&] { (void)object.as_any().extract<PyRef<Counted>>(); }),
            no_share == nullptr ? "no error" : no_share);
  EXPECT_EQ(error_of([&] { (void)object.as_any().extract<PyRefMut<Counted>>(); }),
            no_exclusive == nullptr ? "no error" : no_exclusive);
}

TEST(Class, many_share_or_one_excludes) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 1);
    expect_borrows(object, nullptr, nullptr);
    {
      const auto reader = object.borrow();
      expect_borrows(object, nullptr, shared_here);
      {
        const auto second = object.borrow();
        expect_borrows(object, nullptr, shared_here);
      }
      expect_borrows(object, nullptr, shared_here);
    }
    expect_borrows(object, nullptr, nullptr);
    {
      const auto writer = object.borrow_mut();
      writer->value = 2;
      expect_borrows(object, share_of_exclusive_here, exclusive_here);
    }
    expect_borrows(object, nullptr, nullptr);
    EXPECT_EQ(object.borrow()->value, 2);
    EXPECT_EQ(count(object), 1);
  });
}

TEST(Class, refused_borrows_are_caught_by_type_and_as_pyerr) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 1);
    const auto writer = object.borrow_mut();
    EXPECT_THROW((void)object.borrow(), PyBorrowError);
    EXPECT_THROW((void)object.borrow_mut(), PyBorrowMutError);
    try {
      (void)object.borrow();
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_TRUE(error.is_instance_of<PyRuntimeError>(py));
      EXPECT_STREQ(error.what(), share_of_exclusive_here);
    }
    try {
      (void)object.borrow_mut();
      FAIL();
    } catch (const PyBorrowError&) {
      FAIL() << "the wrong type";
    } catch (const std::exception& error) {
      EXPECT_STREQ(error.what(), exclusive_here);
    }
  });
}

TEST(Class, a_guard_that_was_moved_from_has_no_value_and_gives_nothing_back) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 1);
    {
      auto writer = object.borrow_mut();
      const auto other = std::move(writer);
      expect_borrows(object, share_of_exclusive_here, exclusive_here);
      EXPECT_EQ(other->value, 1);
    }
    expect_borrows(object, nullptr, nullptr);
    {
      std::optional<PyRef<Counted>> kept;
      {
        auto reader = object.borrow();
        kept.emplace(std::move(reader));
        EXPECT_EQ(count(object), 2);
      }
      expect_borrows(object, nullptr, shared_here);
      EXPECT_EQ((*kept)->value, 1);
    }
    expect_borrows(object, nullptr, nullptr);
    EXPECT_EQ(count(object), 1);
  });
}

TEST(ClassDeathTest, a_guard_that_was_moved_from_says_so) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 1);
    auto reader = object.borrow();
    const auto other = std::move(reader);
    const auto use = [&] { (void)reader->value; };  // NOLINT(bugprone-use-after-move)
#if ADDER_CHECKED
    EXPECT_DEATH(use(), "a borrow that was moved from|moved from");
#else
    EXPECT_NE(error_of(use).find("moved from"), std::string::npos) << error_of(use);
#endif
  });
}

TEST(Class, there_is_room_for_65533_readers) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 1);
    {
      std::vector<PyRef<Counted>> readers;
      readers.reserve(65533);
      for (int i = 0; i < 65533; ++i) readers.push_back(object.borrow());
      EXPECT_EQ(error_of([&] { (void)object.borrow(); }),
                "RuntimeError: Too many borrows: 'Counted' object: no more can share it");
      EXPECT_EQ(error_of([&] { (void)object.borrow_mut(); }), shared_here);
      EXPECT_EQ(error_of([&] { (void)object.as_any().getattr("value"_s); }),
                "RuntimeError: Too many borrows: 'Counted' object: no more can share it");
      readers.pop_back();
      EXPECT_TRUE(object.try_borrow().is_ok());
      EXPECT_EQ(count(object), 65533);
    }
    expect_borrows(object, nullptr, nullptr);
  });
}

TEST(Class, a_guard_keeps_its_object_alive) {
  Python::with_gil([](Python py) {
    auto reader = Bound<Counted>::new_(py, 9).borrow();
    EXPECT_EQ(Counted::alive, 1);
    EXPECT_EQ(reader->value, 9);
    EXPECT_EQ(count(reader.as_bound()), 1);
    (void)PyRef<Counted>(std::move(reader));
    EXPECT_EQ(Counted::alive, 0);
  });
}

TEST(Class, values_are_replaced_and_swapped_where_nobody_looks) {
  Python::with_gil([](Python py) {
    const auto a = Bound<Counted>::new_(py, 1), b = Bound<Counted>::new_(py, 2);
    EXPECT_EQ(a.replace(Counted(3)).value, 1);
    EXPECT_EQ(a.borrow()->value, 3);
    a.swap(b);
    EXPECT_EQ(a.borrow()->value, 2);
    EXPECT_EQ(b.borrow()->value, 3);
    a.swap(b.as_borrowed());

    EXPECT_THROW(a.swap(a), PyBorrowMutError);
    EXPECT_EQ(error_of([&] { a.swap(a); }), exclusive_here);
    expect_borrows(a, nullptr, nullptr);  // Nothing stays borrowed.
    {
      const auto reader = b.borrow();
      EXPECT_EQ(error_of([&] { a.swap(b); }), shared_here);
      EXPECT_EQ(error_of([&] { b.swap(a); }), shared_here);
      EXPECT_EQ(error_of([&] { (void)b.replace(Counted(5)); }), shared_here);
    }
    {
      const auto writer = a.borrow_mut();
      EXPECT_EQ(error_of([&] { (void)a.replace(Counted(5)); }), exclusive_here);
    }
    expect_borrows(a, nullptr, nullptr);
    expect_borrows(b, nullptr, nullptr);
    EXPECT_EQ(a.borrow()->value, 3);
    EXPECT_EQ(b.borrow()->value, 2);
  });
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Class, who_holds_is_told_across_threads) {
  Python::with_gil([](Python py) {
    const Py<Counted> object = Py<Counted>::new_(py, 1);
    const auto elsewhere = [&](auto use) {
      return error_elsewhere(py, [&](Python there) { use(object.bind(there)); });
    };
    const auto share = [](const Bound<Counted>& it) { (void)it.borrow(); };
    const auto exclude = [](const Bound<Counted>& it) { (void)it.borrow_mut(); };
    EXPECT_EQ(elsewhere(share), "no error");
    EXPECT_EQ(elsewhere(exclude), "no error");
    {
      const auto reader = object.bind(py).borrow();
      EXPECT_EQ(elsewhere(share), "no error");
      // The share that came and went elsewhere made the flag forget whose the other is.
      const std::string text = elsewhere(exclude);
      EXPECT_TRUE(text.ends_with("what several threads share") || text.ends_with("what another thread shares")) << text;
    }
    const auto writer = object.bind(py).borrow_mut();
    EXPECT_EQ(elsewhere(share),
              "RuntimeError: Already mutably borrowed: 'Counted' object: cannot share what another "
              "thread holds exclusively");
    EXPECT_EQ(elsewhere(exclude),
              "RuntimeError: Already borrowed: 'Counted' object: cannot hold exclusively what "
              "another thread holds exclusively");
  });
}

// --- Handles and conversions -----------------------------------------------------------------------------------------

TEST(Class, an_object_is_found_again_behind_any_handle) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 4);
    const Bound<PyAny>& any = object;
    EXPECT_TRUE(any.downcast<PyCell<Counted>>().is(object));
    EXPECT_TRUE(any.downcast<Counted>().is(object));
    EXPECT_TRUE(any.extract<Bound<Counted>>().is(object));
    EXPECT_TRUE(any.extract<Py<Counted>>().is(Py<Counted>(object)));
    EXPECT_EQ(any.extract<PyRef<Counted>>()->value, 4);
    Counted::reset();
    EXPECT_EQ(any.extract<Counted>().value, 4);
    EXPECT_EQ(Counted::copied, 1);
    EXPECT_EQ(count(object), 1);
    {
      const auto writer = object.borrow_mut();
      EXPECT_EQ(error_of([&] { (void)any.extract<Counted>(); }), share_of_exclusive_here);
      EXPECT_TRUE(any.extract<Bound<Counted>>().is(object));  // A handle borrows nothing.
    }
    const auto number = py.eval("5");
    EXPECT_EQ(error_of([&] { (void)number.downcast<PyCell<Counted>>(); }),
              "TypeError: 'int' object is not an instance of 'Counted'");
    EXPECT_EQ(error_of([&] { (void)number.extract<PyRef<Counted>>(); }), "TypeError: expected Counted, got int");
    EXPECT_EQ(error_of([&] { (void)number.extract<Bound<Counted>>(); }), "TypeError: expected Counted, got int");
    EXPECT_EQ(error_of([&] { (void)number.extract<Counted>(); }), "TypeError: expected Counted, got int");
    EXPECT_EQ(object.repr().to_string().substr(0, 25), "<builtins.Counted object ");
  });
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Class, a_method_returns_its_object_or_another_of_its_class) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 4);
    EXPECT_TRUE(object.call_method("itself"_s).is(object));
    EXPECT_EQ(object.call_method("next"_s).call_method("next"_s).getattr("value"_s).extract<int>(), 6);
    EXPECT_EQ(count(object), 1);
  });
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Class, handles_of_derived_classes_are_handles_of_their_bases) {
  Python::with_gil([](Python py) {
    const auto square = Bound<Square>::new_(py, 1);
    const Bound<Polygon> polygon = square;
    const Bound<Shape> shape = square;
    EXPECT_EQ(count(square), 3);
    Bound<Shape> taken = Bound<Square>::new_(py, 2);
    EXPECT_EQ(count(taken), 1);
    const Py<Shape> stored = square;
    const Py<Polygon> from_py = Py<Square>::new_(py, 3);
    EXPECT_EQ(count(from_py), 1);
    EXPECT_EQ(shape.borrow()->corners(), 4);
    EXPECT_EQ(from_py.bind(py).borrow()->label(), 3);
    EXPECT_TRUE(shape.downcast<Square>().is(square));
    EXPECT_EQ(error_of([&] { (void)Bound<Shape>(Bound<Polygon>::new_(py, 1, 5)).downcast<Square>(); }),
              "TypeError: 'builtins.Polygon' object is not an instance of 'Square'");
    EXPECT_TRUE(square.as_super().is(square));
    EXPECT_EQ(square.as_super().as_super().borrow()->corners(), 4);
    EXPECT_TRUE((py.is_subclass<Square, Shape>()));
    EXPECT_FALSE((py.is_subclass<Shape, Square>()));
  });
}

TEST(Class, one_flag_serves_the_whole_chain) {
  Python::with_gil([](Python py) {
    const auto square = Bound<Square>::new_(py, 1);
    const Bound<Shape> shape = square;
    {
      const auto writer = square.borrow_mut();
      EXPECT_TRUE(shape.try_borrow().is_err());
      EXPECT_TRUE(square.as_super().try_borrow().is_err());
      EXPECT_EQ(&writer.as_super(), &*writer);
      writer.as_super().rename(7);
    }
    {
      auto reader = square.borrow();
      EXPECT_EQ(reader.as_super().label(), 7);
      auto polygon = std::move(reader).into_super();
      EXPECT_EQ(polygon->corners(), 4);
      const auto bottom = std::move(polygon).into_super();
      EXPECT_EQ(bottom->label(), 7);
      EXPECT_TRUE(square.try_borrow_mut().is_err());
      EXPECT_TRUE(square.try_borrow().is_ok());
    }
    EXPECT_TRUE(square.try_borrow_mut().is_ok());  // Given back, and once only:
    {
      const auto other = square.borrow();
      (void)square.borrow().into_super().into_super();
      EXPECT_TRUE(square.try_borrow_mut().is_err());
    }
    {
      const auto base = square.borrow_mut().into_super().into_super();
      base->rename(8);
      EXPECT_TRUE(shape.try_borrow().is_err());
    }
    EXPECT_EQ(shape.borrow()->label(), 8);
    EXPECT_EQ(count(square), 2);
    EXPECT_EQ(shape.call_method("rename"_s, 9).extract<int>(), 8);
    EXPECT_EQ(square.borrow()->label(), 9);
  });
}

int corners_of(const int&, const Shape& shape) { return shape.corners(); }
int rename_to(const int&, Shape& shape, int label) { return shape.rename(label); }

TEST(Class, functions_of_the_base_take_derived_objects) {
  Python::with_gil([](Python py) {
    const auto square = Bound<Square>::new_(py, 1);
    const auto corners = new_closure<&corners_of>(py, "corners_of", 0);
    const auto rename = new_closure<&rename_to>(py, "rename_to", 0);
    EXPECT_EQ(corners.call(square).extract<int>(), 4);
    EXPECT_EQ(rename.call(square, 5).extract<int>(), 1);
    EXPECT_EQ(square.borrow()->label(), 5);
    const auto reader = square.borrow();
    EXPECT_EQ(corners.call(square).extract<int>(), 4);
    EXPECT_TRUE(error_of([&] { (void)rename.call(square, 5); }).find("Already borrowed: 'Shape' object") !=
                std::string::npos);
    EXPECT_EQ(square.as_any().extract<PyRef<Shape>>()->corners(), 4);
  });
}

// --- Threads ---------------------------------------------------------------------------------------------------------

TEST(Class, frozen_values_are_used_without_being_attached) {
  constexpr int threads = 8, rounds = 100'000;
  const Py<Tally> tally = Python::with_gil([](Python py) { return Py<Tally>::new_(py); });
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&tally] {
      for (int n = 0; n < rounds; ++n) tally.get().total.fetch_add(1, std::memory_order_relaxed);
    });
  }
  for (std::thread& thread : running) thread.join();
  EXPECT_EQ(tally.get().total.load(), std::int64_t{threads} * rounds);
  Python::with_gil([&](Python py) { EXPECT_EQ(count(tally.bind(py)), 1); });
}

TEST(Class, unsendable_objects_are_for_the_thread_that_made_them) {
  Python::with_gil([](Python py) {
    const auto object = Py<OneThread>::new_(py, 5);
    const auto frozen = Py<FrozenOneThread>::new_(py, 6);
    constexpr auto text = "RuntimeError: 'OneThread' object is unsendable: only the thread that made it may use it";
    constexpr auto frozen_text =
        "RuntimeError: 'FrozenOneThread' object is unsendable: only the thread that made it may use it";
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).borrow(); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).borrow_mut(); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).getattr("value"_s); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { object.bind(there).setattr("value"_s, 1); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.extract<PyRef<OneThread>>(there); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.extract<OneThread>(there); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)frozen.bind(there).get(); }), frozen_text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)frozen.bind(there).borrow(); }), frozen_text);
    EXPECT_EQ(object.bind(py).borrow()->value, 5);
    EXPECT_EQ(frozen.bind(py).get().value, 6);
    {
      const auto writer = object.bind(py).borrow_mut();  // Whose it is comes first.
      EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).borrow(); }), text);
    }
  });
}

TEST(Class, an_unsendable_value_that_dies_on_another_thread_is_reported) {
  Python::with_gil([](Python py) {
    const auto sys = py.import("sys");
    const auto texts = PyList::empty(py);
    const auto hook = sys.getattr("unraisablehook"_s);
    sys.setattr("unraisablehook"_s, py.eval("lambda texts: lambda it: texts.append(str(it.exc_value))").call(texts));
    {
      std::optional<Py<OneThread>> foreign;
      EXPECT_EQ(error_elsewhere(py, [&](Python there) { foreign = Py<OneThread>::new_(there, 1); }), "no error");
      EXPECT_EQ(error_of([&] { (void)foreign->bind(py).borrow(); }),
                "RuntimeError: 'OneThread' object is unsendable: only the thread that made it may use it");
      EXPECT_EQ(texts.len(), 0U);
    }
    sys.setattr("unraisablehook"_s, hook);
    ASSERT_EQ(texts.len(), 1U);
    EXPECT_EQ(texts.get_item(0).extract<std::string>(),
              "'builtins.OneThread' object is unsendable, but its last reference went on another thread: the value is "
              "leaked");
  });
}

TEST(Class, unsafe_send_takes_the_authors_word) {
  Python::with_gil([](Python py) {
    const auto kept = test::fresh(py);
    {
      const auto sworn = Bound<Sworn>::new_(py);
      sworn.borrow_mut()->handle = kept;
      EXPECT_EQ(count(kept), 2);
    }
    EXPECT_EQ(count(kept), 1);
  });
}

// --- Garbage collection ----------------------------------------------------------------------------------------------

TEST(Class, a_class_may_refer_to_its_own_kind) {
  Python::with_gil([](Python py) {
    const auto first = Bound<Node>::new_(py), second = Bound<Node>::new_(py, std::nullopt, 2);
    first.call_method("link"_s, second);
    EXPECT_EQ(first.call_method("next"_s).getattr("label"_s).extract<int>(), 2);
    EXPECT_TRUE(second.call_method("next"_s).is_none());
    EXPECT_EQ(first.borrow()->next->bind(py).borrow()->label, 2);
    EXPECT_EQ(count(second), 2);
    EXPECT_TRUE(is_tracked(first));
    EXPECT_FALSE(is_tracked(Bound<Counted>::new_(py, 1)));
    EXPECT_EQ(error_of([&] { first.call_method("link"_s, 5); }),
              "TypeError: Node.link() argument 1 must be Node, not int");
  });
}

TEST(Class, a_long_chain_of_objects_dies_without_overflowing_the_stack) {
  Python::with_gil([](Python py) {
    auto head = Py<Node>::new_(py);
    for (int i = 0; i < 200'000; ++i) head = Py<Node>::new_(py, std::move(head), i);
    std::move(head).drop_ref(py);
  });
}

TEST(Class, a_cycle_of_objects_is_collected) {
  Python::with_gil([](Python py) {
    collect(py);
    const Py_ssize_t before = type_count<Node>(py);
    {
      const auto a = Bound<Node>::new_(py), b = Bound<Node>::new_(py);
      a.borrow_mut()->next = b;
      b.borrow_mut()->next = a;
    }
    EXPECT_EQ(type_count<Node>(py), before + 2 * per_object);
    EXPECT_GE(collect(py), 2);
    EXPECT_EQ(type_count<Node>(py), before);
  });
}

TEST(Class, a_cycle_through_a_value_that_is_being_changed_waits) {
  Python::with_gil([](Python py) {
    collect(py);
    const Py_ssize_t before = type_count<Node>(py);
    {
      std::optional<Bound<Node>> node = Bound<Node>::new_(py);
      auto writer = node->borrow_mut();
      writer->next = *node;
      node.reset();
      (void)collect(py);
      EXPECT_TRUE(writer->next.has_value());
      EXPECT_EQ(count(writer.as_bound()), 2);
    }
    EXPECT_EQ(type_count<Node>(py), before + per_object);
    EXPECT_GE(collect(py), 1);
    EXPECT_EQ(type_count<Node>(py), before);
  });
}

/// Whether a cycle goes away that `put(value, handle to the object)` makes. Weak references would not tell: the
/// collector clears them first.
template <class T, class Put>
bool is_collected(Python py, Put put) {
  collect(py);
  const Py_ssize_t before = type_count<T>(py);
  {
    const auto object = Bound<T>::new_(py);
    EXPECT_TRUE(is_tracked(object));
    put(*object.borrow_mut().operator->(), Bound<PyAny>(object));
    EXPECT_EQ(count(object), 2);
  }
  EXPECT_EQ(type_count<T>(py), before + per_object);
  (void)collect(py);
  return type_count<T>(py) == before;
}
template <class Put>
bool is_found(Python py, Put put) {
  return is_collected<Holder>(py, [put](Holder& holder, const Bound<PyAny>& it) { put(holder.all, Py<PyAny>(it)); });
}

TEST(Class, handles_are_found_wherever_they_are) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_optional = std::move(it); }));
    EXPECT_TRUE(is_found(
        py, [](Everywhere& all, Py<PyAny> it) { all.in_pointer = std::make_unique<Py<PyAny>>(std::move(it)); }));
    EXPECT_TRUE(
        is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_vectors.emplace_back().push_back(std::move(it)); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_map[3].second = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_variant = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { std::get<1>(all.in_tuple) = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_array[1] = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_aggregate.handle = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_class.link = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_box.put(std::move(it)); }));
  });
}

TEST(Class, what_opts_out_is_not_traversed) {
  Python::with_gil([](Python py) {
    const Py_ssize_t before = type_count<HoldsCache>(py);
    {
      const auto holder = Bound<HoldsCache>::new_(py);
      EXPECT_FALSE(is_tracked(holder));
      holder.borrow_mut()->cache.entries.emplace_back(holder);
      (void)collect(py);
      EXPECT_EQ(count(holder), 2);
      EXPECT_EQ(holder.borrow()->cache.entries.size(), 1U);
      holder.borrow_mut()->cache.entries.clear();
      EXPECT_EQ(count(holder), 1);
    }
    EXPECT_EQ(type_count<HoldsCache>(py), before);
  });
}

/// What the collector does with an object of a cycle.
void clear(const Bound<PyAny>& object) { EXPECT_EQ(Py_TYPE(object.as_ptr())->tp_clear(object.as_ptr()), 0); }

TEST(Class, what_the_collector_took_apart_says_so) {
  Python::with_gil([](Python py) {
    const auto node = Bound<Node>::new_(py);
    node.borrow_mut()->next = Bound<Node>::new_(py, std::nullopt, 3);
    {
      const auto writer = node.borrow_mut();
      clear(node);
      EXPECT_TRUE(writer->next.has_value());
    }
    {
      const auto reader = node.borrow();
      clear(node);
      EXPECT_TRUE(reader->next.has_value());
    }
    EXPECT_EQ(node.borrow()->next->bind(py).borrow()->label, 3);
    clear(node);
    constexpr auto text = "RuntimeError: 'Node' object was taken apart by the garbage collector";
    EXPECT_EQ(error_of([&] { (void)node.borrow(); }), text);
    EXPECT_EQ(error_of([&] { (void)node.borrow_mut(); }), text);
    EXPECT_EQ(error_of([&] { (void)node.getattr("label"_s); }), text);
    clear(node);
  });
}

TEST(Class, private_fields_are_listed_for_the_collector) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(is_collected<ListedMore>(py, [](ListedMore& value, const Bound<PyAny>& it) { value.keep(it); }));
    EXPECT_TRUE(is_collected<ListedMore>(py, [](ListedMore& value, const Bound<PyAny>& it) { value.keep_more(it); }));
    EXPECT_EQ(Counted::alive, 0);
  });
}

TEST(Class, a_class_is_traversed_and_cleared_by_hand) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(
        is_collected<ByHand>(py, [](ByHand& value, const Bound<PyAny>& it) { value.handle = new Py<PyAny>(it); }));
  });
}

TEST(Class, a_finalizer_runs_once_and_may_keep_its_object) {
  Python::with_gil([](Python py) {
    Finalized::calls = 0;
    { (void)Bound<Finalized>::new_(py, false); }
    EXPECT_EQ(Finalized::calls, 1);
    { (void)Bound<Finalized>::new_(py, true); }
    EXPECT_EQ(Finalized::calls, 2);
    ASSERT_TRUE(Finalized::kept.has_value());
    {
      const auto kept = std::move(*Finalized::kept).into_bound(py);
      Finalized::kept.reset();
      EXPECT_EQ(count(kept), 1);
      EXPECT_TRUE(kept.borrow()->keep);
      EXPECT_EQ(Counted::alive, 1);
    }
    EXPECT_EQ(Finalized::calls, 2);
    EXPECT_EQ(Counted::alive, 0);
  });
}

// --- Exceptions ------------------------------------------------------------------------------------------------------

PyResult<void> raise_failure(const int&, Python py, int code) {
  return PyErr::from_value(Bound<Failure>::new_(py, code));
}

TEST(Class, an_exception_class_carries_its_value) {
  Python::with_gil([](Python py) {
    try {
      throw PyErr::from_value(Bound<Failure>::new_(py, 42));
    } catch (const PyErr& error) {
      EXPECT_TRUE(error.is_instance_of<Failure>(py));
      EXPECT_TRUE(error.is_instance_of<PyValueError>(py));
      EXPECT_FALSE(error.is_instance_of<PyKeyError>(py));
      EXPECT_EQ(error.value(py).downcast<Failure>().borrow()->code, 42);
      EXPECT_EQ(Counted::alive, 1);
    }
    EXPECT_EQ(Counted::alive, 0);
    const auto raise = new_closure<&raise_failure>(py, "raise_failure", 0);
    const auto names = PyDict::new_(py, kw("raises"_s) = raise, kw("Failure"_s) = py.get_type<Failure>());
    py.run(R"(
        class More(Failure): pass
        for make in (lambda: raises(7), lambda: (_ for _ in ()).throw(Failure(7)), lambda: (_ for _ in ()).throw(More(7))):
            try:
                make()
            except ValueError as error:
                assert error.code == 7 and isinstance(error, Failure), error
            else:
                raise AssertionError('nothing was raised')
        assert Failure(7).args == (7,)
        del More, make
    )",
           names);
    (void)collect(py);
    EXPECT_EQ(Counted::alive, 0);
    const auto made = py.get_type<Failure>().call(3);
    try {
      py.import("builtins");
      throw PyErr::from_value(made);
    } catch (const PyErr& error) {
      EXPECT_STREQ(error.what(), "builtins.Failure: 3");
      EXPECT_TRUE(error.value(py).is(made));
    }
  });
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace

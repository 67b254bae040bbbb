// SPDX-License-Identifier: MIT
// What the documents that adder implements promise of Python objects, example by example. Attaching, pools and
// GilOnceCell have files of their own; counting letters on several threads is in embed/count_letters.cpp.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <mutex>
#include <thread>

using namespace adder;

namespace {

class Pair {
 public:
  Pair(std::int32_t x, std::int32_t y) : x_(x), y_(y) {}
  std::int32_t x() const { return x_; }
  void set_y(std::int32_t value) { y_ = value; }
  std::int32_t y() const { return y_; }
  /// Keeps the exclusive borrow while @p callback runs.
  void busy(const Bound<PyAny>& callback) {
    ++x_;
    callback();
  }

 private:
  std::int32_t x_, y_;
};

struct AtomicPair {
  AtomicPair(std::int32_t first, std::int32_t second) : x(first), y(second) {}
  std::int32_t get_x() const { return x.load(std::memory_order_relaxed); }
  std::int32_t get_y() const { return y.load(std::memory_order_relaxed); }
  void set_y(std::int32_t value) const { y.store(value, std::memory_order_relaxed); }
  std::atomic<std::int32_t> x;
  mutable std::atomic<std::int32_t> y;
};

class LockedPair {
 public:
  LockedPair(std::int32_t x, std::int32_t y) : x_(x), y_(y) {}
  std::int32_t sum() const {
    const std::lock_guard lock(mutex_);
    return x_ + y_;
  }
  void move_to_y(std::int32_t amount) const {
    const std::lock_guard lock(mutex_);
    x_ -= amount;
    y_ += amount;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::int32_t x_, y_;
};

}  // namespace

template <>
struct adder::PyClass<Pair> {
  static constexpr auto name = "Pair";
  static void define(ClassBuilder<Pair>& cls) {
    cls.def_new<std::int32_t, std::int32_t>();
    cls.getter<&Pair::x>("x");
    cls.getter<&Pair::y>("y");
    cls.def<&Pair::set_y>("set_y");
    cls.def<&Pair::busy>("busy");
  }
};
template <>
struct adder::PyClass<AtomicPair> {
  static constexpr auto name = "AtomicPair";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<AtomicPair>& cls) {
    cls.def_new<std::int32_t, std::int32_t>();
    cls.def<&AtomicPair::get_x>("get_x");
    cls.def<&AtomicPair::set_y>("set_y");
  }
};
template <>
struct adder::PyClass<LockedPair> {
  static constexpr auto name = "LockedPair";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<LockedPair>& cls) {
    cls.def_new<std::int32_t, std::int32_t>();
    cls.def<&LockedPair::sum>("sum");
    cls.def<&LockedPair::move_to_y>("move_to_y");
  }
};

namespace {

using test::count;
using test::error_of;

template <class T>
Bound<T> made(Python py, std::int32_t x, std::int32_t y) {
  return py.get_type<T>().call(x, y).template downcast<T>();
}

// --- The token -----------------------------------------------------------------------------------------------------

TEST(Reference, a_closure_evaluates_and_returns_a_result) {
  const auto result = Python::with_gil([](Python py) -> PyResult<void> {
    const auto five = py.eval("5").try_extract<std::int32_t>();
    if (five.is_err()) return five.error();
    EXPECT_EQ(five.value(), 5);
    return {};
  });
  EXPECT_TRUE(result.is_ok());
  const auto failed =
      Python::with_gil([](Python py) -> PyResult<std::int32_t> { return py.eval("'5'").try_extract<std::int32_t>(); });
  EXPECT_STREQ(failed.error().what(), "TypeError: expected int, got str");
}

TEST(Reference, an_expression_becomes_a_vector) {
  Python::with_gil([](Python py) {
    const std::vector<std::int64_t> expected{0, 10, 20, 30, 40};
    EXPECT_EQ(py.eval("[i * 10 for i in range(5)]", {}, {}).extract<std::vector<std::int64_t>>(), expected);
    EXPECT_EQ(py.eval("[i * 10 for i in range(5)]").extract<std::vector<std::int64_t>>(), expected);
  });
}

TEST(Reference, a_program_leaves_its_names_in_the_locals) {
  Python::with_gil([](Python py) {
    const auto locals = PyDict::new_(py);
    py.run(R"(
import base64
s = 'Hello Rust!'
ret = base64.b64encode(s.encode('utf-8'))
)",
           {}, locals);
    const auto ret = *locals.get_item("ret");
    EXPECT_EQ(ret.downcast<PyBytes>().as_string_view(), "SGVsbG8gUnVzdCE=");
    const auto expected = PyBytes::new_(py, "SGVsbG8gUnVzdCE=");
    EXPECT_TRUE(std::ranges::equal(ret.downcast<PyBytes>().as_bytes(), expected.as_bytes()));
    EXPECT_EQ(locals.len(), 3u);  // base64, s, ret: __main__ got none of them.
    EXPECT_FALSE(py.import("__main__").hasattr("ret"_s));
  });
}

TEST(Reference, import_finds_modules_or_says_so) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.import("os.path").getattr("basename"_s)("/a/b").extract<std::string>(), "b");
    EXPECT_TRUE(py.import("json").is(py.import("json")));
    EXPECT_EQ(error_of([&] { (void)py.import("no_such_module"); }),
              "ModuleNotFoundError: No module named 'no_such_module'");
    py.run("import sys; sys.modules['adder_three'] = 3");
    EXPECT_EQ(error_of([&] { (void)py.import("adder_three"); }),
              "TypeError: 'int' object is not an instance of 'module'");
    py.run("del sys.modules['adder_three'], sys");
  });
}

TEST(Reference, types_and_subtypes) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.get_type<PyDict>().is(py.eval("dict")));
    EXPECT_TRUE(py.get_type<Pair>().is(made<Pair>(py, 1, 2).get_type()));
    EXPECT_TRUE(py.is_instance<PyInt>(py.eval("True")));
    EXPECT_TRUE(py.is_instance<PyAny>(py.None()));
    EXPECT_FALSE(py.is_instance<PyString>(py.eval("b''")));
    EXPECT_TRUE((py.is_subclass<PyBool, PyInt>()));
    EXPECT_TRUE((py.is_subclass<PyInt, PyInt>()));
    EXPECT_FALSE((py.is_subclass<PyInt, PyBool>()));
    EXPECT_TRUE((py.is_subclass<PyKeyError, PyException>()));
    EXPECT_FALSE((py.is_subclass<PyKeyError, PyIndexError>()));
    EXPECT_TRUE((py.is_subclass<Pair, PyAny>()));
    // As isinstance does, it asks the metaclass.
    const auto liar = py.eval("type('M', (type,), {'__instancecheck__': lambda c, o: True})('Liar', (), {})");
    EXPECT_TRUE(py.None().is_instance(liar));
    EXPECT_TRUE(py.None().is_instance(PyTuple::new_(py, py.get_type<PyInt>(), py.get_type<PyNone>())));
  });
}

TEST(Reference, singletons_are_pythons) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.None().is(py.eval("None")));
    EXPECT_TRUE(py.None().is_none());
    EXPECT_TRUE(py.NotImplemented().is(py.eval("NotImplemented")));
    EXPECT_TRUE(py.NotImplemented().is(py.eval("(1).__add__('')")));
    EXPECT_FALSE(py.NotImplemented().is_none());
    EXPECT_EQ(py.None().repr().to_string(), "None");
    EXPECT_EQ(py.NotImplemented().repr().to_string(), "NotImplemented");
  });
}

TEST(Reference, a_token_on_the_callers_word_is_a_token_like_any_other) {
  Python::with_gil([](Python) {
    const Python py = Python::assume_gil_acquired();
    EXPECT_EQ(py.eval("2 ** 10").extract<int>(), 1024);
  });
}

// --- Handles of every kind -----------------------------------------------------------------------------------------

TEST(Reference, an_object_of_any_type_converts_to_every_other_handle) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const Bound<PyAny> object = PyList::empty(py);
  EXPECT_EQ(count(object), 1);
  const Borrowed<PyList> list = object.downcast<PyList>();
  EXPECT_EQ(count(object), 1);
  EXPECT_EQ(list.len(), 0u);
  const PyObj kept = object;
  const Py<PyAny> the_same = object;
  const auto typed = object.extract<Py<PyList>>();
  EXPECT_EQ(count(object), 4);
  EXPECT_TRUE(kept.bind(py).is(the_same.bind(py)));
  EXPECT_EQ(typed.bind(py).len(), 0u);
  EXPECT_EQ(error_of([&] { (void)object.extract<Py<PyDict>>(); }), "TypeError: expected dict, got list");
}

TEST(Reference, a_native_type_has_the_methods_of_any_object) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const Bound<PyList> list = PyList::empty(py);
  EXPECT_EQ(list.repr().to_string(), "[]");
  const Bound<PyAny>& implicit = list.as_any();
  const auto takes_any = [](const Bound<PyAny>& any) { return any.as_ptr(); };
  EXPECT_EQ(takes_any(list), list.as_ptr());
  EXPECT_EQ(implicit.as_ptr(), list.as_ptr());
  EXPECT_EQ(count(list), 1);
  const PyObj object = list;
  const Py<PyList> typed = list;
  EXPECT_EQ(count(list), 3);
  list.append(1);  // A const handle changes its object: Python knows no constness.
  EXPECT_EQ(typed.bind(py).len(), 1u);
}

TEST(Reference, an_independent_reference_gets_back_to_every_handle) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const PyObj object = PyList::empty(py);
  const Bound<PyAny>& any = object.bind(py);
  EXPECT_EQ(count(any), 1);
  EXPECT_TRUE(any.downcast<PyList>().is(any));
  const auto list = any.extract<Py<PyList>>();
  const PyObj again = object.clone_ref(py);
  EXPECT_EQ(count(any), 3);
  EXPECT_EQ(error_of([&] { (void)any.downcast<PyTuple>(); }), "TypeError: 'list' object is not an instance of 'tuple'");

  Py<PyList> typed = PyList::new_(py, 1, 2);
  EXPECT_EQ(typed.bind(py).len(), 2u);
  const PyObj erased = std::move(typed);
  EXPECT_EQ(count(erased.bind(py)), 1);
}

TEST(Reference, a_cell_lends_its_value_and_is_an_object_too) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const auto cell = made<Pair>(py, 1, 2);
  {
    const auto reader = cell.try_borrow();
    ASSERT_TRUE(reader.is_ok());
    EXPECT_EQ(reader.value()->x(), 1);
    EXPECT_TRUE(cell.try_borrow().is_ok());
    EXPECT_STREQ(cell.try_borrow_mut().error().what(),
                 "RuntimeError: Already borrowed: 'Pair' object: cannot hold exclusively what this thread shares");
  }
  {
    auto writer = cell.try_borrow_mut();
    ASSERT_TRUE(writer.is_ok());
    writer.value()->set_y(7);
    EXPECT_STREQ(cell.try_borrow().error().what(),
                 "RuntimeError: Already mutably borrowed: 'Pair' object: cannot share what this thread holds "
                 "exclusively");
    EXPECT_STREQ(cell.try_borrow_mut().error().what(),
                 "RuntimeError: Already borrowed: 'Pair' object: cannot hold exclusively what this thread holds "
                 "exclusively");
  }
  EXPECT_NE(cell.repr().to_string().find("Pair object at"), std::string::npos);
  const Bound<PyAny>& any = cell.as_any();
  EXPECT_EQ(any.getattr("y"_s).extract<int>(), 7);
  EXPECT_EQ(any.downcast<Pair>().borrow()->y(), 7);
  EXPECT_EQ(any.extract<PyRef<Pair>>()->y(), 7);
  any.extract<PyRefMut<Pair>>()->set_y(8);
  EXPECT_EQ(cell.borrow()->y(), 8);
  const Py<Pair> kept = cell;
  EXPECT_TRUE(kept.bind(py).is(cell));
}

// --- Classes and threads -------------------------------------------------------------------------------------------

TEST(Reference, overlapping_calls_of_two_threads_raise) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("pair"_s) = made<Pair>(py, 1, 2));
    py.run(R"(
        import threading

        errors = []

        def elsewhere():
            for use in (lambda: pair.x, lambda: pair.set_y(5)):
                try:
                    use()
                except RuntimeError as error:
                    errors.append(str(error))

        def overlap():
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join()

        pair.busy(overlap)
        assert errors == [
            "Already mutably borrowed: 'Pair' object: cannot share what another thread holds exclusively",
            "Already borrowed: 'Pair' object: cannot hold exclusively what another thread holds exclusively",
        ], errors
        overlap()
        assert len(errors) == 2 and (pair.x, pair.y) == (2, 5)
    )",
           names);
  });
}

TEST(Reference, atomics_and_locks_in_frozen_classes_take_calls_of_all_threads) {
  Python::with_gil([](Python py) {
    const auto atomics = made<AtomicPair>(py, 3, 0);
    const auto locked = made<LockedPair>(py, 1000, 0);
    const auto names = PyDict::new_(py, kw("atomics"_s) = atomics, kw("locked"_s) = locked);
    py.run(R"(
        import threading

        def work(number):
            for _ in range(50):
                atomics.set_y(number)
                locked.move_to_y(1)
                assert atomics.get_x() == 3 and locked.sum() == 1000

        threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    )",
           names);
    EXPECT_GT(atomics.get().get_y(), 0);
    EXPECT_EQ(locked.get().sum(), 1000);
  });
}

TEST(Reference, a_list_in_a_shared_cell_is_one_list) {
  // Not static: the memory check would count what it keeps.
  GILOnceCell<Py<PyList>> cell;
  const auto shared = [&cell](Python py) {
    return cell.get_or_init(py, [py] { return PyList::empty(py).unbind(); }).bind(py);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { Python::with_gil([&](Python py) { shared(py).append("x"); }); });
  }
  for (std::thread& thread : threads) thread.join();
  Python::with_gil([&](Python py) {
    EXPECT_EQ(shared(py).len(), 4u);
    EXPECT_TRUE(shared(py).is(shared(py)));
    const auto clone = cell.clone_ref(py);
    EXPECT_TRUE(clone.get(py)->bind(py).is(shared(py)));
    EXPECT_EQ(count(shared(py)), 3);  // Two cells and the temporary.
  });
}

}  // namespace

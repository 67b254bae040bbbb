// SPDX-License-Identifier: MIT
// A value in its object: borrowed, replaced, found again behind any handle.
#include "adder/class/cell.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/token/gil_guard.hpp"
#include "support/classes.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using test::count;
using test::Counted;
using test::error_elsewhere;
using test::error_of;
using test::Shape;
using test::Square;

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

namespace {

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

// REFERENCE_ROUNDS: 60. With tens of thousands of borrows, and with threads.

TEST(Cell, many_share_or_one_excludes) {
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

TEST(Cell, refused_borrows_are_caught_by_type_and_as_pyerr) {
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

TEST(Cell, a_guard_that_was_moved_from_has_no_value_and_gives_nothing_back) {
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

TEST(CellDeathTest, a_guard_that_was_moved_from_says_so) {
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

TEST(Cell, there_is_room_for_32752_readers) {
  Python::with_gil([](Python py) {
    const auto object = Bound<Counted>::new_(py, 1);
    {
      std::vector<PyRef<Counted>> readers;
      readers.reserve(32752);
      for (int i = 0; i < 32752; ++i) readers.push_back(object.borrow());
      EXPECT_EQ(error_of([&] { (void)object.borrow(); }),
                "RuntimeError: Too many borrows: 'Counted' object: no more can share it");
      EXPECT_EQ(error_of([&] { (void)object.borrow_mut(); }), shared_here);
      EXPECT_EQ(error_of([&] { (void)object.as_any().getattr("value"_s); }),
                "RuntimeError: Too many borrows: 'Counted' object: no more can share it");
      readers.pop_back();
      EXPECT_TRUE(object.try_borrow().is_ok());
      EXPECT_EQ(count(object), 32752);
    }
    expect_borrows(object, nullptr, nullptr);
  });
}

TEST(Cell, a_guard_keeps_its_object_alive) {
  Python::with_gil([](Python py) {
    auto reader = Bound<Counted>::new_(py, 9).borrow();
    EXPECT_EQ(Counted::alive, 1);
    EXPECT_EQ(reader->value, 9);
    EXPECT_EQ(count(reader.as_bound()), 1);
    (void)PyRef<Counted>(std::move(reader));
    EXPECT_EQ(Counted::alive, 0);
  });
}

TEST(Cell, values_are_replaced_and_swapped_where_nobody_looks) {
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

TEST(Cell, who_holds_is_told_across_threads) {
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
    // Who has read and left is not told of, nor in anybody's way.
    share(object.bind(py));
    EXPECT_EQ(elsewhere([&](const Bound<Counted>& it) {
                const auto reader = it.borrow();
                exclude(it);
              }),
              "RuntimeError: Already borrowed: 'Counted' object: cannot hold exclusively what this thread shares");
    EXPECT_EQ(elsewhere(exclude), "no error");
    share(object.bind(py));
    EXPECT_EQ(elsewhere(exclude), "no error");
    const auto writer = object.bind(py).borrow_mut();
    EXPECT_EQ(elsewhere(share),
              "RuntimeError: Already mutably borrowed: 'Counted' object: cannot share what another "
              "thread holds exclusively");
    EXPECT_EQ(elsewhere(exclude),
              "RuntimeError: Already borrowed: 'Counted' object: cannot hold exclusively what "
              "another thread holds exclusively");
  });
}

TEST(Cell, an_object_is_found_again_behind_any_handle) {
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

TEST(Cell, one_flag_serves_the_whole_chain) {
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

// REFERENCE_ROUNDS: 1000

TEST(Cell, a_cell_lends_its_value_and_is_an_object_too) {
  const GILGuard gil = Python::acquire_gil();
  const Python py = gil.python();
  const auto cell = Bound<Pair>::new_(py, 1, 2);
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

TEST(Cell, overlapping_calls_of_two_threads_raise) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("pair"_s) = Bound<Pair>::new_(py, 1, 2));
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

}  // namespace

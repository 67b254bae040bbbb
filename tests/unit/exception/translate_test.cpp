// SPDX-License-Identifier: MIT
// What C++ exceptions become. The same mapping is tested through bound functions in tests/python; here, what the
// functions of this layer see.
#include "adder/exception/translate.hpp"

#include "adder/adder.hpp"
#include "adder/exception/exceptions.hpp"
#include "support/translated.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#if defined(__GLIBCXX__)
#include <pthread.h>
#include <unwind.h>
#include <atomic>
#include <chrono>
#include <thread>
#endif

namespace {

using namespace adder;

TEST(Translate, standard_exceptions_map_to_their_python_types) {
  Python::with_gil([](Python py) {
    const auto translated = [&](auto thrown) { return test::translated(py, thrown); };
    EXPECT_EQ(translated(std::bad_alloc()), "MemoryError");
    EXPECT_EQ(translated(std::out_of_range("o")), "IndexError: o");
    EXPECT_EQ(translated(std::invalid_argument("i")), "ValueError: i");
    EXPECT_EQ(translated(std::domain_error("d")), "ValueError: d");
    EXPECT_EQ(translated(std::length_error("l")), "ValueError: l");
    EXPECT_EQ(translated(std::overflow_error("v")), "OverflowError: v");
    EXPECT_EQ(translated(std::runtime_error("r")), "RuntimeError: r");
    EXPECT_EQ(translated(std::runtime_error("\xff")), "RuntimeError: \\xff");
    EXPECT_EQ(translated(42), "PanicException: a C++ exception of type 'int' was thrown, which is no std::exception");
    EXPECT_EQ(translated(PyKeyError::new_err("k")), "KeyError: 'k'");
    EXPECT_EQ(translated(std::make_error_code(std::errc::no_such_file_or_directory)).substr(0, 14), "PanicException");
    EXPECT_EQ(
        translated(std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), "open")).substr(0, 17),
        "FileNotFoundError");
  });
}

struct Tagged {
  virtual ~Tagged() = default;
  int tag = 7;
};
// The std::exception is not where the object begins.
struct Behind : Tagged, std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Sharing : virtual Tagged, virtual std::exception {
  const char* what() const noexcept override { return "shared"; }
};
struct Hidden : private std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Twice1 : std::exception {};
struct Twice2 : std::exception {};
struct Ambiguous : Twice1, Twice2 {};
struct OwnError : Tagged, PyErr {
  explicit OwnError(const PyErr& error) : PyErr(error) {}
};
struct OwnRange : std::out_of_range {
  using std::out_of_range::out_of_range;
};
/// What is thrown counts itself, to show that nothing is kept.
struct Counted : std::runtime_error {
  static inline int alive = 0;
  Counted() : std::runtime_error("counted") { ++alive; }
  Counted(const Counted& other) : std::runtime_error(other) { ++alive; }
  ~Counted() override { --alive; }
};

TEST(Translate, an_exception_is_what_a_handler_would_take_it_for) {
  Python::with_gil([](Python py) {
    const auto translated = [&](auto thrown) { return test::translated(py, thrown); };
    const std::string no_exception = "PanicException: a C++ exception of type '(anonymous namespace)::";
    EXPECT_EQ(translated(Behind("behind")), "RuntimeError: behind");
    EXPECT_EQ(translated(Sharing()), "RuntimeError: shared");
    EXPECT_EQ(translated(OwnRange("own")), "IndexError: own");
    EXPECT_EQ(translated(OwnError(PyKeyError::new_err("k"))), "KeyError: 'k'");
    EXPECT_EQ(translated(Hidden("hidden")), no_exception + "Hidden' was thrown, which is no std::exception");
    EXPECT_EQ(translated(Ambiguous()), no_exception + "Ambiguous' was thrown, which is no std::exception");
    std::runtime_error pointed_to("not caught by its pointer");
    EXPECT_EQ(translated(&pointed_to),
              "PanicException: a C++ exception of type 'std::runtime_error*' was thrown, which is no std::exception");
  });
}

TEST(Translate, an_exception_that_was_kept_and_is_thrown_again_is_translated_and_let_go_of) {
  Python::with_gil([](Python py) {
    std::exception_ptr kept;
    try {
      throw Counted();
    } catch (...) {
      kept = std::current_exception();
    }
    for (int round = 0; round < 2; ++round) {
      try {
        std::rethrow_exception(kept);
      } catch (...) {
        adder::detail::translate_current_exception();
      }
      EXPECT_STREQ(PyErr::fetch(py).what(), "RuntimeError: counted");
    }
    EXPECT_EQ(Counted::alive, 1);
    kept = nullptr;
    EXPECT_EQ(Counted::alive, 0);
  });
}

#if defined(__GLIBCXX__)
TEST(Translate, an_exception_of_another_language_has_no_name) {
  Python::with_gil([](Python py) {
    _Unwind_Exception foreign{};
    foreign.exception_class = 0x4144444552544553;
    foreign.exception_cleanup = [](_Unwind_Reason_Code, _Unwind_Exception*) {};
    try {
      _Unwind_RaiseException(&foreign);
      FAIL();
    } catch (...) {
      adder::detail::translate_current_exception();
    }
    EXPECT_STREQ(PyErr::fetch(py).what(),
                 "PanicException: a C++ exception of type 'unknown' was thrown, which is no std::exception");
  });
}

// REFERENCE_ROUNDS: 0
TEST(Translate, a_thread_that_is_being_ended_is_parked) {
  static std::atomic<bool> ending{false}, came_back{false};
  std::thread([] {
    try {
      ending = true;
      pthread_exit(nullptr);
    } catch (...) {
      adder::detail::translate_current_exception();
    }
    came_back = true;
  }).detach();
  while (!ending) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_FALSE(came_back);
}
#endif

}  // namespace

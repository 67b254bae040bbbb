// SPDX-License-Identifier: MIT
// Ways for a class to live with threads. Python hands objects to any thread, so that each class here answers: what if
// two of them use one object?
//
//   Checked   the default: colliding uses are errors, found at run time
//   Atomic    frozen, with atomics: uses do not collide
//   Locked    frozen, with a mutex: uses wait for each other
//   OneThread unsendable: other threads get errors
//   Wrapped   data that knows nothing of threads, made safe and declared so by hand
//   Keeper    data that is tied to the GIL, declared by hand to be in safe places
#include <adder/adder.hpp>
#include <adder/stl/pair.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

using namespace adder;

namespace {

// --- Checked ---------------------------------------------------------------------------------------------------------

/// Nothing to do. get_x shares the object, set_y has it alone; with the GIL that hardly ever fails, since a method that
/// keeps the GIL is not interrupted.
class Checked {
 public:
  std::int64_t get_x() const { return x_; }
  std::int64_t get_y() const { return y_; }
  void set_y(std::int64_t value) { y_ = value; }
  /// Calls Python in the middle of a change, so that other threads get to run while the object is not fit to be seen.
  void set_both(std::int64_t value, const Bound<PyAny>& in_between) {
    x_ = value;
    in_between();
    y_ = value;
  }

 private:
  std::int64_t x_ = 0, y_ = 0;
};

// --- Atomic ----------------------------------------------------------------------------------------------------------

/// Frozen: only const methods, no flag, no errors. What they change has to be mutable, and safe to change.
class Atomic {
 public:
  std::int64_t get_x() const { return x_.load(std::memory_order_relaxed); }
  std::int64_t get_y() const { return y_.load(std::memory_order_relaxed); }
  void set_y(std::int64_t value) const { y_.store(value, std::memory_order_relaxed); }
  void add_to_x(std::int64_t by) const { x_.fetch_add(by, std::memory_order_relaxed); }

 private:
  mutable std::atomic<std::int64_t> x_{0}, y_{0};
};

// --- Locked ----------------------------------------------------------------------------------------------------------

/// Frozen too. Atomics cannot keep x and y in step, a mutex can. Python is never called while it is locked: the callee
/// may let go of the GIL, and whoever takes it then may want the mutex.
class Locked {
 public:
  std::pair<std::int64_t, std::int64_t> get_both() const {
    const std::lock_guard lock(mutex_);
    return {inner_.x, inner_.y};
  }
  void add_to_both(std::int64_t by) const {
    const std::lock_guard lock(mutex_);
    inner_.x += by;
    inner_.y += by;
  }

 private:
  struct Inner {
    std::int64_t x = 0, y = 0;
  };
  mutable std::mutex mutex_;
  mutable Inner inner_;
};

// --- OneThread -------------------------------------------------------------------------------------------------------

/// Unsendable: for what must stay on its thread, such as the handles of many graphics libraries.
class OneThread {
 public:
  std::int64_t get_x() const { return x_; }
  void set_x(std::int64_t value) { x_ = value; }

 private:
  std::int64_t x_ = 0;
};

// --- Wrapped ---------------------------------------------------------------------------------------------------------

/// A library from before there were threads.
struct Tally {
  std::int64_t total;
};
Tally* tally_open() { return new Tally{0}; }
void tally_add(Tally* tally, std::int64_t by) { tally->total += by; }
void tally_close(Tally* tally) { delete tally; }

/// One mutex for each tally makes it safe, as two of them have nothing in common. (A library with global variables
/// would need one mutex for all.) That the pointer never gets out is what a reviewer has to look for.
class Wrapped {
 public:
  std::int64_t add(std::int64_t by) const {
    const std::lock_guard lock(mutex_);
    tally_add(tally_.get(), by);
    return tally_->total;
  }

 private:
  struct Close {
    void operator()(Tally* tally) const { tally_close(tally); }
  };
  mutable std::mutex mutex_;
  std::unique_ptr<Tally, Close> tally_{tally_open()};
};

// --- Keeper ----------------------------------------------------------------------------------------------------------

/// Holds a handle that is for attached threads only; think of a struct from elsewhere that cannot be changed to have a
/// Py<PyDict>. It is safe here: methods run attached, and so does the destructor, as nobody but Python owns a Keeper.
struct Keeper {
  Bound<PyDict> items;
};
Keeper make_keeper(Python py) { return Keeper{PyDict::new_(py)}; }

}  // namespace

// --- What Python sees ------------------------------------------------------------------------------------------------

/// `release_gil` below is for types of which it is known that they are not tied to the GIL. The compiler cannot look
/// into classes with private fields, so their authors say it: there are numbers, a mutex and a Tally in there.
template <>
struct adder::UngilTraits<Atomic> : std::true_type {};
template <>
struct adder::UngilTraits<Locked> : std::true_type {};
template <>
struct adder::UngilTraits<Wrapped> : std::true_type {};

template <>
struct adder::PyClass<Checked> {
  static constexpr auto name = "Checked";
  static void define(ClassBuilder<Checked>& cls) {
    cls.def_new<>();
    cls.def<&Checked::get_x>("get_x");
    cls.def<&Checked::get_y>("get_y");
    cls.def<&Checked::set_y>("set_y", arg("value"));
    cls.def<&Checked::set_both>("set_both", arg("value"), arg("in_between"));
  }
};

template <>
struct adder::PyClass<Atomic> {
  static constexpr auto name = "Atomic";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Atomic>& cls) {
    cls.def_new<>();
    cls.def<&Atomic::get_x>("get_x");
    cls.def<&Atomic::get_y>("get_y");
    cls.def<&Atomic::set_y>("set_y", arg("value"));
    cls.def<&Atomic::add_to_x>("add_to_x", arg("by"), release_gil);
  }
};

template <>
struct adder::PyClass<Locked> {
  static constexpr auto name = "Locked";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Locked>& cls) {
    cls.def_new<>();
    cls.def<&Locked::get_both>("get_both", release_gil);  // Who waits for the mutex does not keep the GIL from others.
    cls.def<&Locked::add_to_both>("add_to_both", arg("by"), release_gil);
  }
};

template <>
struct adder::PyClass<OneThread> {
  static constexpr auto name = "OneThread";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<OneThread>& cls) {
    cls.def_new<>();
    cls.def<&OneThread::get_x>("get_x");
    cls.def<&OneThread::set_x>("set_x", arg("value"));
  }
};

template <>
struct adder::PyClass<Wrapped> {
  static constexpr auto name = "Wrapped";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Wrapped>& cls) {
    cls.def_new<>();
    cls.def<&Wrapped::add>("add", arg("by"), release_gil);
  }
};

template <>
struct adder::PyClass<Keeper> {
  static constexpr auto name = "Keeper";
  static constexpr bool unsafe_send = true;
  static void define(ClassBuilder<Keeper>& cls) {
    cls.def_new<&make_keeper>();
    cls.def<[](const Keeper& self, const Bound<PyAny>& key, const Bound<PyAny>& value) {
      self.items.set_item(key, value);
    }>("keep", arg("key"), arg("value"));
    cls.def<"__len__", [](const Keeper& self) { return self.items.len(); }>();
  }
};

ADDER_MODULE(thread_safe_classes, m) {
  m.doc("Ways for a class to live with threads.");
  m.add_class<Checked>();
  m.add_class<Atomic>();
  m.add_class<Locked>();
  m.add_class<OneThread>();
  m.add_class<Wrapped>();
  m.add_class<Keeper>();
}

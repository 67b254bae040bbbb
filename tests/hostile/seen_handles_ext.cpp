// SPDX-License-Identifier: MIT
// Handles where the collector has to look for them: in errors, results, expecteds; and members that hide none.
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "adder/stl/optional.hpp"
#include "adder/sync/clone_ref.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

struct c_resource;  // As a C library declares what it hands out.
extern "C" {
static int open_resources = 0;
static c_resource* c_open() {
  ++open_resources;
  return reinterpret_cast<c_resource*>(&open_resources);
}
static void c_close(c_resource*) { --open_resources; }
}

namespace {

using namespace adder;

/// As std::expected, which not every compiler has.
template <class T, class E>
class Expected {
 public:
  using value_type = T;
  using error_type = E;
  Expected() = default;
  bool has_value() const { return value_.has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  E& error() { return *error_; }
  const E& error() const { return *error_; }
  void set(T value) { value_ = std::move(value), error_.reset(); }
  void set_error(E error) { error_ = std::move(error), value_.reset(); }

 private:
  std::optional<T> value_;
  std::optional<E> error_;
};

struct OfError {
  PyErr error;
};
struct OfErrors {
  std::vector<PyErr> errors;
  int number;
};
struct OfResult {
  PyResult<Py<PyAny>> result;
};
struct OfVoid {
  PyResult<void> result;
};
class OfExpected {
 public:
  Expected<Py<PyAny>, PyErr> expected;

 private:
  friend struct adder::PyClass<OfExpected>;
  int number_ = 0;
};

struct Close {
  void operator()(c_resource* resource) const { c_close(resource); }
};
/// The idiom for what a C library opens and closes.
struct Resource {
  std::unique_ptr<c_resource, Close> handle{c_open()};
  Py<PyAny> owner;
};
/// The same in a class that lists its fields, and one whose deleter is a function.
class Resources {
 private:
  friend struct adder::PyClass<Resources>;
  std::unique_ptr<c_resource, Close> first_{c_open()};
  std::unique_ptr<c_resource, void (*)(c_resource*)> second_{c_open(), &c_close};
  std::optional<Py<PyAny>> owner_;
};

PyErr error_with(Python py, const Bound<PyAny>& value) {
  PyErr error = PyValueError::new_err("with a value");
  error.value(py).setattr("held"_s, value);
  return error;
}
/// The class of an error is owned as well.
PyErr error_of(const Bound<PyAny>& type) { return PyErr::from_type(type, "lazy"); }
std::vector<PyErr> kept_errors;

template <class T>
struct Named {
  static constexpr bool weakref = true;
};

}  // namespace

template <>
struct adder::PyClass<OfError> : Named<OfError> {
  static constexpr auto name = "OfError";
  static void define(ClassBuilder<OfError>& cls) {
    cls.def_new<[] { return OfError{PyKeyError::new_err("empty")}; }>();
    cls.def<[](const Bound<OfError>& self) { self.borrow_mut()->error = error_with(self.py(), self); }>("hold_itself");
    cls.def<[](OfError& self, const Bound<PyAny>& type) { self.error = error_of(type); }>("hold_class");
    cls.def<[](const OfError& self) { kept_errors.push_back(self.error); }>("share");
    cls.def<[](const OfError& self, Python py) { self.error.restore(py), throw PyErr::fetch(py); }>("raise_");
    cls.def<[](const OfError& self, Python py) { return clone_ref(py, self).error.value(py); }>("clone");
  }
};
template <>
struct adder::PyClass<OfErrors> : Named<OfErrors> {
  static constexpr auto name = "OfErrors";
  static void define(ClassBuilder<OfErrors>& cls) {
    cls.def_new<>();
    cls.def<[](const Bound<OfErrors>& self) { self.borrow_mut()->errors.push_back(error_with(self.py(), self)); }>(
        "hold_itself");
  }
};
template <>
struct adder::PyClass<OfResult> : Named<OfResult> {
  static constexpr auto name = "OfResult";
  static void define(ClassBuilder<OfResult>& cls) {
    cls.def_new<[] { return OfResult{PyKeyError::new_err("empty")}; }>();
    cls.def<[](const Bound<OfResult>& self) { self.borrow_mut()->result = Py<PyAny>(self.as_any()); }>("hold_itself");
    cls.def<[](const Bound<OfResult>& self) { self.borrow_mut()->result = error_with(self.py(), self); }>("hold_error");
  }
};
template <>
struct adder::PyClass<OfVoid> : Named<OfVoid> {
  static constexpr auto name = "OfVoid";
  static void define(ClassBuilder<OfVoid>& cls) {
    cls.def_new<[] { return OfVoid{}; }>();
    cls.def<[](const Bound<OfVoid>& self) { self.borrow_mut()->result = error_with(self.py(), self); }>("hold_itself");
  }
};
template <>
struct adder::PyClass<OfExpected> : Named<OfExpected> {
  static constexpr auto name = "OfExpected";
  using fields = FieldList<&OfExpected::expected, &OfExpected::number_>;
  static void define(ClassBuilder<OfExpected>& cls) {
    cls.def_new<[] {
      OfExpected made;
      made.expected.set_error(PyKeyError::new_err("empty"));
      return made;
    }>();
    cls.def<[](const Bound<OfExpected>& self) { self.borrow_mut()->expected.set(Py<PyAny>(self.as_any())); }>(
        "hold_itself");
    cls.def<[](const Bound<OfExpected>& self) { self.borrow_mut()->expected.set_error(error_with(self.py(), self)); }>(
        "hold_error");
  }
};
template <>
struct adder::PyClass<Resource> : Named<Resource> {
  static constexpr auto name = "Resource";
  static void define(ClassBuilder<Resource>& cls) {
    cls.def_new<[](Py<PyAny> owner) { return Resource{.owner = std::move(owner)}; }>(arg("owner"));
    cls.setter<&Resource::owner>("owner");
  }
};
template <>
struct adder::PyClass<Resources> : Named<Resources> {
  static constexpr auto name = "Resources";
  using fields = FieldList<&Resources::first_, &Resources::second_, &Resources::owner_>;
  static void define(ClassBuilder<Resources>& cls) {
    cls.def_new<>();
    cls.setter<&Resources::owner_>("owner");
  }
};

ADDER_MODULE(seen_handles_ext, m) {
  m.add_class<OfError>();
  m.add_class<OfErrors>();
  m.add_class<OfResult>();
  m.add_class<OfVoid>();
  m.add_class<OfExpected>();
  m.add_class<Resource>();
  m.add_class<Resources>();
  m.def<[] { return open_resources; }>("open_resources");
  m.def<[] { kept_errors.clear(); }>("drop_errors");
  m.def<[](Python py, const Bound<PyAny>& value) {
    return new_closure<[](const OfError&) {}>(py, "closure", OfError{error_with(py, value)});
  }>("new_closure");
}

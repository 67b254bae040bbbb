// SPDX-License-Identifier: MIT
// Exceptions of one's own, causes and notes, warnings, and what C++ exceptions become: for test_exception_types.py.
#include <adder/adder.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

// --- New exception classes -------------------------------------------------------------------------------------------

struct ParseError : NewException<"exception_types_ext.ParseError", PyValueError, "What the parser says."> {};
struct TokenError : NewException<"exception_types_ext.TokenError", ParseError> {};
struct PlainError : NewException<"exception_types_ext.PlainError"> {};
struct MissingError : NewException<"exception_types_ext.MissingError", ExceptionBases<ParseError, PyKeyError>> {};
struct ClashingError : NewException<"exception_types_ext.ClashingError", ExceptionBases<PyOSError, PySystemExit>> {};
static_assert(std::is_convertible_v<Bound<MissingError>, Bound<ParseError>>);
struct FarError : NewException<"some.other.place.FarError", PyKeyError> {};
struct DetachedError : NewException<"exception_types_ext.DetachedError"> {};
struct RacedError : NewException<"exception_types_ext.RacedError"> {};
struct OwnWarning : NewException<"exception_types_ext.OwnWarning", PyUserWarning> {};
struct OwnOSError : NewException<"exception_types_ext.OwnOSError", PyOSError> {};

struct PendingError : NewException<"exception_types_ext.PendingError"> {};
struct LzmaError : ImportedException<"lzma", "LZMAError"> {};

// Another tag of the same name: the same class.
struct ParseErrorAgain : NewException<"exception_types_ext.ParseError", PyValueError, "What the parser says."> {};

// --- Classes of Python modules ---------------------------------------------------------------------------------------

struct JSONDecodeError : ImportedException<"json", "JSONDecodeError", PyValueError> {};
struct BinasciiError : ImportedException<"binascii", "Error", PyValueError> {};
struct NoSuchModule : ImportedException<"there_is.no_such_module", "Error"> {};
struct NoSuchAttribute : ImportedException<"json", "NoSuchError"> {};
struct NoClass : ImportedException<"json", "dumps"> {};
struct NoExceptionClass : ImportedException<"json", "JSONDecoder"> {};
struct LateError : ImportedException<"exception_types_late", "LateError"> {};
struct OwnBase : ImportedException<"exception_types_base", "Base"> {};
struct OfImported : NewException<"exception_types_ext.OfImported", OwnBase> {};

template <class... Tags>
struct TagList {
  static void raise(std::string_view name, const std::string& text) {
    ((name == Tags::python_name ? throw Tags::new_err(text) : void()), ...);
    throw PyNotImplementedError::new_err("no tag for " + std::string(name));
  }
  static PyResult<void> raise_bare(std::string_view name) {
    PyResult<void> result = PyNotImplementedError::new_err("no tag for " + std::string(name));
    ((name == Tags::python_name ? void(result = Tags::new_err()) : void()), ...);
    return result;
  }
  static Any type_of(Python py, std::string_view name) {
    Any type = py.None().into_any();
    ((name == Tags::python_name ? void(type = py.get_type<Tags>().into_any()) : void()), ...);
    return type;
  }
  static std::vector<bool> is_a(Python py, std::string_view name, const Any& value) {
    std::vector<bool> found;
    const PyErr error = PyErr::from_value(value);
    ((name == Tags::python_name ? void(found = {error.is_instance_of<Tags>(py), value.is_instance_of<Tags>(),
                                                value.try_downcast<Tags>().has_value()})
                                : void()),
     ...);
    return found;
  }
};
using OwnTags = TagList<ParseError, TokenError, PlainError, FarError, OwnWarning, OwnOSError, JSONDecodeError,
                        BinasciiError, OfImported, MissingError, ClashingError>;

std::string caught_by_kind(Python py, const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    if (error.is_instance_of<TokenError>(py)) return "TokenError";
    if (error.is_instance_of<ParseError>(py)) return "ParseError";
    if (error.is_instance_of<FarError>(py)) return "FarError";
    if (error.is_instance_of<JSONDecodeError>(py)) return "JSONDecodeError";
    if (error.is_instance_of<PyValueError>(py)) return "ValueError";
    if (error.is_instance_of<PlainError>(py)) return "PlainError";
    return "other";
  }
  return "nothing";
}
/// Thrown and caught in C++ alone: no Python code sees it.
std::string caught_without_python(Python py) {
  try {
    throw TokenError::new_err("at line 3");
  } catch (const PyErr& error) {
    if (!error.is_instance_of<ParseError>(py) || !error.is_instance_of<PyValueError>(py)) return "not a ParseError";
    if (error.is_instance_of<PlainError>(py) || error.is_instance_of<FarError>(py)) return "of a foreign kind";
    return error.what();
  }
}
void raise_with_fields(Python py) { throw ParseError::new_err_with(py, "text", 3, py.None(), 2.5); }
void raise_os_error(Python py, int code) { throw OwnOSError::new_err_with(py, code, "why", "the file"); }
void raise_unicode_error(Python py) {
  throw PyUnicodeDecodeError::new_err_with(py, "utf-8", PyBytes::new_(py, "a\xff"), 1, 2, "why");
}
void raise_json_error(Python py, const std::string& document, int at) {
  throw JSONDecodeError::new_err_with(py, "Expecting", document, at);
}
void raise_with_too_few(Python py) { throw JSONDecodeError::new_err_with(py, "alone"); }
Any same_class_twice(Python py) {
  return PyBool::new_(py, py.get_type<ParseError>().is(py.get_type<ParseErrorAgain>())).into_any();
}
void raise_missing(std::string_view which) {
  if (which == "module") throw NoSuchModule::new_err("never seen");
  if (which == "attribute") throw NoSuchAttribute::new_err("never seen");
  if (which == "function") throw NoClass::new_err("never seen");
  if (which == "class") throw NoExceptionClass::new_err("never seen");
  if (which == "late") throw LateError::new_err("at last");
}
bool asks_for_missing(Python py, const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    return error.is_instance_of<NoSuchModule>(py);
  }
  return false;
}
std::string made_detached(Python py) {
  return py.allow_threads([] {
    const PyErr error = DetachedError::new_err("far away");
    const PyErr copy = error;
    return std::string(copy.what());
  });
}
PyResult<void> raise_detached(Python py) {
  return py.allow_threads([]() -> PyResult<void> { return DetachedError::new_err("far away"); });
}
std::string missing_detached(Python py) {
  return py.allow_threads([]() -> std::string {
    try {
      (void)NoSuchModule::new_err("never seen");
    } catch (const PyErr& error) {
      return error.what();
    }
    return "";
  });
}
void raise_with_another_pending() {
  PyErr_SetString(PyExc_KeyError, "set by C code");
  throw PendingError::new_err("replaces it");
}
void import_with_another_pending() {
  PyErr_SetString(PyExc_KeyError, "set by C code");
  throw LzmaError::new_err("replaces it");
}
/// Threads that are not attached race for the class.
bool raced_for_the_class(Python py) {
  return py.allow_threads([] {
    ::PyTypeObject* types[8] = {};
    std::vector<std::thread> threads;
    for (auto& type : types) threads.emplace_back([&type] { type = RacedError::find_type(); });
    for (auto& thread : threads) thread.join();
    for (const auto* type : types) {
      if (type == nullptr || type != types[0]) return false;
    }
    return true;
  });
}

// --- Cause, context, notes, traceback --------------------------------------------------------------------------------

std::optional<PyErr> error_from(const Any& callback) {
  try {
    (void)callback();
  } catch (const PyErr& error) {
    return error;
  }
  return std::nullopt;
}
std::optional<PyErr> cause_of(Python py, const Any& callback) { return error_from(callback)->cause(py); }
std::optional<PyErr> context_of(Python py, const Any& callback) { return error_from(callback)->context(py); }
std::optional<Any> traceback_of(Python py, const Any& callback) {
  const auto traceback = error_from(callback)->traceback(py);
  if (!traceback) return std::nullopt;
  return Any(*traceback);
}
void raise_from(Python py, const Any& cause) {
  const PyErr error = ParseError::new_err("outer");
  error.set_cause(py, cause.is_none() ? std::nullopt : std::optional(PyErr::from_value(cause)));
  throw error;  // NOLINT
}
void raise_from_lazy(Python py) {
  const PyErr error = ParseError::new_err("outer");
  error.set_cause(py, TokenError::new_err("inner"));
  throw error;  // NOLINT
}
/// A cause is set, replaced and taken away again; what is left.
std::optional<PyErr> replace_cause(Python py, const Any& first, const Any& second) {
  const PyErr error = PyValueError::new_err("outer");
  if (error.cause(py)) throw PyAssertionError::new_err("a new error has a cause");
  if (error.context(py)) throw PyAssertionError::new_err("a new error has a context");
  error.set_cause(py, PyErr::from_value(first));
  error.set_cause(py, PyErr::from_value(second));
  return error.cause(py);
}
PyErr noted(Python py, const std::vector<std::string>& notes) {
  PyErr error = ParseError::new_err("noted");
  for (const std::string& note : notes) error.add_note(py, note);
  return error;
}
void raise_noted(Python py, const std::vector<std::string>& notes) { throw noted(py, notes); }
std::string format_noted(Python py) {
  const PyErr error = noted(py, {"the note"});
  error.set_cause(py, PyKeyError::new_err("the cause"));
  return error.format(py);
}
void note_not_utf8(Python py) {
  const PyErr error = ParseError::new_err("noted");
  error.add_note(py,
                 "a\xff"
                 "b");
  throw error;  // NOLINT
}
void moved_from_set_cause(Python py, const Any& cause) {
  PyErr error = PyValueError::new_err("gone");
  const PyErr taken = std::move(error);
  error.set_cause(py, PyErr::from_value(cause));  // NOLINT
}
/// A bare error of a class whose __init__ is Python code.
void raise_class(const Any& type) { throw PyErr::from_value(type); }

// --- Warnings --------------------------------------------------------------------------------------------------------

PyResult<void> warn(Python py, const std::string& which, const std::string& text, int stacklevel) {
  if (which == "user") return PyErr::warn<PyUserWarning>(py, text, stacklevel);
  if (which == "deprecation") return PyErr::warn<PyDeprecationWarning>(py, text, stacklevel);
  if (which == "own") return PyErr::warn<OwnWarning>(py, text, stacklevel);
  return PyNotImplementedError::new_err(which);
}
bool warn_and_swallow(Python py, const std::string& text) { return PyErr::warn<PyUserWarning>(py, text).is_err(); }

// --- What C++ exceptions become --------------------------------------------------------------------------------------

struct Base : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Middle : Base {
  using Base::Base;
};
struct Leaf : Middle {
  using Middle::Middle;
};
/// Of a second hierarchy, whose translators are registered from the base down.
struct Base2 : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Middle2 : Base2 {
  using Base2::Base2;
};
struct Leaf2 : Middle2 {
  using Middle2::Middle2;
};
struct Unrelated : std::out_of_range {
  using std::out_of_range::out_of_range;
};
struct Plain {  // No std::exception, and not polymorphic.
  int code;
};
struct Both : virtual Base, virtual Middle2 {
  explicit Both(const std::string& text) : Base("base " + text), Middle2("middle2 " + text) {}
};
struct VirtualBase {
  virtual ~VirtualBase() = default;
};
struct VirtualLeaf : virtual VirtualBase {};
struct ThrowsPyErr : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct ThrowsStandard : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct ThrowsUnknown : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct ThrowsTranslated : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct ReturnsMovedFrom : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct CallsPython : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Twice : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Late : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Its translator gives the Python error that is nested in it.
struct Wrapper : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Its translator sets a cause of its own.
struct WithOwnCause : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Calls : std::runtime_error {
  using std::runtime_error::runtime_error;
};
::PyObject* called_by_translator = nullptr;  // The handle dies before the translator runs, the object does not.

template <class E>
PyErr named(const char* name, const E& error) {
  return ParseError::new_err(std::string(name) + ": " + error.what());
}
PyErr unwrapped(const Wrapper& wrapper) {
  try {
    std::rethrow_if_nested(wrapper);
  } catch (const PyErr& error) {
    return error;
  } catch (const std::exception& error) {
    try {
      std::rethrow_if_nested(error);
    } catch (const PyErr& inner) {
      return inner;
    }
  }
  return PyRuntimeError::new_err("nothing was wrapped");
}

void register_twice(Python py) {
  register_exception_translator<Twice>(py, [](const Twice& error) { return named("once", error); });
}
void register_another(Python py) {
  register_exception_translator<Twice>(py, [](const Twice& error) { return named("another", error); });
}
void register_late(Python py) {
  register_exception_translator<Late>(py, [](const Late& error) { return named("late", error); });
}

void register_translators(Python py) {
  // The derived ones first,
  register_exception_translator<Leaf>(py, [](const Leaf& error) { return named("leaf", error); });
  register_exception_translator<Middle>(py, [](const Middle& error) { return named("middle", error); });
  register_exception_translator<Base>(py, [](const Base& error) { return named("base", error); });
  // and last.
  register_exception_translator<Base2>(py, [](const Base2& error) { return named("base2", error); });
  register_exception_translator<Middle2>(py, [](const Middle2& error) { return named("middle2", error); });
  register_exception_translator<Leaf2>(py, [](const Leaf2& error) { return named("leaf2", error); });

  register_exception_translator<VirtualBase>(py,
                                             [](const VirtualBase&) { return ParseError::new_err("virtual base"); });
  register_exception_translator<VirtualLeaf>(py,
                                             [](const VirtualLeaf&) { return ParseError::new_err("virtual leaf"); });
  register_exception_translator<Plain>(
      py, [](const Plain& plain) { return ParseError::new_err("code " + std::to_string(plain.code)); });
  register_exception_translator<ThrowsPyErr>(
      py, [](const ThrowsPyErr& error) -> PyErr { throw PyKeyError::new_err(error.what()); });
  register_exception_translator<ThrowsStandard>(
      py, [](const ThrowsStandard& error) -> PyErr { throw std::out_of_range(error.what()); });
  register_exception_translator<ThrowsUnknown>(py, [](const ThrowsUnknown&) -> PyErr { throw 42; });
  register_exception_translator<ThrowsTranslated>(
      py, [](const ThrowsTranslated& error) -> PyErr { throw Leaf(error.what()); });
  register_exception_translator<ReturnsMovedFrom>(py, [](const ReturnsMovedFrom& error) {
    PyErr made = PyValueError::new_err(error.what());
    const PyErr taken = std::move(made);
    return made;  // NOLINT
  });
  register_exception_translator<CallsPython>(py, [](const CallsPython& error) {
    return Python::with_gil(
        [&](Python inner) { return ParseError::new_err_with(inner, error.what(), PyDict::new_(inner)); });
  });
  register_exception_translator<Wrapper>(py, [](const Wrapper& wrapper) { return unwrapped(wrapper); });
  register_exception_translator<WithOwnCause>(py, [](const WithOwnCause& error) {
    return Python::with_gil([&](Python inner) {
      PyErr made = ParseError::new_err(error.what());
      made.set_cause(inner, PyKeyError::new_err("its own"));
      return made;
    });
  });
  register_exception_translator<Calls>(py, [](const Calls& error) {
    Python::with_gil([](Python inner) { (void)Any::from_borrowed_ptr(inner, called_by_translator)(); });
    return PyValueError::new_err(error.what());
  });
  register_twice(py);
}
void call_in_translator(const Any& callback) {
  called_by_translator = callback.as_ptr();
  throw Calls("called");
}
void call_in_handler(const Any& callback) {
  try {
    throw std::runtime_error("handled");
  } catch (const std::runtime_error&) {
    (void)callback();
  }
}

void throw_cpp(std::string_view which, const std::string& text) {
  if (which == "leaf") throw Leaf(text);
  if (which == "middle") throw Middle(text);
  if (which == "base") throw Base(text);
  if (which == "leaf2") throw Leaf2(text);
  if (which == "middle2") throw Middle2(text);
  if (which == "base2") throw Base2(text);
  if (which == "both") throw Both(text);
  if (which == "virtual_leaf") throw VirtualLeaf();
  if (which == "virtual_base") throw VirtualBase();
  if (which == "unrelated") throw Unrelated(text);
  if (which == "runtime_error") throw std::runtime_error(text);
  if (which == "bad_alloc") throw std::bad_alloc();
  if (which == "int") throw 42;
  if (which == "pointer") throw static_cast<const Base*>(nullptr);
  if (which == "plain") throw Plain{7};
  if (which == "throws_py_err") throw ThrowsPyErr(text);
  if (which == "throws_standard") throw ThrowsStandard(text);
  if (which == "throws_unknown") throw ThrowsUnknown(text);
  if (which == "throws_translated") throw ThrowsTranslated(text);
  if (which == "returns_moved_from") throw ReturnsMovedFrom(text);
  if (which == "calls_python") throw CallsPython(text);
  if (which == "twice") throw Twice(text);
  if (which == "late") throw Late(text);
  if (which == "py_err") throw PyKeyError::new_err(text);
}
template <class E>
[[noreturn]] void nest(const char* text) {
  std::throw_with_nested(E(text));
}
/// The outermost comes first in @p which; the callback is called in the innermost place.
void throw_nested(const std::vector<std::string>& which, std::size_t at, const Any& callback) {
  try {
    if (at + 1 < which.size()) {
      throw_nested(which, at + 1, callback);
    } else {
      (void)callback();
    }
  } catch (...) {
    const std::string& kind = which[at];
    if (kind == "leaf") nest<Leaf>("outer");
    if (kind == "leaf2") nest<Leaf2>("outer");
    if (kind == "runtime_error") nest<std::runtime_error>("outer");
    if (kind == "throws_py_err") nest<ThrowsPyErr>("outer");
    if (kind == "throws_standard") nest<ThrowsStandard>("outer");
    if (kind == "wrapper") nest<Wrapper>("outer");
    if (kind == "with_own_cause") nest<WithOwnCause>("outer");
    if (kind == "plain") std::throw_with_nested(Plain{8});
    throw;
  }
}
struct Thrower {
  explicit Thrower(const std::string& which) { throw_cpp(which, "constructed"); }
  int value() const { throw Leaf("property"); }
  void method() const { throw Leaf("method"); }
};

// --- ADDER_TRY -------------------------------------------------------------------------------------------------------

PyResult<std::int64_t> number(const Any& object) { return object.try_extract<std::int64_t>(); }
PyResult<std::int64_t> twice(const Any& object) {
  ADDER_TRY(const std::int64_t value, number(object));
  return 2 * value;
}
PyResult<std::int64_t> sum(const Any& a, const Any& b) {
  ADDER_TRY(const auto x, number(a));
  ADDER_TRY(const auto& y, number(b));
  std::int64_t z = 0;
  ADDER_TRY(z, PyResult<std::int64_t>(std::is_same_v<int, long> ? 1 : 0));  // A comma in the expression.
  return x + y + z;
}
PyResult<void> check(const Any& object, const Any& callback) {
  ADDER_TRY(const std::int64_t value, twice(object));
  (void)callback(value);
  return {};
}
PyResult<void> check_twice(Python py, const Any& object, const Any& callback) {
  if (object.is_none())
    ADDER_TRY(py.check_signals());
  else
    ADDER_TRY(check(object, callback));
  ADDER_TRY(number(object));  // Its value is not wanted.
  return {};
}
PyResult<std::string> of_another_type(const Any& object) {
  ADDER_TRY(auto value, twice(object));
  const PyResult<std::string> kept = std::string("as it was");
  ADDER_TRY(const std::string text, kept);  // Copied: kept stays as it was.
  return text + " " + *kept + " " + std::to_string(value);
}
PyResult<Any> of_handles(const Any& object) {
  ADDER_TRY(auto item, object.try_extract<Bound<PyList>>());
  return std::move(item).into_any();
}

// --- Errors nobody looks at ------------------------------------------------------------------------------------------

std::int64_t ignored(std::int64_t count) {
  std::int64_t errors = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const PyResult<int> result = (i & 1) != 0 ? ParseError::new_err("ignored") : PyValueError::new_err();
    errors += result.is_err() ? 1 : 0;
  }
  return errors;
}
std::int64_t blocks_of_ignored(Python py, std::int64_t count) {
  const Any ask = py.import("sys").getattr("getallocatedblocks");
  (void)ParseError::new_err("the class is made");
  const auto before = ask().extract<std::int64_t>();
  (void)ignored(count);
  return ask().extract<std::int64_t>() - before;
}
std::string what_detached(Python py, const Any& callback) {
  std::optional<PyErr> error = error_from(callback);
  std::string text = py.allow_threads(
      [](std::optional<PyErr>& given) {
        std::string said;
        std::thread([&] { said = given->what(); }).join();  // At the first call: the thread attaches for it.
        if (said != given->what()) said = "the text changed";
        return said;
      },
      error);
  return text;
}
/// C++ looks at it without making it, then it is stored in a dict, then raised.
PyResult<void> through_a_dict(Python py, const Any& dict) {
  const PyErr error = ParseError::new_err("key");
  dict.set_item(error, "found");
  if (!dict.contains(error)) return PyAssertionError::new_err("an error is not its own key");
  const PyErr copy = error;  // NOLINT
  if (!dict.get_item(copy).eq("found")) return PyAssertionError::new_err("a copy is another key");
  if (dict.contains(ParseError::new_err("key"))) return PyAssertionError::new_err("an equal error is the same key");
  (void)py;
  return error;
}
Any as_value(const Any& callback, Python py) { return error_from(callback)->value(py).into_any(); }

}  // namespace

template <>
struct adder::PyClass<Thrower> {
  static constexpr auto name = "Thrower";
  static void define(ClassBuilder<Thrower>& cls) {
    cls.def_new<const std::string&>(arg("which"));
    cls.getter<&Thrower::value>("value");
    cls.def<&Thrower::method>("method");
  }
};

ADDER_MODULE(exception_types_ext, m) {
  const Python py = m.py();
  m.add("ParseError", py.get_type<ParseError>());
  m.add("TokenError", py.get_type<TokenError>());
  register_translators(py);
  m.add_class<Thrower>();
  m.def<&OwnTags::raise>("raise_by_tag");
  m.def<&OwnTags::raise_bare>("raise_bare_by_tag");
  m.def<&OwnTags::type_of>("type_of");
  m.def<&OwnTags::is_a>("is_a");
  m.def<&caught_by_kind>("caught_by_kind");
  m.def<&caught_without_python>("caught_without_python");
  m.def<&raise_with_fields>("raise_with_fields");
  m.def<&raise_os_error>("raise_os_error");
  m.def<&raise_unicode_error>("raise_unicode_error");
  m.def<&raise_json_error>("raise_json_error");
  m.def<&raise_with_too_few>("raise_with_too_few");
  m.def<&same_class_twice>("same_class_twice");
  m.def<&raise_missing>("raise_missing");
  m.def<&asks_for_missing>("asks_for_missing");
  m.def<&made_detached>("made_detached");
  m.def<&raise_detached>("raise_detached");
  m.def<&missing_detached>("missing_detached");
  m.def<&raced_for_the_class>("raced_for_the_class");
  m.def<&raise_with_another_pending>("raise_with_another_pending");
  m.def<&import_with_another_pending>("import_with_another_pending");
  m.def<&call_in_translator>("call_in_translator");
  m.def<&call_in_handler>("call_in_handler");
  m.def<&cause_of>("cause_of");
  m.def<&context_of>("context_of");
  m.def<&traceback_of>("traceback_of");
  m.def<&raise_from>("raise_from");
  m.def<&raise_from_lazy>("raise_from_lazy");
  m.def<&replace_cause>("replace_cause");
  m.def<&raise_noted>("raise_noted");
  m.def<&format_noted>("format_noted");
  m.def<&note_not_utf8>("note_not_utf8");
  m.def<&moved_from_set_cause>("moved_from_set_cause");
  m.def<&raise_class>("raise_class");
  m.def<&warn>("warn", arg("which"), arg("text"), arg("stacklevel") = 1);
  m.def<&warn_and_swallow>("warn_and_swallow");
  m.def<&throw_cpp>("throw_cpp", arg("which"), arg("text") = "the text");
  m.def<[](const std::vector<std::string>& which, const Any& callback) { throw_nested(which, 0, callback); }>(
      "throw_nested");
  m.def<&register_twice>("register_twice");
  m.def<&register_another>("register_another");
  m.def<&register_late>("register_late");
  m.def<&twice>("twice");
  m.def<&sum>("sum");
  m.def<&check>("check");
  m.def<&check_twice>("check_twice");
  m.def<&of_another_type>("of_another_type");
  m.def<&of_handles>("of_handles");
  m.def<&ignored>("ignored");
  m.def<&blocks_of_ignored>("blocks_of_ignored");
  m.def<&what_detached>("what_detached");
  m.def<&through_a_dict>("through_a_dict");
  m.def<&as_value>("as_value");
}

// SPDX-License-Identifier: MIT
/// @file
/// @brief What is known of a bound function once it is described, how that is entered, and the text that Python shows.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/exception/translate.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// One parameter, as the keyword path sees it. All references are kept for as long as the function may be called.
struct Parameter {
  const char* name = nullptr;  ///< The text of the next.
  ::PyObject* interned = nullptr;
  ::PyObject* default_value = nullptr;
};

/// How many parameters of which kind, `self` not among them: `def f(a, /, b, *args, c, **kwargs)`.
struct Shape {
  unsigned char count = 0;            ///< a, b, c
  unsigned char positional = 0;       ///< a, b
  unsigned char positional_only = 0;  ///< a
  bool named = false;                 ///< Else they are known by their place.
  bool var_args = false;
  bool var_keywords = false;
  bool module = false;      ///< Wants to know its module.
  bool this_class = false;  ///< Wants to know the class that it was called on.
};

/// Of parameters without names.
template <std::size_t Count>
inline constexpr Shape plain_shape{Count, Count, Count, false, false, false, false, false};

/// What is known of one bound function. Static, or for the life of the function.
struct FunctionRecord {
  PyMethodDef def{};                  ///< Its name is the end of the next, its text stands behind that.
  const char* name = nullptr;         ///< "count", "Counter.add": for messages. Owns the text of both.
  ::PyObject* module_name = nullptr;  ///< Interned; of functions of modules.
  Parameter* parameters = nullptr;
  Shape shape;
  bool is_method = false;   ///< Python counts `self` among the positional arguments.
  bool is_operand = false;  ///< Of an operator: an argument that does not convert is no error, and leaves none pending.
  bool is_setter = false;   ///< Then `name` says it all: "attribute 'x' of 'Counter' objects".
};

#if defined(Py_GIL_DISABLED)
ADDER_HIDDEN inline constinit Atomic<bool> records_locked{false};
#endif
/// While a thread enters what is known of a function: without a GIL another one may be about to describe it as well.
/// Plain memory is written meanwhile and nothing else done: who waits here is attached, and would keep CPython from
/// stopping all threads.
class RecordsLock {
 public:
#if defined(Py_GIL_DISABLED)
  RecordsLock() noexcept {
    while (records_locked.exchange(true, Order::acquire)) {
    }
  }
  ~RecordsLock() { records_locked.store(false, Order::release); }
#else
  RecordsLock() noexcept {}  // NOLINT(modernize-use-equals-default): const objects want one of their own
#endif
  RecordsLock(const RecordsLock&) = delete;
  RecordsLock& operator=(const RecordsLock&) = delete;
};
/// The name in a record; null while nothing is known of the function. Where it is not, all else is there, too.
const char* name_of(const FunctionRecord& record) noexcept;
/// With the lock: whether a description is to be entered. Without a GIL the first one stays, as other threads may be
/// reading it.
bool is_open([[maybe_unused]] const FunctionRecord& record) noexcept;
/// With the lock, of an open record: enters a description, last of all its name.
void enter(FunctionRecord& record, const FunctionRecord& filled) noexcept;

/// A record and its parameters: what is static about one bound callable.
template <std::size_t Count>
struct RecordStorage {
  FunctionRecord record;
  Parameter parameters[Count == 0 ? 1 : Count];
};

/// Text that has to live as long as the type or function it describes: for good.
const char* keep_text(std::string_view text, std::string_view more = {});

/// "count() argument 'query'", "add() argument 1".
TextBuilder& append_argument(TextBuilder& text, const FunctionRecord& record, unsigned index);

/// How a member of an enum is shown: of interest only once there are some, and compiled only by who has them.
/// "Color.RED". @return Whether it is a member; and, where there is a module, whether `inspect` reads it back.
using AppendMember = bool (*)(TextBuilder& text, ::PyObject* value, const char* module);
ADDER_HIDDEN inline constinit Atomic<AppendMember> append_member_text{nullptr};

/// What is shown of an object that stands for the default of a field, and makes a value of its own for each call: of
/// interest only once there are data classes. @return Borrowed; @p value itself where it is no such object.
using ShownDefault = ::PyObject* (*)(::PyObject* value);
ADDER_HIDDEN inline constinit Atomic<ShownDefault> shown_default{nullptr};

/// `by=1`; a default that is no constant is shown as `...`, but for the member of an enum.
/// @param module  That of the function, as `inspect` looks for the enum there.
void append_parameter(TextBuilder& text, const Parameter& parameter, bool before_slash, const char* module);

/// A default as a person can read it, for where nothing has to parse it: "Point(0, 0)".
/// @return Whether it could be shown.
bool append_readable(TextBuilder& text, ::PyObject* default_value);

/// "name($self, /, by=1)\n--\n\ndoc": what `inspect.signature` and `help` read.
/// @param module  The name of the function's module, or "".
void append_signature(TextBuilder& text, const FunctionRecord& record, std::string_view python_name,
                      const char* receiver, const char* doc, const char* module);

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/record_inl.hpp"
#endif

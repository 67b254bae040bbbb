// SPDX-License-Identifier: MIT
/// @file
/// @brief A C++ callable as a Python function: a plain `PyCFunction` whose target is a template argument.
///
/// | parameters                           | convention               | why (docs/design/0003-calling-conventions.md)     |
/// |--------------------------------------|--------------------------|---------------------------------------------------|
/// | none, or unnamed                     | FASTCALL and count check | cheaper than NOARGS for free functions            |
/// | one, unnamed, of a module's function | O                        | cheaper still; a wrong count is said as by others |
/// | named                                | FASTCALL with keywords   | an exact positional call pays a few instructions  |
/// | `*args`, `**kwargs`, or keyword-only | the same                 | always takes the path of keywords and defaults    |
#pragma once
#include "adder/function/detail/arguments.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// As a PyMethodDef wants it, whatever the convention.
template <class F>
PyCFunction as_cfunction(F* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

/// How a function is entered from Python.
enum class Convention : unsigned char { positional, keywords, general };
constexpr Convention convention_of(Shape shape) noexcept {
  if (shape.var_args || shape.var_keywords || shape.positional != shape.count) return Convention::general;
  return shape.named ? Convention::keywords : Convention::positional;
}
constexpr int flags_of(Convention convention) noexcept {
  return convention == Convention::positional ? METH_FASTCALL : METH_FASTCALL | METH_KEYWORDS;
}

/// Whether a function of a module is entered with its one argument.
constexpr bool takes_one(Shape shape) noexcept {
  return convention_of(shape) == Convention::positional && shape.count == 1;
}

/// A free function, lambda or functor bound to Python.
/// @tparam Owner  The overload set that it belongs to, if it does.
template <auto Target, class Options_, class Owner = void>
struct ADDER_HIDDEN FunctionBinding {
  using Options = Options_;
  using Signature = CallableOf<decltype(Target)>;
  static_assert(std::is_void_v<typename Signature::Receiver>,
                "adder: a member function is bound with ClassBuilder::def, or wrapped in a lambda");
  static constexpr std::size_t count = ParameterKinds<typename Signature::Parameters>::count;
  static RecordStorage<count>& storage() noexcept { return record_storage<Target, Options, Owner>; }

  ADDER_INLINE static ::PyObject* invoke(::PyObject* self, ::PyObject* const* args) noexcept {
    try {
      return Arguments<typename Signature::Parameters, Options>::template call<Target, typename Signature::Result>(
          args, CallContext{self, &storage().record});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }

  static ::PyObject* positional(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    using Call = Arguments<typename Signature::Parameters, Options>;
    if constexpr (Call::in_slots) {
      ScalarSlot slots[count];
      if (!load_exactly(self, &storage().record, args, given, count, Call::codes, slots)) return nullptr;
      try {
        return Call::template call_slots<Target, typename Signature::Result>(slots);
      } catch (...) {
        translate_current_exception();
        return nullptr;
      }
    } else {
      if (given != static_cast<Py_ssize_t>(count)) [[unlikely]]
        return refuse_call(self, storage().record, args, given);
      return invoke(self, args);
    }
  }
  /// Of one parameter, where CPython counts.
  static ::PyObject* one(::PyObject* self, ::PyObject* argument) noexcept { return positional(self, &argument, 1); }
  static ::PyObject* keywords(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    using Call = Arguments<typename Signature::Parameters, Options>;
    if constexpr (Call::in_slots) {
      ScalarSlot slots[count];
      if (!load_bound(self, &storage().record, args, given, names, count, Call::codes, slots)) return nullptr;
      try {
        return Call::template call_slots<Target, typename Signature::Result>(slots);
      } catch (...) {
        translate_current_exception();
        return nullptr;
      }
    } else {
      ::PyObject* bound[count == 0 ? 1 : count];
      if (given != static_cast<Py_ssize_t>(count) || names != nullptr) [[unlikely]] {
        const FunctionRecord& record = record_for(self, storage().record);
        if (!bind_named<count>(record, args, given, names, bound)) return nullptr;
        args = bound;
      }
      return invoke(self, args);
    }
  }
  static ::PyObject* general(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    const FunctionRecord& record = record_for(self, storage().record);
    ::PyObject* bound[count + 2];
    const VariadicArguments further(record.shape, args, given, bound);
    if (!further.made() || !bind_arguments(record, args, given, names, bound)) return nullptr;
    return invoke(self, bound);
  }
};

/// A new Python function of a static @p record and its @p parameters. Its `__module__` and `__self__` say @p module.
ADDER_COLD_CALL ::PyObject* make_function(::PyObject* module, FunctionRecord* record, Parameter* parameters,
                                          Shape shape, PyCFunction entry, const char* name, const Extra* extras,
                                          std::size_t extra_count);
/// The same of a record that is complete.
ADDER_COLD_CALL ::PyObject* make_function(::PyObject* module, FunctionRecord& record);

/// What stands for the receiver where the functions of an overload set are those of an operator.
ADDER_HIDDEN inline constexpr char operand_receiver[] = "$self";
template <auto... Functions>
struct OverloadSet;  // overload.hpp
template <class Set>
struct SetMaker;
template <class T>
inline constexpr bool is_set = false;
template <auto... Functions>
inline constexpr bool is_set<OverloadSet<Functions...>> = true;
template <auto Target>
inline constexpr bool is_overload_set = is_set<std::remove_cv_t<decltype(Target)>>;

/// What def hands to the code that all functions share: constants. (The shape by __builtin_bit_cast: `<bit>` would cost
/// each file more than this header does.)
struct FunctionParts {
  FunctionRecord* record;
  Parameter* parameters;
  PyCFunction entry;
  std::uint64_t shape_bits;
};
/// @tparam Owner  The class that the function is bound in; void for a module.
template <auto Target, class Owner, class... E>
ADDER_INLINE FunctionParts function_parts() noexcept {
  using Binding = FunctionBinding<Target, typename OptionsOf<E...>::type, Owner>;
  constexpr Shape shape = ShapeOf<typename Binding::Signature::Parameters, E...>::shape;
  static_assert(!shape.this_class || !std::is_void_v<Owner>,
                "adder: ThisClass is for class methods and factories: this function is called on no class");
  static_assert(!shape.module || std::is_void_v<Owner>, "adder: only functions of a module can take ThisModule");
  constexpr Convention convention = convention_of(shape);
  auto& storage = Binding::storage();
  FunctionParts parts{&storage.record, storage.parameters, nullptr, __builtin_bit_cast(std::uint64_t, shape)};
  if constexpr (std::is_void_v<Owner> && takes_one(shape)) {
    parts.entry = as_cfunction(&Binding::one);
  } else if constexpr (convention == Convention::positional) {
    parts.entry = as_cfunction(&Binding::positional);
  } else if constexpr (convention == Convention::keywords) {
    parts.entry = as_cfunction(&Binding::keywords);
  } else {
    parts.entry = as_cfunction(&Binding::general);
  }
  return parts;
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/function_inl.hpp"
#endif

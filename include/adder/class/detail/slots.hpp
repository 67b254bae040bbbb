// SPDX-License-Identifier: MIT
/// @file
/// @brief Dunder methods that go straight to type slots. Their names are known at compile time.
#pragma once
#include "adder/class/detail/constructor.hpp"
#include "adder/error/detail/recursion.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// A RecursionError. Most slots are called without CPython counting the depth: a dunder that does what it stands for
/// would end the stack. @return Null.
ADDER_COLD_CALL ::PyObject* refuse_depth() noexcept;

/// Whether a parameter or receiver is no way to Python: a number, text, or the value of a pyclass.
template <class P, class V = std::remove_cvref_t<P>>
inline constexpr bool is_mere_value = IsScalar<V> || std::is_convertible_v<const V&, std::string_view>;
template <class P, class V>
  requires IsPyClass<V>
inline constexpr bool is_mere_value<P, V> = std::is_reference_v<P>;
/// Whether a function may call Python with what it is given; the depth of others is not counted, which would cost as
/// much as many of them do.
template <class Signature, class Parameters = typename Signature::Parameters>
inline constexpr bool reaches_python = true;
template <class Signature, class... P>
inline constexpr bool reaches_python<Signature, TypeList<P...>> =
    !(std::is_reference_v<typename Signature::Receiver> &&
      !LendsReference<std::remove_cvref_t<typename Signature::Receiver>> && (is_mere_value<P> && ...));

/// One call deeper into such a function.
template <bool Counted>
class DepthScope {
 public:
  // Asked for here, as who asks for the address of a frame needs a register for it, also where it is not counted.
  ADDER_INLINE DepthScope() noexcept : scope_(__builtin_frame_address(0)) {}
  /// Whether it is one too many: a RecursionError is pending then.
  ADDER_INLINE bool refused() const noexcept { return scope_.too_deep() && refuse_depth() == nullptr; }

 private:
  RecursionScope scope_;
};
template <>
class DepthScope<false> {
 public:
  ADDER_INLINE DepthScope() noexcept {}  // NOLINT(modernize-use-equals-default): no warning of a variable without use.
  static constexpr bool refused() noexcept { return false; }
};

/// Where a dunder goes. By name only, as there are a hundred of them.
template <FixedString Dunder>
struct Slot {
  using type = void;
};

/// What the functions behind `__repr__`, `__str__`, `__len__` and `__bool__` have in common: no arguments.
template <class Own, int... Ids>
struct PlainSlot {
  template <class T, auto Target, class Parts, class... E>
  static void bind(ClassBuilder<T>&, Parts& parts, const char*, const E&...) {
    using Parameters = typename MethodOf<decltype(Target)>::Parameters;
    static_assert(sizeof...(E) == 0, "adder: def of this dunder takes no further arguments");
    static_assert(ParameterKinds<Parameters>::count == 0,
                  "adder: the member function has the wrong number of parameters for this dunder");
    static_assert(only_plain<Parameters>, "adder: a dunder cannot take Args, Kwargs or ThisModule");
    (parts.add_slot(Ids, reinterpret_cast<void*>(&Own::template entry<T, Target>)), ...);
  }
};

/// `__repr__` and `__str__`.
template <int Id>
struct TextSlot : PlainSlot<TextSlot<Id>, Id> {
  template <class T, auto Target>
  static ::PyObject* entry(::PyObject* self) noexcept {
    using Result = std::remove_cvref_t<typename MethodOf<decltype(Target)>::Result>;
    static_assert(!std::is_void_v<Result> && !std::is_arithmetic_v<Result>,
                  "adder: __repr__ and __str__ return text, such as std::string");
    return MethodBinding<T, Target>::invoke(self, nullptr);
  }
};

/// Calls a function that Python passes no arguments to, and adder perhaps a token.
template <auto Target, class Receiver, class... P>
ADDER_INLINE decltype(auto) call_plain(Receiver&& receiver, TypeList<P...>) {
  return call_method<Target>(std::forward<Receiver>(receiver), P(token())...);
}

/// `__len__`: both protocols, as `len` looks at the one and indexing at the other.
struct LengthSlot : PlainSlot<LengthSlot, Py_sq_length, Py_mp_length> {
  template <class T, auto Target>
  static Py_ssize_t entry(::PyObject* self) noexcept {
    using Signature = MethodOf<decltype(Target)>;
    using Length = std::remove_cvref_t<typename Signature::Result>;
    static_assert(std::is_integral_v<Length>, "adder: __len__ returns an integer");
    const DepthScope<reaches_python<Signature>> depth;
    if (depth.refused()) [[unlikely]]
      return -1;
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return -1;
      const auto length = call_plain<Target>(receiver.get(), typename Signature::Parameters());
      if (!std::in_range<Py_ssize_t>(length)) {
        PyErr_SetString(PyExc_OverflowError, "__len__() does not fit into an index-sized integer");
        return -1;
      }
      if (std::cmp_less(length, 0)) {
        PyErr_SetString(PyExc_ValueError, "__len__() should return >= 0");
        return -1;
      }
      return static_cast<Py_ssize_t>(length);
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
};

/// `__bool__`.
struct TruthSlot : PlainSlot<TruthSlot, Py_nb_bool> {
  template <class T, auto Target>
  static int entry(::PyObject* self) noexcept {
    using Signature = MethodOf<decltype(Target)>;
    static_assert(std::is_same_v<typename Signature::Result, bool>, "adder: __bool__ returns bool");
    const DepthScope<reaches_python<Signature>> depth;
    if (depth.refused()) [[unlikely]]
      return -1;
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return -1;
      return call_plain<Target>(receiver.get(), typename Signature::Parameters()) ? 1 : 0;
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
};

template <>
struct Slot<"__repr__"> {
  using type = TextSlot<Py_tp_repr>;
};
template <>
struct Slot<"__str__"> {
  using type = TextSlot<Py_tp_str>;
};
template <>
struct Slot<"__len__"> {
  using type = LengthSlot;
};
template <>
struct Slot<"__bool__"> {
  using type = TruthSlot;
};

/// What stands between the underscores of the dunders that CPython keeps in a type slot. One text: pointers to many
/// would have to be adjusted in each module that is loaded.
inline constexpr char slot_names[] =
    " repr str hash call getattribute getattr setattr delattr lt le eq ne gt ge iter next get set delete "
    "init new del await aiter anext add radd sub rsub mul rmul mod rmod divmod rdivmod pow rpow neg pos "
    "abs bool invert lshift rlshift rshift rrshift and rand xor rxor or ror int float index iadd isub "
    "imul imod ipow ilshift irshift iand ixor ior floordiv rfloordiv truediv rtruediv ifloordiv itruediv "
    "matmul rmatmul imatmul len getitem setitem delitem contains ";
/// Whether CPython keeps what @p name does in a type slot. A method in the class's dict would be found by name only.
bool has_type_slot(std::string_view name) noexcept;

template <FixedString Dunder>
consteval bool is_dunder_of(std::string_view names) {
  const std::string_view name = Dunder.view();
  if (!starts_with(name, "__") || name.size() < 5 || name.substr(name.size() - 2) != "__") return false;
  const std::string_view inner = name.substr(2, name.size() - 4);
  for (std::size_t at = 0; (at = names.find(inner, at)) != names.npos; ++at) {
    if (names[at - 1] == ' ' && names[at + inner.size()] == ' ') return true;
  }
  return false;
}
/// What to write for a dunder that def<"..."> does not know. Instantiated only for those.
template <FixedString Dunder>
struct UnknownDunder {
  static constexpr bool is_init = is_dunder_of<Dunder>(" init "), is_new = is_dunder_of<Dunder>(" new ");
  static constexpr bool is_del = is_dunder_of<Dunder>(" del "), has_slot = is_dunder_of<Dunder>(slot_names);
  static_assert(!is_init, "adder: __init__ is bound by cls.def_init<&T::init>(), beside def_new");
  static_assert(!is_new, "adder: __new__ is bound by cls.def_new: from a constructor, a function, or fields");
  static_assert(!is_del, "adder: __del__ is PyClass<T>::finalize, a static function that takes const Bound<T>&");
  static_assert(is_init || is_new || is_del || !has_slot,
                "adder: this dunder needs its header: #include <adder/class/protocols.hpp>");
  static_assert(
      has_slot,
      "adder: unknown dunder name: most need #include <adder/class/protocols.hpp>. One that is not there, nor "
      "misspelt, is a method like others, cls.def<&T::f>(\"__name__\")");
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/slots_inl.hpp"
#endif

// SPDX-License-Identifier: MIT
/// @file
/// @brief slot_guard: a C++ function as the C function of a type slot, or as another callback that CPython calls. Not
/// part of adder.hpp.
///
/// CPython's C functions must not throw, and know nothing of borrows. `slot_guard<&f>` is a pointer to such a function,
/// whose C signature follows from that of @p f:
///
/// | a parameter of f                               | C              | what happens                                  |
/// |------------------------------------------------|----------------|-----------------------------------------------|
/// | `Python`                                       | none           | the token                                     |
/// | `const T&`, `T&`, `PyRef<T>`, `PyRefMut<T>` of a pyclass | `PyObject*` | its type is checked, it is borrowed for the call |
/// | `const Bound<X>&`, `Borrowed<X>`, `Bound<X>`, `Py<X>` | `PyObject*` | its type is checked                          |
/// | `std::optional` of the last three              | `PyObject*`    | nothing where CPython passes null             |
/// | numbers, enums, raw pointers                   | the same       | passed on                                     |
///
/// | the result of f                                | C              | on an error                                   |
/// |------------------------------------------------|----------------|-----------------------------------------------|
/// | a raw pointer: a reference of the caller's, or null | the same  | null                                          |
/// | a signed integer, an enum                      | the same       | -1                                            |
/// | `bool`, `PyResult<void>`                       | `int`          | -1                                            |
/// | `void`                                         | `void`         | `sys.unraisablehook`                          |
/// | what else converts into Python                 | `PyObject*`    | null                                          |
///
/// A `PyResult` of these is the same, with its error raised. What @p f throws becomes the exception that it is for
/// bound functions. The order of the parameters is that of CPython's type, such as `richcmpfunc`; where that does not
/// fit the slot, `ClassBuilder::slot<Id>` does not compile.
#pragma once
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Asks for what @p object is to be; a TypeError is pending where it is not.
template <class X>
bool slot_takes(::PyObject* object) {
  if (object == nullptr) [[unlikely]] {
    PyErr_SetString(PyExc_TypeError, "this operation needs an object: deleting, or leaving it out, is not supported");
    return false;
  }
  if (PyTypeInfo<X>::is_type_of(object)) [[likely]]
    return true;
  downcast_error(object, PyTypeInfo<X>::name(), type_getter<X>()).restore(token());
  return false;
}

/// How a parameter of a guarded function is had: check() of all parameters, then borrow() of all, as checking a type
/// may run Python code.
template <class P>
struct SlotParameter {
  static_assert(
      std::is_scalar_v<P>,
      "adder: slot_guard: a parameter is a token, a pyclass as const T&, T&, PyRef<T> or PyRefMut<T>, a handle, "
      "a std::optional of a handle, a number, or a raw pointer");
  using C = P;
  static constexpr bool check(P) noexcept { return true; }
  static constexpr bool borrow(P) noexcept { return true; }
  P get(P value) noexcept { return value; }
};
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Python>
struct SlotParameter<P> {
  using C = void;
  static constexpr bool check() noexcept { return true; }
  static constexpr bool borrow() noexcept { return true; }
  Python get() noexcept { return token(); }
};
template <class P, class Handle = std::remove_cvref_t<P>>
struct SlotHandle {
  using C = ::PyObject*;
  static bool check(::PyObject* object) { return slot_takes<HandleTarget<Handle>>(object); }
  static constexpr bool borrow(::PyObject*) noexcept { return true; }
  decltype(auto) get(::PyObject* object) {
    object_.emplace(peek<HandleTarget<Handle>>(object));
    if constexpr (std::is_reference_v<P> && is_specialization<Handle, Bound>) {
      return object_->as_bound();
    } else {
      return Handle(*object_);
    }
  }

 private:
  std::optional<Borrowed<HandleTarget<Handle>>> object_;
};
template <class X>
struct SlotHandle<Bound<X>, Bound<X>> {
  using C = ::PyObject*;
  static bool check(::PyObject* object) { return slot_takes<X>(object); }
  static constexpr bool borrow(::PyObject*) noexcept { return true; }
  Bound<X> get(::PyObject* object) { return detail::borrow<X>(object); }
};
template <class P>
  requires LendsReference<P>
struct SlotParameter<P> : SlotHandle<P> {
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "adder: slot_guard: a handle is taken by value, or as const Bound<X>&");
};
template <class P, class Handle = typename std::remove_cvref_t<P>::value_type>
struct SlotOptionalHandle {
  using C = ::PyObject*;
  static bool check(::PyObject* object) { return object == nullptr || slot_takes<HandleTarget<Handle>>(object); }
  static constexpr bool borrow(::PyObject*) noexcept { return true; }
  std::optional<Handle> get(::PyObject* object) {
    if (object == nullptr) return std::nullopt;
    if constexpr (is_specialization<Handle, Bound>) {
      return detail::borrow<HandleTarget<Handle>>(object);
    } else {
      return Handle(peek<HandleTarget<Handle>>(object));
    }
  }
};
template <class P>
  requires(is_specialization<std::remove_cvref_t<P>, std::optional> &&
           LendsReference<typename std::remove_cvref_t<P>::value_type>)
struct SlotParameter<P> : SlotOptionalHandle<P> {};
template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
struct SlotParameter<P> {
  using T = std::remove_cvref_t<P>;
  using C = ::PyObject*;
  static constexpr Access wanted = access_of<P>;
  static_assert(wanted == Access::shared || !is_frozen<T>(),
                "adder: a frozen class cannot be taken as T&: take const T&");

  static bool check(::PyObject* object) { return slot_takes<T>(object); }
  bool borrow(::PyObject* object) {
    if (!borrow_.acquire(object)) [[unlikely]] {
      borrow_.error(object).restore(token());
      return false;
    }
    return true;
  }
  P get(::PyObject*) noexcept { return borrow_.value(); }

 private:
  ObjectBorrow<T, wanted> borrow_;
};
template <class Guard>
struct GuardTarget;
template <class T>
struct GuardTarget<PyRef<T>> {
  using type = T;
};
template <class T>
struct GuardTarget<PyRefMut<T>> {
  using type = T;
};
template <class P>
  requires(is_specialization<std::remove_cvref_t<P>, PyRef> || is_specialization<std::remove_cvref_t<P>, PyRefMut>)
struct SlotParameter<P> {
  using Guard = std::remove_cvref_t<P>;
  using C = ::PyObject*;
  static bool check(::PyObject* object) { return slot_takes<typename GuardTarget<Guard>::type>(object); }
  bool borrow(::PyObject* object) {
    auto result = FromPyObject<Guard>::extract(peek(object).as_bound());
    if (result.is_err()) {
      result.error().restore(token());
      return false;
    }
    guard_.emplace(std::move(result).value());
    return true;
  }
  P&& get(::PyObject*) noexcept { return static_cast<P&&>(*guard_); }

 private:
  std::optional<Guard> guard_;
};

/// What the C function returns for a result R of the guarded one.
template <class R>
struct SlotResult {  // An object.
  using C = ::PyObject*;
  static constexpr ::PyObject* failure = nullptr;
  static C from(R&& result) { return return_to_python<R>(std::forward<R>(result)); }
};
template <class R>
  requires std::is_pointer_v<R>
struct SlotResult<R> {
  using C = R;
  static constexpr C failure = nullptr;
  static C from(R result) noexcept { return result; }
};
template <class R>
  requires(std::is_integral_v<R> || std::is_enum_v<R>)
struct SlotResult<R> {
  static_assert(!std::is_unsigned_v<R> || std::is_same_v<R, bool>,
                "adder: slot_guard: C functions of Python return signed integers, with -1 for an error");
  using C = std::conditional_t<std::is_same_v<R, bool>, int, R>;
  static constexpr C failure = static_cast<C>(-1);
  static C from(R result) noexcept { return static_cast<C>(result); }
};
template <class R>
struct SlotResult<PyResult<R>> {
  using C = typename SlotResult<R>::C;
  static constexpr C failure = SlotResult<R>::failure;
  static C from(PyResult<R>&& result) {
    if (result.is_ok()) return SlotResult<R>::from(std::move(result).value());
    result.error().restore(token());
    return failure;
  }
};
template <>
struct SlotResult<PyResult<void>> {
  using C = int;
  static constexpr C failure = -1;
  static C from(PyResult<void>&& result) {
    if (result.is_ok()) return 0;
    result.error().restore(token());
    return failure;
  }
};
template <>
struct SlotResult<void> {
  using C = void;
};
template <class R>
using SlotReturn = typename SlotResult<R>::C;

/// The C++ function that is guarded, with the receiver of a member function among its parameters.
template <class Callable>
struct WithReceiver;
template <class Callable, class... P>
TypeList<typename Callable::Receiver, P...> with_receiver(TypeList<P...>);
template <class Callable>
  requires(!std::is_void_v<typename Callable::Receiver>)
struct WithReceiver<Callable> {
  using type = decltype(with_receiver<Callable>(typename Callable::Parameters()));
};
template <class Callable>
  requires std::is_void_v<typename Callable::Receiver>
struct WithReceiver<Callable> {
  using type = typename Callable::Parameters;
};

template <class P>
using SlotArgument = std::conditional_t<std::is_void_v<typename SlotParameter<P>::C>, TypeList<>,
                                        TypeList<typename SlotParameter<P>::C>>;

template <auto Target, class R, class Parameters, class Arguments, class Indices>
struct SlotGuard;
template <auto Target, class R, class... P, class... A, std::size_t... I>
struct ADDER_HIDDEN SlotGuard<Target, R, TypeList<P...>, TypeList<A...>, std::index_sequence<I...>> {
  static SlotReturn<R> entry(A... argument) noexcept {
    const std::tuple<A...> arguments(argument...);
    if constexpr (std::is_void_v<R>) {
      const ErrorScope pending(token());  // What called it may be on its way out of an error.
      try {
        Loaders loaders;
        if (load(loaders, arguments)) call(loaders, arguments);
      } catch (...) {
        translate_current_exception();
      }
    } else {
      try {
        Loaders loaders;
        if (!load(loaders, arguments)) return SlotResult<R>::failure;
        return SlotResult<R>::from(call(loaders, arguments));
      } catch (...) {
        translate_current_exception();
        return SlotResult<R>::failure;
      }
    }
  }

 private:
  struct Loaders : LoaderAt<I, SlotParameter<P>>... {};
  template <class Q>
  static constexpr bool takes = !std::is_void_v<typename SlotParameter<Q>::C>;
  static constexpr std::size_t place(std::size_t index) noexcept {
    constexpr bool all[] = {takes<P>..., false};
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += all[i] ? 1 : 0;
    return result;
  }
  template <std::size_t Index, class Q, class F>
  static decltype(auto) with_argument(F&& f, [[maybe_unused]] const std::tuple<A...>& arguments) {
    if constexpr (takes<Q>) {
      return std::forward<F>(f)(std::get<place(Index)>(arguments));
    } else {
      return std::forward<F>(f)();
    }
  }
  template <std::size_t Index, class Q>
  static SlotParameter<Q>& loader(Loaders& loaders) noexcept {
    return static_cast<LoaderAt<Index, SlotParameter<Q>>&>(loaders).loader;
  }
  template <std::size_t Index, class Q>
  static bool check(Loaders& loaders, const std::tuple<A...>& arguments) {
    return with_argument<Index, Q>([&](auto... value) { return loader<Index, Q>(loaders).check(value...); }, arguments);
  }
  template <std::size_t Index, class Q>
  static bool borrow(Loaders& loaders, const std::tuple<A...>& arguments) {
    return with_argument<Index, Q>([&](auto... value) { return loader<Index, Q>(loaders).borrow(value...); },
                                   arguments);
  }
  template <std::size_t Index, class Q>
  static decltype(auto) get(Loaders& loaders, const std::tuple<A...>& arguments) {
    return with_argument<Index, Q>(
        [&](auto... value) -> decltype(auto) { return loader<Index, Q>(loaders).get(value...); }, arguments);
  }
  static bool load([[maybe_unused]] Loaders& loaders, [[maybe_unused]] const std::tuple<A...>& arguments) {
    return (check<I, P>(loaders, arguments) && ...) && (borrow<I, P>(loaders, arguments) && ...);
  }
  static R call([[maybe_unused]] Loaders& loaders, [[maybe_unused]] const std::tuple<A...>& arguments) {
    return invoke(get<I, P>(loaders, arguments)...);
  }
  template <class... V>
  static R invoke(V&&... value) {
    if constexpr (std::is_member_pointer_v<decltype(Target)>) {
      return call_method<Target>(std::forward<V>(value)...);
    } else {
      return Target(std::forward<V>(value)...);
    }
  }
};

template <auto Target, class Callable = CallableOf<decltype(Target)>,
          class Parameters = typename WithReceiver<Callable>::type>
struct SlotGuardOf;
template <auto Target, class Callable, class... P>
struct ADDER_HIDDEN SlotGuardOf<Target, Callable, TypeList<P...>>
    : SlotGuard<Target, typename Callable::Result, TypeList<P...>, typename JoinedLists<SlotArgument<P>...>::type,
                std::index_sequence_for<P...>> {};

template <int Id, int... Others>
inline constexpr bool is_slot_among = ((Id == Others) || ...);
/// A null pointer of the type that CPython wants for the slot @p Id.
template <int Id>
constexpr auto slot_function() {
  if constexpr (is_slot_among<Id, Py_nb_add, Py_nb_subtract, Py_nb_multiply, Py_nb_remainder, Py_nb_divmod,
                              Py_nb_lshift, Py_nb_rshift, Py_nb_and, Py_nb_xor, Py_nb_or, Py_nb_floor_divide,
                              Py_nb_true_divide, Py_nb_matrix_multiply, Py_nb_inplace_add, Py_nb_inplace_subtract,
                              Py_nb_inplace_multiply, Py_nb_inplace_remainder, Py_nb_inplace_lshift,
                              Py_nb_inplace_rshift, Py_nb_inplace_and, Py_nb_inplace_xor, Py_nb_inplace_or,
                              Py_nb_inplace_floor_divide, Py_nb_inplace_true_divide, Py_nb_inplace_matrix_multiply,
                              Py_mp_subscript, Py_sq_concat, Py_sq_inplace_concat, Py_tp_getattro>) {
    return binaryfunc();
  } else if constexpr (is_slot_among<Id, Py_nb_negative, Py_nb_positive, Py_nb_absolute, Py_nb_invert, Py_nb_int,
                                     Py_nb_float, Py_nb_index, Py_tp_iter, Py_tp_iternext, Py_tp_repr, Py_tp_str,
                                     Py_am_await, Py_am_aiter, Py_am_anext>) {
    return unaryfunc();
  } else if constexpr (is_slot_among<Id, Py_nb_power, Py_nb_inplace_power, Py_tp_call, Py_tp_descr_get>) {
    return ternaryfunc();
  } else if constexpr (is_slot_among<Id, Py_sq_length, Py_mp_length, Py_tp_hash>) {
    return lenfunc();
  } else if constexpr (is_slot_among<Id, Py_sq_item, Py_sq_repeat, Py_sq_inplace_repeat>) {
    return ssizeargfunc();
  } else if constexpr (is_slot_among<Id, Py_mp_ass_subscript, Py_tp_setattro, Py_tp_descr_set, Py_tp_init>) {
    return objobjargproc();
  } else if constexpr (Id == Py_nb_bool) {
    return inquiry();
  } else if constexpr (Id == Py_sq_contains) {
    return objobjproc();
  } else if constexpr (Id == Py_sq_ass_item) {
    return ssizeobjargproc();
  } else if constexpr (Id == Py_tp_richcompare) {
    return richcmpfunc();
  } else if constexpr (Id == Py_am_send) {
    return sendfunc();
  } else if constexpr (Id == Py_bf_getbuffer) {
    return getbufferproc();
  } else if constexpr (Id == Py_bf_releasebuffer) {
    return releasebufferproc();
  }
}
template <int Id>
struct SlotFunction {
  using type = decltype(slot_function<Id>());
};

}  // namespace detail

/// @brief A C function that calls @p Target as bound functions are called: objects are borrowed, exceptions become
/// Python ones. `cls.slot<Py_tp_richcompare>(slot_guard<&compare>)`; see the head of this file.
///
/// CPython calls some slots with objects of other types too, such as `Py_nb_add` for `1 + x`: the function takes those
/// as `const Bound<PyAny>&` then, and returns `py.NotImplemented()` for what it does not know.
/// @tparam Target  A function, a captureless lambda, or a member function of a pyclass. Called on an attached thread.
template <auto Target>
inline constexpr auto slot_guard = &detail::SlotGuardOf<Target>::entry;

}  // namespace adder::inline ADDER_ABI

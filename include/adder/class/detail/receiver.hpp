// SPDX-License-Identifier: MIT
/// @file
/// @brief The receiver of a method: the object that it is called on, as the function wants it.
///
/// | the receiver: of a member function, or a function's first parameter | what happens                               |
/// |---------------------------------------------------------------------|--------------------------------------------|
/// | `const T&`, a const member function                                 | the value is shared during the call        |
/// | `T&`, `T&&`, another member function                                | it is held exclusively                     |
/// | `PyRef<T>`, `PyRefMut<T>`                                           | the same, and the function may let go early |
/// | `const Bound<T>&`, `Borrowed<T>`, `Bound<T>`, `Py<T>`               | nothing is borrowed                        |
///
/// A function's token stands before the receiver or right behind it.
#pragma once
#include "adder/class/detail/lifetime.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// A callable without its receiver.
template <class Callable>
struct MethodFrom : Callable {
  static constexpr bool token_first = false;
};
template <class R, class Receiver_, class... P>
struct FunctionWithReceiver {
  using Result = R;
  using Receiver = Receiver_;
  using Parameters = TypeList<P...>;
  static constexpr bool token_first = false;
};
template <class R>
struct FunctionWithoutReceiver : FunctionWithReceiver<R, void> {};
/// Whether no token stands further back than right behind the receiver, nor a second one.
/// @param kinds  Of the parameters without the receiver, and without a token before it.
constexpr bool token_in_place(const ParameterKind* kinds, std::size_t count, bool token_first) noexcept {
  for (std::size_t i = token_first ? 0 : 1; i < count; ++i) {
    if (kinds[i] == ParameterKind::token) return false;
  }
  return true;
}
template <class Kinds, bool TokenFirst>
constexpr bool check_token() {
  static_assert(token_in_place(Kinds::kinds, Kinds::all, TokenFirst),
                "adder: a function that is bound as a method takes the token, Python, before the object or right "
                "behind it, and once");
  return true;
}
/// The parameters of a function that is no member function.
template <class R, class Parameters>
struct SplitReceiver : FunctionWithoutReceiver<R> {};
template <class R, class First, class... P>
struct SplitReceiver<R, TypeList<First, P...>> : FunctionWithReceiver<R, First, P...> {
  static_assert(((kind_of<P> != ParameterKind::token) && ...) || check_token<ParameterKinds<TypeList<P...>>, false>());
};
template <class R, class First, class... P>
struct SplitReceiver<R, TypeList<Python, First, P...>> : FunctionWithReceiver<R, First, P...> {
  static constexpr bool token_first = true;
  static_assert(check_token<ParameterKinds<TypeList<P...>>, true>());
};
template <class R, class First, class... P>
struct SplitReceiver<R, TypeList<const Python&, First, P...>> : SplitReceiver<R, TypeList<Python, First, P...>> {};
template <class Callable>
  requires std::is_void_v<typename Callable::Receiver>
struct MethodFrom<Callable> : SplitReceiver<typename Callable::Result, typename Callable::Parameters> {};

template <class F>
struct MethodOf : MethodFrom<CallableOf<F>> {};
/// A field, as a getter sees it.
template <class C, class M>
  requires(!std::is_function_v<M>)
struct MethodOf<M C::*> : FunctionWithReceiver<const M&, const C&> {};

/// Calls a member function, reads a field, or calls a function whose first parameter is the receiver.
template <auto Target, class Receiver, class... V>
ADDER_INLINE decltype(auto) call_method(Receiver&& receiver, V&&... value) {
  if constexpr (std::is_member_pointer_v<decltype(Target)>) {
    if constexpr (std::is_member_function_pointer_v<decltype(Target)>) {
      return (std::forward<Receiver>(receiver).*Target)(std::forward<V>(value)...);
    } else {
      return (std::forward<Receiver>(receiver).*Target);
    }
  } else if constexpr (MethodOf<decltype(Target)>::token_first) {
    return Target(token(), std::forward<Receiver>(receiver), std::forward<V>(value)...);
  } else {
    return Target(std::forward<Receiver>(receiver), std::forward<V>(value)...);
  }
}

/// The same for a value of the pyclass T, which has to allow it.
template <class T, class R>
constexpr Access access_to() {
  static_assert(access_of<R> == Access::shared || !is_frozen<T>(),
                "adder: a non-const member function cannot be a method of a frozen class: make it const, or the class "
                "not frozen");
  return access_of<R>;
}

/// The object that a method is called on, as the method wants it.
/// @tparam R  The type of the receiver.
template <class T, class R>
class Receiver {
  static_assert(always_false<R>,
                "adder: a function that is bound as a method takes the object first: as const T&, T&, PyRef<T>, "
                "PyRefMut<T>, const Bound<T>&, Borrowed<T>, Bound<T> or Py<T>. The token may stand before it or "
                "right behind it. A function that takes no object is bound by def_staticmethod");
};

/// `const T&`, `T&`, `T&&`, or the same of a C++ base class, of an object that is no part.
template <class T, class R>
class ValueReceiver {
  static constexpr Access wanted = access_to<T, R>();

 public:
  ADDER_INLINE explicit ValueReceiver(::PyObject* self) noexcept : self_(self), borrow_(Layout<T>::state(self)) {}
  ValueReceiver(const ValueReceiver&) = delete;
  ValueReceiver& operator=(const ValueReceiver&) = delete;
  // NOLINTNEXTLINE(modernize-use-equals-default): a call of it, even where it ends badly, would keep all in memory.
  ADDER_INLINE ~ValueReceiver() {}
  /// Whether the value may be used; else a RuntimeError is pending. Asked once. Where objects may be parts nothing is
  /// pending: see call_on_part().
  ADDER_INLINE bool granted() noexcept {
    if constexpr (may_be_part<T>()) {
      return borrow_.acquire_free();
    } else {
      return borrow_.acquire(PyClass<T>::name);
    }
  }
  const ValueOf<T>& own() const noexcept { return Layout<T>::value(self_); }
  ADDER_INLINE R get() const noexcept { return static_cast<R>(Layout<T>::value(self_)); }

 private:
  ::PyObject* self_;
  ScopedBorrow<typename Layout<T>::State, wanted> borrow_;
};

template <class T, class R>
  requires(std::is_reference_v<R> && std::is_base_of_v<std::remove_cvref_t<R>, ValueOf<T>> && !may_be_part<T>())
class Receiver<T, R> : public ValueReceiver<T, R> {
 public:
  using ValueReceiver<T, R>::ValueReceiver;
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ADDER_INLINE ~Receiver() {}  // NOLINT(modernize-use-equals-default): as that of a ValueReceiver
};
/// The same of an object that may be a part.
template <class T, class R>
class PartReceiver {
 public:
  ADDER_INLINE explicit PartReceiver(::PyObject* self) noexcept : self_(self) {}
  ADDER_INLINE bool granted() noexcept {
    auto& state = Layout<T>::state(self_);
    if constexpr (std::is_same_v<T, ValueOf<T>>) {
      if (!state.flag.is_part()) {
        if (!Borrowing<T>::template acquire<wanted>(self_)) [[unlikely]] {
          if (!settle_refusal<wanted>(state, PyClass<T>::name)) return false;
        }
        borrow_.adopt(self_, &Layout<T>::value(self_), held_flag<T>(self_), wanted);
        return true;
      }
    }
    return borrow_part<T, wanted>(self_, borrow_);
  }
  ADDER_INLINE R get() const noexcept { return static_cast<R>(*static_cast<ValueOf<T>*>(borrow_.value())); }
  const ValueOf<T>& own() const noexcept { return *static_cast<const ValueOf<T>*>(borrow_.value()); }

 private:
  static constexpr Access wanted = access_to<T, R>();
  ::PyObject* self_;
  PartBorrow borrow_;
};
template <class T, class R>
  requires(std::is_reference_v<R> && std::is_base_of_v<std::remove_cvref_t<R>, ValueOf<T>> && may_be_part<T>())
class Receiver<T, R> : public PartReceiver<T, R> {
 public:
  using PartReceiver<T, R>::PartReceiver;
};

/// A receiver that is no borrow.
template <class T, class R>
class HandleReceiver {
 public:
  explicit HandleReceiver(::PyObject* self) noexcept : self_(self) {}
  static constexpr bool granted() noexcept { return true; }
  R get() const noexcept { return R(borrow<T>(self_)); }

 private:
  ::PyObject* self_;
};
template <class T, class R>
  requires(std::is_same_v<R, Bound<T>> || std::is_same_v<R, Py<T>>)
class Receiver<T, R> : public HandleReceiver<T, R> {
 public:
  using HandleReceiver<T, R>::HandleReceiver;
};
template <class T, class R>
  requires(std::is_same_v<R, const Bound<T>&> || std::is_same_v<R, Borrowed<T>>)
class Receiver<T, R> {
 public:
  explicit Receiver(::PyObject* self) noexcept : self_(peek<T>(self)) {}
  static constexpr bool granted() noexcept { return true; }
  R get() const noexcept {
    if constexpr (std::is_same_v<R, Borrowed<T>>) {
      return self_;
    } else {
      return self_.as_bound();
    }
  }

 private:
  Borrowed<T> self_;
};
template <class T, class R>
  requires(std::is_same_v<std::remove_cvref_t<R>, PyRef<T>> || std::is_same_v<std::remove_cvref_t<R>, PyRefMut<T>>)
class Receiver<T, R> {
  using Guard = std::remove_cvref_t<R>;

 public:
  explicit Receiver(::PyObject* self) : guard_(FromPyObject<Guard>::extract(peek<T>(self).as_bound())) {}
  bool granted() const noexcept {
    if (guard_.is_ok()) return true;
    guard_.error().restore(token());
    return false;
  }
  R&& get() { return static_cast<R&&>(*guard_); }

 private:
  PyResult<Guard> guard_;
};

}  // namespace adder::inline ADDER_ABI::detail

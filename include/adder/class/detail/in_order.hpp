// SPDX-License-Identifier: MIT
/// @file
/// @brief Calls that borrow several locked objects: in the order of their addresses, so that two such calls do not wait
/// for each other for ever.
///
/// Arguments are converted first, all of them, as that may run Python code; then the objects are borrowed.
#pragma once
#include "adder/class/cell.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
inline constexpr bool is_locked_reference<P> = is_locked<std::remove_cvref_t<P>>();

/// The object that is locked for the sake of @p object: its root, where that is a part.
template <class T>
::PyObject* locked_object(::PyObject* object) noexcept {
  PartLink* link = link_of<T>(object);
  if (link == nullptr) return object;
  while (link->parent != nullptr) link = link->parent;
  return link->owner == nullptr ? object : link->owner;
}
template <class T>
bool is_locked_before(::PyObject* a, ::PyObject* b) noexcept {
  return precedes(locked_object<T>(a), locked_object<T>(b));
}
/// A reference to a locked object, before it is borrowed.
class LateBorrow {
 public:
  bool comes_before(const LateBorrow& other) const noexcept { return precedes(key_, other.key_); }
  /// False with an exception pending.
  bool acquire() { return acquire_(*this); }

 protected:
  explicit LateBorrow(bool (*how)(LateBorrow&)) noexcept : acquire_(how) {}
  ::PyObject* object_ = nullptr;
  ::PyObject* key_ = nullptr;
  CallContext context_{nullptr, nullptr};
  unsigned index_ = 0;

 private:
  bool (*acquire_)(LateBorrow&);
};
template <class P>
class LateReference : public LateBorrow {
  using T = std::remove_cvref_t<P>;

 public:
  LateReference() noexcept : LateBorrow(&acquire_reference) {}
  LateReference(const LateReference&) = delete;
  LateReference& operator=(const LateReference&) = delete;
  void set(::PyObject* object, CallContext context, unsigned index) noexcept {
    object_ = object;
    key_ = locked_object<T>(object);
    context_ = context;
    index_ = index;
  }
  P value() const noexcept { return static_cast<P>(borrow_.value()); }

 private:
  static bool acquire_reference(LateBorrow& late) {
    auto& self = static_cast<LateReference&>(late);
    if (self.borrow_.acquire(self.object_)) return true;
    PyErr error = self.borrow_.error(self.object_);
    if (self.context_.first == nullptr) {
      error.restore(token());
    } else {
      set_argument_error(self.context_.record(), self.index_, error);
    }
    return false;
  }
  ObjectBorrow<T, access_of<P>> borrow_;
};
/// A receiver that is borrowed along with the arguments.
template <class T, class R>
class LateReceiver : public LateReference<std::conditional_t<access_of<R> == Access::shared, const T&, T&>> {
 public:
  explicit LateReceiver(::PyObject* self) noexcept { this->set(self, CallContext{nullptr, nullptr}, 0); }
  R get() const noexcept { return static_cast<R>(this->value()); }
  const ValueOf<T>& own() const noexcept { return this->value(); }
};
/// Borrows them all.
ADDER_HIDDEN bool acquire_in_order(LateBorrow** borrows, std::size_t count);

/// What stands for a P in a call whose borrows are late.
template <class P>
struct LateArgument {};
template <class P>
class ArgumentLoader<LateArgument<P>> {
  using T = std::remove_cvref_t<P>;

 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) {
      set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
      return false;
    }
    reference_.set(object, context, index);
    return true;
  }
  LateReference<P>& get() noexcept { return reference_; }

 private:
  LateReference<P> reference_;
};
template <class P, class How>
  requires(!std::is_same_v<How, Plain>)
struct LoaderFor<LateArgument<P>, How> : LoaderFor<LateArgument<P>, Plain> {};
template <class P>
struct LateParameter {
  using type = P;
};
template <class P>
  requires(is_locked_reference<P>)
struct LateParameter<P> {
  using type = LateArgument<P>;
};

template <class V>
V&& late_value(V&& value) noexcept {
  return static_cast<V&&>(value);
}
template <class P>
P late_value(LateReference<P>& reference) noexcept {
  return reference.value();
}
template <class V>
void list_late(LateBorrow**&, V&&) noexcept {}
template <class P>
void list_late(LateBorrow**& next, LateReference<P>& reference) noexcept {
  *next++ = &reference;
}

template <class... P, class Options>
struct LockingInOrder<TypeList<P...>, Options> {
  using Call = Arguments<TypeList<typename LateParameter<P>::type...>, Options>;

  /// Calls the function @p Function, when all is borrowed, and returns what it returns, as Python sees it.
  template <auto Function, class Result>
  static ::PyObject* call(::PyObject* const* args, CallContext context) {
    return pass_to(
        [](auto&&... values) -> ::PyObject* {
          const auto target = [&]() -> Result { return Function(std::forward<decltype(values)>(values)...); };
          if constexpr (Options::release_gil && std::is_void_v<Result>) {
            Arguments<TypeList<P...>, Options>::template detached<Result>(target);
            Py_RETURN_NONE;
          } else if constexpr (Options::release_gil) {
            return return_to_python<Result>(Arguments<TypeList<P...>, Options>::template detached<Result>(target));
          } else if constexpr (std::is_void_v<Result>) {
            target();
            Py_RETURN_NONE;
          } else {
            return return_to_python<Result>(target());
          }
        },
        args, context);
  }
  /// Calls @p call with the values, when all is borrowed.
  /// @param first  A borrow besides those of the arguments; or null.
  template <class Target>
  ADDER_HIDDEN static ::PyObject* pass_to(Target&& call, ::PyObject* const* args, CallContext context,
                                          LateBorrow* first = nullptr) {
    return Call::pass_to(
        [&](auto&&... values) -> ::PyObject* {
          LateBorrow* borrows[sizeof...(P) + 1];
          LateBorrow** next = borrows;
          if (first != nullptr) *next++ = first;
          (list_late(next, values), ...);
          if (!acquire_in_order(borrows, static_cast<std::size_t>(next - borrows))) return nullptr;
          return call(late_value(std::forward<decltype(values)>(values))...);
        },
        args, context);
  }
};

}  // namespace adder::inline ADDER_ABI::detail

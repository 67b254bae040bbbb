// SPDX-License-Identifier: MIT
/// @file
/// @brief Functions as methods, getters, setters and deleters: the entry points that borrow, call, and give the borrow
/// back.
///
/// What the receiver may be is in receiver.hpp.
#pragma once
#include "adder/class/detail/direct_call.hpp"
#include "adder/class/detail/receiver.hpp"
#include "adder/function/function.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

// --- Methods ---------------------------------------------------------------------------------------------------------

/// A method has returned a reference to another object than its own.
ADDER_COLD_CALL ::PyObject* refuse_reference(const char* class_name) noexcept;

/// Whether a method may return a reference to the method's own object.
/// @tparam F  The type of the function, or of the field.
template <class T, class F, class Result>
constexpr bool may_return_self() {
  using R = std::remove_cvref_t<Result>;
  if constexpr (std::is_member_object_pointer_v<F> && !IsScalar<R>) {
    return false;
  } else {
    return RefersToPyClass<Result&&> && (std::is_base_of_v<R, ValueOf<T>> || std::is_base_of_v<ValueOf<T>, R>);
  }
}
template <class T, class F, class Result>
ADDER_INLINE ::PyObject* return_from_method(::PyObject* self, Result&& result);

/// The result of a method as a new reference, or null with an exception pending. A field is copied; a reference to the
/// method's own object is that object.
/// @param value  That of the object.
template <class T, class F, class Result>
ADDER_INLINE ::PyObject* return_from_method(::PyObject* self, Result&& result,
                                            [[maybe_unused]] const ValueOf<T>& value) {
  if constexpr (may_return_self<T, F, Result>()) {
    using R = std::remove_cvref_t<Result>;
    using Common = std::conditional_t<std::is_base_of_v<R, ValueOf<T>>, R, ValueOf<T>>;
    const Common& returned = result;
    const Common& own = static_cast<const Common&>(value);
    return __builtin_addressof(returned) == __builtin_addressof(own) ? Py_NewRef(self)
                                                                     : refuse_reference(PyClass<T>::name);
  } else {
    return return_from_method<T, F, Result>(self, std::forward<Result>(result));
  }
}
/// The same of an object that is no part, or of a result that is no such reference.
template <class T, class F, class Result>
ADDER_INLINE ::PyObject* return_from_method([[maybe_unused]] ::PyObject* self, Result&& result) {
  if constexpr (may_return_self<T, F, Result>()) {
    return return_from_method<T, F, Result>(self, std::forward<Result>(result), Layout<T>::value(self));
  } else if constexpr (std::is_member_object_pointer_v<F> && !IsScalar<std::remove_cvref_t<Result>>) {
    return into_ptr_or_pending(std::forward<Result>(result));
  } else {
    return return_to_python<Result>(std::forward<Result>(result));
  }
}

/// Calls @p call with the value of a receiver, which returns a new reference or null with an exception pending, or what
/// it throws. For the objects that a ValueReceiver refuses: parts, if they can be had.
template <class T, class R, class Call>
ADDER_NOINLINE ::PyObject* call_on_part(::PyObject* self, Call&& call) noexcept {
  try {
    PartReceiver<T, R> receiver(self);
    if (!receiver.granted()) return nullptr;
    return call(receiver);
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}
/// Whether the receiver R of a method of T is a value that may be in another object.
template <class T, class R>
constexpr bool receives_part() {
  if constexpr (std::is_reference_v<R>) {
    if constexpr (std::is_base_of_v<std::remove_cvref_t<R>, ValueOf<T>>) return may_be_part<T>();
  }
  return false;
}
/// Whether a method of T locks its object, and others that it is given.
template <class T, class R, class... P>
constexpr bool locks_receiver_and_more(TypeList<P...>) {
  if constexpr (sizeof...(P) != 0 && std::is_reference_v<R>) {
    if constexpr (std::is_base_of_v<std::remove_cvref_t<R>, ValueOf<T>>) {
      if constexpr (is_locked<T>()) return (is_locked_reference<P> || ...);
    }
  }
  return false;
}
/// The same. Asked for by name, as it is compiled once for all methods that have the same parameters.
template <class T, class R, class Parameters>
inline constexpr bool locks_in_order = locks_receiver_and_more<T, R>(Parameters());
/// A receiver that is borrowed along with the arguments: in_order.hpp.
template <class T, class R>
class LateReceiver;
/// The receiver of the short way: call_on_part() is the other one.
template <class T, class R, bool = receives_part<T, R>()>
struct ShortReceiver {
  using type = Receiver<T, R>;
};
template <class T, class R>
struct ShortReceiver<T, R, true> {
  using type = ValueReceiver<T, R>;
};

/// The record of a function that is bound as a method. By itself, as operators need no more of a MethodBinding.
template <class T, auto Target, class Options, class Owner>
struct ADDER_HIDDEN MethodRecord {
  static inline constinit RecordStorage<ParameterKinds<typename MethodOf<decltype(Target)>::Parameters>::count>
      static_storage{};
};

/// A function bound as a method of the pyclass T.
///
/// CPython has checked that `self` is a T before it calls.
/// @tparam Owner  The class, or the overload set in it.
template <class T, auto Target, class Options_ = CallOptions<>, class Owner = T>
struct ADDER_HIDDEN MethodBinding : MethodRecord<T, Target, Options_, Owner> {
  using Options = Options_;
  using Signature = MethodOf<decltype(Target)>;
  using Result = typename Signature::Result;
  static constexpr std::size_t count = ParameterKinds<typename Signature::Parameters>::count;
  static_assert(!Options::release_gil ||
                    !(Signature::token_first || ParameterKinds<typename Signature::Parameters>::has_token),
                "adder: a method with release_gil takes no token: it runs without the GIL. Leave Python out, or leave "
                "release_gil out and let the GIL go inside, with py.allow_threads");
  using MethodRecord<T, Target, Options_, Owner>::static_storage;
  static RecordStorage<count>& storage() noexcept { return static_storage; }

  /// Whether the result is the object itself, for stub files.
  static constexpr bool returns_self() {
    if constexpr (!std::is_void_v<Result>) return may_return_self<T, decltype(Target), Result>();
    return false;
  }

  /// Whether the arguments are loaded by the code that all functions share.
  static constexpr bool in_slots = std::is_member_function_pointer_v<decltype(Target)> &&
                                   Arguments<typename Signature::Parameters, Options>::in_slots;

  ADDER_INLINE static ::PyObject* no_arguments(::PyObject* self, ::PyObject*) noexcept {
    // The most frequent kind, written out: what invoke() would do through a dozen functions that have to be compiled.
    if constexpr (std::is_member_function_pointer_v<decltype(Target)> && Signature::Parameters::size == 0 &&
                  !Options::release_gil) {
      using R = typename Signature::Receiver;
      [[maybe_unused]] ScalarResult<Result> scalar;
      {
        ScopedBorrow<typename Layout<T>::State, access_to<T, R>()> borrow(Layout<T>::state(self));
        if constexpr (may_be_part<T>()) {
          if (!borrow.acquire_free()) [[unlikely]]
            return on_part(self);
        } else {
          if (!borrow.acquire(PyClass<T>::name)) [[unlikely]]
            return nullptr;
        }
        [[maybe_unused]] const DirectCallScope<T> direct(self, static_storage.record);
        try {
          if constexpr (std::is_void_v<Result>) {
            (static_cast<R>(Layout<T>::value(self)).*Target)();
            Py_RETURN_NONE;
          } else if constexpr (returns_scalar<Result>) {
            scalar = (static_cast<R>(Layout<T>::value(self)).*Target)();
          } else if constexpr (IsScalar<Result>) {
            return Scalar<Result>::store((static_cast<R>(Layout<T>::value(self)).*Target)());
          } else {
            return return_from_method<T, decltype(Target), Result>(self,
                                                                   (static_cast<R>(Layout<T>::value(self)).*Target)());
          }
        } catch (...) {
          translate_current_exception();
          return nullptr;
        }
      }
      if constexpr (returns_scalar<Result>) return Scalar<ScalarResult<Result>>::store(scalar);
    } else {
      return invoke(self, nullptr);
    }
  }
  static ::PyObject* positional(::PyObject* self, ::PyObject* const* args, Py_ssize_t given) noexcept {
    if constexpr (in_slots) {
      ScalarSlot slots[count];
      constexpr auto codes = Arguments<typename Signature::Parameters, Options>::codes;
      if (!load_exactly(nullptr, &static_storage.record, args, given, count, codes, slots)) return nullptr;
      return call_slots(self, slots, typename Signature::Parameters(), std::make_index_sequence<count>());
    } else {
      if (given != static_cast<Py_ssize_t>(count)) [[unlikely]]
        return refuse_count(static_storage.record, args, given);
      return invoke(self, args);
    }
  }
  static ::PyObject* keywords(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    if constexpr (in_slots) {
      ScalarSlot slots[count];
      constexpr auto codes = Arguments<typename Signature::Parameters, Options>::codes;
      if (!load_bound(nullptr, &static_storage.record, args, given, names, count, codes, slots)) return nullptr;
      return call_slots(self, slots, typename Signature::Parameters(), std::make_index_sequence<count>());
    } else {
      ::PyObject* bound[count == 0 ? 1 : count];
      if (given != static_cast<Py_ssize_t>(count) || names != nullptr) [[unlikely]] {
        if (!bind_named<count>(static_storage.record, args, given, names, bound)) return nullptr;
        args = bound;
      }
      return invoke(self, args);
    }
  }
  static ::PyObject* general(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    const FunctionRecord& record = static_storage.record;
    ::PyObject* bound[count + 2];
    const VariadicArguments further(record.shape, args, given, bound);
    if (!further.made() || !bind_arguments(record, args, given, names, bound)) return nullptr;
    return invoke(self, bound);
  }
  static ::PyObject* getter(::PyObject* self, void*) noexcept { return no_arguments(self, nullptr); }
  /// A call of a member function with arguments in slots: as no_arguments().
  template <class... P, std::size_t... I>
  static ::PyObject* call_slots(::PyObject* self, ScalarSlot* slots, TypeList<P...>,
                                std::index_sequence<I...>) noexcept {
    using R = typename Signature::Receiver;
    ScopedBorrow<typename Layout<T>::State, access_to<T, R>()> borrow(Layout<T>::state(self));
    if constexpr (may_be_part<T>()) {
      if (!borrow.acquire_free()) [[unlikely]]
        return on_part(self, *__builtin_launder(reinterpret_cast<const std::remove_cvref_t<P>*>(slots + I))...);
    } else {
      if (!borrow.acquire(PyClass<T>::name)) [[unlikely]]
        return nullptr;
    }
    [[maybe_unused]] const DirectCallScope<T> direct(self, static_storage.record);
    try {
      if constexpr (std::is_void_v<Result>) {
        (static_cast<R>(Layout<T>::value(self)).*
         Target)(*__builtin_launder(reinterpret_cast<const std::remove_cvref_t<P>*>(slots + I))...);
        Py_RETURN_NONE;
      } else {
        return return_from_method<T, decltype(Target), Result>(
            self, (static_cast<R>(Layout<T>::value(self)).*
                   Target)(*__builtin_launder(reinterpret_cast<const std::remove_cvref_t<P>*>(slots + I))...));
      }
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }

  /// Loads the arguments before it borrows: converting them may run Python code that uses the same object.
  ADDER_INLINE static ::PyObject* invoke(::PyObject* self, ::PyObject* const* args) noexcept {
    if constexpr (borrows_in_order) return invoke_in_order(self, args);
    try {
      return Arguments<typename Signature::Parameters, Options>::pass_to(
          [self](auto&&... values) ADDER_INLINE_LAMBDA -> ::PyObject* {
            [[maybe_unused]] ScalarResult<Result> scalar;
            {
              typename ShortReceiver<T, typename Signature::Receiver>::type receiver(self);
              if (!receiver.granted()) [[unlikely]] {
                if constexpr (receives_part<T, typename Signature::Receiver>()) {
                  return on_part(self, std::forward<decltype(values)>(values)...);
                } else {
                  return nullptr;
                }
              }
              [[maybe_unused]] const DirectCallScope<T> direct(self, static_storage.record);
              if constexpr (Options::release_gil) {
                (void)MustBeUngil<T>{};
                using Call = Arguments<typename Signature::Parameters, Options>;
                const auto target = [&]() -> Result {
                  return call_method<Target>(receiver.get(), std::forward<decltype(values)>(values)...);
                };
                if constexpr (std::is_void_v<Result>) {
                  Call::template detached<Result>(target);
                  Py_RETURN_NONE;
                } else {
                  return return_from_method<T, decltype(Target), Result>(self, Call::template detached<Result>(target));
                }
              } else if constexpr (std::is_void_v<Result>) {
                call_method<Target>(receiver.get(), std::forward<decltype(values)>(values)...);
                Py_RETURN_NONE;
              } else if constexpr (returns_scalar<Result>) {
                scalar = call_method<Target>(receiver.get(), std::forward<decltype(values)>(values)...);
              } else {
                return return_from_method<T, decltype(Target), Result>(
                    self, call_method<Target>(receiver.get(), std::forward<decltype(values)>(values)...));
              }
            }
            if constexpr (returns_scalar<Result> && !Options::release_gil) {
              return Scalar<ScalarResult<Result>>::store(scalar);
            }
          },
          args, CallContext{nullptr, &static_storage.record});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }

  /// Whether the object and arguments of it are locked, which is done in an order.
  static constexpr bool borrows_in_order =
      locks_in_order<T, typename Signature::Receiver, typename Signature::Parameters>;
  static ::PyObject* invoke_in_order(::PyObject* self, ::PyObject* const* args) noexcept {
    using R = typename Signature::Receiver;
    try {
      LateReceiver<T, R> receiver(self);
      return LockingInOrder<typename Signature::Parameters, Options>::pass_to(
          [&](auto&&... values) { return on_value(self, receiver, std::forward<decltype(values)>(values)...); }, args,
          CallContext{nullptr, &static_storage.record}, &receiver);
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }

  /// The call where the object may be a part: the long way.
  template <class... V>
  ADDER_NOINLINE static ::PyObject* on_part(::PyObject* self, V&&... values) noexcept {
    using R = typename Signature::Receiver;
    return call_on_part<T, R>(self, [&](const auto& receiver) -> ::PyObject* {
      return on_value(self, receiver, std::forward<V>(values)...);
    });
  }
  /// @param receiver  That has been granted.
  template <class Granted, class... V>
  static ::PyObject* on_value(::PyObject* self, const Granted& receiver, V&&... values) {
    const auto call = [&]() -> Result { return call_method<Target>(receiver.get(), std::forward<V>(values)...); };
    if constexpr (Options::release_gil) {
      (void)MustBeUngil<ValueOf<T>>{};
      using Call = Arguments<typename Signature::Parameters, Options>;
      if constexpr (std::is_void_v<Result>) {
        Call::template detached<Result>(call);
        Py_RETURN_NONE;
      } else {
        return return_from_method<T, decltype(Target), Result>(self, Call::template detached<Result>(call),
                                                               receiver.own());
      }
    } else if constexpr (std::is_void_v<Result>) {
      call();
      Py_RETURN_NONE;
    } else {
      return return_from_method<T, decltype(Target), Result>(self, call(), receiver.own());
    }
  }
};

// --- Views that are lent ---------------------------------------------------------------------------------------------

#if ADDER_CHECKED
/// A view that a constructor or setter is given, in checked builds. It shows a copy, which is overwritten and freed
/// when the call ends: whoever keeps the view is found out at once, and not only where the argument happens to die.
template <class View>
struct Lent {};
template <class View>
class ArgumentLoader<Lent<View>> {
 public:
  ArgumentLoader() = default;
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  ~ArgumentLoader() {
    // Volatile, or the compiler would drop writes to what is freed.
    for (std::size_t i = 0; copy_ != nullptr && i < size_; ++i) static_cast<volatile unsigned char*>(copy_)[i] = 0xDD;
    std::free(copy_);
  }
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!loader_.load(object, context, index)) return false;
    const View view = loader_.get();
    size_ = view.size();
    copy_ = std::calloc(size_ + 1, 1);  // With a zero at the end, as Python's texts have.
    if (copy_ == nullptr) throw std::bad_alloc();
    if (size_ != 0) std::memcpy(copy_, view.data(), size_);
    return true;
  }
  View get() const noexcept { return View(static_cast<typename View::const_pointer>(copy_), size_); }

 private:
  ArgumentLoader<View> loader_;
  void* copy_ = nullptr;
  std::size_t size_ = 0;
};
template <class View, class How>
  requires(!std::is_same_v<How, Plain>)
struct LoaderFor<Lent<View>, How> : LoaderFor<View, How> {};
template <class P, class T = std::remove_cvref_t<P>>
using LentParameter =
    std::conditional_t<std::is_same_v<T, std::string_view> || std::is_same_v<T, std::span<const std::byte>>, Lent<T>,
                       P>;
template <class List>
struct LentParametersOf;
template <class... P>
struct LentParametersOf<TypeList<P...>> {
  using type = TypeList<LentParameter<P>...>;
};
template <class List>
using LentParameters = typename LentParametersOf<List>::type;
#else
template <class List>
using LentParameters = List;
#endif

// --- Setters and deleters --------------------------------------------------------------------------------------------

/// Of an attribute without a deleter.
ADDER_COLD_CALL int refuse_deletion(const FunctionRecord& setter) noexcept;

/// A function of one argument, or a field, bound as the setter of an attribute.
template <class T, auto Target>
struct ADDER_HIDDEN SetterBinding {
  static auto signature() {
    if constexpr (std::is_member_object_pointer_v<decltype(Target)>) {
      using M = typename MemberTypeOf<decltype(Target)>::type;
      static_assert(!std::is_const_v<M>, "adder: a const field has no setter: bind it by getter");
      (void)MustOwn<M>{};
      return FunctionWithReceiver<void, T&, M>();
    } else {
      return MethodOf<decltype(Target)>();
    }
  }
  using Signature = decltype(signature());
  using Result = typename Signature::Result;
  using Call = Arguments<LentParameters<typename Signature::Parameters>>;
  static constexpr std::size_t count = ParameterKinds<typename Signature::Parameters>::count;
  static inline constinit FunctionRecord record{};

  static int set(::PyObject* self, ::PyObject* value, void*) noexcept {
    if (value == nullptr) [[unlikely]]
      return refuse_deletion(record);
    try {
      // Any object stands for success: it is not counted.
      return Call::pass_to([self](auto&&... given)
                               ADDER_INLINE_LAMBDA { return store(self, std::forward<decltype(given)>(given)...); },
                           &value, CallContext{nullptr, &record}) == nullptr
                 ? -1
                 : 0;
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }

 private:
  template <class... V>
  ADDER_INLINE static ::PyObject* store(::PyObject* self, V&&... value) {
    using R = typename Signature::Receiver;
    typename ShortReceiver<T, R>::type receiver(self);
    if (!receiver.granted()) [[unlikely]] {
      if constexpr (receives_part<T, R>()) {
        return call_on_part<T, R>(
            self, [&](const auto& part) { return store_in(self, part.get(), std::forward<V>(value)...); });
      } else {
        return nullptr;
      }
    }
    return store_in(self, receiver.get(), std::forward<V>(value)...);
  }
  template <class R, class... V>
  ADDER_INLINE static ::PyObject* store_in(::PyObject* self, R&& receiver, V&&... value) {
    if constexpr (std::is_member_object_pointer_v<decltype(Target)>) {
      ((std::forward<R>(receiver).*Target = std::forward<V>(value)), ...);
    } else if constexpr (is_specialization<Result, PyResult>) {
      auto result = call_method<Target>(std::forward<R>(receiver), std::forward<V>(value)...);
      if (result.is_err()) {
        result.error().restore(token());
        return nullptr;
      }
    } else {
      call_method<Target>(std::forward<R>(receiver), std::forward<V>(value)...);
    }
    return self;
  }
};

/// A function without arguments, bound as the deleter of an attribute.
template <class T, auto Target>
int delete_attribute(::PyObject* self) noexcept {
  ::PyObject* result = MethodBinding<T, Target>::invoke(self, nullptr);
  if (result == nullptr) return -1;
  Py_DECREF(result);
  return 0;
}
/// What an attribute with a deleter has for its closure.
struct Accessors {
  setter set;
  int (*del)(::PyObject*);
  const char* name;  // "attribute 'x' of 'Counter' objects"
};
/// The C slot of such an attribute.
int set_or_delete(::PyObject* self, ::PyObject* value, void* closure) noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/methods_inl.hpp"
#endif

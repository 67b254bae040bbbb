// SPDX-License-Identifier: MIT
/// @file
/// @brief Items, membership, concatenation and iteration as type slots.
#pragma once
#include "adder/class/detail/operator_slots.hpp"
#include "adder/types/index.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// An Index that is an int, without a PyResult on the way.
template <>
class ArgumentLoader<Index> {
 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned index) {
    if (PyLong_CheckExact(object)) [[likely]] {
      value_ = Index(PyLong_AsSsize_t(object));
      if (value_.value() != -1 || PyErr_Occurred() == nullptr) [[likely]]
        return true;
      PyErr_Clear();  // Too large: an IndexError, as it says below.
    }
    return load_other(object, context, index);
  }
  Index get() const noexcept { return value_; }

 private:
  ADDER_COLD bool load_other(::PyObject* object, CallContext context, unsigned index) {
    ExtractingLoader<Index, &extract_from<Index>> loader;
    if (!loader.load(object, context, index)) return false;
    value_ = loader.get();
    return true;
  }
  Index value_{0};
};

template <>
inline constexpr bool is_mere_value<Index, Index> = true;

template <class P>
struct IsIndex : std::bool_constant<(std::is_integral_v<std::remove_cvref_t<P>> &&
                                     !std::is_same_v<std::remove_cvref_t<P>, bool>) ||
                                    std::is_same_v<std::remove_cvref_t<P>, Index>> {};

/// sq_item and sq_ass_item of classes whose keys are integers, for `PySequence_GetItem` and the like. Python has added
/// the length to a negative index.
::PyObject* get_by_index(::PyObject* self, Py_ssize_t index) noexcept;
int set_by_index(::PyObject* self, Py_ssize_t index, ::PyObject* value) noexcept;
/// The TypeError of an operation that a class does not have. @return -1
ADDER_COLD_CALL int refuse_operation(::PyObject* self, const char* what) noexcept;

struct GetItemSlot : WholeSlot<GetItemSlot, Py_mp_subscript, 1> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* key) noexcept {
    return Function::call(self, &key, 1);
  }
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>& cls, ClassParts& parts, const char* dunder, const E&... extra) {
    DunderSlot::bind<T, Target>(cls, parts, dunder, extra...);
    if constexpr (DunderFunction<T, GetItemSlot, Target>::template first_is<IsIndex>) {
      parts.add_slot(Py_sq_item, reinterpret_cast<void*>(&get_by_index));
    }
  }
};

/// Dunders that set, and those that delete, share a slot: `__setitem__` and `__delitem__`, `__setattr__` and
/// `__delattr__`, `__set__` and `__delete__`.
struct Assigning {
  enum : int { sets, deletes };
};
template <class T, int Id>
struct Assignment {
  using Set = objobjargproc;
  using Delete = objobjproc;

  static constexpr const char* missing(bool deleting) noexcept {
    return Id == Py_mp_ass_subscript ? (deleting ? "item deletion" : "item assignment")
                                     : (deleting ? "deletion of the attribute" : "assignment to the attribute");
  }
  static int entry(::PyObject* self, ::PyObject* key, ::PyObject* value) noexcept {
    if (value != nullptr) {
      if (Set function = find_half<T>(halves<T, Set, Id>, Assigning::sets)) return function(self, key, value);
    } else {
      if (Delete function = find_half<T>(halves<T, Delete, Id>, Assigning::deletes)) return function(self, key);
    }
    Set usual = usual_slot<T, Set>(Id);
    if (usual == nullptr && Id == Py_tp_setattro) usual = &PyObject_GenericSetAttr;
    return usual != nullptr ? usual(self, key, value) : refuse_operation(self, missing(value == nullptr));
  }
};
template <int Id>
struct SettingSlot : HalfSlot<SettingSlot<Id>, objobjargproc, Id, Assigning::sets, 2> {
  /// The slot of a class that has this itself; that of others finds it.
  template <class T, class Function>
  static int entry(::PyObject* self, ::PyObject* key, ::PyObject* value) noexcept {
    if (value != nullptr) [[likely]]
      return call<T, Function>(self, key, value);
    return Assignment<T, Id>::entry(self, key, value);
  }
  template <class T, class Function>
  static int call(::PyObject* self, ::PyObject* key, ::PyObject* value) noexcept {
    ::PyObject* args[] = {key, value};
    return status_of(Function::call(self, args, 2));
  }
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>& cls, ClassParts& parts, const char* dunder, const E&... extra) {
    SettingSlot::DunderSlot::template bind<T, Target>(cls, parts, dunder, extra...);
    using Function = DunderFunction<T, SettingSlot, Target>;
    if constexpr (Id == Py_mp_ass_subscript && Function::template first_is<IsIndex>) {
      parts.add_half(Py_sq_ass_item, Assigning::sets, reinterpret_cast<void*>(&set_by_index));
    }
  }
};
template <int Id>
struct DeletingSlot : HalfSlot<DeletingSlot<Id>, objobjproc, Id, Assigning::deletes, 1> {
  template <class T, class Function>
  static constexpr objobjargproc entry = &Assignment<T, Id>::entry;
  template <class T, class Function>
  static int call(::PyObject* self, ::PyObject* key) noexcept {
    return status_of(Function::call(self, &key, 1));
  }
  template <class T, auto Target, class... E>
  static void bind(ClassBuilder<T>& cls, ClassParts& parts, const char* dunder, const E&... extra) {
    DeletingSlot::DunderSlot::template bind<T, Target>(cls, parts, dunder, extra...);
    using Function = DunderFunction<T, DeletingSlot, Target>;
    if constexpr (Id == Py_mp_ass_subscript && Function::template first_is<IsIndex>) {
      parts.add_half(Py_sq_ass_item, Assigning::deletes, reinterpret_cast<void*>(&set_by_index));
    }
  }
};

/// `__contains__`. What does not convert to the parameter is not in the container.
struct ContainsSlot : WholeSlot<ContainsSlot, Py_sq_contains, 1, 1, true> {
  template <class T, class Function>
  static int entry(::PyObject* self, ::PyObject* item) noexcept {
    static_assert(Function::template returns<PyBool>, "adder: __contains__ returns bool");
    if (!Function::may_fit(item)) return 0;
    ::PyObject* result = Function::call(self, &item, 1);
    if (result == nullptr) [[unlikely]]
      return PyErr_Occurred() == nullptr ? 0 : -1;
    if (result == Py_True || result == Py_False) [[likely]] {
      const int found = result == Py_True ? 1 : 0;
      Py_DECREF(result);
      return found;
    }
    const int found = guard_unwind(PyObject_IsTrue, result);
    Py_DECREF(result);
    return found;
  }
};

/// `__concat__` and `__inplace_concat__`: `a + b` of sequences, where `__add__` has no answer.
template <int Id>
struct ConcatSlot : WholeSlot<ConcatSlot<Id>, Id, 1> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, ::PyObject* other) noexcept {
    if constexpr (Id == Py_sq_concat) {
      return Function::call(self, &other, 1);
    } else {
      if constexpr (needs_copy<T, Function>) {
        if (self == other && may_be_copied<T>(self)) [[unlikely]]
          return with_copy<T>(self, &entry<T, Function>);
      }
      return in_place_result<typename Function::Result>(self, Function::call(self, &other, 1));
    }
  }
};
/// `__repeat__` and `__inplace_repeat__`.
template <int Id>
struct RepeatSlot : WholeSlot<RepeatSlot<Id>, Id, 1> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self, Py_ssize_t times) noexcept {
    ::PyObject* number = PyLong_FromSsize_t(times);
    if (number == nullptr) return nullptr;
    ::PyObject* result = Function::call(self, &number, 1);
    Py_DECREF(number);
    if constexpr (Id == Py_sq_inplace_repeat) return in_place_result<typename Function::Result>(self, result);
    return result;
  }
};

/// `__next__` and `__anext__`: a std::optional without a value is the end.
template <int Id>
struct NextSlot : WholeSlot<NextSlot<Id>, Id, 0> {
  template <class T, class Function>
  static ::PyObject* entry(::PyObject* self) noexcept {
    using Signature = typename Function::Signature;
    using Result = typename Signature::Result;
    static_assert(!std::is_void_v<Result>,
                  "adder: __next__ returns the next item: a std::optional, which has no value at the end, or what can "
                  "throw PyStopIteration");
    constexpr auto Target = Function::target();
    const KeptAlive alive(self);  // `itertools.islice` drops its iterator when a call inside of this one raises.
    const DepthScope<reaches_python<Signature>> depth;
    if (depth.refused()) [[unlikely]]
      return nullptr;
    try {
      Receiver<T, typename Signature::Receiver> receiver(self);
      if (!receiver.granted()) return nullptr;
      if constexpr (is_specialization<std::remove_cvref_t<Result>, PyResult>) {
        Result result = call_plain<Target>(receiver.get(), typename Signature::Parameters());
        if (result.is_err()) {
          result.error().restore(token());
          return nullptr;
        }
        return item_of<T, Target>(self, receiver, std::move(result).value());
      } else {
        return item_of<T, Target>(self, receiver, call_plain<Target>(receiver.get(), typename Signature::Parameters()));
      }
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  template <class T, auto Target, class Receiver, class Item>
  ADDER_INLINE static ::PyObject* item_of(::PyObject* self, [[maybe_unused]] const Receiver& receiver, Item&& item) {
    if constexpr (is_specialization<std::remove_cvref_t<Item>, std::optional>) {
      if (!item.has_value()) {
        if constexpr (Id == Py_am_anext) PyErr_SetNone(PyExc_StopAsyncIteration);
        return nullptr;
      }
      return return_to_python(*std::forward<Item>(item));
    } else if constexpr (receives_part<T, typename MethodOf<decltype(Target)>::Receiver>()) {
      return return_from_method<T, decltype(Target), Item>(self, std::forward<Item>(item), receiver.own());
    } else {
      return return_from_method<T, decltype(Target), Item>(self, std::forward<Item>(item));
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail

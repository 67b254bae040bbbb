// SPDX-License-Identifier: MIT
/// @file
/// @brief What can be seen of mistakes in a `PyClass<T>`: options under the name that another library, or another
/// spelling, has for them, and options of another kind than they should be. Either would go unnoticed.
///
/// C++ does not list the members of a class. But a class that inherits a name from two bases finds it ambiguous,
/// whatever it is in either of them. So one class that has both PyClass<T> and all the names in question as its bases
/// tells in one question whether there is anything to look at; for most classes there is not.
#pragma once
#include "adder/object/any.hpp"

#include <cstddef>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreserved-identifier"
#endif
/// Names that are no options, by what they are taken for.
struct WrongNames {
  int Name, class_name;
  int docs, docstring;
  int module_name;
  int is_frozen, readonly;
  int synchronized, thread_safe;
  int is_unsendable, sendable;
  int subclassable, is_subclassable, is_final;
  int bases, base_class, extends;
  int dynamic_attr, has_dict;
  int weakrefs, weak_ref, weakref_, weakrefable, has_weakref, is_weak_referenceable;
  int free_list, freelist_size;
  int is_mutable, is_immutable, immutable_type;
  int is_generic;
  int equality, equal;
  int ord, ordered, ordering;
  int hashable, is_hashable;
  int field;
  int finalise, finalizer, tp_traverse, tp_clear;
  int __del__, __traverse__, __clear__;  // NOLINT(bugprone-reserved-identifier): PyO3's
  int drop_detach, detached_drop;
  int base_args;
  int unsafe_sendable;
  int sequence, mapping, get_all, set_all;
};
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
/// The options themselves. Of `name` and `define` every class has one, and functions tell by themselves what they are.
struct OptionNames {
  int doc, module, shared_from, base, holder, overridable, fields, freelist;
  int frozen, sync, locked, unsendable, subclass, part, dict, weakref, immutable, generic, eq, order, hash,
      drop_detached, base_takes_args, unsafe_send;
};
template <class T>
struct WithNames : PyClass<T>, WrongNames, OptionNames {};

/// Accepts pointers to variables and fields. Functions and types are the author's own: helpers, and the names of bases.
template <class M>
  requires(!std::is_function_v<M>)
void take_variable(M*);
template <class M, class C>
  requires(!std::is_function_v<M>)
void take_variable(M C::*);

template <class T>
constexpr bool check_names() {
  using C = PyClass<T>;
  static_assert(
      !requires { take_variable(&C::Name); } && !requires { take_variable(&C::class_name); },
      "adder: PyClass<T>: Name and class_name are no options: the option is `name`");
  static_assert(
      !requires { take_variable(&C::docs); } && !requires { take_variable(&C::docstring); },
      "adder: PyClass<T>: docs and docstring are no options: the option is `doc`");
  static_assert(
      !requires { take_variable(&C::module_name); },
      "adder: PyClass<T>: module_name is no option: the option is `module`");
  static_assert(
      !requires { take_variable(&C::is_frozen); } && !requires { take_variable(&C::readonly); },
      "adder: PyClass<T>: is_frozen and readonly are no options: the option is `frozen`");
  static_assert(
      !requires { take_variable(&C::synchronized); } && !requires { take_variable(&C::thread_safe); },
      "adder: PyClass<T>: synchronized and thread_safe are no options: the option is `sync`");
  static_assert(
      !requires { take_variable(&C::is_unsendable); } && !requires { take_variable(&C::sendable); },
      "adder: PyClass<T>: is_unsendable and sendable are no options: the option is `unsendable = true`");
  static_assert(
      !requires { take_variable(&C::subclassable); } && !requires { take_variable(&C::is_subclassable); } &&
          !requires { take_variable(&C::is_final); },
      "adder: PyClass<T>: subclassable, is_subclassable and is_final are no options: the option is `subclass = true`; "
      "classes without it are final");
  static_assert(
      !requires { take_variable(&C::bases); } && !requires { take_variable(&C::base_class); } &&
          !requires { take_variable(&C::extends); } && !requires { typename C::bases; } &&
          !requires { typename C::base_class; } && !requires { typename C::extends; },
      "adder: PyClass<T>: bases, base_class and extends are no options: the option is `using base = ...`");
  static_assert(
      !requires { take_variable(&C::dynamic_attr); } && !requires { take_variable(&C::has_dict); },
      "adder: PyClass<T>: dynamic_attr and has_dict are no options: the option is `dict`");
  static_assert(
      !requires { take_variable(&C::weakrefs); } && !requires { take_variable(&C::weak_ref); } &&
          !requires { take_variable(&C::weakref_); } && !requires { take_variable(&C::weakrefable); } &&
          !requires { take_variable(&C::has_weakref); } && !requires { take_variable(&C::is_weak_referenceable); },
      "adder: PyClass<T>: weakrefs, weak_ref, weakref_, weakrefable, has_weakref and is_weak_referenceable are no "
      "options: the option is `weakref`");
  static_assert(
      !requires { take_variable(&C::free_list); } && !requires { take_variable(&C::freelist_size); },
      "adder: PyClass<T>: free_list and freelist_size are no options: the option is `freelist`");
  static_assert(
      !requires { take_variable(&C::is_mutable); } && !requires { take_variable(&C::is_immutable); } &&
          !requires { take_variable(&C::immutable_type); },
      "adder: PyClass<T>: is_mutable, is_immutable and immutable_type are no options: the option is `immutable`, true "
      "unless a class says that it is false; of objects it is `frozen`");
  static_assert(
      !requires { take_variable(&C::is_generic); },
      "adder: PyClass<T>: is_generic is no option: the option is `generic`");
  static_assert(
      !requires { take_variable(&C::equality); } && !requires { take_variable(&C::equal); },
      "adder: PyClass<T>: equality and equal are no options: the option is `eq`");
  static_assert(
      !requires { take_variable(&C::ord); } && !requires { take_variable(&C::ordered); } &&
          !requires { take_variable(&C::ordering); },
      "adder: PyClass<T>: ord, ordered and ordering are no options: the option is `order`");
  static_assert(
      !requires { take_variable(&C::hashable); } && !requires { take_variable(&C::is_hashable); },
      "adder: PyClass<T>: hashable and is_hashable are no options: the option is `hash`");
  static_assert(
      !requires { take_variable(&C::field); } && !requires { typename C::field; },
      "adder: PyClass<T>: field is no option: the option is `using fields = FieldList<...>`");
  static_assert(
      !requires { &C::finalise; } && !requires { &C::finalizer; } && !requires { &C::__del__; },
      "adder: PyClass<T>: nobody calls finalise, finalizer and __del__: the function is `finalize`");
  static_assert(
      !requires { &C::tp_traverse; } && !requires { &C::__traverse__; },
      "adder: PyClass<T>: nobody calls tp_traverse and __traverse__: the function is `traverse`");
  static_assert(
      !requires { &C::tp_clear; } && !requires { &C::__clear__; },
      "adder: PyClass<T>: nobody calls tp_clear and __clear__: the function is `clear`");
  static_assert(
      !requires { take_variable(&C::drop_detach); } && !requires { take_variable(&C::detached_drop); },
      "adder: PyClass<T>: drop_detach and detached_drop are no options: the option is `drop_detached`");
  static_assert(
      !requires { take_variable(&C::base_args); },
      "adder: PyClass<T>: base_args is no option: the option is `base_takes_args`");
  static_assert(
      !requires { take_variable(&C::unsafe_sendable); },
      "adder: PyClass<T>: unsafe_sendable is no option: the option is `unsafe_send`");
  static_assert(
      !requires { take_variable(&C::sequence); } && !requires { take_variable(&C::mapping); },
      "adder: PyClass<T>: sequence and mapping are no options: dunders fill the slots of both protocols, and "
      "cls.register_abc(\"Sequence\") registers with collections.abc");
  static_assert(
      !requires { take_variable(&C::get_all); } && !requires { take_variable(&C::set_all); },
      "adder: PyClass<T>: get_all and set_all are no options: each attribute is a cls.field or cls.getter of define()");
  return true;
}

// A name cannot be handed to a template.
#define ADDER_CHECK_FLAG(flag, value)                           \
  if constexpr (!requires { All::flag; })                       \
  static_assert(                                                \
      requires {                                                \
        requires std::is_same_v<decltype(C::flag), const bool>; \
        typename std::bool_constant<C::flag>;                   \
      }, "adder: PyClass<T>::" #flag " is a bool, and public: `static constexpr bool " #flag " = " value "`")

/// Each option that there is, if only in private, has to be what adder looks for. A pointer to text that is no pointer
/// to member: it is static. In three parts, as most classes have nothing but of the first.
template <class T>
constexpr bool check_usual_kinds() {
  using C = PyClass<T>;
  using All = WithNames<T>;
  if constexpr (!requires { All::doc; })
    static_assert(
        requires {
          static_cast<const char*>(C::doc);
          static_cast<const void*>(&C::doc);
        }, "adder: PyClass<T>::doc is text, and public: `static constexpr auto doc = \"...\"`");
  if constexpr (!requires { All::base; })
    static_assert(
        requires { typename C::base; }, "adder: PyClass<T>::base is a type, and public: `using base = ...`");
  ADDER_CHECK_FLAG(frozen, "true");
  ADDER_CHECK_FLAG(subclass, "true");
  return true;
}
template <class T>
constexpr bool check_other_kinds() {
  using C = PyClass<T>;
  using All = WithNames<T>;
  if constexpr (!requires { All::module; })
    static_assert(
        requires {
          static_cast<const char*>(C::module);
          static_cast<const void*>(&C::module);
        }, "adder: PyClass<T>::module is text, and public: `static constexpr auto module = \"...\"`");
  if constexpr (!requires { All::shared_from; })
    static_assert(
        requires {
          static_cast<const char*>(C::shared_from);
          static_cast<const void*>(&C::shared_from);
        },
        "adder: PyClass<T>::shared_from is text, and public: `static constexpr auto shared_from = \"geometry\"`, the "
        "module that the class is from");
  if constexpr (!requires { All::fields; })
    static_assert(
        requires { typename C::fields; },
        "adder: PyClass<T>::fields is a type, and public: `using fields = FieldList<...>`");
  if constexpr (!requires { All::holder; })
    static_assert(
        requires { typename C::holder; },
        "adder: PyClass<T>::holder is a type, and public: `using holder = std::shared_ptr<T>`");
  if constexpr (!requires { All::overridable; })
    static_assert(
        requires { typename C::overridable; },
        "adder: PyClass<T>::overridable is a type, and public: a class that derives from Overridable<T>");
  if constexpr (!requires { All::freelist; })
    static_assert(
        requires {
          requires !std::is_same_v<decltype(C::freelist), const bool>;
          typename std::integral_constant<std::size_t, C::freelist>;
        },
        "adder: PyClass<T>::freelist is a number that is not negative, and public: `static constexpr int freelist = "
        "64`");
  ADDER_CHECK_FLAG(unsendable, "true");
  ADDER_CHECK_FLAG(part, "true");
  ADDER_CHECK_FLAG(dict, "true");
  ADDER_CHECK_FLAG(weakref, "true");
  return true;
}
template <class T>
constexpr bool check_rare_kinds() {
  using C = PyClass<T>;
  using All = WithNames<T>;
  ADDER_CHECK_FLAG(sync, "true");
  ADDER_CHECK_FLAG(locked, "true");
  ADDER_CHECK_FLAG(immutable, "false");
  ADDER_CHECK_FLAG(generic, "true");
  ADDER_CHECK_FLAG(eq, "true");
  ADDER_CHECK_FLAG(order, "true");
  ADDER_CHECK_FLAG(hash, "true");
  ADDER_CHECK_FLAG(drop_detached, "true");
  ADDER_CHECK_FLAG(base_takes_args, "true");
  ADDER_CHECK_FLAG(unsafe_send, "true");
  return true;
}
#undef ADDER_CHECK_FLAG

/// @tparam T  Of a PyClass that is defined.
template <class T>
constexpr bool check_option_names() {
  static_assert(
      requires { static_cast<const void*>(&PyClass<T>::name); },
      "adder: PyClass<T>::name is text, and static: `static constexpr auto name = \"...\"`");
  if constexpr (!std::is_final_v<PyClass<T>>) {
    using All = WithNames<T>;
    // One question, as each costs the compiler as much as all of these.
    if constexpr (!requires {
                    All::Name + All::class_name + All::docs + All::docstring + All::module_name + All::is_frozen +
                        All::readonly + All::synchronized + All::thread_safe + All::is_unsendable + All::sendable +
                        All::subclassable + All::is_subclassable + All::is_final + All::bases + All::base_class +
                        All::extends + All::dynamic_attr + All::has_dict + All::weakrefs + All::weak_ref +
                        All::weakref_ + All::weakrefable + All::has_weakref + All::is_weak_referenceable +
                        All::free_list + All::freelist_size + All::is_mutable + All::is_immutable +
                        All::immutable_type + All::is_generic + All::equality + All::equal + All::ord + All::ordered +
                        All::ordering + All::hashable + All::is_hashable + All::field + All::finalise + All::finalizer +
                        All::tp_traverse + All::tp_clear + All::__del__ + All::__traverse__ + All::__clear__ +
                        All::drop_detach + All::detached_drop + All::base_args + All::unsafe_sendable + All::sequence +
                        All::mapping + All::get_all + All::set_all;
                  })
      static_assert(check_names<T>());
    if constexpr (!requires { All::doc + All::base + All::frozen + All::subclass; })
      static_assert(check_usual_kinds<T>());
    if constexpr (!requires {
                    All::module + All::shared_from + All::holder + All::overridable + All::fields + All::freelist +
                        All::unsendable + All::part + All::dict + All::weakref;
                  })
      static_assert(check_other_kinds<T>());
    if constexpr (!requires {
                    All::sync + All::locked + All::immutable + All::generic + All::eq + All::order + All::hash +
                        All::drop_detached + All::base_takes_args + All::unsafe_send;
                  })
      static_assert(check_rare_kinds<T>());
  }
  return true;
}

}  // namespace adder::inline ADDER_ABI::detail

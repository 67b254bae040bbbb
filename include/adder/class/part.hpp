// SPDX-License-Identifier: MIT
/// @file
/// @brief Live parts: objects whose value is inside another one. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyClass<Engine> {
///   static constexpr auto name = "Engine";
///   static constexpr bool part = true;
///   ...
/// };
/// ...
/// cls.part<&Car::engine>("engine");               // car.engine.start() changes the car
/// cls.def<part_of<&Garage::best>>("best");       // what the reference refers to, in the garage
/// @endcode
/// A part is of its own class, `type(car.engine) is Engine`, and keeps its owner alive. It has no value of its own: at
/// each use it borrows the owner, and looks for its value in there. So it cannot dangle:
///
/// | a part                              | finds its value                      | where it is gone                        |
/// |-------------------------------------|--------------------------------------|-----------------------------------------|
/// | `cls.part<&T::member>`              | in the member                        | it is there as long as the owner        |
/// | `cls.part<&T::f>`, of a function    | by calling the function              | what the function throws                |
/// | an element of a container           | by its index or key                  | IndexError, KeyError                    |
/// | a result of `part_of<&f>`           | where it was                         | RuntimeError, once the owner has changed |
///
/// While a method of a part runs its owner is borrowed, and with it all other parts: shared by a const method,
/// exclusively by others. A part of a frozen object can only be read, and so can a part given out as const.
///
/// The same part of the same owner is the same object while one lives: `car.engine is car.engine`. What Python hangs
/// on a part, in its `__dict__`, lives no longer than that object. To copy or pickle a part gives an object on its own.
#pragma once
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

template <class T>
struct PartHeader {};

/// What the class of a part is, whose value is a V. Containers have one in containers.hpp.
template <class V>
struct PartClass {
  static_assert(IsPyClass<V>,
                "adder: a part is of a class that Python knows: specialise adder::PyClass of its type above, with "
                "`static constexpr bool part = true`. Standard containers need no class, but "
                "#include <adder/class/containers.hpp>. Scalars and strings are no parts: write field or getter");
  using type = V;
};
template <class T>
constexpr bool check_part() {
  static_assert(
      may_be_part<T>(),
      "adder: the objects of this class are on their own: give its PyClass `static constexpr bool part = true`, "
      "and they may be parts of others");
  return true;
}

/// Whether to find a place may change the owner.
template <class Place, class O>
inline constexpr bool is_changing = false;
/// Whether neither to find a place nor to forget it can lead to Python.
template <class Place, class O>
inline constexpr bool is_quiet = false;

/// The link of a part of class T, at a place in the owner's class O.
template <class T, class O, class Place>
struct ADDER_HIDDEN PlacedLink : PartLink {
  Place place;

  static void* find(PartLink& link, void* owner_value) {
    auto& self = static_cast<PlacedLink&>(link);
    return const_cast<void*>(static_cast<const void*>(self.place.find(*static_cast<ValueOf<O>*>(owner_value))));
  }
  static bool is_for(const PartLink& link, const void* place) {
    if constexpr (requires(const Place& a, const Place& b) { a == b; }) {
      return static_cast<const PlacedLink&>(link).place == *static_cast<const Place*>(place);
    } else {
      return true;
    }
  }
  static void destroy(PartLink* link) noexcept { delete static_cast<PlacedLink*>(link); }
  static constexpr const char* owner_class() noexcept { return PyClass<O>::name; }
  static inline constexpr PartKind kind{&find,
                                        &acquire_root<O>,
                                        &is_for,
                                        &destroy,
                                        nullptr,
                                        owner_class(),
                                        is_changing<Place, ValueOf<O>>,
                                        is_quiet<Place, ValueOf<O>>,
                                        owner_places<O>(),
                                        others_may_change<O>()};
};

/// The part of class T at a place in @p owner, an object of class O; a new reference, or null with an exception
/// pending.
template <class T, class O, class Place>
::PyObject* part_at(::PyObject* owner, const Place& place, std::size_t hash, bool read_only) {
  using Link = PlacedLink<T, O, Place>;
  static_assert(check_part<T>());
  ::PyTypeObject* type = PyTypeInfo<T>::type_object();  // Which may run Python code, the first time.
  if (::PyObject* found = part_table.find(Link::kind, owner, hash, &place)) return found;
  auto* link =
      new (std::nothrow) Link{{&Link::kind, owner, link_of<O>(owner), nullptr, read_only, hash, nullptr}, place};
  if (link == nullptr) [[unlikely]]
    return PyErr_NoMemory();
  Py_INCREF(owner);
  return make_part(type, link, &place, &set_up_part<T>);
}

template <auto Target>
struct MemberPlace {
  template <class O>
  static auto* find(O& owner) {
    if constexpr (std::is_member_object_pointer_v<decltype(Target)>) {
      return &(owner.*Target);
    } else {
      auto& found = call_method<Target>(owner);
      return &found;
    }
  }
  bool operator==(const MemberPlace&) const = default;
};

template <auto Target, class O>
inline constexpr bool is_changing<MemberPlace<Target>, O> =
    !std::is_member_object_pointer_v<decltype(Target)> &&
    !std::is_const_v<std::remove_reference_t<typename MethodOf<decltype(Target)>::Receiver>>;

template <auto Target, class O>
inline constexpr bool is_quiet<MemberPlace<Target>, O> = std::is_member_object_pointer_v<decltype(Target)>;

template <class Self, class C = ValueOf<Self>>
struct ContainerMethods;  // container_values.hpp
/// An assignment to a part that is a container without a class: of what it can be made of.
template <class O, auto Target, class T>
struct ADDER_HIDDEN ContainerSetter {
  static inline constinit FunctionRecord record{};

  static int set(::PyObject* self, ::PyObject* value, void*) noexcept {
    if (value == nullptr) return refuse_deletion(record);
    try {
      auto made = [value] {
        try {
          return ContainerMethods<T>::type::assigned(borrow(value));
        } catch (const PyErr& error) {
          set_argument_error(record, 0, error);
          throw_fetched();
        }
      }();
      const auto self_object = peek<O>(self);
      const auto owner = self_object.as_bound().borrow_mut();
      (*owner).*Target = std::move(made);
      return 0;
    } catch (...) {
      translate_current_exception();
      return -1;
    }
  }
};

/// cls.part<&T::member>("name").
template <class O, auto Target>
struct PartAccessor {
  static constexpr bool is_field = std::is_member_object_pointer_v<decltype(Target)>;
  static auto result() {
    if constexpr (is_field) {
      return std::type_identity<typename MemberTypeOf<decltype(Target)>::type&>();
    } else {
      using Method = MethodOf<decltype(Target)>;
      static_assert(std::is_lvalue_reference_v<typename Method::Result> && Method::Parameters::size == 0,
                    "adder: part<F>: the function takes nothing, and returns a reference into the object");
      return std::type_identity<typename Method::Result>();
    }
  }
  using Reference = typename decltype(result())::type;
  using V = std::remove_cvref_t<Reference>;
  using T = typename PartClass<V>::type;
  static constexpr bool is_const = std::is_const_v<std::remove_reference_t<Reference>>;

  static ::PyObject* get(::PyObject* self, void*) noexcept {
    try {
      return part_at<T, O>(self, MemberPlace<Target>(), 0, is_const);
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  static void add_to(ClassParts& parts, const char* name, const char* doc) {
    Property& property = parts.property(name, doc);
    property.get = &get;
    ADDER_NOTE(note_attribute<O>("getter", name, &TagType<T>::output));
    if constexpr (is_field && !is_const && !is_frozen<O>()) {
      if constexpr (!std::is_copy_constructible_v<V> || !std::is_move_assignable_v<V>) {
        // Nothing can be put in its place.
      } else if constexpr (IsPyClass<V>) {
        using Binding = SetterBinding<O, Target>;
        ADDER_NOTE(note_attribute<O>("setter", name, &input_text<V>));
        parts.name_setter(Binding::record, name);
        property.set = &Binding::set;
      } else {
        using Binding = ContainerSetter<O, Target, T>;
        ADDER_NOTE(note_attribute<O>("setter", name, &input_text<V>));
        parts.name_setter(Binding::record, name);
        property.set = &Binding::set;
      }
    }
  }
};

// --- part_of ---------------------------------------------------------------------------------------------------------

/// The class of the links of addresses in objects of class O.
template <class O>
ADDER_HIDDEN inline constexpr PartKind address_kind{&AddressLink::find,
                                                    &acquire_root<O>,
                                                    &AddressLink::is_for,
                                                    &AddressLink::destroy,
                                                    &AddressLink::stay,
                                                    PyClass<O>::name,
                                                    false,
                                                    false,
                                                    owner_places<O>(),
                                                    others_may_change<O>()};

/// An owner, from when it is borrowed for a call until what the call returned is a part.
template <class O, Access Wanted>
class LendingOwner {
 public:
  explicit LendingOwner(::PyObject* owner) : owner_(owner) {
    if (!borrow_.acquire(owner)) throw borrow_.error(owner);
  }
  LendingOwner(const LendingOwner&) = delete;
  LendingOwner& operator=(const LendingOwner&) = delete;
  ~LendingOwner() {
    if (Wanted == Access::exclusive && shares_) {
      HeldBorrow<O, Access::shared>(std::move(borrow_)).release(owner_);
    } else {
      borrow_.release(owner_);
    }
  }
  auto& value() const noexcept { return borrow_.value(owner_); }

  /// The part of class T at @p place, which the call has returned; a new reference.
  template <class T>
  ::PyObject* part(const void* place, bool read_only) {
    static_assert(!others_may_change<O>(),
                  "adder: part_of: a class that modules share gives out no references, as functions of the others "
                  "change its objects unseen. Make the field a part, `cls.part<&T::field>`, or return a copy");
    if constexpr (may_be_part<O>()) refuse_shared_root(link_of<O>(owner_));
    const PartKind& kind = address_kind<O>;
    // With the class and the constness in it, which the same place may have several of.
    const std::size_t hash = reinterpret_cast<std::uintptr_t>(place) ^
                             reinterpret_cast<std::uintptr_t>(&class_type<T>) ^ (read_only ? 1U : 0U);
    share_only();
    ::PyTypeObject* type = PyTypeInfo<T>::type_object();  // Which may run Python code, the first time.
    if (::PyObject* found = part_table.find(kind, owner_, hash, place)) return found;
    BorrowFlag* flag = borrow_.flag(owner_).flag;
    WatchedFlag* watched = flag == nullptr ? nullptr : watch_flag(*flag);
    auto* link = new (std::nothrow)
        AddressLink{{&kind, Py_NewRef(owner_), link_of<O>(owner_), nullptr, read_only, hash, nullptr},
                    const_cast<void*>(place),
                    flag,
                    watched,
                    watched == nullptr ? 0 : watched->changes};
    if (link == nullptr) {
      if (watched != nullptr) forget_flag(flag, watched);
      throw std::bad_alloc();
    }
    return make_part(type, link, place, &set_up_part<T>);
  }

 private:
  /// A writer that was needed to find the place does not write any more: what is remembered from here on is good.
  void share_only() noexcept {
    if constexpr (may_be_part<O>()) {
      // A function on the way to it may need a writer where the call does not.
      if (borrow_.part.is_held()) return borrow_.part.share_only();
    }
    if (Wanted == Access::shared || shares_) return;
    shares_ = true;
    if (BorrowFlag* flag = borrow_.flag(owner_).flag) flag->share_only();
  }

  ::PyObject* owner_;
  bool shares_ = false;
  HeldBorrow<O, Wanted> borrow_;
};

/// All parameters of a function, with the receiver of a member function in front.
template <class Callable, class Parameters = typename Callable::Parameters,
          class Receiver = typename Callable::Receiver>
struct AllParameters;
template <class Callable, class... P, class Receiver>
struct AllParameters<Callable, TypeList<P...>, Receiver> {
  using type = TypeList<Receiver, P...>;
};
template <class Callable, class... P>
struct AllParameters<Callable, TypeList<P...>, void> {
  using type = TypeList<P...>;
};
/// Where the parameter number @p wanted stands, not counting tokens.
template <class... P>
constexpr std::size_t place_of_parameter(TypeList<P...>, std::size_t wanted) {
  constexpr bool counts[] = {(kind_of<P> != ParameterKind::token)..., false};
  std::size_t place = 0;
  for (; place < sizeof...(P); ++place) {
    if (!counts[place]) continue;
    if (wanted == 0) break;
    --wanted;
  }
  return place;
}

template <class P>
struct OwnerParameter {
  static_assert(always_false<P>,
                "adder: part_of<F, I>: the parameter that owns the result is a reference to a pyclass, const T& or T&. "
                "The first is number 0; of a member function that is the object. A member function of a C++ base goes "
                "into a lambda that takes the pyclass");
  using Class = void;
};
template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
struct OwnerParameter<P> {
  using Class = std::remove_cvref_t<P>;
  using type = const Bound<Class>&;
};
/// What a function returns that is to become a part: a reference, or a pointer that may be null.
template <class R>
struct PartResult {
  static_assert(always_false<R>,
                "adder: part_of<F>: the function returns a reference or pointer to the part, which it does not own");
};
template <class V>
struct PartResult<V&> {
  using Value = V;
  static V* address(V& value) noexcept { return __builtin_addressof(value); }
};
template <class V>
struct PartResult<V*> {
  using Value = V;
  static V* address(V* value) noexcept { return value; }
};

template <auto Target, std::size_t At, class All, class Indices = void>
struct PartOf;
template <auto Target, std::size_t At, class... P>
struct PartOf<Target, At, TypeList<P...>, void>
    : PartOf<Target, At, TypeList<P...>, std::make_index_sequence<sizeof...(P)>> {};

template <std::size_t At, class... P>
struct ParameterAt : std::tuple_element<At, std::tuple<P...>> {};
template <std::size_t At, std::size_t I, class P>
struct PassedParameter {
  using type = P;
};
template <std::size_t At, class P>
struct PassedParameter<At, At, P> : OwnerParameter<P> {};

template <auto Target, std::size_t At, class... P, std::size_t... I>
struct PartOf<Target, At, TypeList<P...>, std::index_sequence<I...>> {
  static_assert(At < sizeof...(P), "adder: part_of<F, I>: the function has no parameter of that number");
  using Result = typename CallableOf<decltype(Target)>::Result;
  using Traits = PartResult<Result>;
  using Value = typename Traits::Value;
  using V = std::remove_cv_t<Value>;

#if ADDER_STUBS
  static TypeText result_text() {
    const TypeText part = TagType<typename PartClass<V>::type>::output();
    return std::is_pointer_v<Result> ? part + " | None" : part;
  }
#endif

  Bound<PyAny> operator()(typename PassedParameter<At, I, P>::type... given) const {
    return call<typename OwnerParameter<typename ParameterAt<At, P...>::type>::Class,
                access_of<typename ParameterAt<At, P...>::type>>(given...);
  }

 private:
  template <class O, Access Wanted, class... G>
  static Bound<PyAny> call(G&&... given) {
    ::PyObject* owner = nullptr;
    ((owner = owner_among<I>(given, owner)), ...);
    LendingOwner<O, Wanted> lending(owner);
    const auto use = [&]<std::size_t J>(auto&& value) -> decltype(auto) {
      if constexpr (J == At) {
        return lending.value();
      } else {
        return std::forward<typename ParameterAt<J, P...>::type>(value);
      }
    };
    Value* found = Traits::address(invoke(use.template operator()<I>(given)...));
    if constexpr (std::is_pointer_v<Result>) {
      if (found == nullptr) return borrow(Py_None);
    }
    if constexpr (std::is_same_v<V, ValueOf<O>>) {
      if (found == __builtin_addressof(lending.value())) return Bound<PyAny>(borrow(owner));
    }
    return steal(non_null(lending.template part<typename PartClass<V>::type>(found, std::is_const_v<Value>)));
  }
  template <std::size_t J, class G>
  static ::PyObject* owner_among(const G& given, ::PyObject* otherwise) noexcept {
    if constexpr (J == At) {
      return given.as_ptr();
    } else {
      return otherwise;
    }
  }
  template <class First, class... Rest>
  static Result invoke(First&& first, Rest&&... rest) {
    if constexpr (std::is_member_pointer_v<decltype(Target)>) {
      return (std::forward<First>(first).*Target)(std::forward<Rest>(rest)...);
    } else {
      return Target(std::forward<First>(first), std::forward<Rest>(rest)...);
    }
  }
};
#if ADDER_STUBS
template <auto Target, std::size_t At, class All, class T>
struct ToldResult<PartOf<Target, At, All>, T> : std::true_type {
  static TypeText text() { return PartOf<Target, At, All>::result_text(); }
};
#endif
template <auto Target, std::size_t Owner>
using PartOfTarget =
    PartOf<Target, place_of_parameter(typename AllParameters<CallableOf<decltype(Target)>>::type{}, Owner),
           typename AllParameters<CallableOf<decltype(Target)>>::type>;

}  // namespace detail

/// @brief A function whose result, a reference or pointer into one of its arguments, becomes a live part of that
/// argument: `cls.def<part_of<&Garage::best>>("best")`, `m.def<part_of<&pick, 1>>("pick")`.
///
/// Only the function knows the way to such a part, so it is good until its owner is next changed: by a method that is
/// not const, a setter, or another part. After that its use is a RuntimeError. What the part itself does to its value
/// leaves it good. A null pointer is None. A result that is the argument itself is that object.
/// @tparam Target  A member function, a function, or a lambda without captures.
/// @tparam Owner   The number of the parameter that owns the result, `const T&` or `T&` of a pyclass. 0 is the object
/// of
///                 a member function, else the first parameter. Tokens do not count.
template <auto Target, std::size_t Owner = 0>
inline constexpr detail::PartOfTarget<Target, Owner> part_of{};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/part_link_inl.hpp"
#endif

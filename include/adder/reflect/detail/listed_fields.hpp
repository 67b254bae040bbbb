// SPDX-License-Identifier: MIT
/// @file
/// @brief All fields of a class, private ones among them, for the garbage collector and the checks of what crosses
/// threads.
#pragma once
#include "adder/reflect/detail/queries.hpp"
#if defined(__cpp_impl_reflection)
#include "adder/gc/traverse.hpp"

#include <meta>
#include <type_traits>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

/// Whether adder sees into such a field only by its own fields: it is no type that somebody has said something about,
/// and no container.
template <class F>
consteval bool is_seen_by_fields() {
  if constexpr (!std::is_class_v<F> || std::is_empty_v<F>) {
    return false;
  } else {
    return !of_standard_library<F>() && !starts_with(type_name<F>(), "adder::") && !IsPyClass<F> && !Traversable<F> &&
           !Declared<F> && !SaysSync<F> && !OptionalLike<F> && !OwningPointer<F> && !SharingPointer<F> &&
           !ExpectedLike<F> && !VariantLike<F> && !RangeLike<F> && !is_lambda<F>();
  }
}
template <class F>
inline constexpr bool seen_by_fields = is_seen_by_fields<std::remove_cv_t<F>>();
consteval bool looks_into(Info type) {
  return meta::extract<bool>(meta::substitute(^^seen_by_fields, {
                                                                    meta::dealias(type)}));
}

/// Who looks at the fields: the object's owner, or others who share it, to whom all is const that is not mutable.
enum class SeenBy { owner, others };

consteval void add_field_types(Info type, SeenBy who, bool is_const, bool is_mutable, std::vector<Info>& types) {
  const auto all = meta::access_context::unchecked();
  for (const Info base : meta::bases_of(type, all)) {
    if (meta::type_of(base) == base_in_python(type)) continue;  // It is asked itself.
    add_field_types(meta::type_of(base), who, is_const, is_mutable, types);
  }
  for (const Info member : meta::nonstatic_data_members_of(type, all)) {
    const Info declared = meta::dealias(meta::type_of(member));
    const bool changes = is_mutable || meta::is_mutable_member(member);
    const bool stays = is_const || meta::is_const(declared);
    if (looks_into(declared)) {
      add_field_types(meta::remove_cv(declared), who, stays, changes, types);
    } else if (meta::is_reference_type(declared)) {
      types.push_back(declared);
    } else if (stays || (who == SeenBy::others && !changes)) {
      types.push_back(meta::add_const(declared));
    } else {
      types.push_back(declared);
    }
  }
}
template <class T, SeenBy Who>
consteval Info list_of_fields(bool with_base) {
  std::vector<Info> types;
  const Info base = base_in_python(^^T);
  if (with_base && base != Info()) types.push_back(Who == SeenBy::others ? meta::add_const(base) : base);
  add_field_types(^^T, Who, false, false, types);
  return meta::substitute(^^TypeList, types);
}

/// `fields` of a class that is bound by reflection.
template <class T>
struct FieldsOfClass {
  static constexpr bool complete = true;
  using types = [:list_of_fields<T, SeenBy::owner>(false):];
  using shared = [:list_of_fields<T, SeenBy::others>(false):];
};
template <class T>
struct FieldTypes<FieldsOfClass<T>> {
  using type = typename FieldsOfClass<T>::types;
};
template <class T>
  requires requires { requires std::is_same_v<typename PyClass<T>::fields, FieldsOfClass<T>>; }
struct ListedFields<T> {
  using type = [:list_of_fields<T, SeenBy::owner>(true):];
  using shared = [:list_of_fields<T, SeenBy::others>(true):];
};

/// The virtual bases of a class, however far up, once each.
consteval void add_virtual_bases(Info type, std::vector<Info>& found) {
  for (const Info base : meta::bases_of(type, meta::access_context::unchecked())) {
    const Info base_type = meta::dealias(meta::type_of(base));
    add_virtual_bases(base_type, found);
    bool is_new = meta::is_virtual(base);
    for (const Info other : found) is_new = is_new && other != base_type;
    if (is_new) found.push_back(base_type);
  }
}
/// Those that the base in Python, which is asked itself, does not have.
template <class T>
consteval auto own_virtual_bases() {
  std::vector<Info> all, known, own;
  add_virtual_bases(^^T, all);
  if (const Info base = base_in_python(^^T); base != Info()) {
    known.push_back(meta::dealias(base));
    add_virtual_bases(base, known);
  }
  for (const Info base : all) {
    bool is_own = true;
    for (const Info other : known) is_own = is_own && other != base;
    if (is_own) own.push_back(base);
  }
  return std::define_static_array(own);
}

template <class V, Info Base>
using AsBase = std::conditional_t<std::is_const_v<V>, const typename[:Base:], typename[:Base:]>;

template <class C, class V, class Use>
void for_each_listed(V& value, Use& use);

/// Applies @p use to the fields with handles, without those of virtual bases.
/// @tparam C  The class whose fields they are: that of @p value, or a base.
template <class C, class V, class Use>
void for_each_listed_below(V& value, Use& use) {
  static constexpr auto bases = std::define_static_array(meta::bases_of(^^C, meta::access_context::unchecked()));
  template for (constexpr Info base : bases) {
    if constexpr (!meta::is_virtual(base) && meta::type_of(base) != base_in_python(^^C)) {
      using Base = AsBase<V, meta::type_of(base)>;
      // NOLINTNEXTLINE: no other cast reaches a private base.
      for_each_listed_below<std::remove_const_t<Base>>((Base&)value, use);
    }
  }
  static constexpr auto members =
      std::define_static_array(meta::nonstatic_data_members_of(^^C, meta::access_context::unchecked()));
  template for (constexpr Info member : members) {
    using F = std::remove_cv_t<typename[:meta::type_of(member):]>;
    if constexpr (seen_by_fields<F>) {
      for_each_listed<F>(value.[:member:], use);
    } else if constexpr (holds_handles<F>()) {  // Not of references and bit-fields.
      use(value.[:member:]);
    }
  }
}
/// Applies @p use to all fields with handles. Those of a virtual base once, whatever the ways to it: the collector must
/// not be shown a handle twice.
template <class C, class V, class Use>
void for_each_listed(V& value, Use& use) {
  static constexpr auto bases = own_virtual_bases<C>();
  template for (constexpr Info base : bases) {
    using Base = AsBase<V, base>;
    // NOLINTNEXTLINE: no other cast reaches a private base.
    for_each_listed_below<std::remove_const_t<Base>>((Base&)value, use);
  }
  for_each_listed_below<C>(value, use);
}
template <class T>
struct FieldWalkOf<FieldsOfClass<T>> {
  template <class V, class Use>
  static void apply(V& value, Use&& use) {
    for_each_listed<T>(value, use);
  }
};

}  // namespace adder::inline ADDER_ABI::detail
#endif

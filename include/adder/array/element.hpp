// SPDX-License-Identifier: MIT
/// @file
/// @brief ArrayElement: which C++ types may be the elements of buffers and arrays, and what Python calls them.
///
/// | C++                                              | name             | format of PEP 3118 | DLPack            |
/// |--------------------------------------------------|------------------|--------------------|-------------------|
/// | `bool`                                           | bool             | `?`                | bool              |
/// | integers of 8 to 64 bits                         | int8 ... uint64  | `b` ... `Q`        | int, uint         |
/// | `char`, `std::byte`: bytes of whatever sign      | bytes            | `c`, `B`, `b`      | int, uint         |
/// | `Half`, `std::float16_t`                         | float16          | `e`                | float             |
/// | `BFloat16`                                       | bfloat16         | none               | bfloat            |
/// | `float`, `double`, `long double`                 | float32, ...     | `f`, `d`, `g`      | float, but for `g` |
/// | `std::complex` of `float` and `double`           | complex64, ...   | `Zf`, `Zd`         | complex           |
/// | structs whose fields are declared                | {x: float64, ...} | `T{d:x:...}`      | none              |
///
/// Numbers of the same kind and size are the same to Python: `l` is what `q` is where a `long` has 64 bits. A struct
/// declares its fields once, by the names that Python has for them:
/// @code
/// struct Particle { double x, y; std::int32_t id; };
/// template <>
/// struct adder::ArrayElement<Particle> : adder::ElementFields<Particle, Field<"x", &Particle::x>,
///                                                             Field<"y", &Particle::y>, Field<"id", &Particle::id>>
///                                                             {};
/// @endcode
/// Offsets and size are those of the C++ struct, so that packed and padded ones both have a dtype of numpy's.
#pragma once
#include "adder/array/half.hpp"
#include "adder/types/fields.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#if defined(__STDCPP_FLOAT16_T__)
#include <stdfloat>
#endif

namespace adder::inline ADDER_ABI {

/// @brief What adder knows of a type of elements: specialise it for a struct, by ElementFields.
template <class T>
struct ArrayElement {};

namespace detail {

enum class ElementKind : unsigned char {
  boolean,
  integer,
  unsigned_integer,
  byte,  ///< Of whatever sign.
  real,
  brain_float,
  complex,
  structure,
  unknown,
};

struct ElementField;

/// What is known of the type of elements.
struct ElementInfo {
  std::size_t size;
  std::size_t alignment;
  const char* name;    ///< As numpy has it, for messages.
  const char* format;  ///< Of PEP 3118; null where that has none.
  const ElementField* fields;
  std::size_t field_count;
  std::uint32_t numpy;  ///< Bits by the numbers that numpy has for such types.
  ElementKind kind;
  std::uint8_t dlpack_code;
  std::uint8_t dlpack_bits;  ///< 0 where DLPack has no such type.
};
struct ElementField {
  std::string_view name;
  std::size_t offset;
  std::size_t count;  ///< Of an array; 1 for a single one.
  const ElementInfo* type;
};

/// std::complex, by name: its header is not ours to include.
template <class T>
inline constexpr std::size_t complex_part = 0;
template <template <class> class C, class F>
  requires(std::same_as<F, float> || std::same_as<F, double>)
inline constexpr std::size_t complex_part<C<F>> =
    of_standard_library<C<F>>() && template_name(type_name<C<F>>()) == "complex" ? sizeof(F) : 0;

template <class T>
inline constexpr bool is_binary16 = std::is_same_v<T, Half>;
#if defined(__STDCPP_FLOAT16_T__)
template <>
inline constexpr bool is_binary16<std::float16_t> = true;
#endif

template <class T>
inline constexpr bool is_text_unit = std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
                                     std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

template <class T>
constexpr ElementKind scalar_kind() noexcept {
  if constexpr (std::is_same_v<T, bool>) {
    return sizeof(bool) == 1 ? ElementKind::boolean : ElementKind::unknown;
  } else if constexpr (std::is_same_v<T, char> || std::is_same_v<T, std::byte>) {
    return ElementKind::byte;
  } else if constexpr (std::integral<T> && sizeof(T) <= 8 && !is_text_unit<T>) {
    return std::is_signed_v<T> ? ElementKind::integer : ElementKind::unsigned_integer;
  } else if constexpr (is_binary16<T> || std::is_same_v<T, float> || std::is_same_v<T, double> ||
                       std::is_same_v<T, long double>) {
    return ElementKind::real;
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return ElementKind::brain_float;
  } else if constexpr (complex_part<T> != 0) {
    return ElementKind::complex;
  } else {
    return ElementKind::unknown;
  }
}

/// Of a @p size in bytes: 1, 2, 4, 8 or 16.
constexpr ElementInfo describe_scalar(ElementKind kind, std::size_t size, std::size_t alignment) noexcept {
  constexpr const char* integers[] = {"int8", "int16", "int32", "int64"};
  constexpr const char* unsigneds[] = {"uint8", "uint16", "uint32", "uint64"};
  constexpr const char* formats[] = {"b", "h", "i", "q"};
  constexpr const char* unsigned_formats[] = {"B", "H", "I", "Q"};
  const unsigned log2 = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3;
  const auto bits = static_cast<std::uint8_t>(8 * size);
  const auto info = [=](const char* name, const char* format, unsigned code, std::uint8_t dlpack_bits) -> ElementInfo {
    return {size, alignment, name, format, nullptr, 0, 0, kind, static_cast<std::uint8_t>(code), dlpack_bits};
  };
  switch (kind) {
    case ElementKind::boolean:
      return info("bool", "?", 6, bits);
    case ElementKind::byte:
      return info("bytes", "B", 1, bits);
    case ElementKind::integer:
      return info(integers[log2], formats[log2], 0, bits);
    case ElementKind::unsigned_integer:
      return info(unsigneds[log2], unsigned_formats[log2], 1, bits);
    case ElementKind::real:
      if (size == 2) return info("float16", "e", 2, bits);
      if (size == 4) return info("float32", "f", 2, bits);
      if (size == 8) return info("float64", "d", 2, bits);
      return info(size == 12 ? "float96" : "float128", "g", 2, 0);
    case ElementKind::brain_float:
      return info("bfloat16", nullptr, 4, bits);
    case ElementKind::complex:
      if (size == 8) return info("complex64", "Zf", 5, bits);
      return info("complex128", "Zd", 5, bits);
    default:
      return info("unknown", nullptr, 0, 0);
  }
}

/// numpy has a number for each type of C: 0 bool, 1 signed char, 2 unsigned char ... 10 unsigned long long, 11 float.
constexpr std::uint32_t numpy_types(ElementKind kind, std::size_t size) noexcept {
  // NOLINTNEXTLINE(google-runtime-int): the types of C
  constexpr std::size_t integers[] = {1, sizeof(short), sizeof(int), sizeof(long), sizeof(long long)};
  std::uint32_t bits = 0;
  switch (kind) {
    case ElementKind::boolean:
      return 1;
    case ElementKind::byte:
      return 6;
    case ElementKind::integer:
    case ElementKind::unsigned_integer:
      for (unsigned i = 0; i < 5; ++i) {
        if (integers[i] == size) bits |= 1U << (2 * i + (kind == ElementKind::integer ? 1 : 2));
      }
      return bits;
    case ElementKind::real:
      return size == 2 ? 1U << 23 : size == 4 ? 1U << 11 : size == 8 ? 1U << 12 : 0;
    case ElementKind::complex:
      return size == 8 ? 1U << 14 : 1U << 15;
    default:
      return 0;
  }
}

template <class T>
inline constexpr ElementInfo scalar_element = [] {
  ElementInfo info = describe_scalar(scalar_kind<T>(), sizeof(T), alignof(T));
  info.numpy = numpy_types(info.kind, info.size);
  return info;
}();

}  // namespace detail

/// @brief Types that may be the elements of buffers and arrays.
template <class T>
concept IsArrayElement = detail::scalar_kind<std::remove_cv_t<T>>() != detail::ElementKind::unknown ||
                         requires { ArrayElement<std::remove_cv_t<T>>::info(); };

namespace detail {

template <class T>
struct MustBeElement {
  static_assert(IsArrayElement<T>,
                "adder: T is no type that the elements of a buffer or array may have: those are bool, integers of 8 to "
                "64 bits, std::byte, Half, BFloat16, float, double, long double, std::complex of float and double, and "
                "structs of such for which adder::ArrayElement<T> is specialised, by ElementFields of "
                "\"adder/array/element.hpp\", above the first use");
};

/// What is known of T, which is an element.
template <class T>
ADDER_INLINE constexpr const ElementInfo& element_info() noexcept {
  using U = std::remove_cv_t<T>;
  if constexpr (scalar_kind<U>() != ElementKind::unknown) {
    return scalar_element<U>;
  } else {
    return ArrayElement<U>::info();
  }
}

/// Describes a struct from its fields: name and format.
struct StructText {
  std::string name;
  std::string format;
};
ADDER_COLD_CALL StructText describe_struct(const ElementField* fields, std::size_t count, std::size_t size);

/// Whether what a format of PEP 3118 describes, in @p size bytes, is what @p wanted is. None means unsigned bytes.
bool format_matches(const ElementInfo& wanted, const char* format, std::size_t size) noexcept;
/// The same in the way of each array that is taken: most have a format of one character.
ADDER_INLINE bool has_format(const ElementInfo& wanted, const char* format, std::size_t size) noexcept {
  if (format != nullptr && wanted.format != nullptr && format[0] == wanted.format[0] && format[1] == '\0' &&
      wanted.format[1] == '\0' && size == wanted.size) [[likely]]
    return true;
  return format_matches(wanted, format, size);
}
/// Whether an item may be something else than each pattern of bits: a bool has two.
bool has_bools(const ElementInfo& element) noexcept;
/// What a format means in words: "big-endian int32".
ADDER_COLD_CALL std::string format_in_words(const char* format, std::size_t size);
/// The same of a type of DLPack.
ADDER_COLD_CALL std::string dlpack_type_in_words(unsigned code, unsigned bits, unsigned lanes);

}  // namespace detail

/// @brief Base of the ArrayElement of a struct: its fields, by the names that Python knows them by. All that Python's
/// items have are listed; further fields of the struct are padding to Python.
/// @tparam T  Trivially copyable, of standard layout.
template <class T, class... Fields>
struct ElementFields {
  static const detail::ElementInfo& info() noexcept {
    static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>,
                  "adder: a struct in an array is read and written as bytes: it has to be trivially copyable, of "
                  "standard layout");
    static_assert(sizeof...(Fields) != 0, "adder: ElementFields lists the fields of the struct");
    static_assert(((!Fields::name().empty() && Fields::name().find(':') == std::string_view::npos) && ...),
                  "adder: ElementFields: a field has a name, without a colon, as the buffer protocol writes those in "
                  "between colons");
    static_assert(names_differ(), "adder: ElementFields: two fields have the same name");
    static_assert((!std::is_const_v<std::remove_all_extents_t<typename Fields::type>> && ...),
                  "adder: ElementFields: a field is const, where Python would write to it: leave that const out, and "
                  "take the array as Array<const T>, or return an OwnedArray<const T>");
    (check_field<std::remove_all_extents_t<typename Fields::type>>(), ...);
    static const Table table;
    return table.info;
  }

 private:
  struct Table {
    detail::ElementField fields[sizeof...(Fields)];
    detail::StructText text;
    detail::ElementInfo info;
    Table()
        : fields{field<Fields>()...},
          text(detail::describe_struct(fields, sizeof...(Fields), sizeof(T))),
          info{sizeof(T),
               alignof(T),
               text.name.c_str(),
               text.format.c_str(),
               fields,
               sizeof...(Fields),
               0,
               detail::ElementKind::structure,
               0,
               0} {}
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
  };
  static constexpr bool names_differ() noexcept {
    constexpr std::string_view names[] = {Fields::name()..., ""};
    for (std::size_t i = 0; i < sizeof...(Fields); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (names[i] == names[j]) return false;
      }
    }
    return true;
  }
  template <class One>
  static constexpr void check_field() noexcept {
    (void)detail::MustBeElement<One>{};
    static_assert(!std::is_same_v<One, BFloat16>,
                  "adder: Python's buffer protocol has no bfloat16, so that no struct with one gets to Python");
  }
  template <class F>
  static detail::ElementField field() noexcept {
    using Type = typename F::type;
    using One = std::remove_all_extents_t<Type>;
    // SAFETY: no value is read, and T is a type whose objects begin with their memory.
    alignas(T) unsigned char memory[sizeof(T)];
    const auto* object = reinterpret_cast<const T*>(memory);
    const auto* place = reinterpret_cast<const unsigned char*>(&(object->*F::member));
    return {F::name(), static_cast<std::size_t>(place - memory), sizeof(Type) / sizeof(One),
            &detail::element_info<One>()};
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/element_inl.hpp"
#endif

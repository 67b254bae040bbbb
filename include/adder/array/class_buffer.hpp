// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes whose memory Python reads and writes in place: ClassBuilder::buffer and ClassBuilder::array.
///
/// @code
/// static void define(adder::ClassBuilder<Image>& cls) {
///   cls.buffer<&Image::pixels, &Image::shape>();          // memoryview(image), numpy.asarray(image)
///   cls.array<&Image::pixels, &Image::shape>("pixels");   // image.pixels, an array that keeps the image
/// }
/// @endcode
/// The memory is what a field, a member function or a function of the object gives:
///
/// | memory                                                         | Python may write                              |
/// |----------------------------------------------------------------|-----------------------------------------------|
/// | a field: `std::vector<E>`, `std::array<E, N>`, `E[N]`, any contiguous container | unless it is const           |
/// | a field: `std::unique_ptr<E[]>`, `E*`, `std::span<E>`          | unless E is const                             |
/// | a function that returns `E*`, `std::span<E>`, or a reference to one of the above | unless E, or what is referred to, is const |
/// | a function that returns a BufferView<E>                        | unless E is const                             |
///
/// The shape is an integer for each dimension, or an array of integers, given in the same way. It is left out for one
/// dimension, as long as the memory. Python can only read where the class is frozen, the object is a part that can only
/// be read, E is or has a bool (which a byte of 2 would not be), or read_only is passed.
///
/// **As long as Python looks at the memory the object is borrowed**, shared: calls that want to change it raise
/// RuntimeError, so that nothing moves the memory, and const methods run. A function that takes the object as T& has it
/// alone for its call, so it is refused while another export lives.
///
/// **The borrow guards where the memory is, not what is in it**: Python writes while it is shared. On one thread that
/// is what it is for. Two threads, of which one writes items through an array while the other runs C++ that reads them,
/// are a data race, as with an array of numpy's: where C++ released the GIL, where numpy did for its own loop, and for
/// all code where there is no GIL. See to the order, or pass read_only.
#pragma once
#include "adder/array/buffer_view.hpp"  // IWYU pragma: export (what functions return, and read_only)
#include "adder/array/detail/class_export.hpp"
#include "adder/class/pyclass.hpp"
#if ADDER_STUBS
#include "adder/array/detail/array_types.hpp"
#endif

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

template <class M>
inline constexpr bool is_std_span = false;
template <class E, std::size_t N>
inline constexpr bool is_std_span<std::span<E, N>> = true;
/// Memory that knows its size.
template <class M>
concept ContiguousMemory = requires(M& memory) {
  requires std::is_pointer_v<decltype(std::data(memory))>;
  { std::size(memory) } -> std::integral;
};
/// A smart pointer to an array.
template <class M>
concept PointerToArray = requires(M& memory) {
  requires std::is_pointer_v<decltype(memory.get())>;
  memory[std::size_t{0}];
};

/// A field or function of T that says something of its memory.
template <class T, auto Target>
struct MemoryTarget {
  using Signature = MethodOf<decltype(Target)>;
  using Receiver = typename Signature::Receiver;
  using Parameters = typename Signature::Parameters;
  using Result = typename Signature::Result;
  static constexpr bool is_field = std::is_member_object_pointer_v<decltype(Target)>;
  static_assert(std::is_lvalue_reference_v<Receiver> && std::is_base_of_v<std::remove_cvref_t<Receiver>, T>,
                "adder: buffer and array take fields of the class, its member functions, and functions that take the "
                "object as const T& or T&");
  static_assert(ParameterKinds<Parameters>::count == 0 && only_plain<Parameters>,
                "adder: buffer and array: the function that gives memory or shape takes no arguments but the object");
  static constexpr Access wanted = access_to<T, Receiver>();

  template <class V>
  static decltype(auto) get(V& value) {
    return call_plain<Target>(static_cast<Receiver>(value), Parameters());
  }
};

/// The items of a memory M: where they are, and whether they are const to those who may change the object.
template <class M>
struct MemoryItems {
  static_assert(always_false<M>,
                "adder: buffer and array: the memory is a std::vector, std::array or another container with its items "
                "side by side (a std::vector<bool> is none), a std::span, or a pointer to items");
};
template <class M>
  requires ContiguousMemory<M>
struct MemoryItems<M> {
  using Element = std::remove_pointer_t<decltype(std::data(std::declval<M&>()))>;
  static constexpr bool has_size = true;
  static DescribedMemory of(const M& memory) {
    return {.element = &element_info<Element>(),
            .data = std::data(memory),  // As of a const one: others may read it, too.
            .count = static_cast<std::size_t>(std::size(memory)),
            .readonly = std::is_const_v<Element>};
  }
};
template <class M>
  requires(PointerToArray<M> && !ContiguousMemory<M>)
struct MemoryItems<M> {
  using Element = std::remove_pointer_t<decltype(std::declval<M&>().get())>;
  static constexpr bool has_size = false;
  static DescribedMemory of(const M& memory) {
    return {.element = &element_info<Element>(),
            .data = memory.get(),
            .count = DescribedMemory::unknown,
            .readonly = std::is_const_v<Element>};
  }
};
template <class M>
  requires(std::is_pointer_v<M> && std::is_object_v<std::remove_pointer_t<M>>)
struct MemoryItems<M> {
  using Element = std::remove_pointer_t<M>;
  static constexpr bool has_size = false;
  static DescribedMemory of(M memory) {
    return {.element = &element_info<Element>(),
            .data = memory,
            .count = DescribedMemory::unknown,
            .readonly = std::is_const_v<Element>};
  }
};
template <class E>
struct MemoryItems<::adder::BufferView<E>> {
  using Element = E;
  static constexpr bool has_size = true;
  static DescribedMemory of(const ::adder::BufferView<E>& view) {
    return {.element = &element_info<E>(),
            .data = view.memory.data(),
            .count = view.memory.size(),
            .offset = view.offset,
            .readonly = std::is_const_v<E>,
            .shape = view.shape,
            .strides = view.strides};
  }
};
/// The type of the memory that a target gives.
template <class Target>
constexpr auto memory_type() {
  using Result = typename Target::Result;
  using M = std::remove_reference_t<Result>;
  using Bare = std::remove_cv_t<M>;
  static_assert(std::is_reference_v<Result> || std::is_pointer_v<Result> || is_std_span<Bare> ||
                    is_specialization<Bare, ::adder::BufferView>,
                "adder: buffer and array: the function returns a container, which would be gone before Python looks at "
                "it: return a reference to one in the object, a std::span, or a pointer");
  static_assert(!std::is_rvalue_reference_v<Result>,
                "adder: buffer and array: the function returns a reference to what is to be moved: return const M&");
  // A pointer or view that is const itself leads to the same items.
  constexpr bool is_mere_view =
      std::is_pointer_v<Bare> || is_std_span<Bare> || is_specialization<Bare, ::adder::BufferView>;
  return std::type_identity<std::conditional_t<is_mere_view, Bare, M>>();
}

/// What `cls.buffer` and `cls.array` bind.
template <class T, auto Memory, auto... Shape>
struct ADDER_HIDDEN ClassMemory {
  using Source = MemoryTarget<T, Memory>;
  static constexpr Access wanted =
      Source::wanted == Access::shared && ((MemoryTarget<T, Shape>::wanted == Access::shared) && ...)
          ? Access::shared
          : Access::exclusive;
  static constexpr auto type_of() {
    if constexpr (Source::is_field) {
      return std::type_identity<FieldType<Memory>>();
    } else {
      return memory_type<Source>();
    }
  }
  using Items = MemoryItems<typename decltype(type_of())::type>;
  using Element = typename Items::Element;
  static constexpr bool by_hand = is_specialization<std::remove_cvref_t<typename Source::Result>, ::adder::BufferView>;

  static constexpr void check() {
    (void)MustBeElement<Element>{};
    static_assert(!is_locked<T>(),
                  "adder: a locked class has no buffer and no array: others would wait for as long as a memoryview "
                  "lives. Return a copy, an OwnedArray");
    static_assert(!has_holder<T>,
                  "adder: a class with a holder has no buffer and no array: C++ that has the pointer, too, could move "
                  "the memory away. Return an OwnedArray, of a copy, or with the pointer as its owner");
    static_assert(!by_hand || sizeof...(Shape) == 0,
                  "adder: a BufferView has a shape of its own: leave out the one of buffer and array");
    static_assert(Items::has_size || sizeof...(Shape) != 0,
                  "adder: buffer and array: a pointer does not say how many items there are: give a shape, "
                  "`buffer<&T::data, &T::size>()`, or return a std::span");
  }

  template <class... E>
  static void add_buffer(ClassParts& parts, const E&...) {
    check();
    static_assert(scalar_kind<std::remove_cv_t<Element>>() != ElementKind::brain_float,
                  "adder: Python's buffer protocol has no bfloat16: array has, for DLPack");
    static_assert((std::is_same_v<E, read_only> && ...), "adder: buffer takes nothing but read_only");
    ADDER_NOTE(note_text<T>("__buffer__", "(self, flags: int, /) -> memoryview"));
    parts.add_slot(Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer<sizeof...(E) != 0>));
    parts.add_slot(Py_bf_releasebuffer, reinterpret_cast<void*>(&release_class_buffer));
  }
  template <class... E>
  static void add_array(ClassParts& parts, const char* name, const E&... extra) {
    check();
    constexpr int numpy = (0 + ... + (std::is_same_v<E, as_numpy> ? 1 : 0));
    constexpr int memoryview = (0 + ... + (std::is_same_v<E, as_memoryview> ? 1 : 0));
    constexpr int only_read = (0 + ... + (std::is_same_v<E, read_only> ? 1 : 0));
    constexpr int docs = (0 + ... + (std::is_convertible_v<const E&, const char*> ? 1 : 0));
    static_assert(numpy + memoryview + only_read + docs == sizeof...(E) && numpy + memoryview <= 1 && docs <= 1,
                  "adder: array takes a name, and as_numpy() or as_memoryview(), read_only(), a docstring");
    constexpr ArrayResult as = numpy != 0        ? ArrayResult::numpy
                               : memoryview != 0 ? ArrayResult::memoryview
                                                 : ArrayResult::object;
    const char* doc = nullptr;
    [[maybe_unused]] const auto look = [&doc]<class X>(const X& one) {
      if constexpr (std::is_convertible_v<const X&, const char*>) doc = one;
    };
    (look(extra), ...);
    ADDER_NOTE(note_attribute<T>(
        "getter", name, +[] { return array_result_text<Element>(as); }));
    parts.property(name, doc).get = &get_array<as, only_read != 0>;
  }

 private:
  template <bool ReadOnly>
  static int get_buffer(::PyObject* self, Py_buffer* view, int flags) noexcept {
    if (view == nullptr) {
      refuse_no_view();
      return -1;
    }
    view->obj = nullptr;
    ClassExport* made = make(self, ReadOnly, true);
    return made == nullptr ? -1 : fill_view(self, view, flags, made, PyClass<T>::name);
  }
  template <ArrayResult As, bool ReadOnly>
  static ::PyObject* get_array(::PyObject* self, void*) noexcept {
    ClassExport* made = make(self, ReadOnly, false);
    return made == nullptr ? nullptr : array_of_class(self, made, As);
  }
  /// Null with an exception pending.
  static ClassExport* make(::PyObject* self, bool is_read_only, bool for_buffer) noexcept {
    try {
      auto made = std::make_unique<ClassExport>();
      ExportBorrow<T, wanted> borrow;
      if (!borrow.acquire(self)) {
        const PyErr why = borrow.error(self);
        for_buffer ? refuse_export(why, PyClass<T>::name) : why.restore(token());
        return nullptr;
      }
      if (borrow.is_waited_for()) refuse_locked(PyClass<T>::name);
      DescribedMemory memory = describe(borrow.value());
      memory.readonly = memory.readonly || is_read_only || borrow.is_read_only();
      made->settle(memory, PyClass<T>::name);
      borrow.hand_over(*made);
      return made.release();
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  template <class V>
  static DescribedMemory describe(V& value) {
    ArrayDims shape;  // First: a function that changes the object may move the memory.
    (add_shape<Shape>(shape, value), ...);
    DescribedMemory memory = Items::of(Source::get(value));
    if constexpr (sizeof...(Shape) != 0) memory.shape = shape;
    return memory;
  }
  template <auto Dims, class V>
  static void add_shape(ArrayDims& shape, V& value) {
    using Result = std::remove_cvref_t<typename MemoryTarget<T, Dims>::Result>;
    static_assert((std::integral<Result> && !std::is_same_v<Result, bool>) ||
                      (sizeof...(Shape) == 1 && std::is_constructible_v<ArrayDims, const Result&>),
                  "adder: buffer and array: the shape is an integer for each dimension, or one array of integers");
    if constexpr (std::integral<Result>) {
      shape.add(MemoryTarget<T, Dims>::get(value));
    } else {
      shape = ArrayDims(MemoryTarget<T, Dims>::get(value));
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail

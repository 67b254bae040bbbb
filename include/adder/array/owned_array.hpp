// SPDX-License-Identifier: MIT
/// @file
/// @brief OwnedArray<T, ...>: memory of C++ as a result, which Python reads and writes without a copy.
///
/// @code
/// OwnedArray<double, as_numpy> squares(std::size_t n) {
///   std::vector<double> values(n);
///   for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i * i);
///   return OwnedArray<double, as_numpy>(std::move(values));
/// }
/// @endcode
/// | constraint       | Python gets                                                                            |
/// |------------------|----------------------------------------------------------------------------------------|
/// | none             | an object with the buffer protocol and `__dlpack__`, for `numpy.asarray`, `memoryview`, |
/// |                  | `torch.from_dlpack`; nothing has to be installed                                       |
/// | `as_numpy`       | a numpy array of that                                                                  |
/// | `as_memoryview`  | a memoryview of that                                                                   |
///
/// The memory lives until the last of them is gone, and the last OwnedArray. Its owner is destroyed once, on whatever
/// thread that happens, attached or not: what DLPack was handed may be freed by another library.
#pragma once
#include "adder/array/view.hpp"
#include "adder/base/detail/atomic.hpp"
#include "adder/object/conversion.hpp"
#if ADDER_STUBS
#include "adder/array/detail/array_types.hpp"
#endif

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Memory that is counted by those who use it, on any thread.
struct OwnedMemory {
  Atomic<std::uint32_t> references{1};
  void (*end)(OwnedMemory*) noexcept;  ///< Destroys the owner and *this.
  const ElementInfo* element;
  char* data;
  std::size_t count;
  int ndim;
  bool readonly;
  static constexpr int max_dims = 8;
  Py_ssize_t shape[max_dims];
  Py_ssize_t strides[max_dims];  ///< In bytes.

  OwnedMemory(void (*destroy)(OwnedMemory*) noexcept, const ElementInfo& type, const void* memory,
              bool is_const) noexcept
      : end(destroy),
        element(&type),
        data(const_cast<char*>(static_cast<const char*>(memory))),  // NOLINT(cppcoreguidelines-pro-type-const-cast)
        count(0),
        ndim(0),
        readonly(is_const) {}
  OwnedMemory(const OwnedMemory&) = delete;
  OwnedMemory& operator=(const OwnedMemory&) = delete;

  OwnedMemory* share() noexcept {
    references.fetch_add(1, Order::relaxed);  // ORDER: whoever shares it has it.
    return this;
  }
  void drop() noexcept {
    // ORDER: acq_rel: the thread that destroys sees what all others wrote.
    if (references.fetch_sub(1, Order::acq_rel) == 1) end(this);
  }
  /// @throws std::invalid_argument  Where these do not make up @p items, or are not what the form asks for.
  void set_shape(std::size_t items, std::span<const Py_ssize_t> extents, const ArrayForm& form);

 protected:
  ~OwnedMemory() = default;
};

template <class Owner>
struct MemoryOf final : OwnedMemory {
  Owner owner;
  template <class O>
  MemoryOf(const ElementInfo& type, const void* memory, bool is_const, O&& what) noexcept
      : OwnedMemory(&destroy, type, memory, is_const), owner(std::forward<O>(what)) {}
  static void destroy(OwnedMemory* memory) noexcept { delete static_cast<MemoryOf*>(memory); }
};

/// A new object that shares @p memory.
PyResult<Bound<PyAny>> owned_array_object(Python py, OwnedMemory* memory, ArrayResult as);
/// The memory of a new array: zeros.
OwnedMemory* zeroed_memory(const ElementInfo& type, std::span<const Py_ssize_t> extents, const ArrayForm& form);
[[noreturn]] ADDER_COLD_CALL void refuse_extent();
[[noreturn]] ADDER_COLD_CALL void owned_array_moved_from();

template <std::integral I>
Py_ssize_t extent_of(I extent) {
  const auto result = static_cast<Py_ssize_t>(extent);
  if (!std::in_range<Py_ssize_t>(extent) || result < 0) refuse_extent();
  return result;
}

/// What keeps memory alive on any thread.
template <class Owner>
struct OwnerOf {
  static_assert(verdict<Owner>() != Verdict::gil_bound,
                "adder: the owner of an array's memory may be destroyed on any thread: it may not be tied to the GIL. "
                "Hold Py<T>");
  static_assert(std::is_nothrow_move_constructible_v<Owner> && std::is_nothrow_destructible_v<Owner>,
                "adder: the owner of an array's memory may not throw where it is moved or destroyed");
  using type = Owner;
};
template <class T>
struct OwnerOf<Bound<T>> {
  using type = Py<T>;
};
template <class T>
struct OwnerOf<Borrowed<T>> {
  using type = Py<T>;
};

}  // namespace detail

/// @brief An array whose memory C++ has made, or keeps alive.
///
/// As long as it is there its items can be used in C++; Python objects made of it share the memory.
/// @tparam T            See IsArrayElement; const where Python may not write.
/// @tparam Constraints  shape<...>, ndim<N>, c_order (as without it), f_order; as_numpy, as_memoryview.
/// @threads  Moving and destroying: any, attached or not.
template <class T, class... Constraints>
class OwnedArray : public detail::ArrayItems<T, detail::OwnedFormOf<detail::CheckedForm<Constraints...>>> {
  static constexpr detail::ArrayForm form = detail::form_of<Constraints...>;
  static_assert(form.device == DeviceType::cpu, "adder: the memory of an OwnedArray is the CPU's");
  static_assert(form.results <= 1, "adder: an OwnedArray becomes one of as_numpy and as_memoryview");
  using Value = std::remove_cv_t<T>;
  static constexpr bool is_const = std::is_const_v<T>;

 public:
  /// @brief The items alone.
  using View = detail::ArrayItems<T, detail::OwnedFormOf<detail::CheckedForm<Constraints...>>>;

  /// @brief No array: to be assigned to.
  OwnedArray() noexcept = default;
  /// @brief The items of a vector, which is moved from and not copied.
  /// @param values   In C order, or in F order with f_order.
  /// @param extents  The shape; left out for one dimension.
  /// @throws std::invalid_argument  Where the shape does not make up the number of values.
  template <std::integral... I>
  explicit OwnedArray(std::vector<Value>&& values, I... extents) {
    static_assert(!std::is_same_v<Value, bool>, "adder: a std::vector<bool> has no array of bool: take a unique_ptr");
    const std::size_t count = values.size();
    const void* memory = values.data();  // Stays where it is when the vector is moved.
    adopt(std::move(values), memory, count, extents...);
  }
  /// @brief The same of a shape that is known at run time. An empty one is that of a single item, without dimensions.
  OwnedArray(std::vector<Value>&& values, std::span<const Py_ssize_t> shape) {
    static_assert(!std::is_same_v<Value, bool>, "adder: a std::vector<bool> has no array of bool: take a unique_ptr");
    const std::size_t count = values.size();
    const void* memory = values.data();
    adopt_shaped(std::move(values), memory, count, shape);
  }
  /// @brief The items of an array that `new` made: as many as @p extents make up.
  template <std::integral... I>
    requires(sizeof...(I) != 0)
  explicit OwnedArray(std::unique_ptr<Value[]>&& values, I... extents) {
    const void* memory = values.get();
    adopt(std::move(values), memory, static_cast<std::size_t>(-1), extents...);
  }
  /// @brief Memory that @p owner keeps alive, and at its place, until it is destroyed: a `std::shared_ptr`, a Python
  /// object.
  /// @param memory   The items.
  /// @param owner    Moved in, and destroyed on any thread. A Bound<T> is held as a Py<T>.
  /// @param extents  The shape; left out for one dimension.
  template <class Owner, std::integral... I>
  OwnedArray(std::span<T> memory, Owner owner, I... extents) {
    adopt(typename detail::OwnerOf<Owner>::type(std::move(owner)), memory.data(), memory.size(), extents...);
  }
  /// @brief A new array of zeros.
  template <std::integral... I>
    requires(sizeof...(I) != 0)
  static OwnedArray zeros(I... extents) {
    check_count<sizeof...(I)>();
    static_assert(alignof(Value) <= alignof(std::max_align_t),
                  "adder: OwnedArray::zeros of a struct that asks for more alignment than its memory has: make it of a "
                  "std::vector");
    const Py_ssize_t shape[] = {detail::extent_of(extents)...};
    return OwnedArray(detail::zeroed_memory(detail::element_info<T>(), shape, form), is_const);
  }

  OwnedArray(OwnedArray&& other) noexcept
      : View(std::exchange(static_cast<View&>(other), View())), memory_(std::exchange(other.memory_, nullptr)) {}
  OwnedArray& operator=(OwnedArray&& other) noexcept {
    OwnedArray taken(std::move(other));
    std::swap(static_cast<View&>(*this), static_cast<View&>(taken));
    std::swap(memory_, taken.memory_);
    return *this;
  }
  OwnedArray(const OwnedArray&) = delete;             // Two would share their items: move it, or pass view().
  OwnedArray& operator=(const OwnedArray&) = delete;  // The same.
  ~OwnedArray() {
    if (memory_ != nullptr) memory_->drop();
  }

  /// @brief The items, for loops and helper functions. They live as long as this array.
  View view() const& noexcept ADDER_LIFETIMEBOUND { return *this; }
  View view() const&& = delete;  // It would dangle.
  /// @brief The items as one span. It lives as long as this array.
  std::span<T> as_span() const& noexcept ADDER_LIFETIMEBOUND { return View::as_span(); }
  std::span<T> as_span() const&& = delete;

  /// @brief An object that exports this memory by the buffer protocol and DLPack.
  /// @return An error where there is no memory for it.
  PyResult<Bound<PyAny>> into_object(Python py) const { return made(py, detail::ArrayResult::object); }
  /// @brief A numpy array of this memory.
  /// @return An ImportError where there is no numpy.
  PyResult<Bound<PyAny>> into_numpy(Python py) const { return made(py, detail::ArrayResult::numpy); }
  /// @brief A memoryview of this memory.
  PyResult<Bound<PyAny>> into_memoryview(Python py) const { return made(py, detail::ArrayResult::memoryview); }

 private:
  friend struct IntoPyObject<OwnedArray>;
  OwnedArray(detail::OwnedMemory* memory, bool readonly) noexcept : memory_(memory) {
    memory_->readonly = readonly;
    show();
  }
  template <std::size_t N>
  static constexpr void check_count() noexcept {
    (void)detail::MustBeElement<T>{};
    static_assert(form.ndim < 0 || form.ndim == static_cast<int>(N) || (N == 0 && form.ndim == 1),
                  "adder: an OwnedArray is given one extent for each of its dimensions");
    static_assert(N <= detail::OwnedMemory::max_dims, "adder: an OwnedArray has up to 8 dimensions");
  }
  template <class Owner, class... I>
  void adopt(Owner&& owner, const void* memory, std::size_t count, I... extents) {
    check_count<sizeof...(I)>();
    const Py_ssize_t shape[] = {detail::extent_of(extents)..., static_cast<Py_ssize_t>(count)};
    constexpr std::size_t dims = sizeof...(I) == 0 && form.ndim != 0 ? 1 : sizeof...(I);
    adopt_shaped(std::forward<Owner>(owner), memory, count, std::span(shape, dims));
  }
  template <class Owner>
  void adopt_shaped(Owner&& owner, const void* memory, std::size_t count, std::span<const Py_ssize_t> shape) {
    using Memory = detail::MemoryOf<std::remove_cvref_t<Owner>>;
    auto made = std::make_unique<Memory>(detail::element_info<T>(), memory, is_const, std::forward<Owner>(owner));
    made->set_shape(count, shape, form);
    memory_ = made.release();
    show();
  }
  void show() noexcept {
    this->set_items(reinterpret_cast<T*>(memory_->data), memory_->shape, memory_->strides, memory_->ndim);
  }
  PyResult<Bound<PyAny>> made(Python py, detail::ArrayResult as) const {
    if (memory_ == nullptr) detail::owned_array_moved_from();
    return detail::owned_array_object(py, memory_, as);
  }

  detail::OwnedMemory* memory_ = nullptr;
};

/// What owns its memory is tied to no GIL.
template <class T, class... C>
struct UngilTraits<OwnedArray<T, C...>> : std::true_type {};
template <class T, class... C>
struct ViewTraits<OwnedArray<T, C...>> : std::false_type {};
template <class T, class... C>
inline constexpr bool detail::may_recurse<OwnedArray<T, C...>> = false;

template <class T, class... C>
struct IntoPyObject<OwnedArray<T, C...>> {
  static PyResult<Bound<PyAny>> into_py(Python py, const OwnedArray<T, C...>& value) {
    return value.made(py, detail::form_of<C...>.result);
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/owned_array_inl.hpp"
#endif

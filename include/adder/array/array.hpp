// SPDX-License-Identifier: MIT
/// @file
/// @brief Array<T, ...>: an array of numpy, PyTorch or whatever exports its memory, as a parameter, without a copy.
///
/// @code
/// double total(const Array<const double, ndim<2>, c_order>& a) {
///   double sum = 0;
///   for (std::size_t i = 0; i < a.shape(0); ++i)
///     for (std::size_t j = 0; j < a.shape(1); ++j) sum += a(i, j);
///   return sum;
/// }
/// m.def<&total>("total", arg("a"), release_gil);
/// @endcode
/// | written                    | asks for                                                                     |
/// |----------------------------|------------------------------------------------------------------------------|
/// | `Array<const double>`      | items that are float64; read-only will do                                    |
/// | `Array<double>`            | items that are float64 and may be written                                    |
/// | `ndim<2>`, `shape<-1, 3>`  | so many dimensions, of these lengths; -1 is any                              |
/// | `c_order`, `f_order`       | items side by side; without it any strides will do, also negative and zero   |
/// | `device<DeviceType::cuda>` | memory that is there; without it that of the CPU                             |
///
/// Objects are asked for their buffer, and if they have none for `__dlpack__`. Nothing is converted: another form is a
/// TypeError that says what came, `must be a C-contiguous (n, 3) array of float64, not a (4, 2) array of int32`. Where
/// a copy will do, `arg("a").convert()` says so.
#pragma once
#include "adder/array/view.hpp"
#include "adder/function/detail/loaders.hpp"
#include "adder/object/conversion.hpp"
#if ADDER_STUBS
#include "adder/array/detail/array_types.hpp"
#endif

#include <cstddef>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief An array that somebody else owns, held for as long as this is there.
///
/// The exporter keeps its memory where it is. What the items are, others may change at any time, as with all buffers.
/// To write to items that several indices share (overlapping strides) is up to the caller; a writable array with a
/// stride of zero is refused.
/// @tparam T            See IsArrayElement; const where nothing is written.
/// @tparam Constraints  shape<...>, ndim<N>, c_order, f_order, device<...>.
/// @threads  Reading, moving and destroying: any, attached or not.
template <class T, class... Constraints>
class Array : public detail::ArrayItems<T, detail::ItemsFormOf<detail::CheckedForm<Constraints...>>> {
  static_assert(!std::is_volatile_v<T> && !std::is_reference_v<T>);
  static constexpr detail::ArrayForm form = detail::form_of<Constraints...>;
  static_assert(form.results == 0, "adder: as_numpy and as_memoryview are for results: OwnedArray<T, as_numpy>");

 public:
  /// @brief The items alone.
  using View = detail::ArrayItems<T, detail::ItemsFormOf<detail::CheckedForm<Constraints...>>>;

  /// @brief The array of @p object.
  /// @return An error where it is none, or none of this form.
  static PyResult<Array> get(const Bound<PyAny>& object) { return take(object, false); }

  Array(Array&& other) noexcept
      : View(std::exchange(static_cast<View&>(other), View())), held_(std::move(other.held_)) {}
  Array& operator=(Array&& other) noexcept {
    Array taken(std::move(other));
    static_cast<View&>(*this) = static_cast<View&>(taken);
    std::swap(held_, taken.held_);
    return *this;
  }
  Array(const Array&) = delete;             // There is one holder: pass const Array&, or view().
  Array& operator=(const Array&) = delete;  // The same.
  ~Array() = default;

  /// @brief The items, for loops and helper functions. They live as long as this array.
  View view() const& noexcept ADDER_LIFETIMEBOUND { return *this; }
  View view() const&& = delete;  // It would dangle.
  /// @brief The items as one span, for a constraint that has them side by side. It lives as long as this array.
  std::span<T> as_span() const& noexcept ADDER_LIFETIMEBOUND { return View::as_span(); }
  std::span<T> as_span() const&& = delete;
  /// @brief What is at @p index of the first dimension: a view with one dimension less. @p index is not checked in
  /// unchecked builds.
  auto row(std::size_t index) const& ADDER_LIFETIMEBOUND { return View::row(index); }
  void row(std::size_t index) const&& = delete;
  /// @brief Where the memory is: DLPack's numbers.
  DeviceType device_type() const noexcept {
    return held_.get() == nullptr ? form.device : static_cast<DeviceType>(held_->device.type);
  }
  /// @brief Which of the devices of its type; 0 for the CPU.
  int device_id() const noexcept { return held_.get() == nullptr ? 0 : held_->device.id; }

  /// Not for users. Public, so that a pyclass with such a field can be looked into.
  Array(detail::HeldPtr held, detail::Steal) noexcept : held_(std::move(held)) {
    this->set_items(reinterpret_cast<T*>(held_->data), held_->shape, held_->strides, held_->ndim);
  }

 private:
  friend struct FromPyObject<Array>;
  friend class detail::ArgumentLoader<const Array&>;

  static const detail::ArrayRequest& request() noexcept {
    if constexpr (detail::scalar_kind<std::remove_cv_t<T>>() != detail::ElementKind::unknown) {
      static constexpr detail::ArrayRequest made{&detail::scalar_element<std::remove_cv_t<T>>,
                                                 &detail::form_of<Constraints...>, !std::is_const_v<T>};
      return made;
    } else {
      static const detail::ArrayRequest made{&detail::element_info<T>(), &detail::form_of<Constraints...>,
                                             !std::is_const_v<T>};
      return made;
    }
  }
  static PyResult<Array> take(const Bound<PyAny>& object, bool convert) {
    (void)detail::MustBeElement<T>{};
    detail::HeldPtr held(detail::new_held());
    if (held.get() == nullptr) [[unlikely]]
      return PyErr::fetch(object.py());
    ::PyObject* source = detail::HandleAccess::use(object, "viewed as an array", {});
    if (convert) {
      if (std::optional<PyErr> error = detail::convert_array(*held.get(), source, request())) return *std::move(error);
    } else {
      const detail::Taken taken = detail::take_array(*held.get(), source, request());
      if (taken != detail::Taken::ok) [[unlikely]]
        return detail::array_error(*held.get(), source, request(), taken);
    }
    return Array(std::move(held), detail::Steal());
  }

  detail::HeldPtr held_;
};

/// The memory is held until the array is dropped, which may be done anywhere.
template <class T, class... C>
struct UngilTraits<Array<T, C...>> : std::true_type {};
template <class T, class... C>
struct ViewTraits<Array<T, C...>> : std::false_type {};
template <class T, class... C>
inline constexpr bool detail::may_recurse<Array<T, C...>> = false;

template <class T, class... C>
struct FromPyObject<Array<T, C...>> {
  static const char* expected() noexcept {
    static const std::string text = detail::request_in_words(Array<T, C...>::request());
    return text.c_str();
  }
  /// Of two functions that take the same array, the one that asks for more of it is meant.
  static constexpr unsigned demand =
      1 + static_cast<unsigned>(2 * detail::form_of<C...>.constraints) + (std::is_const_v<T> ? 0 : 1);
  static PyResult<Array<T, C...>> extract(const Bound<PyAny>& object) { return Array<T, C...>::take(object, false); }
  /// What arg::convert() asks for.
  static PyResult<Array<T, C...>> convert(const Bound<PyAny>& object) {
    static_assert(std::is_const_v<T>,
                  "adder: convert() of an array that is written to would have the writes go to a copy: take "
                  "Array<const T, ...>");
    return Array<T, C...>::take(object, true);
  }
};
namespace detail {

/// The error of an argument that is no such array. Ends what is held.
ADDER_COLD_CALL void set_array_error(HeldMemory& held, ::PyObject* object, const ArrayRequest& request, Taken taken,
                                     const FunctionRecord& record, unsigned index) noexcept;

/// By reference an array cannot outlive the call, so that what it holds has its place here and not on the heap.
template <class T, class... C>
class ArgumentLoader<const Array<T, C...>&> {
 public:
  ADDER_INLINE ArgumentLoader() noexcept { held_.clear(false); }
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  // The array owns nothing else.
  ADDER_INLINE ~ArgumentLoader() { held_.give_back(); }

  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) noexcept {
    (void)MustBeElement<T>{};
    const ArrayRequest& request = Array<T, C...>::request();
    const Taken taken = take_array(held_, object, request);
    if (taken != Taken::ok) [[unlikely]] {
      set_array_error(held_, object, request, taken, context.record(), index);
      return false;
    }
    ::new (static_cast<void*>(&array_)) Array<T, C...>(HeldPtr(&held_), Steal());
    return true;
  }
  ADDER_INLINE const Array<T, C...>& get() noexcept { return array_; }

 private:
  HeldMemory held_;
  union {
    Array<T, C...> array_;
  };
};

}  // namespace detail

template <class T, class... C>
struct IntoPyObject<Array<T, C...>> {
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python, const V&) {
    static_assert(detail::always_false<V>,
                  "adder: an Array holds somebody else's memory and is no result: take the object itself, as const "
                  "Bound<PyAny>&, and return that; or return an OwnedArray, of \"adder/array/owned_array.hpp\"");
    __builtin_unreachable();  // No further message, about a function without a result.
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/array_inl.hpp"
#endif

// SPDX-License-Identifier: MIT
/// @file
/// @brief vectorize<f>: a function of numbers as one of arrays, by numpy's rules. Not part of adder.hpp.
///
/// @code
/// double multiply_add(double a, double b, double c) { return a * b + c; }
/// m.def<vectorize<&multiply_add>>("multiply_add", arg("a"), arg("b"), arg("c") = 0.0);
/// @endcode
/// | Python passes                                           | and gets                                               |
/// |---------------------------------------------------------|--------------------------------------------------------|
/// | numbers, numpy's scalars, arrays without dimensions     | what `f` returns                                       |
/// | arrays, buffers, DLPack tensors of the CPU, and numbers | a new numpy array in C order, of the broadcast shape   |
/// | an array of a type that converts safely, for numpy      | the same, of a converted copy, which numpy makes       |
/// | an array of another type, a list                        | a TypeError                                            |
/// | shapes that do not go together                          | a ValueError that names them                           |
///
/// Parameters that are no elements of arrays are passed as they are: text, classes, `Python`; and so are those whose
/// places are listed, `vectorize<&f, 1>`. With 4096 items and more `f` runs without the GIL, several threads at once,
/// where all that it takes and returns is Ungil: what it shares it has to guard. A function that takes a `Python` keeps
/// the GIL. What `f` throws ends the call, and the items made so far are gone.
#pragma once
#include "adder/array/owned_array.hpp"
#include "adder/function/function.hpp"
#include "adder/token/gil.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

// --- What does not depend on the function ----------------------------------------------------------------------------

/// An operand of a loop: an array, or a number that has no dimensions.
struct VectorInput {
  const char* data;
  int ndim;
  const Py_ssize_t* shape;
  const Py_ssize_t* strides;
};
/// How often the innermost loop runs, and the loops around it. Dimensions that can be gone through as one are one.
struct VectorLoop {
  static constexpr int max_dims = OwnedMemory::max_dims;
  int result_ndim;
  Py_ssize_t result_shape[max_dims];
  int ndim;                      ///< At least 1; the innermost dimension is the last.
  Py_ssize_t extents[max_dims];  ///< None is 0 where the result has items.
};
using VectorStrides = Py_ssize_t[VectorLoop::max_dims];

/// Fills the loop, and the strides of each input: in bytes, 0 where it is stretched.
/// @throws std::invalid_argument  Where the shapes do not go together.
void plan_vector_loop(VectorLoop& loop, VectorStrides* strides, const VectorInput* inputs, std::size_t count);
/// Memory for the result, which is not initialised.
OwnedMemory* new_vector_memory(const ElementInfo& type, const VectorLoop& loop);
/// The array that an object is. Nothing where it is a single number, or nothing that has items.
PyResult<HeldPtr> hold_operand(::PyObject* object, const ElementInfo& wanted);
/// What came is neither a number nor an array that will do.
ADDER_COLD_CALL PyErr operand_mismatch(::PyObject* object, const ElementInfo& wanted);
/// "a float or an array of float64".
ADDER_COLD_CALL std::string operand_in_words(const ElementInfo& wanted);
/// Whether an error says no more than that the type is another one.
ADDER_COLD_CALL bool is_mismatch(const PyErr& error) noexcept;
/// A single struct, as numpy has it.
PyResult<Bound<PyAny>> vector_struct(Python py, OwnedMemory* memory);

struct DropMemory {
  void operator()(OwnedMemory* memory) const noexcept { memory->drop(); }
};
using OwnedMemoryPtr = std::unique_ptr<OwnedMemory, DropMemory>;

// --- Operands --------------------------------------------------------------------------------------------------------

/// Numbers and structs; neither text nor bytes, which Python has in other types than arrays.
template <class T>
inline constexpr bool is_vector_item =
    IsArrayElement<T> && scalar_kind<T>() != ElementKind::byte && !std::is_reference_v<T>;

/// A complex number from Python's, without the header of std::complex.
template <class T>
PyResult<T> complex_operand(const Bound<PyAny>& object) {
  ::PyObject* source = object.as_ptr();
  if (PyComplex_Check(source) == 0 && PyNumber_Check(source) == 0) {
    return operand_mismatch(source, element_info<T>());
  }
  const Py_complex value = guard_unwind(PyComplex_AsCComplex, source);
  if (value.real == -1.0 && PyErr_Occurred() != nullptr) return PyErr::fetch(object.py());
  using Part = std::conditional_t<complex_part<T> == sizeof(float), float, double>;
  Part real = 0, imag = 0;
  if (narrow(value.real, real) != Loaded::ok || narrow(value.imag, imag) != Loaded::ok) {
    return PyErr::Access::lazy(PyExc_OverflowError, "the value does not fit into a complex of 32-bit floats");
  }
  return T(real, imag);
}
/// A single number, or why it is none.
template <class T>
PyResult<T> number_operand(const Bound<PyAny>& object) {
  constexpr ElementKind kind = scalar_kind<T>();
  if constexpr (IsScalar<T>) {
    PyResult<T> value = FromPyObject<T>::extract(object);
    if (value.is_err() && is_mismatch(value.error())) return operand_mismatch(object.as_ptr(), element_info<T>());
    return value;
  } else if constexpr (kind == ElementKind::complex) {
    return complex_operand<T>(object);
  } else if constexpr (kind == ElementKind::real || kind == ElementKind::brain_float) {
    const PyResult<float> value = number_operand<float>(object);
    if (value.is_ok()) return static_cast<T>(value.value());
    return is_mismatch(value.error()) ? operand_mismatch(object.as_ptr(), element_info<T>()) : value.error();
  } else {
    return operand_mismatch(object.as_ptr(), element_info<T>());
  }
}

/// An argument of a vectorized function, for the duration of the call.
template <class T>
class VectorArgument {
 public:
  VectorArgument(HeldPtr held, const T* value) noexcept : held_(std::move(held)) {
    if (value != nullptr) std::memcpy(value_, value, sizeof(T));
  }
  static PyResult<VectorArgument> take(const Bound<PyAny>& object) {
    PyResult<HeldPtr> held = hold_operand(object.as_ptr(), element_info<T>());
    if (held.is_err()) return std::move(held).error();
    if (held.value().get() != nullptr) return VectorArgument(std::move(held).value(), nullptr);
    const PyResult<T> value = number_operand<T>(object);
    if (value.is_err()) return value.error();
    return VectorArgument(HeldPtr(), &value.value());
  }
  /// Lives as long as this.
  VectorInput input() const noexcept {
    if (held_.get() == nullptr) return {reinterpret_cast<const char*>(value_), 0, nullptr, nullptr};
    return {held_->data, held_->ndim, held_->shape, held_->strides};
  }

 private:
  HeldPtr held_;
  alignas(T) unsigned char value_[sizeof(T)] = {};
};
template <class T>
inline constexpr bool may_recurse<VectorArgument<T>> = false;
template <class T>
struct MustBeUngil<const VectorArgument<T>&> {
  static_assert(always_false<T>,
                "adder: vectorize<f> lets go of the GIL by itself where there are many items: leave release_gil out");
};

/// Where the innermost loop finds the items of one operand: in place where they lie side by side, else in a copy of so
/// many of them at a time.
template <class T, std::size_t Items>
class VectorFeed {
 public:
  /// What the loop goes through.
  struct Access {
    const T* items;
    const T& operator[](std::size_t i) const noexcept { return items[i]; }
  };
  VectorFeed(const VectorArgument<T>& argument, const Py_ssize_t* strides, int inner) noexcept
      : place_(argument.input().data), strides_(strides), step_(strides[inner]) {
    // A bool that somebody else has written may be any byte.
    in_place_ = step_ == static_cast<Py_ssize_t>(sizeof(T)) && !std::is_same_v<T, bool>;
    for (int i = 0; i < inner; ++i) in_place_ = in_place_ && strides[i] % static_cast<Py_ssize_t>(alignof(T)) == 0;
    in_place_ = in_place_ && reinterpret_cast<std::uintptr_t>(place_) % alignof(T) == 0;
  }
  bool in_place() const noexcept { return in_place_; }
  void move(int dim, Py_ssize_t steps) noexcept { place_ += strides_[dim] * steps; }
  /// The items @p at, ... of the innermost loop: @p n of them, and no more than Items, unless all are in place.
  Access access(std::size_t at, std::size_t n) noexcept {
    const char* from = place_ + static_cast<Py_ssize_t>(at) * step_;
    if (in_place_) return {reinterpret_cast<const T*>(from)};
    if (step_ != 0 || filled_from_ != from || filled_ < n) {
      for (std::size_t i = 0; i < n; ++i) load(i, from + static_cast<Py_ssize_t>(i) * step_);
      filled_from_ = from;
      filled_ = n;
    }
    // SAFETY: the bytes of values of a trivially copyable type, which begin their life by being copied.
    return {std::launder(reinterpret_cast<const T*>(copy_))};
  }

 private:
  void load(std::size_t i, const char* from) noexcept {
    if constexpr (std::is_same_v<T, bool>) {
      copy_[i] = *from != 0 ? 1 : 0;
    } else {
      std::memcpy(copy_ + i * sizeof(T), from, sizeof(T));
    }
  }

  const char* place_;
  const Py_ssize_t* strides_;
  Py_ssize_t step_;
  bool in_place_;
  const char* filled_from_ = nullptr;  // Where the step is 0, the same items serve again.
  std::size_t filled_ = 0;
  alignas(T) unsigned char copy_[Items * sizeof(T)];
};
/// The same of what is passed as it is.
template <class P>
class SameFeed {
 public:
  struct Access {
    P* value;
    P& operator[](std::size_t) const noexcept { return *value; }
  };
  explicit SameFeed(P& value) noexcept : value_(&value) {}
  static constexpr bool in_place() noexcept { return true; }
  static constexpr void move(int, Py_ssize_t) noexcept {}
  Access access(std::size_t, std::size_t) const noexcept { return {value_}; }

 private:
  P* value_;
};

// --- The function ----------------------------------------------------------------------------------------------------

/// What vectorize makes of parameter P.
/// @tparam Listed  Whether it was said that it is passed as it is.
template <class P, bool Listed>
struct VectorParameter {
  using Value = std::remove_cvref_t<P>;
  static constexpr bool is_item = !Listed && is_vector_item<Value>;
  using type = P;
  static constexpr std::size_t item_size = 0;
  static constexpr bool ungil =
      crosses_as_argument<Value> || (is_ungil<P>() && !std::is_pointer_v<Value> && kind_of<P> == ParameterKind::plain);
  static_assert(!std::is_rvalue_reference_v<P>,
                "adder: vectorize<f>: f is called many times with the same argument, and so takes no T&&");
  static_assert(std::is_reference_v<P> || std::is_copy_constructible_v<Value>,
                "adder: vectorize<f>: f is called many times with the same argument, which it takes by value and "
                "cannot be copied: take it as const T&");
};
template <class P, bool Listed>
  requires(!Listed && is_vector_item<std::remove_cvref_t<P>>)
struct VectorParameter<P, Listed> {
  using Value = std::remove_cvref_t<P>;
  static constexpr bool is_item = true;
  using type = const VectorArgument<Value>&;
  static constexpr std::size_t item_size = sizeof(Value);
  static constexpr bool ungil = scalar_kind<Value>() != ElementKind::unknown || is_ungil<Value>();
  static_assert(!std::is_reference_v<P> ||
                    (std::is_lvalue_reference_v<P> && std::is_const_v<std::remove_reference_t<P>>),
                "adder: vectorize<f>: f takes the items of arrays by value or as const T&, and returns what it makes");
};

/// In place of a result that is none.
struct NoItem {};

/// As a template argument of def: a functor.
/// @tparam Parameters  VectorParameter<...> of each.
template <auto Target, class Result_, class Parameters, class... P>
struct VectorizedCall;
template <auto Target, class Result_, class... V, class... P>
struct VectorizedCall<Target, Result_, TypeList<V...>, P...> {
  using Result = std::conditional_t<std::is_void_v<Result_>, NoItem, std::remove_cvref_t<Result_>>;
  static constexpr std::size_t inputs = (std::size_t{0} + ... + (V::is_item ? 1 : 0));
  static constexpr std::size_t item_bytes = (std::size_t{1} + ... + V::item_size);
  /// How many items are copied at a time.
  static constexpr std::size_t block = item_bytes >= 16384 ? 1 : 16384 / item_bytes < 512 ? 16384 / item_bytes : 512;
  static constexpr bool ungil =
      (V::ungil && ...) && (scalar_kind<Result>() != ElementKind::unknown || is_ungil<Result>());
  static constexpr std::size_t detached_from = 4096;
  static_assert(item_bytes <= 65536, "adder: vectorize<f>: the items are too large to be copied one by one");
  static_assert(alignof(Result) <= alignof(std::max_align_t),
                "adder: vectorize<f>: f returns a struct that asks for more alignment than arrays have");
  static_assert(inputs != 0,
                "adder: vectorize<f>: no parameter of f is an item of an array: those are numbers, bool, std::complex, "
                "and structs for which adder::ArrayElement is specialised");
  static_assert(is_vector_item<Result>,
                "adder: vectorize<f>: f returns an item of an array: a number, bool, std::complex, or a struct for "
                "which adder::ArrayElement is specialised");

  Bound<PyAny> operator()(typename V::type... argument) const {
    if constexpr (inputs != 0 && is_vector_item<Result>) {
      return run(std::index_sequence_for<P...>(), argument...);
    } else {
      __builtin_unreachable();  // No further message.
    }
  }

 private:
  /// Which of the operands parameter @p index is.
  static constexpr std::size_t input_of(std::size_t index) noexcept {
    constexpr bool is_item[] = {V::is_item...};
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += is_item[i] ? 1 : 0;
    return result;
  }
  template <class One>
  static void enter(VectorInput*& next, const VectorArgument<One>& argument) noexcept {
    *next++ = argument.input();
  }
  template <class One>
  static void enter(VectorInput*&, const One&) noexcept {}

  template <class V1, class Argument>
  static auto feed_for(Argument& argument, const VectorStrides* strides, [[maybe_unused]] int inner) noexcept {
    if constexpr (V1::is_item) {
      return VectorFeed<typename V1::Value, block>(argument, *strides, inner);
    } else {
      return SameFeed<Argument>(argument);
    }
  }

  template <std::size_t... I, class... A>
  static Bound<PyAny> run(std::index_sequence<I...>, A&... argument) {
    VectorInput all[inputs];
    VectorInput* next = all;
    (enter(next, argument), ...);
    VectorLoop loop;
    VectorStrides strides[inputs];
    plan_vector_loop(loop, strides, all, inputs);
    const auto go = [&](Result* out, std::size_t count) {
      go_through(out, count, loop, feed_for<V>(argument, strides + (V::is_item ? input_of(I) : 0), loop.ndim - 1)...);
    };
    if constexpr (scalar_kind<Result>() != ElementKind::unknown) {
      if (loop.result_ndim == 0) {
        alignas(Result) unsigned char value[sizeof(Result)];
        go(reinterpret_cast<Result*>(value), 1);
        return number(*std::launder(reinterpret_cast<const Result*>(value)));
      }
    }
    const OwnedMemoryPtr memory(new_vector_memory(element_info<Result>(), loop));
    auto* out = reinterpret_cast<Result*>(memory->data);
    const std::size_t count = memory->count;
    if (count >= detached_from && ungil) {
      token().allow_threads_unchecked([&] { go(out, count); });
    } else if (count != 0) {
      go(out, count);
    }
    PyResult<Bound<PyAny>> made = loop.result_ndim == 0 ? vector_struct(token(), memory.get())
                                                        : owned_array_object(token(), memory.get(), ArrayResult::numpy);
    if (made.is_err()) throw std::move(made).error();
    return std::move(made).value();
  }
  static Bound<PyAny> number(const Result& value) {
    if constexpr (scalar_kind<Result>() == ElementKind::complex) {
      return steal(
          non_null(PyComplex_FromDoubles(static_cast<double>(value.real()), static_cast<double>(value.imag()))));
    } else if constexpr (IsScalar<Result>) {
      return steal(non_null(Scalar<Result>::store(value)));
    } else {
      return steal(non_null(PyFloat_FromDouble(static_cast<double>(static_cast<float>(value)))));
    }
  }

  template <class... Feed>
  static void go_through(Result* out, std::size_t count, const VectorLoop& loop, Feed&&... feed) {
    const int inner = loop.ndim - 1;
    const auto length = static_cast<std::size_t>(loop.extents[inner]);
    const std::size_t most = (feed.in_place() && ...) ? length : block;
    Py_ssize_t index[VectorLoop::max_dims] = {};
    Result* const end = out + count;
    while (true) {
      for (std::size_t at = 0; at < length; at += most) {
        const std::size_t n = length - at < most ? length - at : most;
        innermost(out, n, feed.access(at, n)...);
        out += n;
      }
      if (out == end) return;
      int dim = inner - 1;
      while (++index[dim] == loop.extents[dim]) {
        index[dim] = 0;
        (feed.move(dim, 1 - loop.extents[dim]), ...);
        --dim;  // SAFETY: not below 0, as there are items left.
      }
      (feed.move(dim, 1), ...);
    }
  }
  /// Nothing else lies where the result is: it is new.
  template <class... Access>
  static void innermost(Result* __restrict out, std::size_t n, Access... operand) {
    for (std::size_t i = 0; i < n; ++i) ::new (static_cast<void*>(out + i)) Result(Target(operand[i]...));
  }
};

#if ADDER_STUBS
/// Numbers give a number, and any array an array: which it is, the types of several arguments decide together.
template <auto Target, class R, class... V, class... P, class T>
struct ToldResult<VectorizedCall<Target, R, TypeList<V...>, P...>, T> : std::true_type {
  static TypeText text() { return "typing.Any"; }
};
#endif

template <std::size_t Index, std::size_t... Listed>
inline constexpr bool is_listed = ((Index == Listed) || ...);
template <auto Target, class Parameters, class Listed, class Indices>
struct VectorizedOf;
template <auto Target, class... P, std::size_t... Listed, std::size_t... I>
struct VectorizedOf<Target, TypeList<P...>, std::index_sequence<Listed...>, std::index_sequence<I...>> {
  static_assert(std::is_void_v<typename CallableOf<decltype(Target)>::Receiver>,
                "adder: vectorize<f>: f is a free function, or a lambda without captures");
  static_assert(((Listed < sizeof...(P)) && ...),
                "adder: vectorize<f, I>: the function has no parameter of that number");
  using type = VectorizedCall<Target, typename CallableOf<decltype(Target)>::Result,
                              TypeList<VectorParameter<P, is_listed<I, Listed...>>...>, P...>;
};
template <auto Target, std::size_t... Listed>
using Vectorized =
    typename VectorizedOf<Target, typename CallableOf<decltype(Target)>::Parameters, std::index_sequence<Listed...>,
                          std::make_index_sequence<CallableOf<decltype(Target)>::Parameters::size>>::type;

}  // namespace detail

/// @brief A function of numbers as one of arrays: the template argument of `def`.
/// @tparam Target  A function, or a lambda without captures, that takes and returns the items of arrays: bool,
///                 integers, floating point, std::complex, structs of ArrayElement.
/// @tparam AsIs    The places of parameters that are passed as they are, though they might be items; the first is 0.
template <auto Target, std::size_t... AsIs>
inline constexpr detail::Vectorized<Target, AsIs...> vectorize{};

template <class T>
struct UngilTraits<detail::VectorArgument<T>> : std::true_type {};

template <class T>
struct FromPyObject<detail::VectorArgument<T>> {
  static const char* expected() noexcept {
    static const std::string text = detail::operand_in_words(detail::element_info<T>());
    return text.c_str();
  }
  static PyResult<detail::VectorArgument<T>> extract(const Bound<PyAny>& object) {
    return detail::VectorArgument<T>::take(object);
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/array/detail/vectorize_inl.hpp"
#endif

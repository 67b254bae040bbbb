// SPDX-License-Identifier: MIT
/// @file
/// @brief Eigen's dense matrices, vectors and arrays, as parameters and results. Not part of adder.hpp.
///
/// @code
/// double norm(const Eigen::Ref<const Eigen::VectorXd>& v) { return v.norm(); }
/// Eigen::MatrixXd inverse(const Eigen::MatrixXd& m) { return m.inverse(); }
/// void scale(Eigen::Ref<Eigen::VectorXd> v, double by) { v *= by; }
/// @endcode
/// | in C++                                          | Python passes, or gets                                         |
/// |-------------------------------------------------|----------------------------------------------------------------|
/// | `const Eigen::MatrixXd&`, or by value           | an array, which is copied, whatever its strides                |
/// | `Eigen::Ref<const M>`                           | an array, which is used where it is; another layout is refused  |
/// | `Eigen::Ref<M>`                                 | the same, and written to: it may not be read-only              |
/// | a matrix as a result                            | a numpy array of its memory                                    |
/// | `Eigen::Map`, `Eigen::Ref` as a result          | a numpy array of a copy                                        |
///
/// Vectors have one dimension in Python, matrices two; a size that is fixed in C++ is asked for, `Eigen::Matrix3d`
/// takes "a (3, 3) array of float64". Items are of the type that C++ has. An `Eigen::Ref<Eigen::MatrixXd>` is stored by
/// columns, arrays of numpy by rows: take an `Eigen::Ref<RowMajorMatrix>`, or with any strides
/// `Eigen::Ref<Eigen::MatrixXd, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>`.
///
/// Without Eigen, which is looked for as `<Eigen/Core>` and `<eigen3/Eigen/Core>`, there is nothing in here.
#pragma once
#include "adder/array/array.hpp"
#include "adder/array/detail/eigen_parts.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#if __has_include(<Eigen/Core>)
#include <Eigen/Core>
#elif __has_include(<eigen3/Eigen/Core>)
#include <eigen3/Eigen/Core>
#endif

#if defined(EIGEN_WORLD_VERSION)
namespace adder::inline ADDER_ABI {

namespace detail {

/// @tparam M  A matrix, vector or array of Eigen that owns its items.
template <class M>
struct EigenForm {
  using Scalar = typename M::Scalar;
  static constexpr bool is_vector = M::IsVectorAtCompileTime != 0;
  static constexpr bool by_rows = M::IsRowMajor != 0;
  template <class T>
  using Taken = std::conditional_t<is_vector, Array<T, shape<M::SizeAtCompileTime>>,
                                   Array<T, shape<M::RowsAtCompileTime, M::ColsAtCompileTime>>>;
  using Made = std::conditional_t<is_vector, OwnedArray<Scalar, ndim<1>, as_numpy>,
                                  OwnedArray<Scalar, ndim<2>, std::conditional_t<by_rows, c_order, f_order>, as_numpy>>;
  /// Rows and columns of an array that was taken.
  template <class A>
  static Eigen::Index rows(const A& array) noexcept {
    if constexpr (is_vector) {
      return M::ColsAtCompileTime == 1 ? static_cast<Eigen::Index>(array.shape(0)) : 1;
    } else {
      return static_cast<Eigen::Index>(array.shape(0));
    }
  }
  template <class A>
  static Eigen::Index columns(const A& array) noexcept {
    if constexpr (is_vector) {
      return M::ColsAtCompileTime == 1 ? 1 : static_cast<Eigen::Index>(array.shape(0));
    } else {
      return static_cast<Eigen::Index>(array.shape(1));
    }
  }
  /// Whether so many rows and columns have room.
  static constexpr bool has_room(Eigen::Index rows, Eigen::Index columns) noexcept {
    return (M::MaxRowsAtCompileTime < 0 || rows <= M::MaxRowsAtCompileTime) &&
           (M::MaxColsAtCompileTime < 0 || columns <= M::MaxColsAtCompileTime);
  }
  static PyResult<M> copy(PyResult<Taken<const Scalar>> taken) {
    if (taken.is_err()) return std::move(taken).error();
    const Taken<const Scalar>& array = taken.value();
    if (!has_room(rows(array), columns(array))) {
      const Py_ssize_t given[] = {static_cast<Py_ssize_t>(rows(array)), static_cast<Py_ssize_t>(columns(array))};
      const Py_ssize_t size = given[0] * given[1];
      return too_many_items(FromPyObject<Taken<const Scalar>>::expected(), M::MaxRowsAtCompileTime,
                            M::MaxColsAtCompileTime, is_vector ? &size : given, is_vector ? 1 : 2);
    }
    M result;
    result.resize(rows(array), columns(array));
    if constexpr (is_vector) {
      for (Eigen::Index i = 0; i < result.size(); ++i) result(i) = array(i);
    } else if constexpr (by_rows) {
      for (Eigen::Index i = 0; i < result.rows(); ++i) {
        for (Eigen::Index j = 0; j < result.cols(); ++j) result(i, j) = array(i, j);
      }
    } else {
      for (Eigen::Index j = 0; j < result.cols(); ++j) {
        for (Eigen::Index i = 0; i < result.rows(); ++i) result(i, j) = array(i, j);
      }
    }
    return result;
  }
  /// The matrix is moved to where the array keeps it: the items of one of dynamic size stay where they are.
  template <class V>
  static PyResult<Bound<PyAny>> make(Python py, V&& value) {
    auto owner = std::make_unique<M>(std::forward<V>(value));
    const std::span<Scalar> items(owner->data(), static_cast<std::size_t>(owner->size()));
    const Eigen::Index rows = owner->rows(), columns = owner->cols();
    if constexpr (is_vector) {
      return adder::into_py(py, Made(items, std::move(owner), rows * columns));
    } else {
      return adder::into_py(py, Made(items, std::move(owner), rows, columns));
    }
  }
};

template <class M>
struct EigenFromPy {
  using Form = EigenForm<M>;
  using Taken = typename Form::template Taken<const typename M::Scalar>;
  static const char* expected() noexcept { return FromPyObject<Taken>::expected(); }
  static constexpr unsigned demand = FromPyObject<Taken>::demand;
  static PyResult<M> extract(const Bound<PyAny>& object) { return Form::copy(Taken::get(object)); }
  static PyResult<M> convert(const Bound<PyAny>& object) { return Form::copy(FromPyObject<Taken>::convert(object)); }
};
template <class M>
struct EigenIntoPy {
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python py, V&& value) {
    return EigenForm<M>::make(py, std::forward<V>(value));
  }
};

// --- References ------------------------------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_eigen_ref = false;
template <class M, int Options, class Strides>
inline constexpr bool is_eigen_ref<Eigen::Ref<M, Options, Strides>> = true;

/// An array as an Eigen::Ref, which refers to its items.
template <class R>
class EigenView;
template <class M, int Options, class Strides>
class EigenView<Eigen::Ref<M, Options, Strides>> {
  using Plain = std::remove_const_t<M>;
  using Form = EigenForm<Plain>;
  using Scalar = std::conditional_t<std::is_const_v<M>, const typename Plain::Scalar, typename Plain::Scalar>;
  using Taken = typename Form::template Taken<Scalar>;
  static constexpr int inner_at_compile_time = Strides::InnerStrideAtCompileTime;
  static constexpr int outer_at_compile_time = Strides::OuterStrideAtCompileTime;
  using Stride = Eigen::Stride<outer_at_compile_time, inner_at_compile_time>;
  using Map = Eigen::Map<M, Options, Stride>;

 public:
  using Ref = Eigen::Ref<M, Options, Strides>;

  explicit EigenView(Taken array) noexcept : array_(std::move(array)) {}

  /// In steps of items: of the next one within a column (of a matrix that is stored by columns), and of the next
  /// column.
  struct Steps {
    Py_ssize_t inner, outer;
    bool good;
  };
  static Steps steps_of(const Taken& array) noexcept {
    constexpr auto size = static_cast<Py_ssize_t>(sizeof(Scalar));
    constexpr std::size_t inner_dim = Form::is_vector || !Form::by_rows ? 0 : 1;
    const auto inner_extent = static_cast<Py_ssize_t>(array.shape(inner_dim));
    Steps steps{1, 0, true};
    const bool empty = array.empty();
    // A stride that nobody goes along is whatever Eigen would have there.
    if (inner_extent > 1 && !empty) {
      steps.inner = array.stride(inner_dim) / size;
      steps.good = array.stride(inner_dim) > 0 && array.stride(inner_dim) % size == 0;
    } else if constexpr (inner_at_compile_time > 0) {
      steps.inner = inner_at_compile_time;
    }
    constexpr Py_ssize_t inner_wanted = inner_at_compile_time == 0 ? 1 : inner_at_compile_time;
    if constexpr (inner_wanted > 0) steps.good = steps.good && steps.inner == inner_wanted;
    const Py_ssize_t side_by_side = inner_extent * (steps.inner > 0 ? steps.inner : 1);
    steps.outer = outer_at_compile_time > 0 ? outer_at_compile_time : side_by_side;
    if constexpr (!Form::is_vector) {
      constexpr std::size_t outer_dim = 1 - inner_dim;
      if (array.shape(outer_dim) > 1 && !empty) {
        const Py_ssize_t wanted = steps.outer;
        steps.outer = array.stride(outer_dim) / size;
        steps.good = steps.good && array.stride(outer_dim) > 0 && array.stride(outer_dim) % size == 0;
        if constexpr (outer_at_compile_time >= 0) steps.good = steps.good && steps.outer == wanted;
      }
    }
    if constexpr (Options > 1) {  // An alignment, in bytes.
      steps.good = steps.good && reinterpret_cast<std::uintptr_t>(array.data()) % Options == 0;
    }
    return steps;
  }
  static PyResult<EigenView> take(const Bound<PyAny>& object) {
    PyResult<Taken> taken = Taken::get(object);
    if (taken.is_err()) return std::move(taken).error();
    const Taken& array = taken.value();
    bool good = steps_of(array).good && Form::has_room(Form::rows(array), Form::columns(array));
    if (good) {
      EigenView view(std::move(taken).value());
      // Eigen may make a copy for what it takes for another layout: then the reference would be to that.
      if (view.make_ref().data() == view.array_.data() || view.array_.empty()) return view;
      return refusal(view.array_);
    }
    return refusal(array);
  }
  /// Lives as long as this.
  Ref make_ref() const noexcept {
    const Steps steps = steps_of(array_);
    // Those that are known at compile time are given as they are there.
    const Stride strides(outer_at_compile_time == Eigen::Dynamic ? steps.outer : outer_at_compile_time,
                         inner_at_compile_time == Eigen::Dynamic ? steps.inner : inner_at_compile_time);
    return Ref(Map(array_.data(), Form::rows(array_), Form::columns(array_), strides));
  }

 private:
  ADDER_COLD static PyErr refusal(const Taken& array) {
    constexpr bool is_plain = (inner_at_compile_time == 0 || inner_at_compile_time == 1) && Options <= 1;
    const char* layout = !is_plain         ? "the strides and alignment that the Eigen::Ref has"
                         : Form::is_vector ? "its items side by side"
                         : Form::by_rows   ? "the items of each row side by side, as in C order"
                                           : "the items of each column side by side, as in Fortran order";
    const Py_ssize_t strides[] = {array.stride(0), array.stride(Form::is_vector ? 0 : 1)};
    return strides_refused(FromPyObject<Taken>::expected(), layout, strides, Form::is_vector ? 1 : 2);
  }

  Taken array_;
};

/// Holds the array for the duration of the call.
template <class P>
  requires is_eigen_ref<std::remove_cvref_t<P>>
class ArgumentLoader<P> : ValueParameter<P> {
  using View = EigenView<std::remove_cvref_t<P>>;

 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    try {
      PyResult<View> view = View::take(peek(object).as_bound());
      if (view.is_ok()) [[likely]] {
        view_.emplace(std::move(view).value());
        ref_.emplace(view_->make_ref());
        return true;
      }
      set_argument_error(context.record(), index, view.error());
    } catch (...) {
      set_thrown_error(context.record(), index);
    }
    return false;
  }
  P&& get() noexcept { return static_cast<P&&>(*ref_); }

 private:
  std::optional<View> view_;
  std::optional<std::remove_cvref_t<P>> ref_;
};

#if ADDER_STUBS
/// As the arrays that their items are taken from, and that they become.
template <class M>
struct EigenType {
  using Form = EigenForm<M>;
  using Taken = typename Form::template Taken<const typename M::Scalar>;
  static TypeText input() { return input_text<Taken>(); }
  static TypeText output() { return output_text<typename Form::Made>(); }
  static TypeText converted() { return PythonType<Taken>::converted(); }
};
template <class S, int R, int C, int O, int MR, int MC>
struct PythonType<Eigen::Matrix<S, R, C, O, MR, MC>> : EigenType<Eigen::Matrix<S, R, C, O, MR, MC>> {};
template <class S, int R, int C, int O, int MR, int MC>
struct PythonType<Eigen::Array<S, R, C, O, MR, MC>> : EigenType<Eigen::Array<S, R, C, O, MR, MC>> {};
template <class M, int O, class St>
struct PythonType<Eigen::Map<M, O, St>> : EigenType<std::remove_const_t<M>> {};
template <class M, int O, class St>
struct PythonType<Eigen::Ref<M, O, St>> : EigenType<std::remove_const_t<M>> {
  using Form = EigenForm<std::remove_const_t<M>>;
  using Item = std::conditional_t<std::is_const_v<M>, const typename M::Scalar, typename M::Scalar>;
  static TypeText input() { return input_text<typename Form::template Taken<Item>>(); }
};
#endif

template <class S, int R, int C, int O, int MR, int MC>
inline constexpr bool may_recurse<Eigen::Matrix<S, R, C, O, MR, MC>> = false;
template <class S, int R, int C, int O, int MR, int MC>
inline constexpr bool may_recurse<Eigen::Array<S, R, C, O, MR, MC>> = false;

}  // namespace detail

template <class S, int R, int C, int O, int MR, int MC>
struct FromPyObject<Eigen::Matrix<S, R, C, O, MR, MC>> : detail::EigenFromPy<Eigen::Matrix<S, R, C, O, MR, MC>> {};
template <class S, int R, int C, int O, int MR, int MC>
struct FromPyObject<Eigen::Array<S, R, C, O, MR, MC>> : detail::EigenFromPy<Eigen::Array<S, R, C, O, MR, MC>> {};

template <class S, int R, int C, int O, int MR, int MC>
struct IntoPyObject<Eigen::Matrix<S, R, C, O, MR, MC>> : detail::EigenIntoPy<Eigen::Matrix<S, R, C, O, MR, MC>> {};
template <class S, int R, int C, int O, int MR, int MC>
struct IntoPyObject<Eigen::Array<S, R, C, O, MR, MC>> : detail::EigenIntoPy<Eigen::Array<S, R, C, O, MR, MC>> {};
/// What refers to the items of others is copied.
template <class M, int O, class St>
struct IntoPyObject<Eigen::Map<M, O, St>> : detail::EigenIntoPy<std::remove_const_t<M>> {};
template <class M, int O, class St>
struct IntoPyObject<Eigen::Ref<M, O, St>> : detail::EigenIntoPy<std::remove_const_t<M>> {};

template <class S, int R, int C, int O, int MR, int MC>
struct UngilTraits<Eigen::Matrix<S, R, C, O, MR, MC>> : std::bool_constant<Ungil<S>> {};
template <class S, int R, int C, int O, int MR, int MC>
struct UngilTraits<Eigen::Array<S, R, C, O, MR, MC>> : std::bool_constant<Ungil<S>> {};
/// An argument of the kind refers to memory that is held.
template <class M, int O, class St>
struct UngilTraits<Eigen::Ref<M, O, St>> : std::bool_constant<Ungil<typename M::Scalar>> {};
template <class M, int O, class St>
struct ViewTraits<Eigen::Ref<M, O, St>> : std::true_type {};
template <class M, int O, class St>
struct ViewTraits<Eigen::Map<M, O, St>> : std::true_type {};

}  // namespace adder::inline ADDER_ABI
#endif

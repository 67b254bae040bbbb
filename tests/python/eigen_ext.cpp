// SPDX-License-Identifier: MIT
// What test_eigen.py calls: functions that take and return Eigen's matrices.
#include <adder/adder.hpp>
#include <adder/array/eigen.hpp>
#include <adder/array/eigen_sparse.hpp>  // IWYU pragma: keep (what sparse matrices need)

#include <complex>
#include <cstddef>
#include <cstdint>

using namespace adder;

namespace {

using RowMajorMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using AnyStrides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, 3, 3>;
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, Eigen::ColMajor, 3, 1>;
using Sparse = Eigen::SparseMatrix<double>;
using SparseRows = Eigen::SparseMatrix<double, Eigen::RowMajor>;

// --- By value
Eigen::MatrixXd same(const Eigen::MatrixXd& m) { return m; }
RowMajorMatrix same_rows(RowMajorMatrix m) { return m; }
Eigen::VectorXd same_vector(const Eigen::VectorXd& v) { return v; }
Eigen::RowVectorXf same_row(const Eigen::RowVectorXf& v) { return v; }
Eigen::Matrix3d transposed(const Eigen::Matrix3d& m) { return m.transpose(); }
Eigen::Vector3i negated(const Eigen::Vector3i& v) { return -v; }
Eigen::ArrayXXd squares(const Eigen::ArrayXXd& a) { return a * a; }
Eigen::MatrixXcd conjugate(const Eigen::MatrixXcd& m) { return m.conjugate(); }
Eigen::Matrix<bool, Eigen::Dynamic, 1> inverted(const Eigen::Matrix<bool, Eigen::Dynamic, 1>& v) {
  return v.unaryExpr([](bool x) { return !x; });
}
SmallMatrix small(const SmallMatrix& m) { return m; }
SmallVector small_vector(const SmallVector& v) { return v; }
Eigen::Matrix<double, Eigen::Dynamic, 3> three_columns(const Eigen::Matrix<double, Eigen::Dynamic, 3>& m) { return m; }

// --- By reference
std::uintptr_t address(const void* data) { return reinterpret_cast<std::uintptr_t>(data); }
std::uintptr_t address_of_ref(const Eigen::Ref<const Eigen::MatrixXd>& m) { return address(m.data()); }
std::uintptr_t address_of_row_ref(Eigen::Ref<const RowMajorMatrix> m) { return address(m.data()); }
std::uintptr_t address_of_vector(const Eigen::Ref<const Eigen::VectorXd>& v) { return address(v.data()); }
std::uintptr_t address_of_any(const Eigen::Ref<const Eigen::MatrixXd, 0, AnyStrides>& m) { return address(m.data()); }
double sum(const Eigen::Ref<const Eigen::MatrixXd>& m) { return m.sum(); }
double sum_rows(const Eigen::Ref<const RowMajorMatrix>& m) { return m.sum(); }
double sum_any(const Eigen::Ref<const Eigen::MatrixXd, 0, AnyStrides>& m) { return m.sum(); }
double weighted_any(const Eigen::Ref<const Eigen::MatrixXd, 0, AnyStrides>& m) {
  double result = 0;
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    for (Eigen::Index j = 0; j < m.cols(); ++j) result += static_cast<double>(1 + i * 10 + j) * m(i, j);
  }
  return result;
}
double sum_vector(const Eigen::Ref<const Eigen::VectorXd>& v) { return v.sum(); }
double sum_strided(const Eigen::Ref<const Eigen::VectorXd, 0, Eigen::InnerStride<>>& v) { return v.sum(); }
double sum_every_second(const Eigen::Ref<const Eigen::VectorXd, 0, Eigen::InnerStride<2>>& v) { return v.sum(); }
double sum_aligned(const Eigen::Ref<const Eigen::VectorXd, Eigen::Aligned16>& v) { return v.sum(); }
double sum_copied(const Eigen::Ref<const Eigen::MatrixXd, 0, Eigen::Stride<0, 0>>& m) { return m.sum(); }
void scale(Eigen::Ref<Eigen::MatrixXd> m, double by) { m *= by; }
void scale_rows(Eigen::Ref<RowMajorMatrix> m, double by) { m *= by; }
void scale_vector(Eigen::Ref<Eigen::VectorXd> v, double by) { v *= by; }
void scale_row(Eigen::Ref<Eigen::RowVectorXd> v, double by) { v *= by; }
void scale_any(Eigen::Ref<Eigen::MatrixXd, 0, AnyStrides> m, double by) { m *= by; }
double trace3(const Eigen::Ref<const Eigen::Matrix3d>& m) { return m.trace(); }

// --- Results
Eigen::MatrixXd kept;
Eigen::MatrixXd make(std::size_t rows, std::size_t columns) {
  Eigen::MatrixXd m(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    for (Eigen::Index j = 0; j < m.cols(); ++j) m(i, j) = static_cast<double>(10 * i + j);
  }
  return m;
}
std::uintptr_t last_address = 0;
Eigen::MatrixXd make_and_tell(std::size_t size) {
  Eigen::MatrixXd m = make(size, size);
  last_address = address(m.data());
  return m;
}
std::uintptr_t told() { return last_address; }
Eigen::Map<Eigen::MatrixXd> map_of_kept() {
  kept = make(2, 2);
  return {kept.data(), 2, 2};
}
Eigen::Ref<Eigen::MatrixXd> ref_to_kept() {
  kept = make(2, 3);
  return kept;
}

// --- Sparse
Sparse same_sparse(const Sparse& m) { return m; }
SparseRows same_sparse_rows(const SparseRows& m) { return m; }
Eigen::MatrixXd dense(const Sparse& m) { return m; }
double sum_sparse(const SparseRows& m) { return m.rows() == 0 || m.cols() == 0 ? 0 : m.sum(); }
Eigen::SparseMatrix<std::complex<float>> sparse_complex(const Eigen::SparseMatrix<std::complex<float>>& m) { return m; }
Sparse sparse_of(std::size_t size) {
  Sparse m(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
  for (Eigen::Index i = 0; i < m.rows(); ++i) m.insert(i, m.rows() - 1 - i) = static_cast<double>(i + 1);
  return m;  // Not compressed.
}

}  // namespace

ADDER_MODULE(eigen_ext, m) {
  m.def<&same>("same", arg("m"));
  m.def<&same>("same_converted", arg("m").convert());
  m.def<&same_rows>("same_rows", arg("m"));
  m.def<&same_vector>("same_vector", arg("v"));
  m.def<&same_row>("same_row", arg("v"));
  m.def<&transposed>("transposed", arg("m"));
  m.def<&negated>("negated", arg("v"));
  m.def<&squares>("squares", arg("a"), release_gil);
  m.def<&conjugate>("conjugate", arg("m"));
  m.def<&inverted>("inverted", arg("v"));
  m.def<&small>("small", arg("m"));
  m.def<&small_vector>("small_vector", arg("v"));
  m.def<&three_columns>("three_columns", arg("m"));
  m.def<&address_of_ref>("address_of_ref", arg("m"));
  m.def<&address_of_row_ref>("address_of_row_ref", arg("m"));
  m.def<&address_of_vector>("address_of_vector", arg("v"));
  m.def<&address_of_any>("address_of_any", arg("m"));
  m.def<&sum>("sum", arg("m"), release_gil);
  m.def<&sum_rows>("sum_rows", arg("m"));
  m.def<&sum_any>("sum_any", arg("m"));
  m.def<&weighted_any>("weighted_any", arg("m"));
  m.def<&sum_vector>("sum_vector", arg("v"));
  m.def<&sum_strided>("sum_strided", arg("v"));
  m.def<&sum_every_second>("sum_every_second", arg("v"));
  m.def<&sum_aligned>("sum_aligned", arg("v"));
  m.def<&sum_copied>("sum_copied", arg("m"));
  m.add("REF_COPIES", EIGEN_WORLD_VERSION == 3 && EIGEN_MAJOR_VERSION < 5);
  m.def<&scale>("scale", arg("m"), arg("by"), release_gil);
  m.def<&scale_rows>("scale_rows", arg("m"), arg("by"));
  m.def<&scale_vector>("scale_vector", arg("v"), arg("by"));
  m.def<&scale_row>("scale_row", arg("v"), arg("by"));
  m.def<&scale_any>("scale_any", arg("m"), arg("by"));
  m.def<&trace3>("trace3", arg("m"));
  m.def<&make>("make");
  m.def<&make_and_tell>("make_and_tell");
  m.def<&told>("told");
  m.def<&map_of_kept>("map_of_kept");
  m.def<&ref_to_kept>("ref_to_kept");
  m.def<&same_sparse>("same_sparse", arg("m"));
  m.def<&same_sparse_rows>("same_sparse_rows", arg("m"), release_gil);
  m.def<&dense>("dense", arg("m"));
  m.def<&sum_sparse>("sum_sparse", arg("m"));
  m.def<&sparse_complex>("sparse_complex", arg("m"));
  m.def<&sparse_of>("sparse_of");
}

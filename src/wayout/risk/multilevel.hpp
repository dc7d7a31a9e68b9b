#pragma once
/// @file
/// Multilevel aggregation for M-matrices: a preconditioner for linear.cpp only.
///
/// States that are strongly coupled are put together, pair by pair and then pairs by pair; the
/// system of the groups is the sum of their entries. On every level one sweep forwards and one
/// backwards smooth what the groups cannot see, and the coarser system is solved by two Galerkin
/// steps, themselves preconditioned in this way (a K-cycle). A constant is represented exactly,
/// which is what slow mixing looks like. Source: [Notay12], who aggregates by other measures of
/// quality.

#include <memory>
#include <span>
#include <vector>

#include "wayout/risk/linear.hpp"

namespace wayout {

/// LU of a dense matrix with partial pivoting.
class DenseLu {
 public:
  DenseLu() = default;
  /// `a` is n × n, row by row.
  DenseLu(std::vector<double> a, std::size_t n);
  void solve(std::span<const double> b, std::span<double> x) const;
  std::size_t size() const { return n_; }

 private:
  std::size_t n_ = 0;
  std::vector<double> lu_;
  std::vector<std::size_t> pivot_;
};

DenseLu dense_lu(const LinearSystem& system);

/// y = A x.
void multiply(const LinearSystem& system, std::span<const double> x, std::span<double> y);
/// r = b − A x.
void residual_of(const LinearSystem& system, std::span<const double> x, std::span<const double> b,
                 std::span<double> r);
/// One Gauss-Seidel sweep on A x = b, in ascending or descending order.
void sweep(const LinearSystem& system, std::span<const double> b, std::span<double> x,
           bool ascending);

class Multilevel {
 public:
  explicit Multilevel(const LinearSystem& system);
  /// x ≈ A⁻¹ b.
  void apply(std::span<const double> b, std::span<double> x) { cycle(0, b, x); }
  std::size_t levels() const { return levels_.size(); }

 private:
  struct Level {
    const LinearSystem* system = nullptr;
    std::unique_ptr<LinearSystem> own;  ///< every level but the first
    std::vector<std::uint32_t> group;   ///< state → state of the next level
    std::vector<double> inverse;        ///< 1 / diagonal
    std::vector<double> r, rc, xc, c1, v1, c2, v2, left;
  };
  void cycle(std::size_t level, std::span<const double> b, std::span<double> x);
  void solve_coarse(std::size_t level, std::span<const double> b, std::span<double> x);
  std::vector<Level> levels_;
  DenseLu last_;
};

}  // namespace wayout

#pragma once
/// @file
/// Linear systems of absorbing chains: what is reached for good, and how long it takes.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/risk/matrix.hpp"

namespace wayout {

/// A x = b with A = diag(d) − off, off ≥ 0 and every state able to leave for good, which makes A a
/// non-singular M-matrix: either each row has d ≥ its off entries (values), or each column
/// (expected times).
struct LinearSystem {
  Rows off;
  std::vector<double> diagonal;
  std::size_t size() const { return diagonal.size(); }
};

enum class LinearMethod {
  Auto,
  Dense,        ///< LU with partial pivoting; up to a few thousand states
  GaussSeidel,  ///< sweeps until the residual is met
  Krylov        ///< GCR, preconditioned by multilevel aggregation
};
std::string_view linear_method_name(LinearMethod method);

struct LinearSettings {
  LinearMethod method = LinearMethod::Auto;
  double tolerance = 1e-13;         ///< on the residual, relative to the right-hand side
  std::size_t most_iterations = 0;  ///< 0: 500 (Krylov), 1,000,000 (sweeps)
  Watch watch;
};

struct LinearSolution {
  std::vector<double> x;
  /// max |b − A x|_i / d_i, computed afresh from x at the end.
  double residual = 0;
  std::size_t iterations = 0;                ///< of the component that needed most
  std::size_t components = 0;                ///< strongly connected ones
  std::size_t largest = 0;                   ///< states in the largest of them
  LinearMethod method = LinearMethod::Auto;  ///< used on the largest
  End end = End::Complete;  ///< Limit: the tolerance was not met; the residual says what was
};

/// Strongly connected components: for each state its component, numbered so that every entry leads
/// to the same or a lower number. Cost: linear; no recursion.
struct StrongComponents {
  std::vector<std::uint32_t> of;
  std::vector<std::uint32_t> begin;   ///< per component, one more at the end, into `states`
  std::vector<std::uint32_t> states;  ///< grouped by component, ascending in each
  std::size_t size() const { return begin.size() - 1; }
};
StrongComponents components(const Rows& rows, std::size_t states);

/// Solves component by component, those that lead nowhere else first; a single state needs no
/// iteration, small components are solved densely. What the solution needs of A alone is made once
/// and serves every right-hand side. Cost: linear in the entries for acyclic chains; else some tens
/// of passes over the largest component. Deterministic at any number of threads.
class LinearSolver {
 public:
  /// Keeps a reference: the system must outlive it.
  explicit LinearSolver(const LinearSystem& system, const LinearSettings& settings = {});
  ~LinearSolver();
  LinearSolution solve(std::span<const double> b) const;

 private:
  struct Part;
  const LinearSystem* system_;
  LinearSettings settings_;
  StrongComponents components_;
  std::vector<std::unique_ptr<Part>> parts_;  ///< per component of more than one state
};

/// One right-hand side.
LinearSolution solve(const LinearSystem& system, std::span<const double> b,
                     const LinearSettings& settings = {});

/// The system Aᵀ.
LinearSystem transposed(const LinearSystem& system);

/// A bound on |x − A⁻¹b|, state by state, from the residual r of x and a vector w > 0 with A w > 0:
/// |x − A⁻¹b| ≤ (max |r_i| / (A w)_i) w, because A⁻¹ ≥ 0. `w` is the solution of A w = 1 in the row
/// form, to whatever accuracy. The rounding of r itself is added. Empty where w does not serve.
std::vector<double> error_bound(const LinearSystem& system, std::span<const double> x,
                                std::span<const double> b, std::span<const double> w);

}  // namespace wayout

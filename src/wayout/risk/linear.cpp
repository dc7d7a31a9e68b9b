#include "wayout/risk/linear.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "wayout/risk/multilevel.hpp"

namespace wayout {
namespace {

constexpr std::size_t kDenseComponent = 200;

double weighted_residual(const LinearSystem& a, std::span<const double> x,
                         std::span<const double> b) {
  std::vector<double> r(a.size());
  residual_of(a, x, b, r);
  double most = 0;
  for (std::size_t i = 0; i < r.size(); ++i) most = std::max(most, std::abs(r[i]) / a.diagonal[i]);
  return most;
}

bool stopped(const Watch& watch, End& end) {
  if (!watch.cancelled() && !watch.out_of_time()) return false;
  end = watch.cancelled() ? End::Cancelled : End::Limit;
  return true;
}

struct Piece {
  std::size_t iterations = 0;
  End end = End::Complete;
};

/// What a residual cannot go below in floating point.
double floor_of(const LinearSystem& a, std::span<const double> x) {
  double most = 0;
  for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x[i]) * a.diagonal[i]);
  return 4 * std::numeric_limits<double>::epsilon() * most;
}

Piece gauss_seidel(const LinearSystem& a, std::span<const double> b, std::span<double> x,
                   const LinearSettings& settings) {
  Piece out;
  const std::size_t most = settings.most_iterations ? settings.most_iterations : 1'000'000;
  const double target = settings.tolerance * largest(b);
  std::vector<double> r(a.size());
  while (true) {
    residual_of(a, x, b, r);
    const double now = largest(r);
    if (now <= std::max(target, floor_of(a, x))) return out;
    if (out.iterations >= most) break;
    if (stopped(settings.watch, out.end)) return out;
    for (int k = 0; k < 4; ++k) {
      sweep(a, b, x, true);
      sweep(a, b, x, false);
      out.iterations += 2;
    }
    settings.watch.tell("solving", out.iterations, 0);
  }
  out.end = End::Limit;
  return out;
}

/// Directions c with v = A c, kept to hold what has been gained. A direction is tested against
/// t = v (GCR: the residual is least) or t = c (Galerkin: what is left of b is orthogonal to the
/// directions). Where mixing is slow and nearly one-dimensional the first comes to a halt, since a
/// step that mends a smooth error roughens the residual; the second goes on, but need not come down
/// evenly.
class Directions {
 public:
  Directions(std::size_t n, bool galerkin) : n_(n), galerkin_(galerkin) {}
  void clear() { kept_.clear(); }
  bool galerkin() const { return galerkin_; }
  void turn() {
    clear();
    galerkin_ = !galerkin_;
  }
  struct Direction {
    std::vector<double> c, v;
    double size = 0;            ///< t·v
    std::vector<double> cross;  ///< t·v of those before it, oldest first (Galerkin only)
  };
  /// An unused direction; the oldest makes room.
  Direction fresh() {
    Direction out;
    if (kept_.size() == kKept) {
      out = std::move(kept_.front());
      kept_.erase(kept_.begin());
      for (Direction& d : kept_)
        if (!d.cross.empty()) d.cross.erase(d.cross.begin());
    }
    out.c.resize(n_);
    out.v.resize(n_);
    return out;
  }
  /// Takes from d what the kept ones have: afterwards t_k · d.v = 0 for all of them.
  void conjugate(Direction& d) const {
    const std::size_t m = kept_.size();
    d.cross.clear();
    if (m > 0) {
      std::vector<double> g = against(d.v, true);
      for (std::size_t k = 0; k < m; ++k) {
        for (std::size_t j = 0; j < kept_[k].cross.size(); ++j) g[k] -= kept_[k].cross[j] * g[j];
        g[k] /= kept_[k].size;
      }
      in_blocks(n_, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = 0; k < m; ++k) {
          const double* c = kept_[k].c.data();
          const double* v = kept_[k].v.data();
          for (std::size_t i = begin; i < end; ++i) d.c[i] -= g[k] * c[i];
          for (std::size_t i = begin; i < end; ++i) d.v[i] -= g[k] * v[i];
        }
      });
      if (galerkin_) d.cross = against(d.c, false);
    }
    d.size = dot(test(d), d.v);
  }
  const std::vector<double>& test(const Direction& d) const { return galerkin_ ? d.c : d.v; }
  void keep(Direction d) { kept_.push_back(std::move(d)); }

 private:
  static constexpr std::size_t kKept = 10;
  /// t_k · x (tested) or v_k · x for every kept one, in one pass.
  std::vector<double> against(const std::vector<double>& x, bool tested) const {
    return sum_blocks(n_, kept_.size(),
                      [&](std::size_t begin, std::size_t end, std::span<double> sums) {
                        for (std::size_t k = 0; k < kept_.size(); ++k) {
                          const double* y = (tested ? test(kept_[k]) : kept_[k].v).data();
                          double sum = 0;
                          for (std::size_t i = begin; i < end; ++i) sum += x[i] * y[i];
                          sums[k] += sum;
                        }
                      });
  }
  std::size_t n_;
  bool galerkin_;
  std::vector<Direction> kept_;
};

/// Flexible Krylov steps, from x as it is. Where one kind of step comes to a halt or breaks down,
/// the other goes on from the best x so far.
Piece krylov(const LinearSystem& a, Multilevel& precondition, std::span<const double> b,
             std::span<double> x, const LinearSettings& settings) {
  Piece out;
  const std::size_t most = settings.most_iterations ? settings.most_iterations : 500;
  constexpr std::size_t kPatience = 12;  ///< steps to halve the residual in, four times for
                                         ///< Galerkin
  constexpr int kMostTurns = 8;
  const std::size_t n = a.size();
  std::vector<double> r(n), best_x(x.begin(), x.end());
  Directions directions(n, false);
  const double target = settings.tolerance * largest(b);
  residual_of(a, x, b, r);
  double best = std::sqrt(dot(r, r));  // of best_x
  double mark = best;                  // when patience began anew
  std::size_t since = 0;
  int turns = 0;
  int stuck = 0;
  const auto met = [&] { return largest(r) <= std::max(target, floor_of(a, x)); };
  for (; out.iterations < most; ++out.iterations) {
    if (met()) {
      // The residual kept by updates is not believed: it is computed afresh.
      residual_of(a, x, b, r);
      if (met()) return out;
      directions.clear();
      if (++stuck > 3) break;  // as far as rounding lets it
    }
    if (stopped(settings.watch, out.end)) break;
    settings.watch.tell("solving", out.iterations, 0);
    Directions::Direction d = directions.fresh();
    precondition.apply(r, d.c);
    multiply(a, d.c, d.v);
    directions.conjugate(d);
    bool turn = !(d.size > 0) || !std::isfinite(d.size);
    if (!turn) {
      const double step = dot(directions.test(d), r) / d.size;
      in_blocks(n, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          x[i] += step * d.c[i];
          r[i] -= step * d.v[i];
        }
      });
      directions.keep(std::move(d));
      const double now = std::sqrt(dot(r, r));
      if (now < best) {
        best = now;
        if (directions.galerkin()) std::copy(x.begin(), x.end(), best_x.begin());
      }
      if (best < 0.5 * mark) {
        mark = best;
        since = 0;
      }
      turn = ++since > (directions.galerkin() ? 4 * kPatience : kPatience) || !(now < 1e6 * best);
    }
    if (turn) {
      if (++turns > kMostTurns) break;
      if (directions.galerkin())
        std::copy(best_x.begin(), best_x.end(), x.begin());
      else
        std::copy(x.begin(), x.end(), best_x.begin());
      directions.turn();
      residual_of(a, x, b, r);
      best = mark = std::sqrt(dot(r, r));
      since = 0;
    }
  }
  if (directions.galerkin()) std::copy(best_x.begin(), best_x.end(), x.begin());
  residual_of(a, x, b, r);
  if (out.end == End::Complete && !met()) out.end = End::Limit;
  return out;
}

}  // namespace

std::string_view linear_method_name(LinearMethod method) {
  switch (method) {
    case LinearMethod::Auto:
      return "order";
    case LinearMethod::Dense:
      return "dense";
    case LinearMethod::GaussSeidel:
      return "gauss-seidel";
    case LinearMethod::Krylov:
      return "krylov";
  }
  return "";
}

LinearSystem transposed(const LinearSystem& system) {
  return {transposed(system.off, system.size()), system.diagonal};
}

/// One component with what its solution needs.
struct LinearSolver::Part {
  LinearSystem own;
  const LinearSystem* a = nullptr;
  LinearMethod method = LinearMethod::Dense;
  DenseLu lu;
  std::unique_ptr<Multilevel> multilevel;
};

LinearSolver::LinearSolver(const LinearSystem& system, const LinearSettings& settings)
    : system_(&system), settings_(settings), components_(components(system.off, system.size())) {
  const StrongComponents& parts = components_;
  parts_.resize(parts.size());
  std::vector<std::uint32_t> local(system.size(), 0);
  for (std::size_t c = 0; c < parts.size(); ++c) {
    const std::uint32_t first = parts.begin[c];
    const std::uint32_t size = parts.begin[c + 1] - first;
    if (size == 1) continue;
    auto part = std::make_unique<Part>();
    if (parts.size() == 1) {
      part->a = &system;
    } else {
      for (std::uint32_t k = 0; k < size; ++k) local[parts.states[first + k]] = k;
      for (std::uint32_t k = 0; k < size; ++k) {
        const std::uint32_t s = parts.states[first + k];
        part->own.diagonal.push_back(system.diagonal[s]);
        for (std::uint64_t e = system.off.begin[s]; e < system.off.begin[s + 1]; ++e)
          if (parts.of[system.off.to[e]] == c) {
            part->own.off.to.push_back(local[system.off.to[e]]);
            part->own.off.rate.push_back(system.off.rate[e]);
          }
        part->own.off.begin.push_back(part->own.off.to.size());
      }
      part->a = &part->own;
    }
    part->method = settings.method;
    if (part->method == LinearMethod::Auto)
      part->method = size <= kDenseComponent ? LinearMethod::Dense : LinearMethod::Krylov;
    if (part->method == LinearMethod::Dense) part->lu = dense_lu(*part->a);
    if (part->method == LinearMethod::Krylov)
      part->multilevel = std::make_unique<Multilevel>(*part->a);
    parts_[c] = std::move(part);
  }
}

LinearSolver::~LinearSolver() = default;

LinearSolution LinearSolver::solve(std::span<const double> b) const {
  LinearSolution out;
  const LinearSystem& system = *system_;
  const StrongComponents& parts = components_;
  out.x.assign(system.size(), 0);
  out.components = parts.size();
  std::vector<double> bi, xi;
  for (std::size_t c = 0; c < parts.size() && out.end != End::Cancelled; ++c) {
    const std::uint32_t first = parts.begin[c];
    const std::uint32_t size = parts.begin[c + 1] - first;
    const bool is_largest = size > out.largest;
    out.largest = std::max<std::size_t>(out.largest, size);
    const auto known = [&](std::uint32_t s) {
      double sum = b[s];
      for (std::uint64_t e = system.off.begin[s]; e < system.off.begin[s + 1]; ++e)
        if (parts.of[system.off.to[e]] != c) sum += system.off.rate[e] * out.x[system.off.to[e]];
      return sum;
    };
    if (size == 1) {
      const std::uint32_t s = parts.states[first];
      double diagonal = system.diagonal[s];
      for (std::uint64_t e = system.off.begin[s]; e < system.off.begin[s + 1]; ++e)
        if (system.off.to[e] == s) diagonal -= system.off.rate[e];
      out.x[s] = known(s) / diagonal;
      continue;
    }
    const Part& part = *parts_[c];
    bi.resize(size);
    xi.assign(size, 0);
    for (std::uint32_t k = 0; k < size; ++k) bi[k] = known(parts.states[first + k]);
    Piece piece;
    if (part.method == LinearMethod::Dense) {
      part.lu.solve(bi, xi);
      // One step of refinement.
      std::vector<double> r(size), d(size);
      residual_of(*part.a, xi, bi, r);
      part.lu.solve(r, d);
      for (std::uint32_t k = 0; k < size; ++k) xi[k] += d[k];
    } else if (part.method == LinearMethod::Krylov) {
      piece = krylov(*part.a, *part.multilevel, bi, xi, settings_);
    } else {
      piece = gauss_seidel(*part.a, bi, xi, settings_);
    }
    if (is_largest) out.method = part.method;
    out.iterations = std::max(out.iterations, piece.iterations);
    if (piece.end != End::Complete) out.end = piece.end;
    for (std::uint32_t k = 0; k < size; ++k) out.x[parts.states[first + k]] = xi[k];
  }
  out.residual = weighted_residual(system, out.x, b);
  return out;
}

LinearSolution solve(const LinearSystem& system, std::span<const double> b,
                     const LinearSettings& settings) {
  return LinearSolver(system, settings).solve(b);
}

std::vector<double> error_bound(const LinearSystem& system, std::span<const double> x,
                                std::span<const double> b, std::span<const double> w) {
  const std::size_t n = system.size();
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  double worst = 0;
  for (std::size_t s = 0; s < n; ++s) {
    double r = b[s] - system.diagonal[s] * x[s];
    double aw = system.diagonal[s] * w[s];
    double size = std::abs(b[s]) + std::abs(system.diagonal[s] * x[s]);
    double sizew = std::abs(aw);
    const auto terms = static_cast<double>(system.off.begin[s + 1] - system.off.begin[s] + 3);
    for (std::uint64_t e = system.off.begin[s]; e < system.off.begin[s + 1]; ++e) {
      const std::uint32_t t = system.off.to[e];
      r += system.off.rate[e] * x[t];
      aw -= system.off.rate[e] * w[t];
      size += std::abs(system.off.rate[e] * x[t]);
      sizew += std::abs(system.off.rate[e] * w[t]);
    }
    aw -= terms * kEps * sizew;
    if (!(w[s] > 0) || !(aw > 0)) return {};
    worst = std::max(worst, (std::abs(r) + terms * kEps * size) / aw);
  }
  std::vector<double> out(n);
  for (std::size_t s = 0; s < n; ++s) out[s] = worst * w[s];
  return out;
}

}  // namespace wayout

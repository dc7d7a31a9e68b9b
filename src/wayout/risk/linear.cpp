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

/// Flexible GCR with restarts, from x as it is.
Piece krylov(const LinearSystem& a, Multilevel& precondition, std::span<const double> b,
             std::span<double> x, const LinearSettings& settings) {
  Piece out;
  const std::size_t most = settings.most_iterations ? settings.most_iterations : 500;
  constexpr std::size_t kKept = 12;
  const std::size_t n = a.size();
  std::vector<double> r(n);
  std::vector<std::vector<double>> c, v;
  std::vector<double> vv;
  const double target = settings.tolerance * largest(b);
  residual_of(a, x, b, r);
  double best = largest(r);
  std::size_t stuck = 0;
  std::size_t since = 0;
  for (; out.iterations < most; ++out.iterations) {
    const double now = largest(r);
    if (now <= target || now <= floor_of(a, x)) {
      // The residual kept by updates is not believed: it is computed afresh.
      residual_of(a, x, b, r);
      const double fresh = largest(r);
      if (fresh <= std::max(target, floor_of(a, x))) return out;
      c.clear();
      v.clear();
      vv.clear();
      if (++stuck > 3) return out;  // as far as rounding lets it
    }
    if (stopped(settings.watch, out.end)) return out;
    settings.watch.tell("solving", out.iterations, 0);
    if (c.size() == kKept) {
      c.erase(c.begin());
      v.erase(v.begin());
      vv.erase(vv.begin());
    }
    std::vector<double> ci(n), vi(n);
    precondition.apply(r, ci);
    multiply(a, ci, vi);
    for (std::size_t k = 0; k < c.size(); ++k) {
      const double g = dot(vi, v[k]) / vv[k];
      in_blocks(n, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          ci[i] -= g * c[k][i];
          vi[i] -= g * v[k][i];
        }
      });
    }
    const double size = dot(vi, vi);
    if (!(size > 0)) break;
    const double step = dot(vi, r) / size;
    in_blocks(n, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        x[i] += step * ci[i];
        r[i] -= step * vi[i];
      }
    });
    c.push_back(std::move(ci));
    v.push_back(std::move(vi));
    vv.push_back(size);
    const double after = largest(r);
    if (after < best * 0.999) {
      best = after;
      since = 0;
    } else if (++since > 60) {
      break;  // no progress
    }
  }
  residual_of(a, x, b, r);
  if (largest(r) > std::max(target, floor_of(a, x))) out.end = End::Limit;
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

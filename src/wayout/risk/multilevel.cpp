#include "wayout/risk/multilevel.hpp"

#include <algorithm>
#include <cmath>

namespace wayout {
namespace {

constexpr std::size_t kDense = 100;  ///< states of the last level
constexpr std::size_t kMostLevels = 40;

/// Pairs every state with the one it is most strongly coupled to that is still alone. Returns the
/// number of groups.
std::size_t pair_up(const LinearSystem& a, std::vector<std::uint32_t>& group) {
  const std::size_t n = a.size();
  constexpr std::uint32_t kAlone = 0xFFFFFFFFu;
  group.assign(n, kAlone);
  // Both directions count: entries and those of the transpose, each against the diagonal.
  const Rows back = transposed(a.off, n);
  std::uint32_t groups = 0;
  for (std::uint32_t s = 0; s < n; ++s) {
    if (group[s] != kAlone) continue;
    double strongest = 0;
    std::uint32_t partner = kAlone;
    double all = 0;
    for (std::uint64_t e = a.off.begin[s]; e < a.off.begin[s + 1]; ++e)
      all = std::max(all, a.off.rate[e] / a.diagonal[s]);
    for (std::uint64_t e = back.begin[s]; e < back.begin[s + 1]; ++e)
      all = std::max(all, back.rate[e] / a.diagonal[s]);
    const auto look = [&](std::uint32_t t, double strength) {
      if (t == s || group[t] != kAlone) return;
      // The reverse entry adds; few enough to look through.
      if (strength > strongest * (1 + 1e-12)) {
        strongest = strength;
        partner = t;
      }
    };
    for (std::uint64_t e = a.off.begin[s]; e < a.off.begin[s + 1]; ++e)
      look(a.off.to[e], a.off.rate[e] / a.diagonal[s]);
    for (std::uint64_t e = back.begin[s]; e < back.begin[s + 1]; ++e)
      look(back.to[e], back.rate[e] / a.diagonal[s]);
    group[s] = groups;
    if (partner != kAlone && strongest > 0.1 * all) group[partner] = groups;
    ++groups;
  }
  return groups;
}

LinearSystem coarsened(const LinearSystem& a, const std::vector<std::uint32_t>& group,
                       std::size_t groups) {
  LinearSystem out;
  out.diagonal.assign(groups, 0);
  std::vector<std::uint32_t> first(groups + 1, 0);
  for (const std::uint32_t g : group) ++first[g + 1];
  for (std::size_t g = 0; g < groups; ++g) first[g + 1] += first[g];
  std::vector<std::uint32_t> member(a.size());
  std::vector<std::uint32_t> at(first.begin(), first.end() - 1);
  for (std::uint32_t s = 0; s < a.size(); ++s) member[at[group[s]]++] = s;
  constexpr std::uint64_t kNone = ~std::uint64_t{0};
  std::vector<std::uint64_t> place(groups, kNone);
  out.off.to.reserve(a.off.entries() / 2);
  out.off.rate.reserve(a.off.entries() / 2);
  for (std::uint32_t g = 0; g < groups; ++g) {
    const std::uint64_t begin = out.off.to.size();
    double inner = 0;
    for (std::uint32_t k = first[g]; k < first[g + 1]; ++k) {
      const std::uint32_t s = member[k];
      out.diagonal[g] += a.diagonal[s];
      for (std::uint64_t e = a.off.begin[s]; e < a.off.begin[s + 1]; ++e) {
        const std::uint32_t t = group[a.off.to[e]];
        if (t == g) {
          inner += a.off.rate[e];
          continue;
        }
        if (place[t] == kNone || place[t] < begin) {
          place[t] = out.off.to.size();
          out.off.to.push_back(t);
          out.off.rate.push_back(a.off.rate[e]);
        } else {
          out.off.rate[place[t]] += a.off.rate[e];
        }
      }
    }
    out.diagonal[g] -= inner;
    out.off.begin.push_back(out.off.to.size());
  }
  return out;
}

/// A Gauss-Seidel sweep with the reciprocals of the diagonal at hand: each row waits for the one
/// before it, and dividing is what takes longest.
void smooth(const LinearSystem& a, const std::vector<double>& inverse, std::span<const double> b,
            std::span<double> x, bool ascending) {
  const std::uint64_t* begin = a.off.begin.data();
  const std::uint32_t* to = a.off.to.data();
  const double* rate = a.off.rate.data();
  const auto row = [&](std::size_t s) {
    double sum = b[s];
    for (std::uint64_t e = begin[s]; e < begin[s + 1]; ++e) sum += rate[e] * x[to[e]];
    x[s] = sum * inverse[s];
  };
  if (ascending)
    for (std::size_t s = 0; s < a.size(); ++s) row(s);
  else
    for (std::size_t s = a.size(); s-- > 0;) row(s);
}

}  // namespace

DenseLu::DenseLu(std::vector<double> a, std::size_t n) : n_(n), lu_(std::move(a)), pivot_(n) {
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(lu_[i * n + k]) > std::abs(lu_[best * n + k])) best = i;
    pivot_[k] = best;
    if (best != k)
      std::swap_ranges(lu_.begin() + static_cast<std::ptrdiff_t>(k * n),
                       lu_.begin() + static_cast<std::ptrdiff_t>((k + 1) * n),
                       lu_.begin() + static_cast<std::ptrdiff_t>(best * n));
    const double p = lu_[k * n + k];
    if (p == 0) continue;
    for (std::size_t i = k + 1; i < n; ++i) {
      const double f = lu_[i * n + k] / p;
      lu_[i * n + k] = f;
      if (f == 0) continue;
      for (std::size_t j = k + 1; j < n; ++j) lu_[i * n + j] -= f * lu_[k * n + j];
    }
  }
}

void DenseLu::solve(std::span<const double> b, std::span<double> x) const {
  std::copy(b.begin(), b.end(), x.begin());
  // Rows were exchanged whole, multipliers included, so all exchanges come first.
  for (std::size_t k = 0; k < n_; ++k) std::swap(x[k], x[pivot_[k]]);
  // By rows, as they lie in memory; four sums, so that one addition need not wait for the last.
  const auto product = [&](const double* row, std::size_t from, std::size_t to) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    std::size_t j = from;
    for (; j + 4 <= to; j += 4) {
      s0 += row[j] * x[j];
      s1 += row[j + 1] * x[j + 1];
      s2 += row[j + 2] * x[j + 2];
      s3 += row[j + 3] * x[j + 3];
    }
    for (; j < to; ++j) s0 += row[j] * x[j];
    return (s0 + s1) + (s2 + s3);
  };
  for (std::size_t k = 0; k < n_; ++k) x[k] -= product(lu_.data() + k * n_, 0, k);
  for (std::size_t k = n_; k-- > 0;) {
    x[k] -= product(lu_.data() + k * n_, k + 1, n_);
    const double p = lu_[k * n_ + k];
    x[k] = p == 0 ? 0 : x[k] / p;
  }
}

DenseLu dense_lu(const LinearSystem& system) {
  const std::size_t n = system.size();
  std::vector<double> a(n * n, 0);
  for (std::size_t s = 0; s < n; ++s) {
    a[s * n + s] += system.diagonal[s];
    for (std::uint64_t e = system.off.begin[s]; e < system.off.begin[s + 1]; ++e)
      a[s * n + system.off.to[e]] -= system.off.rate[e];
  }
  return DenseLu(std::move(a), n);
}

void multiply(const LinearSystem& a, std::span<const double> x, std::span<double> y) {
  in_blocks(a.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      double sum = a.diagonal[s] * x[s];
      for (std::uint64_t e = a.off.begin[s]; e < a.off.begin[s + 1]; ++e)
        sum -= a.off.rate[e] * x[a.off.to[e]];
      y[s] = sum;
    }
  });
}

void residual_of(const LinearSystem& a, std::span<const double> x, std::span<const double> b,
                 std::span<double> r) {
  in_blocks(a.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      double sum = b[s] - a.diagonal[s] * x[s];
      for (std::uint64_t e = a.off.begin[s]; e < a.off.begin[s + 1]; ++e)
        sum += a.off.rate[e] * x[a.off.to[e]];
      r[s] = sum;
    }
  });
}

void sweep(const LinearSystem& a, std::span<const double> b, std::span<double> x, bool ascending) {
  const auto row = [&](std::size_t s) {
    double sum = b[s];
    for (std::uint64_t e = a.off.begin[s]; e < a.off.begin[s + 1]; ++e)
      sum += a.off.rate[e] * x[a.off.to[e]];
    x[s] = sum / a.diagonal[s];
  };
  if (ascending)
    for (std::size_t s = 0; s < a.size(); ++s) row(s);
  else
    for (std::size_t s = a.size(); s-- > 0;) row(s);
}

Multilevel::Multilevel(const LinearSystem& system) {
  levels_.emplace_back();
  levels_.back().system = &system;
  while (levels_.back().system->size() > kDense && levels_.size() < kMostLevels) {
    const LinearSystem& a = *levels_.back().system;
    std::vector<std::uint32_t> pairs;
    const std::size_t half = pair_up(a, pairs);
    const LinearSystem middle = coarsened(a, pairs, half);
    std::vector<std::uint32_t> again;
    const std::size_t quarter = pair_up(middle, again);
    if (quarter > a.size() * 9 / 10) break;  // hardly coupled: sweeps do it
    auto next = std::make_unique<LinearSystem>(coarsened(middle, again, quarter));
    for (std::uint32_t& g : pairs) g = again[g];
    Level& here = levels_.back();
    here.group = std::move(pairs);
    here.r.resize(a.size());
    here.rc.resize(quarter);
    here.xc.resize(quarter);
    levels_.emplace_back();
    Level& coarse = levels_.back();
    coarse.system = next.get();
    coarse.own = std::move(next);
    for (auto* v : {&coarse.c1, &coarse.v1, &coarse.c2, &coarse.v2, &coarse.left})
      v->resize(quarter);
  }
  for (Level& level : levels_)
    for (const double d : level.system->diagonal) level.inverse.push_back(1 / d);
  if (levels_.back().system->size() <= 4 * kDense) last_ = dense_lu(*levels_.back().system);
}

void Multilevel::solve_coarse(std::size_t level, std::span<const double> b, std::span<double> x) {
  Level& here = levels_[level];
  const LinearSystem& a = *here.system;
  if (level + 1 == levels_.size()) {
    cycle(level, b, x);
    return;
  }
  // Two flexible steps, each making what is left orthogonal to its direction: what mends a smooth
  // error roughens the residual, so that the least residual would be the wrong aim here.
  cycle(level, b, here.c1);
  multiply(a, here.c1, here.v1);
  bool least = false;
  double v11 = dot(here.c1, here.v1);
  if (!(v11 > 0)) {  // far from symmetric: then the least residual after all
    least = true;
    v11 = dot(here.v1, here.v1);
  }
  if (!(v11 > 0)) {
    std::copy(here.c1.begin(), here.c1.end(), x.begin());
    return;
  }
  const std::vector<double>& t1 = least ? here.v1 : here.c1;
  const double a1 = dot(t1, b) / v11;
  for (std::size_t i = 0; i < a.size(); ++i) here.left[i] = b[i] - a1 * here.v1[i];
  if (dot(here.left, here.left) <= 0.0625 * dot(b, b)) {
    for (std::size_t i = 0; i < a.size(); ++i) x[i] = a1 * here.c1[i];
    return;
  }
  cycle(level, here.left, here.c2);
  multiply(a, here.c2, here.v2);
  const double g = dot(t1, here.v2) / v11;
  for (std::size_t i = 0; i < a.size(); ++i) {
    here.c2[i] -= g * here.c1[i];
    here.v2[i] -= g * here.v1[i];
  }
  const std::vector<double>& t2 = least ? here.v2 : here.c2;
  const double v22 = dot(t2, here.v2);
  const double a2 = v22 > 0 ? dot(t2, here.left) / v22 : 0;
  for (std::size_t i = 0; i < a.size(); ++i) x[i] = a1 * here.c1[i] + a2 * here.c2[i];
}

void Multilevel::cycle(std::size_t level, std::span<const double> b, std::span<double> x) {
  Level& here = levels_[level];
  const LinearSystem& a = *here.system;
  if (level + 1 == levels_.size() && last_.size() == a.size()) {
    last_.solve(b, x);
    return;
  }
  // From zero, the first sweep has only the states already passed to look at.
  std::fill(x.begin(), x.end(), 0.0);
  smooth(a, here.inverse, b, x, true);
  if (level + 1 < levels_.size()) {
    residual_of(a, x, b, here.r);
    std::fill(here.rc.begin(), here.rc.end(), 0.0);
    for (std::size_t s = 0; s < a.size(); ++s) here.rc[here.group[s]] += here.r[s];
    solve_coarse(level + 1, here.rc, here.xc);
    for (std::size_t s = 0; s < a.size(); ++s) x[s] += here.xc[here.group[s]];
  }
  smooth(a, here.inverse, b, x, false);
}

}  // namespace wayout

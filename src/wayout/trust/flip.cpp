#include "wayout/trust/flip.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/base/random.hpp"
#include "wayout/base/threads.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {

double input_distance(const Input& input, std::int64_t plain, std::int64_t drawn) {
  if (plain == drawn) return 0;
  if (input.discrete()) return 1;
  return 2 * std::abs(static_cast<double>(drawn) - static_cast<double>(plain)) /
         (static_cast<double>(input.last) - static_cast<double>(input.first));
}

namespace {

class Search {
 public:
  Search(const Sampler& sampler, const Verdictor& verdict, const FlipSettings& settings)
      : sampler_(sampler),
        inputs_(sampler.inputs()),
        verdict_(verdict),
        settings_(settings),
        plain_(sampler.plain()) {}

  FlipResult run() {
    out_.plain = ask(plain_);
    out_.alone.resize(inputs_.size());
    if (out_.plain == kNoAnswer) {
      out_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
      return finish();
    }
    singles();
    if (!stopped() && !out_.smallest) {
      pairs();
      if (!out_.smallest) sets();
    }
    if (stopped()) out_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
    return finish();
  }

 private:
  FlipResult finish() {
    out_.runs = runs_;
    return std::move(out_);
  }
  bool stopped() const { return settings_.watch.cancelled() || settings_.watch.out_of_time(); }
  std::uint8_t ask(const Draws& draws) {
    runs_.fetch_add(1);
    return verdict_(draws);
  }
  bool turns(const Draws& draws) {
    if (!possible(draws)) return false;
    const std::uint8_t v = ask(draws);
    return v != out_.plain && v != kNoAnswer;
  }
  bool possible(const Draws& draws) const {
    const auto now = sampler_.status_quo(draws);
    return !now || sampler_.conflict().feasible(*now);
  }

  Flip flip_of(Draws draws) {
    Flip flip;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (draws[i] == plain_[i]) continue;
      flip.inputs.push_back(i);
      flip.distance = std::max(flip.distance, input_distance(inputs_[i], plain_[i], draws[i]));
    }
    flip.verdict = ask(draws);
    flip.draws = std::move(draws);
    return flip;
  }
  static bool smaller(const Flip& a, const Flip& b) {
    if (a.inputs.size() != b.inputs.size()) return a.inputs.size() < b.inputs.size();
    return a.distance < b.distance;
  }
  void keep(Flip flip) {
    if (!out_.smallest || smaller(flip, *out_.smallest)) out_.smallest = std::move(flip);
  }

  void parallel(std::size_t n, const std::function<void(std::size_t)>& f) {
    tbb::task_arena arena(usable_threads(settings_.threads));
    std::atomic<std::uint64_t> done = 0;
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, n, [&](std::size_t k) {
        if (!stopped()) f(k);
        done.fetch_add(1);
      });
    });
    settings_.watch.tell("the smallest change that turns it", done, n);
  }

  // --- one input
  void singles() {
    parallel(inputs_.size(), [&](std::size_t i) { out_.alone[i] = single(i); });
    out_.singles_exhausted = !stopped();
    for (const auto& flip : out_.alone)
      if (flip) keep(*flip);
  }

  std::optional<Flip> single(std::size_t i) {
    const Input& in = inputs_[i];
    Draws draws = plain_;
    if (in.discrete()) {
      for (std::uint64_t k = 1; k < in.choices; ++k) {
        draws[i] = static_cast<std::int64_t>(k);
        if (turns(draws)) return flip_of(draws);
      }
      return std::nullopt;
    }
    // Points outwards on each side of the plain value; the nearer of the two flips counts.
    std::optional<Flip> best;
    for (const std::int64_t end : {in.first, in.last}) {
      const std::int64_t span = end - plain_[i];
      const auto steps =
          static_cast<std::int64_t>(std::max<std::uint64_t>(2, settings_.points) / 2);
      std::int64_t agreed = plain_[i];
      for (std::int64_t k = 1; k <= steps && span != 0; ++k) {
        const auto at = static_cast<std::int64_t>(
            plain_[i] + static_cast<std::int64_t>(Int128{span} * k / steps));
        if (at == agreed) continue;
        draws[i] = at;
        if (!turns(draws)) {
          agreed = at;
          continue;
        }
        draws[i] = narrow(draws, i, agreed, at);
        Flip flip = flip_of(draws);
        if (!best || smaller(flip, *best)) best = std::move(flip);
        break;
      }
    }
    return best;
  }

  /// The grid point nearest to `agreed` that turns it, all else as in `draws`, given that `turned`
  /// does and assuming one change between them.
  std::int64_t narrow(Draws draws, std::size_t i, std::int64_t agreed, std::int64_t turned) {
    while (std::abs(turned - agreed) > 1) {
      const std::int64_t middle = agreed + (turned - agreed) / 2;
      draws[i] = middle;
      (turns(draws) ? turned : agreed) = middle;
    }
    return turned;
  }

  // --- two inputs
  void pairs() {
    // Those first whose ends, in company of a random profile, turn it most often are not known
    // beforehand; the widest ranges relative to the value stand in for that.
    std::vector<std::size_t> order = by_weight();
    order.resize(std::min(order.size(), settings_.pairs));
    struct Corner {
      std::size_t i, j;
      std::int64_t x, y;
    };
    std::vector<Corner> corners;
    for (std::size_t a = 0; a < order.size(); ++a)
      for (std::size_t b = a + 1; b < order.size(); ++b)
        for (const std::int64_t x : ends(order[a]))
          for (const std::int64_t y : ends(order[b])) corners.push_back({order[a], order[b], x, y});
    if (corners.size() > settings_.most_runs / 2) corners.resize(settings_.most_runs / 2);
    std::vector<char> turned(corners.size(), 0);
    parallel(corners.size(), [&](std::size_t k) {
      Draws draws = plain_;
      draws[corners[k].i] = corners[k].x;
      draws[corners[k].j] = corners[k].y;
      turned[k] = turns(draws) ? 1 : 0;
    });
    for (std::size_t k = 0; k < corners.size() && !stopped(); ++k) {
      if (turned[k] == 0) continue;
      Draws draws = plain_;
      draws[corners[k].i] = corners[k].x;
      draws[corners[k].j] = corners[k].y;
      keep(flip_of(drawn_in(std::move(draws))));
    }
  }

  std::vector<std::int64_t> ends(std::size_t i) const {
    std::vector<std::int64_t> out;
    for (const std::int64_t end : {inputs_[i].first, inputs_[i].last})
      if (end != plain_[i] && (out.empty() || out[0] != end)) out.push_back(end);
    return out;
  }

  /// Inputs by how often they are part of a set that turns it, from random profiles; the order of
  /// the case among equals.
  std::vector<std::size_t> by_weight() {
    const std::uint64_t tries = std::min<std::uint64_t>(settings_.most_runs / 4, 256);
    std::vector<char> turned(tries, 0);
    parallel(tries, [&](std::size_t k) { turned[k] = turns(wild(k)) ? 1 : 0; });
    std::vector<double> weight(inputs_.size(), 0);
    double count = 0;
    for (std::size_t k = 0; k < tries; ++k) {
      if (turned[k] == 0) continue;
      ++count;
      flipped_.push_back(wild(k));
    }
    // How far inputs stand out on one side among the profiles that turn it.
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      double sum = 0;
      for (const Draws& draws : flipped_)
        sum += draws[i] == plain_[i] ? 0 : draws[i] > plain_[i] ? 1 : -1;
      weight[i] = count > 0 ? std::abs(sum) / count : 0;
    }
    std::vector<std::size_t> order(inputs_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t x, std::size_t y) { return weight[x] > weight[y]; });
    return order;
  }

  /// Profile k of the search: every second one as an ensemble draws it, the others at corners.
  Draws wild(std::uint64_t k) const {
    Draws draws = sampler_.draw(settings_.seed, k);
    if (k % 2 == 0) return draws;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].discrete()) continue;
      Random random(settings_.seed, k, "corner/" + inputs_[i].key);
      draws[i] = random.chance(0.5) ? inputs_[i].last : inputs_[i].first;
    }
    return draws;
  }

  // --- sets of inputs
  void sets() {
    constexpr std::size_t kOrders = 4;
    // About two looks at each input and twenty for the way, for every order.
    const std::uint64_t each = kOrders * (3 * inputs_.size() + 40);
    std::vector<Draws> starts = flipped_;
    starts.resize(std::min<std::size_t>(
        starts.size(), std::clamp<std::uint64_t>(settings_.most_runs / each, 1, 16)));
    std::vector<std::optional<Flip>> found(starts.size() * kOrders);
    parallel(found.size(), [&](std::size_t k) {
      Random random(settings_.seed, k, "order");
      std::vector<std::size_t> order(inputs_.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      random.shuffle(order);
      found[k] = flip_of(drawn_in(needed(starts[k / kOrders], order)));
    });
    for (auto& flip : found)
      if (flip) keep(std::move(*flip));
  }

  /// Inputs put back, halves of the order at first and then one by one, while it stays turned.
  Draws needed(Draws draws, const std::vector<std::size_t>& order) {
    for (std::size_t size = std::max<std::size_t>(1, order.size() / 2);; size /= 2) {
      for (std::size_t at = 0; at < order.size(); at += size) {
        Draws fewer = draws;
        for (std::size_t k = at; k < std::min(at + size, order.size()); ++k)
          fewer[order[k]] = plain_[order[k]];
        if (fewer != draws && turns(fewer)) draws = std::move(fewer);
      }
      if (size == 1) break;
    }
    // A single one may have become free since it was tried.
    for (bool again = true; again;) {
      again = false;
      for (const std::size_t i : order) {
        if (draws[i] == plain_[i]) continue;
        Draws fewer = draws;
        fewer[i] = plain_[i];
        if (!turns(fewer)) continue;
        draws = std::move(fewer);
        again = true;
      }
    }
    return draws;
  }

  /// Towards the plain profile: all numbers alike, by bisection in thousandths of the way, then
  /// each by itself on its grid, the farthest first.
  Draws drawn_in(Draws draws) {
    const Draws far = draws;
    const auto part_of_the_way = [&](std::int64_t thousandths) {
      Draws out = far;
      for (std::size_t i = 0; i < inputs_.size(); ++i)
        if (!inputs_[i].discrete())
          out[i] = plain_[i] +
                   static_cast<std::int64_t>(Int128{far[i] - plain_[i]} * thousandths / 1000);
      return out;
    };
    std::int64_t low = 0;
    std::int64_t high = 1000;
    while (high - low > 1) {
      const std::int64_t middle = (low + high) / 2;
      const Draws at = part_of_the_way(middle);
      if (turns(at)) {
        high = middle;
        draws = at;
      } else {
        low = middle;
      }
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (draws[i] != plain_[i] && !inputs_[i].discrete()) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
      return input_distance(inputs_[x], plain_[x], draws[x]) >
             input_distance(inputs_[y], plain_[y], draws[y]);
    });
    for (const std::size_t i : order) {
      Draws without = draws;
      without[i] = plain_[i];
      if (turns(without)) {
        draws = std::move(without);
        continue;
      }
      draws[i] = narrow(draws, i, plain_[i], draws[i]);
    }
    return draws;
  }

  const Sampler& sampler_;
  const std::vector<Input>& inputs_;
  const Verdictor& verdict_;
  const FlipSettings& settings_;
  Draws plain_;
  std::vector<Draws> flipped_;
  std::atomic<std::uint64_t> runs_ = 0;
  FlipResult out_;
};

}  // namespace

FlipResult find_flip(const Sampler& sampler, const Verdictor& verdict,
                     const FlipSettings& settings) {
  return Search(sampler, verdict, settings).run();
}

}  // namespace wayout

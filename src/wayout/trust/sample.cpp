#include "wayout/trust/sample.hpp"

#include <algorithm>

#include "wayout/base/random.hpp"

namespace wayout {
namespace {

constexpr int kStatusQuoDraws = 64;

std::int64_t units_below(const Decimal& x, const Input& in) {
  if (const auto exact = x.scaled(in.places)) return std::clamp(*exact, in.first, in.last);
  // Finer than the grid: cut off towards zero, then put into the range.
  Int128 m = x.mantissa();
  for (int k = in.places; k < x.places(); ++k) m /= 10;
  return std::clamp(static_cast<std::int64_t>(m), in.first, in.last);
}

}  // namespace

Sampler::Sampler(const Conflict& conflict)
    : conflict_(conflict), inputs_(uncertain_inputs(conflict)) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Input& in = inputs_[i];
    plain_.push_back(in.discrete() ? 0 : units_below(in.value, in));
    if (in.kind != UncertainKind::StatusQuo) continue;
    now_.push_back(i);
    const OptionPart& part = conflict.parts().options[in.at[0]];
    const OptionId option(in.at[0]);
    NowLevels list{option, {conflict.option(option).now}};
    for (const LevelValue& value : part.or_now)
      list.levels.push_back(level_of(conflict.option(option), value).value_or(list.levels[0]));
    now_levels_.push_back(std::move(list));
  }
}

Draws Sampler::plain() const { return plain_; }

Draws Sampler::draw(std::uint64_t seed, std::uint64_t replicate) const {
  Draws out(inputs_.size());
  draw(seed, replicate, out);
  return out;
}

void Sampler::draw(std::uint64_t seed, std::uint64_t replicate, std::span<std::int64_t> out) const {
  contract(out.size() == inputs_.size(), "a place for every input");
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Input& in = inputs_[i];
    out[i] = Random(seed, replicate, in.key).between(in.first, in.last);
  }
  if (now_.empty()) return;
  for (int attempt = 0; attempt < kStatusQuoDraws; ++attempt) {
    for (const std::size_t i : now_) {
      Random stream(seed, replicate, inputs_[i].key);
      for (int skip = 0; skip <= attempt; ++skip)
        out[i] = static_cast<std::int64_t>(stream.below(inputs_[i].choices));
    }
    const auto now = status_quo(out);
    if (now && conflict_.feasible(*now)) return;
  }
  for (const std::size_t i : now_) out[i] = 0;
}

Decimal Sampler::number(std::size_t input, std::int64_t units) const {
  return Decimal::of(units, inputs_.at(input).places);
}

std::optional<State> Sampler::status_quo(std::span<const std::int64_t> draws) const {
  auto now = conflict_.status_quo();
  if (!now) return now;
  for (std::size_t k = 0; k < now_.size(); ++k)
    now = conflict_.with_level(*now, now_levels_[k].option,
                               now_levels_[k].levels[static_cast<std::size_t>(draws[now_[k]])]);
  return now;
}

Parts Sampler::parts(std::span<const std::int64_t> draws) const {
  contract(draws.size() == inputs_.size(), "a value for every input");
  Parts out = conflict_.parts();
  std::vector<std::size_t> shared;  // hazards whose shares were drawn
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Input& in = inputs_[i];
    if (draws[i] == plain_[i]) continue;
    if (in.kind == UncertainKind::StatusQuo) {
      OptionPart& o = out.options.at(in.at[0]);
      if (!o.has_now) o.now = std::int64_t{0};
      std::swap(o.now, o.or_now.at(static_cast<std::size_t>(draws[i]) - 1));
      o.has_now = true;
      continue;
    }
    if (in.kind == UncertainKind::Order) continue;
    Quantity& q = quantity_at(out, in);
    q = Quantity{Quantity::Form::Plain, number(i, draws[i]), 0, q.times};
    if (in.kind == UncertainKind::Share && (shared.empty() || shared.back() != in.at[0]))
      shared.push_back(in.at[0]);
  }
  for (const std::size_t h : shared) {
    auto& shares = out.hazards[h].leads_to.catastrophes;
    Decimal left = 1;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      Quantity& q = shares[k].second;
      auto value = q.value().value_or(Decimal(0));
      if (value > left || k + 1 == shares.size()) value = left;
      q = Quantity{Quantity::Form::Plain, value, 0, 1};
      left = Decimal::add(left, value.negated()).value_or(Decimal(0));
    }
  }
  // Statements move last: the places of all other inputs are those of the file. By what they are,
  // not by where they stand, since a move shifts those between.
  const auto& original = conflict_.parts().preferences;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Input& in = inputs_[i];
    if (in.kind != UncertainKind::Order || draws[i] == 0) continue;
    PreferencePart& whole = out.preferences.at(in.at[0]);
    auto& list = in.at[1] == 0 ? whole.statements : whole.members.at(in.at[1] - 1).statements;
    const PreferencePart& from = original[in.at[0]];
    const StatementPart& marked =
        in.at[1] == 0 ? from.statements[in.at[2]] : from.members[in.at[1] - 1].statements[in.at[2]];
    const auto at = std::find(list.begin(), list.end(), marked);
    const auto before = std::find_if(
        list.begin(), list.end(), [&](const StatementPart& s) { return s.id == marked.or_before; });
    if (at == list.end() || before == list.end() || at <= before) continue;
    std::rotate(before, at, at + 1);
  }
  return out;
}

Result<Conflict> Sampler::profile(std::span<const std::int64_t> draws) const {
  return build(parts(draws));
}

Result<Conflict> Sampler::profile(std::uint64_t seed, std::uint64_t replicate) const {
  return profile(draw(seed, replicate));
}

}  // namespace wayout

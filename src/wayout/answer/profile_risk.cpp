#include "wayout/answer/profile_risk.hpp"

#include <algorithm>

#include "wayout/answer/claims_risk.hpp"
#include "wayout/risk/chain.hpp"

namespace wayout {
namespace {

constexpr const char* kPlain = "plain";
/// Bounds farther apart are worth a second look at more states.
constexpr double kWide = 1e-3;

}  // namespace

struct ProfileRisk::Inside {
  Inside(const Sampler& s, const RiskScale& k) : sampler(s), scale(k.apart()) {}

  Chance chance(const Conflict& profile, const Watch& told) const {
    ChanceBook book;
    book.name(kPlain);
    const ChanceQuestion question{*profile.status_quo(), of, horizon};
    book.ask(question);
    Chance out = book.chance(profile, scale, question, {few_states, true, true}, told);
    if (few_states < most_states && out.fault.empty() && out.end == End::Limit &&
        out.upper - out.lower > kWide)
      out = book.chance(profile, scale, question, {most_states, true, true}, told);
    return out;
  }

  Sampler sampler;
  RiskScale scale;
  Watch watch;
  std::string of;
  double horizon = 0;
  std::string unit;
  std::size_t few_states = 0;  ///< of a first look
  std::size_t most_states = 0;
  bool exact = false;
  std::vector<std::uint8_t> matters;  ///< per input
  std::vector<std::uint8_t> inert;    ///< per group
  Draws plain_draws;
  ProfileChance plain;
};

Result<ProfileRisk> ProfileRisk::make(const Sampler& sampler, const RiskScale& scale,
                                      const ProfileRiskSettings& settings) {
  const Conflict& conflict = sampler.conflict();
  contract(conflict.status_quo().has_value(), "profiles are judged at their status quo");
  const auto& catastrophes = conflict.parts().catastrophes;
  if (catastrophes.empty())
    return fault("no_catastrophe", "this case names no catastrophe, so there is no risk to tell",
                 {}, "add [[catastrophe]] and a [[hazard]] that leads to it");
  if (settings.of != "any" &&
      std::none_of(catastrophes.begin(), catastrophes.end(),
                   [&](const CatastrophePart& c) { return c.id == settings.of; }))
    return fault("unknown_id", "'" + settings.of + "' is no catastrophe of this case");
  if (scale.get() == nullptr) return fault("no_utility", scale.fault());
  const auto inputs = risk_inputs(conflict);
  if (!inputs) return Unexpected{inputs.error()};
  auto inside = std::make_shared<Inside>(sampler, scale);
  inside->of = settings.of;
  inside->horizon = settings.horizon.value_or(inputs->horizon);
  inside->unit = inputs->unit;
  inside->scale.plans().plain(kPlain, conflict);
  for (const Input& in : sampler.inputs())
    inside->matters.push_back(in.kind != UncertainKind::Cost && in.kind != UncertainKind::Effect);
  for (const InputGroup& group : input_groups(sampler))
    inside->inert.push_back(std::none_of(group.inputs.begin(), group.inputs.end(),
                                         [&](std::size_t i) { return inside->matters[i] != 0; }));
  inside->most_states = settings.most_states > 0 ? settings.most_states : 4 * kRoughStates;
  inside->few_states = std::min<std::size_t>(kRoughStates, inside->most_states);
  const Chance plain = inside->chance(conflict, settings.watch);
  if (!plain.fault.empty()) return fault("risk", plain.fault);
  inside->exact = plain.end == End::Complete;
  inside->plain_draws = sampler.plain();
  inside->plain = {plain.lower, plain.upper, plain.end != End::Cancelled};
  inside->watch = settings.watch;
  inside->watch.progress = nullptr;
  return ProfileRisk(std::move(inside));
}

ProfileChance ProfileRisk::operator()(std::span<const std::int64_t> draws) const {
  const Inside& in = *inside_;
  bool same = true;
  for (std::size_t i = 0; i < draws.size() && same; ++i)
    same = in.matters[i] == 0 || draws[i] == in.plain_draws[i];
  if (same) return in.plain;
  const auto profile = in.sampler.profile(draws);
  if (!profile) return {};
  const Chance chance = in.chance(*profile, in.watch);
  // What was cut short bounds nothing.
  if (!chance.fault.empty() || in.watch.cancelled() || in.watch.out_of_time()) return {};
  return {chance.lower, chance.upper, true};
}

double ProfileRisk::horizon() const { return inside_->horizon; }
const std::string& ProfileRisk::unit() const { return inside_->unit; }
bool ProfileRisk::exact() const { return inside_->exact; }
const std::vector<std::uint8_t>& ProfileRisk::inert() const { return inside_->inert; }

}  // namespace wayout

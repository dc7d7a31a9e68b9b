// Menus over all profiles of a case: which moves may be in them, and how likely each is in one.
#include <algorithm>
#include <cmath>
#include <set>

#include "wayout/risk/menu.hpp"

namespace wayout {

bool MenuBook::supports_profiles(const Conflict& conflict, MoverId m) {
  if (conflict.graph_form()) return false;
  for (const PartyId p : conflict.parties()) {
    if (!contains(conflict.mover(m).members, p)) continue;
    const PreferencePart* part = conflict.preference_part(p);
    if (part != nullptr && (conflict.party(p).third || part->method != Method::Weights))
      return false;
  }
  return true;
}

void MenuBook::find_features(const StatementRange& ranges) {
  const ExprPool& pool = conflict_->pool();
  for (Member& member : members_) {
    const PreferencePart* part = conflict_->preference_part(member.party);
    if (part == nullptr) continue;
    for (std::size_t i = 0; i < part->statements.size(); ++i) {
      if (!part->statements[i].enabled) continue;
      const ExprId when = conflict_->statement_when(member.party, i);
      if ((pool.support(when) & info_->digit_mask) == 0) continue;
      key_mask_ |= pool.support(when);  // worth nothing here, it may be worth something elsewhere
      const auto [low, high] = ranges(member.party, i);
      member.features.push_back({i, when, part->statements[i].vital, low, high});
    }
  }
}

MenuBook::Form MenuBook::form(const Member& member, const std::vector<bool>& held, State t) const {
  Form out;
  for (std::size_t f = 0; f < member.features.size(); ++f) {
    const bool holds = conflict_->pool().holds(member.features[f].when, t);
    if (holds != held[f]) out.emplace_back(static_cast<std::uint32_t>(f), holds ? 1 : -1);
  }
  return out;
}

bool MenuBook::may_want(const std::vector<Form>& forms) const {
  if (!info_->track) return true;  // staying out of it is a matter of vital statements alone
  constexpr double kSlack = 1e-9;
  bool some = false;
  for (std::size_t j = 0; j < members_.size(); ++j) {
    double most = 0;
    bool vital = false;
    for (const auto& [f, sign] : forms[j]) {
      const Feature& feature = members_[j].features[f];
      vital = vital || feature.vital;
      most += sign > 0 ? feature.high : -feature.low;
    }
    const bool better = vital || (!forms[j].empty() && most > -kSlack);
    some = some || better;
    if (better) continue;
    if (info_->consent == Consent::AllBetter || !forms[j].empty()) return false;
  }
  return some;
}

void MenuBook::add_possible(State s, std::vector<State>& targets) {
  std::sort(targets.begin(), targets.end());
  std::vector<std::vector<bool>> held;
  for (const Member& member : members_) {
    held.emplace_back();
    for (const Feature& feature : member.features)
      held.back().push_back(conflict_->pool().holds(feature.when, s));
  }
  std::vector<Form> forms(members_.size());
  for (const State t : targets) {
    for (std::size_t j = 0; j < members_.size(); ++j) forms[j] = form(members_[j], held[j], t);
    if (!may_want(forms)) continue;
    flip_.push_back(s.bits ^ t.bits);
    delta_.push_back(change(s, t));
    in_menu_.push_back(wanted(s, t) ? 1 : 0);
    for (std::size_t j = 0; j < members_.size(); ++j) {
      Member& member = members_[j];
      const auto [at, fresh] =
          member.numbers.emplace(forms[j], static_cast<std::uint32_t>(member.forms.size()));
      if (fresh) member.forms.push_back(forms[j]);
      forms_.push_back(at->second);
    }
  }
  begin_.push_back(flip_.size());
  choose_one(size() - 1);
}

MenuBook::Profile::Gain MenuBook::gain_of(const Profile& profile, std::size_t member,
                                          const Form& form) const {
  Profile::Gain gain;
  for (const auto& [f, sign] : form)
    (members_[member].features[f].vital ? gain.vital : gain.tail) +=
        sign * profile.units[member][f];
  gain.steps = static_cast<double>(gain.tail) / profile.step[member];
  return gain;
}

MenuBook::Turning MenuBook::turning(const Condition& when) const {
  constexpr std::uint64_t kMostCombinations = 16'384;
  Turning out;
  const UInt128 asked = when.pool->support(when.expr);
  if (graph_ || ((info_->track || !one_option_) && (asked & info_->digit_mask) != 0)) {
    out.any = true;
    return out;
  }
  const UInt128 own = asked & info_->digit_mask;
  if (own == 0 || info_->track) return out;
  const ExprPool& pool = conflict_->pool();
  const Member& member = members_[0];
  UInt128 support = asked;
  std::vector<std::uint32_t> touched;
  for (std::uint32_t f = 0; f < member.features.size(); ++f) {
    // An option is its own mask or none of it.
    UInt128 options = 0;
    for (const Digit& d : info_->digits)
      if ((conflict_->option(d.option).mask() & own) != 0)
        options |= conflict_->option(d.option).mask();
    if ((pool.support(member.features[f].when) & options) == 0) continue;
    touched.push_back(f);
    support |= pool.support(member.features[f].when);
  }
  std::vector<OptionId> options;
  std::uint64_t raw = 1;
  for (const OptionId o : conflict_->options()) {
    if ((support & conflict_->option(o).mask()) == 0) continue;
    options.push_back(o);
    raw *= conflict_->option(o).levels.size();
    if (raw > kMostCombinations) {
      out.any = true;
      return out;
    }
  }
  std::map<std::pair<std::size_t, int>, std::set<Form>> ways;
  for (std::uint64_t k = 0; k < raw; ++k) {
    State s{0};
    std::uint64_t rest = k;
    for (const OptionId o : options) {
      const std::size_t levels = conflict_->option(o).levels.size();
      s = conflict_->with_level(s, o, static_cast<int>(rest % levels));
      rest /= levels;
    }
    if (when.holds(s)) continue;
    for (const Digit& d : info_->digits) {
      if ((conflict_->option(d.option).mask() & own) == 0) continue;
      const auto levels = static_cast<int>(conflict_->option(d.option).levels.size());
      for (int level = 0; level < levels; ++level) {
        const State t = conflict_->with_level(s, d.option, level);
        if (t == s || !when.holds(t)) continue;
        Form form;
        for (const std::uint32_t f : touched) {
          const bool before = pool.holds(member.features[f].when, s);
          const bool after = pool.holds(member.features[f].when, t);
          if (before != after) form.emplace_back(f, after ? 1 : -1);
        }
        ways[{d.option.index(), level}].insert(std::move(form));
      }
    }
  }
  for (const auto& [set, forms] : ways) out.ways.emplace_back(forms.begin(), forms.end());
  return out;
}

double MenuBook::most_likely(const Turning& turning, const Profile& profile) const {
  if (turning.any) return 1;
  double sum = 0;
  for (const std::vector<Form>& way : turning.ways) {
    double most = 0;
    for (const Form& form : way) {
      const Profile::Gain gain = gain_of(profile, 0, form);
      if (gain.vital < 0) continue;
      const double p = std::isinf(profile.rationality)
                           ? (gain.steps < 0 ? 0.0 : 1.0)
                           : 1 / (1 + std::exp(-profile.rationality * gain.steps));
      most = std::max(most, p);
    }
    sum += most;
  }
  return std::min(1.0, sum * (1 + 1e-12));
}

std::optional<MenuBook::Profile> MenuBook::in_profile(const Conflict& profile,
                                                      const std::vector<double>& scale,
                                                      double rationality) const {
  Profile out;
  out.rationality = rationality;
  for (const Member& member : members_) {
    std::vector<std::int64_t> units;
    double unit = 1;
    if (!member.features.empty())
      for (int i = 0; i < profile.score_places(member.party); ++i) unit *= 10;
    for (const Feature& feature : member.features) {
      units.push_back(profile.statement_weight(member.party, feature.statement));
      const double points = static_cast<double>(units.back()) / unit;
      const double slack = 1e-9 * std::max(1.0, std::abs(points));
      if (info_->track && (points < feature.low - slack || points > feature.high + slack))
        return std::nullopt;
    }
    const double step = unit * scale[member.party.index()];
    out.step.push_back(step);
    out.units.push_back(std::move(units));
    out.gains.emplace_back();
  }
  extend(out);
  return out;
}

void MenuBook::extend(Profile& profile) const {
  for (std::size_t j = 0; j < members_.size(); ++j) {
    const std::vector<Form>& forms = members_[j].forms;
    std::vector<Profile::Gain>& gains = profile.gains[j];
    for (std::size_t k = gains.size(); k < forms.size(); ++k)
      gains.push_back(gain_of(profile, j, forms[k]));
  }
  profile.probability.resize(flip_.size(), 0);
  profile.moving.resize(size(), 0);
  profile.ready.resize(size(), 0);
}

void MenuBook::make_ready(Profile& profile, std::uint32_t menu) const {
  if (profile.ready[menu] != 0) return;
  profile.ready[menu] = 1;
  const std::size_t width = members_.size();
  thread_local std::vector<double> deltas, p, slope;
  thread_local std::vector<std::size_t> items;
  deltas.clear();
  items.clear();
  for (std::size_t k = begin_[menu]; k < begin_[menu + 1]; ++k) {
    double delta = 0;
    bool wanted = true;
    bool some = !info_->track;
    for (std::size_t j = 0; j < width && wanted; ++j) {
      const Profile::Gain& gain = profile.gains[j][forms_[k * width + j]];
      if (info_->track) {
        const bool better = gain.vital > 0 || (gain.vital == 0 && gain.tail > 0);
        some = some || better;
        wanted =
            better || (gain.vital == 0 && gain.tail == 0 && info_->consent != Consent::AllBetter);
      } else {
        wanted = gain.vital >= 0;
      }
      delta = j == 0 ? gain.steps : std::min(delta, gain.steps);
    }
    if (!wanted || !some) continue;
    deltas.push_back(delta);
    items.push_back(k);
  }
  p.resize(deltas.size());
  slope.resize(deltas.size());
  choice(deltas, profile.rationality, p, slope);
  for (std::size_t i = 0; i < items.size(); ++i) {
    profile.probability[items[i]] = p[i];
    profile.moving[menu] += p[i];
  }
}

}  // namespace wayout

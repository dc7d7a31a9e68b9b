#include "wayout/room/room.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "wayout/room/front.hpp"
#include "wayout/room/taste.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostMasks = 1 << 16;

class TableLook {
 public:
  TableLook(const DealTable& table, State base, std::span<const State> references,
            const RoomSettings& settings)
      : table_(table), base_(base), settings_(settings), out_(table) {
    for (const PartyId p : table.conflict.parties())
      if (contains(table.members, p)) {
        out_.members.push_back(p);
        tastes_.emplace_back(table.conflict, p, table.mask, base);
      }
    references_.emplace(tastes_, references, settings.than != Than::WorstDrift);
    today_.emplace(tastes_, std::span<const State>(&base_, 1), true);
    out_.drift_is_better = settings.than != Than::Now && drift_is_better(references);
    for (std::size_t k = 0; k < tastes_.size(); ++k) {
      first_order_.push_back(orders_);
      orders_ += tastes_[k].orders();
      out_.reference.push_back(references_->state(k));
      if (tastes_[k].orders() == 0) continue;
      if (!tastes_[k].weak_order()) {
        out_.unit = Unit::None;
      } else if (!tastes_[k].numeric() && out_.unit == Unit::Points) {
        out_.unit = Unit::Ranks;
      }
    }
  }

  TableRoom run() {
    pictured_ = out_.unit == Unit::Points && tastes_.size() == 2 && orders_ == 2;
    std::map<PartyMask, std::uint64_t> suits;
    Front front(orders_);
    std::vector<Classes> classes(tastes_.size());
    std::vector<Score> value(orders_);
    std::set<std::pair<std::int64_t, std::int64_t>> cloud;
    DealSettings deals;
    deals.most = settings_.most_deals;
    deals.watch = settings_.watch;
    const DealWalk walk = for_each_deal(table_, base_, deals, [&](State s) {
      PartyMask mask = 0;
      bool worse = false;
      bool some = false;
      for (std::size_t k = 0; k < tastes_.size(); ++k) {
        for (std::size_t i = 0; i < tastes_[k].orders(); ++i)
          value[first_order_[k] + i] = tastes_[k].outcome(i, s);
        const int at =
            references_->compare(k, std::span(value).subspan(first_order_[k], tastes_[k].orders()));
        worse = worse || at < 0 || (at == 0 && table_.consent == Consent::AllBetter);
        some = some || at > 0;
        if (at > 0 || (at == 0 && table_.consent == Consent::NoneWorse)) mask |= PartyMask{1} << k;
      }
      const auto it = suits.find(mask);
      if (it != suits.end()) {
        ++it->second;
      } else if (suits.size() < kMostMasks) {
        suits.emplace(mask, 1);
      }
      out_.room_now += suited_today(value) ? 1 : 0;
      if (pictured_ && cloud.size() < TableRoom::kMostCloud) {
        const Score& a = references_->value(0).front();
        const Score& b = references_->value(1).front();
        if (value[0].head == a.head && value[1].head == b.head)
          cloud.emplace(value[0].tail - a.tail, value[1].tail - b.tail);
      }
      if (worse || !some) return true;
      ++out_.room;
      front.put(value, s, changed(s));
      if (out_.unit == Unit::Ranks)
        for (std::size_t k = 0; k < tastes_.size(); ++k)
          if (tastes_[k].orders() == 1 && value[first_order_[k]] > references_->value(k).front())
            classes[k].put(value[first_order_[k]]);
      return true;
    });
    out_.end = walk.end;
    out_.deals = walk.deals;
    out_.cloud.assign(cloud.begin(), cloud.end());
    out_.suits.assign(suits.begin(), suits.end());
    auto entries = front.take();
    if (entries.size() > settings_.most_efficient) {
      entries.resize(settings_.most_efficient);
      if (out_.end == End::Complete) out_.end = End::Limit;
    }
    outcomes(std::move(entries), classes);
    solutions();
    if (out_.room == 0 && out_.end == End::Complete && settings_.demands.look &&
        !out_.drift_is_better) {
      std::vector<PartyMask> sets;
      for (const auto& [mask, count] : out_.suits) sets.push_back(mask);
      out_.no_room = no_room(table_, base_, tastes_, *references_, sets, settings_.demands, deals);
      out_.end = out_.no_room->end;
    }
    return std::move(out_);
  }

 private:
  /// Whether everybody would consent to an outcome of these values over what deals start from.
  bool suited_today(std::span<const Score> value) const {
    bool some = false;
    for (std::size_t k = 0; k < tastes_.size(); ++k) {
      const int at = today_->compare(k, value.subspan(first_order_[k], tastes_[k].orders()));
      if (at < 0 || (at == 0 && table_.consent == Consent::AllBetter)) return false;
      some = some || at > 0;
    }
    return some;
  }

  bool drift_is_better(std::span<const State> drift) const {
    return std::all_of(drift.begin(), drift.end(), [&](State s) {
      return std::all_of(tastes_.begin(), tastes_.end(), [&](const Taste& t) {
        return table_.conflict.better(t.party(), s, base_);
      });
    });
  }

  int changed(State s) const {
    const Conflict& conflict = table_.conflict;
    if (conflict.graph_form()) return s == base_ ? 0 : 1;
    int out = 0;
    for (const Digit& d : table_.digits)
      out += (s.bits ^ base_.bits) & conflict.option(d.option).mask() ? 1 : 0;
    return out;
  }

  Gain gain(std::size_t member, const std::vector<Score>& value, std::vector<Classes>& classes) {
    const Taste& taste = tastes_[member];
    if (taste.orders() == 0) return {};
    const Score& at = value[first_order_[member]];
    const Score& from = references_->value(member).front();
    if (out_.unit == Unit::Points) return {at.head - from.head, at.tail - from.tail};
    const auto& sorted = classes[member].sorted();
    return {0, std::upper_bound(sorted.begin(), sorted.end(), at) - sorted.begin()};
  }

  void outcomes(std::vector<Front::Entry> entries, std::vector<Classes>& classes) {
    for (std::size_t k = 0; k < tastes_.size(); ++k)
      out_.places.push_back(out_.unit == Unit::Points && tastes_[k].orders() == 1
                                ? table_.conflict.score_places(out_.members[k])
                                : 0);
    for (auto& e : entries) {
      RoomOutcome o{e.state, e.count, {}};
      if (out_.unit != Unit::None)
        for (std::size_t k = 0; k < tastes_.size(); ++k)
          o.gains.push_back(gain(k, e.value, classes));
      out_.efficient.push_back(std::move(o));
    }
    if (out_.unit == Unit::None || out_.efficient.empty()) return;
    // The most that anybody gains in the room is gained at an efficient outcome.
    out_.ideal.assign(tastes_.size(), Gain{});
    for (const RoomOutcome& o : out_.efficient)
      for (std::size_t k = 0; k < tastes_.size(); ++k)
        out_.ideal[k] = std::max(out_.ideal[k], o.gains[k]);
  }

  void solutions() {
    if (out_.unit == Unit::None || out_.efficient.empty()) return;
    GainTable gains;
    gains.parties = tastes_.size();
    gains.ideal = out_.ideal;
    gains.places = out_.places;
    for (const RoomOutcome& o : out_.efficient)
      gains.gains.insert(gains.gains.end(), o.gains.begin(), o.gains.end());
    for (const Bargain b : kBargains) {
      Solution s{b, bargain(gains, b)};
      std::sort(s.outcomes.begin(), s.outcomes.end(), [&](std::size_t x, std::size_t y) {
        const State a = out_.efficient[x].state;
        const State c = out_.efficient[y].state;
        return std::make_pair(changed(a), a) < std::make_pair(changed(c), c);
      });
      out_.solutions.push_back(std::move(s));
    }
  }

  const DealTable& table_;
  State base_;
  const RoomSettings& settings_;
  std::vector<Taste> tastes_;
  std::optional<References> references_;
  std::optional<References> today_;
  std::vector<std::size_t> first_order_;
  std::size_t orders_ = 0;
  bool pictured_ = false;
  TableRoom out_;
};

}  // namespace

TableRoom table_room(const DealTable& table, State base, std::span<const State> references,
                     const RoomSettings& settings) {
  contract(table.conflict.feasible(base), "a deal starts from a feasible state");
  contract(!references.empty(), "an outcome is compared with something");
  return TableLook(table, base, references, settings).run();
}

RoomAnswer room(const Conflict& conflict, std::span<const State> drift,
                const RoomSettings& settings) {
  RoomAnswer out;
  const auto now = conflict.status_quo();
  contract(settings.from || now, "room() needs a state to start from");
  out.base = settings.from ? *settings.from : *now;
  out.than = settings.than;
  if (settings.than == Than::Now) {
    out.references = {now ? *now : out.base};
  } else {
    out.references.assign(drift.begin(), drift.end());
    std::sort(out.references.begin(), out.references.end());
  }
  std::vector<DealTable> tables = tables_of(conflict);
  if (!settings.tables.empty()) {
    std::vector<DealTable> chosen;
    for (DealTable& t : tables)
      if (std::find(settings.tables.begin(), settings.tables.end(), t.id) != settings.tables.end())
        chosen.push_back(std::move(t));
    if (std::find(settings.tables.begin(), settings.tables.end(), "everybody") !=
            settings.tables.end() &&
        (chosen.empty() || !chosen.back().everybody))
      chosen.push_back(everybody_table(conflict));
    tables = std::move(chosen);
  }
  for (const DealTable& t : tables) {
    out.tables.push_back(table_room(t, out.base, out.references, settings));
    const End end = out.tables.back().end;
    if (end == End::Cancelled || (end == End::Limit && out.end == End::Complete)) out.end = end;
    if (end == End::Cancelled) break;
  }
  return out;
}

double gain_points(const TableRoom& table, std::size_t member, std::int64_t amount) {
  return static_cast<double>(amount) / std::pow(10.0, table.places[member]);
}

}  // namespace wayout

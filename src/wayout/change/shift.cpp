#include "wayout/change/shift.hpp"

#include <algorithm>
#include <numeric>

namespace wayout {
namespace {

/// Weights larger than this leave no room for the finer points of half steps.
constexpr std::int64_t kMostSum = std::int64_t{1} << 56;

/// The criterion that carries the whole weight of a statement once it is shifted; no case file can
/// name it.
constexpr const char* kWhole = "(whole)";

std::int64_t size_of(std::int64_t x) { return x < 0 ? -x : x; }

/// The other weights of the statement's word: their sum and greatest common divisor.
struct Others {
  std::int64_t sum = 0;
  std::int64_t divisor = 0;
};
Others others_of(const Conflict& conflict, PartyId p, std::size_t statement) {
  const PreferencePart& part = *conflict.preference_part(p);
  Others out;
  for (std::size_t k = 0; k < part.statements.size(); ++k) {
    if (k == statement || part.statements[k].vital != part.statements[statement].vital) continue;
    const std::int64_t w = size_of(conflict.statement_weight(p, k));
    out.sum = std::min(kMostSum, out.sum + std::min(kMostSum, w));
    out.divisor = std::gcd(out.divisor, w);
  }
  return out;
}

void weight_lines(const Conflict& conflict, PartyId p, std::size_t k, bool only_drop,
                  std::vector<ShiftLine>& out) {
  const std::int64_t w = size_of(conflict.statement_weight(p, k));
  if (w == 0) return;
  if (conflict.preference_part(p)->statements[k].vital)
    out.push_back({p, k, ShiftLine::Way::NotVital, 1, 0, 0, false});
  const auto [sum, g] = others_of(conflict, p, k);
  // Alone in its word only its sign matters, and past the exact range nothing finer is tried.
  if (only_drop || g == 0 || sum >= kMostSum || w >= kMostSum) {
    out.push_back({p, k, ShiftLine::Way::Less, 1, 0, 0, true});
    return;
  }
  // In half units: breakpoints at multiples of 2g, and g off them a value between two.
  const std::int64_t at = 2 * w;
  const std::int64_t top = 2 * sum + g;  // beyond every breakpoint
  // Between two breakpoints nothing turns before the next.
  std::int64_t down = at % (2 * g) == 0 ? at - g : at / (2 * g) * (2 * g);
  if (at > 2 * sum) down = 2 * sum;  // above the last breakpoint all is one
  out.push_back(
      {p, k, ShiftLine::Way::Less, static_cast<std::uint64_t>(down / g) + 1, down, g, false});
  const std::int64_t up = at % (2 * g) == 0 ? at + g : (at / (2 * g) + 1) * (2 * g);
  if (up <= top)
    out.push_back(
        {p, k, ShiftLine::Way::More, static_cast<std::uint64_t>((top - up) / g) + 1, up, g, false});
}

void move_in_order(std::vector<std::size_t>& order, const Shift& s) {
  const auto at = std::find(order.begin(), order.end(), s.statement);
  if (at == order.end()) return;
  order.erase(at);
  if (s.kind == ShiftKind::Drop) return;
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(std::min(s.to_place, order.size())),
               s.statement);
}

/// Every statement of p with its whole weight under one criterion.
void gather(const Conflict& conflict, PartyId p, PreferencePart& part) {
  if (!part.criteria.empty() && part.criteria.back().first == kWhole) return;
  part.criteria.emplace_back(kWhole, Quantity{Quantity::Form::Plain, 1, 0, 1});
  for (std::size_t k = 0; k < part.statements.size(); ++k) {
    Quantity whole;
    whole.a = Decimal::of(conflict.statement_weight(p, k), conflict.score_places(p));
    part.statements[k].values = {{kWhole, whole}};
  }
}

}  // namespace

double whole_of(const Conflict& conflict, PartyId p) {
  double out = 0;
  for (std::size_t k = 0; k < conflict.preference_part(p)->statements.size(); ++k)
    out += static_cast<double>(size_of(conflict.statement_weight(p, k)));
  return out;
}

std::vector<std::size_t> order_of(const PreferencePart& part) {
  std::vector<std::size_t> out;
  for (const bool vital : {true, false})
    for (std::size_t k = 0; k < part.statements.size(); ++k)
      if (part.statements[k].enabled && part.statements[k].vital == vital) out.push_back(k);
  return out;
}

std::vector<ShiftLine> shift_lines(const Conflict& conflict, bool as_perceived) {
  std::vector<ShiftLine> out;
  for (const PartyId p : conflict.parties()) {
    const PreferencePart* part = conflict.preference_part(p);
    if (part == nullptr) continue;
    if (part->method == Method::Weights) {
      bool only_drop = false;
      for (const BeliefPart& b : conflict.parts().beliefs)
        for (const EffectPart& e : b.effects)
          only_drop = only_drop || (as_perceived && b.enabled && e.kind == EffectKind::Criteria &&
                                    e.target == conflict.party(p).id);
      for (std::size_t k = 0; k < part->statements.size(); ++k)
        weight_lines(conflict, p, k, only_drop, out);
    } else if (part->method == Method::Priorities) {
      const auto order = order_of(*part);
      for (std::size_t at = 0; at < order.size(); ++at) {
        out.push_back({p, order[at], ShiftLine::Way::Down, order.size() - at, 0, 0, false});
        if (at > 0) out.push_back({p, order[at], ShiftLine::Way::Up, at, 0, 0, false});
      }
    }
  }
  return out;
}

Shift shift_at(const Conflict& conflict, const ShiftLine& line, std::uint64_t step) {
  contract(step < line.steps, "a shift lies on its line");
  Shift out;
  out.party = line.party;
  out.statement = line.statement;
  const PreferencePart& part = *conflict.preference_part(line.party);
  if (part.method == Method::Priorities) {
    const auto order = order_of(part);
    out.places = order.size();
    out.from_place = static_cast<std::size_t>(
        std::find(order.begin(), order.end(), line.statement) - order.begin());
    const std::size_t moved = static_cast<std::size_t>(step) + 1;
    out.to_place = line.way == ShiftLine::Way::Up ? out.from_place - moved : out.from_place + moved;
    out.kind = out.to_place == order.size() ? ShiftKind::Drop : ShiftKind::Order;
    out.size = static_cast<double>(moved) / static_cast<double>(order.size());
    return out;
  }
  const std::int64_t today = conflict.statement_weight(line.party, line.statement);
  const int places = conflict.score_places(line.party);
  out.from = Decimal::of(today, places);
  if (line.way == ShiftLine::Way::NotVital) {
    out.kind = ShiftKind::NotVital;
    out.to = out.from;
    out.size = 1;
    return out;
  }
  std::int64_t half = 0;
  if (!line.only_last) {
    const auto far = static_cast<std::int64_t>(step) * line.apart;
    half = line.way == ShiftLine::Way::Less ? line.first - far : line.first + far;
  }
  const std::int64_t sign = today < 0 ? -1 : 1;
  out.kind = half == 0 ? ShiftKind::Drop : ShiftKind::Weight;
  out.to = Decimal::of(sign * half * 5, places + 1);
  std::int64_t nearest = half;
  if (line.apart != 0 && half % (2 * line.apart) != 0) {
    out.beyond = true;
    nearest += line.way == ShiftLine::Way::Less ? line.apart : -line.apart;
  }
  out.bound = Decimal::of(sign * nearest * 5, places + 1);
  out.size = static_cast<double>(size_of(2 * size_of(today) - nearest)) / 2 /
             whole_of(conflict, line.party);
  return out;
}

Result<Conflict> shifted(const Conflict& conflict, std::span<const Shift> shifts) {
  Parts parts = conflict.parts();
  parts.measures.clear();
  parts.variants.clear();
  parts.claims.clear();
  parts.under.clear();
  for (const PartyId p : conflict.parties()) {
    if (std::none_of(shifts.begin(), shifts.end(), [p](const Shift& s) { return s.party == p; }))
      continue;
    const auto part = std::find_if(parts.preferences.begin(), parts.preferences.end(),
                                   [&](const auto& q) { return q.party == conflict.party(p).id; });
    contract(part != parts.preferences.end(), "a shift concerns a party with a preference");
    if (part->method == Method::Weights) {
      for (const Shift& s : shifts) {
        if (s.party != p) continue;
        StatementPart& statement = part->statements.at(s.statement);
        if (s.kind == ShiftKind::NotVital) statement.vital = false;
        if (s.kind == ShiftKind::Drop) statement.enabled = false;
        if (s.kind != ShiftKind::Weight) continue;
        gather(conflict, p, *part);
        statement.values.front().second.a = s.to;
      }
      continue;
    }
    std::vector<std::size_t> order = order_of(*part);
    for (const Shift& s : shifts)
      if (s.party == p) move_in_order(order, s);
    std::vector<StatementPart> list;
    for (const std::size_t k : order) {
      list.push_back(part->statements[k]);
      list.back().vital = false;  // the place says it all
    }
    for (std::size_t k = 0; k < part->statements.size(); ++k) {
      if (std::find(order.begin(), order.end(), k) != order.end()) continue;
      list.push_back(part->statements[k]);
      list.back().enabled = false;
    }
    part->statements = std::move(list);
  }
  return build(std::move(parts));
}

}  // namespace wayout

#include "wayout/trust/drawn_weights.hpp"

#include <algorithm>

namespace wayout {
namespace {

std::size_t preference_index(const Parts& parts, const PreferencePart& part) {
  for (std::size_t i = 0; i < parts.preferences.size(); ++i)
    if (&parts.preferences[i] == &part) return i;
  contract(false, "a preference part of the conflict");
  return 0;
}

}  // namespace

std::optional<DrawnWeights> DrawnWeights::compile(const Sampler& sampler, PartyId p) {
  const Conflict& conflict = sampler.conflict();
  const PreferencePart* part = conflict.preference_part(p);
  if (part == nullptr || part->method != Method::Weights) return std::nullopt;
  const std::size_t preference = preference_index(conflict.parts(), *part);
  const auto input_at = [&](UncertainKind kind, std::size_t b, std::size_t c) -> std::int32_t {
    const auto& inputs = sampler.inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].kind == kind && inputs[i].at[0] == preference && inputs[i].at[1] == 0 &&
          inputs[i].at[2] == b && (kind == UncertainKind::Criterion || inputs[i].at[3] == c))
        return static_cast<std::int32_t>(i);
    return -1;
  };
  DrawnWeights out;
  int criterion_places = 0;
  int places = 0;
  for (std::size_t k = 0; k < part->criteria.size(); ++k)
    criterion_places = std::max(
        criterion_places,
        drawn_places(sampler, part->criteria[k].second, input_at(UncertainKind::Criterion, k, 0)));
  for (std::size_t k = 0; k < part->statements.size(); ++k)
    for (std::size_t v = 0; v < part->statements[k].values.size(); ++v)
      places = std::max(places, drawn_places(sampler, part->statements[k].values[v].second,
                                             input_at(UncertainKind::Weight, k, v)));
  for (int k = 0; k < places + criterion_places; ++k) out.unit_ /= 10;
  std::vector<Int128> criterion_most(part->criteria.size());
  for (std::size_t k = 0; k < part->criteria.size(); ++k) {
    const auto number =
        drawn_number(sampler, part->criteria[k].second, input_at(UncertainKind::Criterion, k, 0),
                     criterion_places, criterion_most[k]);
    if (!number) return std::nullopt;
    out.priorities_.push_back(*number);
  }
  Int128 sum = 0;
  for (std::size_t k = 0; k < part->statements.size(); ++k) {
    const StatementPart& s = part->statements[k];
    out.first_.push_back(static_cast<std::uint32_t>(out.products_.size()));
    if (!s.enabled) continue;
    for (std::size_t v = 0; v < s.values.size(); ++v) {
      Int128 most = 0;
      const auto number = drawn_number(sampler, s.values[v].second,
                                       input_at(UncertainKind::Weight, k, v), places, most);
      if (!number) return std::nullopt;
      Product product;
      product.number = *number;
      const std::string& name = s.values[v].first;
      const auto known = std::find(out.names_.begin(), out.names_.end(), name);
      product.criterion = static_cast<std::uint32_t>(known - out.names_.begin());
      if (known == out.names_.end()) out.names_.push_back(name);
      if (!part->criteria.empty()) {
        std::size_t c = 0;
        while (c < part->criteria.size() && part->criteria[c].first != name) ++c;
        if (c == part->criteria.size()) return std::nullopt;
        product.priority = static_cast<std::int32_t>(c);
        if (criterion_most[c] > 0 && most > kMostDrawn / criterion_most[c]) return std::nullopt;
        // Points are summed by themselves too, where the priority is below one unit.
        most *= std::max(criterion_most[c], Int128{1});
      }
      sum += most;
      if (sum >= kMostDrawn) return std::nullopt;
      out.products_.push_back(product);
    }
  }
  out.first_.push_back(static_cast<std::uint32_t>(out.products_.size()));
  return out;
}

std::int64_t DrawnWeights::weight(std::size_t statement,
                                  std::span<const std::int64_t> draws) const {
  std::int64_t sum = 0;
  for (std::uint32_t i = first_[statement]; i < first_[statement + 1]; ++i) {
    const Product& product = products_[i];
    const std::int64_t number = product.number.at(draws);
    sum += product.priority < 0
               ? number
               : number * priorities_[static_cast<std::size_t>(product.priority)].at(draws);
  }
  return sum;
}

std::int64_t DrawnWeights::points(std::size_t statement, std::size_t criterion,
                                  std::span<const std::int64_t> draws) const {
  std::int64_t sum = 0;
  for (std::uint32_t i = first_[statement]; i < first_[statement + 1]; ++i)
    if (products_[i].criterion == criterion) sum += products_[i].number.at(draws);
  return sum;
}

std::optional<std::size_t> DrawnWeights::criterion(const std::string& name) const {
  const auto it = std::find(names_.begin(), names_.end(), name);
  if (it == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(it - names_.begin());
}

}  // namespace wayout

#include "wayout/trust/lane_book.hpp"

#include <algorithm>
#include <mutex>

#include "wayout/model/local_score.hpp"
#include "wayout/trust/lane_space.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostPriorities = 60;
constexpr std::size_t kMostMovers = 64;

/// Priorities, vital ones first, as statements of the part.
std::vector<std::size_t> in_order(const PreferencePart& part) {
  std::vector<std::size_t> out;
  for (const bool vital : {true, false})
    for (std::size_t k = 0; k < part.statements.size(); ++k)
      if (part.statements[k].enabled && part.statements[k].vital == vital) out.push_back(k);
  return out;
}

}  // namespace

struct LaneBook::Kept {
  std::mutex mutex;
  std::vector<std::unique_ptr<LaneSpace>> spaces;
};

LaneBook::LaneBook() = default;
LaneBook::LaneBook(LaneBook&&) noexcept = default;
LaneBook& LaneBook::operator=(LaneBook&&) noexcept = default;
LaneBook::~LaneBook() = default;

std::optional<LaneBook> LaneBook::compile(const Sampler& sampler) {
  const Conflict& conflict = sampler.conflict();
  if (conflict.graph_form() || !conflict.status_quo() || conflict.mover_count() > kMostMovers)
    return std::nullopt;
  for (const Input& in : sampler.inputs())
    if (in.kind == UncertainKind::StatusQuo || in.kind == UncertainKind::Order) return std::nullopt;
  LaneBook out;
  out.sampler_ = &sampler;
  out.kept_ = std::make_unique<Kept>();
  out.weights_.resize(conflict.party_count());
  out.statements_.resize(conflict.party_count());
  for (const PartyId p : conflict.parties()) {
    out.indifferent_.push_back(order_count(conflict, p) == 0);
    if (out.indifferent_.back()) continue;
    const PreferencePart* part = conflict.preference_part(p);
    if (part == nullptr) return std::nullopt;
    const auto add = [&](std::size_t k, bool vital) {
      const ExprId when = conflict.statement_when(p, k);
      out.statements_[p.index()].push_back({k, when, conflict.pool().support(when), vital});
    };
    if (part->method == Method::Priorities) {
      const std::vector<std::size_t> order = in_order(*part);
      if (order.size() > kMostPriorities) return std::nullopt;
      for (const std::size_t k : order) add(k, false);
      continue;
    }
    out.weights_[p.index()] = DrawnWeights::compile(sampler, p);
    if (!out.weights_[p.index()]) return std::nullopt;
    for (std::size_t k = 0; k < part->statements.size(); ++k)
      if (part->statements[k].enabled) add(k, part->statements[k].vital);
  }
  for (const MoverId m : conflict.movers()) {
    if (!LaneRows::made_for(conflict, m)) return std::nullopt;
    out.transitive_ = out.transitive_ && conflict.mover(m).transitive;
  }
  return out;
}

std::unique_ptr<LaneSpace> LaneBook::take_space() const {
  {
    const std::lock_guard lock(kept_->mutex);
    if (!kept_->spaces.empty()) {
      auto out = std::move(kept_->spaces.back());
      kept_->spaces.pop_back();
      return out;
    }
  }
  return std::make_unique<LaneSpace>(*this);
}

void LaneBook::give_back(std::unique_ptr<LaneSpace> space) const {
  if (space->size() > LaneSpace::kKept) return;
  const std::lock_guard lock(kept_->mutex);
  kept_->spaces.push_back(std::move(space));
}

}  // namespace wayout

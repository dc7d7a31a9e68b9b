#include "wayout/model/score_terms.hpp"

#include <algorithm>

#include "wayout/model/data.hpp"

namespace wayout {

std::int64_t ScoreTerm::least() const {
  return when ? std::min<std::int64_t>(weight, 0) : *std::min_element(points.begin(), points.end());
}
std::int64_t ScoreTerm::most() const {
  return when ? std::max<std::int64_t>(weight, 0) : *std::max_element(points.begin(), points.end());
}

ScoreTerms score_terms(const Conflict& conflict, PartyId p) {
  contract(conflict.weak_order(p), "score_terms() needs a complete weak order");
  const CompiledPreference& preference = conflict.data().preferences[p.index()];
  const ExprPool& pool = conflict.pool();
  ScoreTerms out;
  if (preference.indifferent) return out;
  const auto when = [&pool](ExprId e, std::int64_t weight) {
    ScoreTerm term;
    term.support = pool.support(e);
    term.when = e;
    term.weight = weight;
    return term;
  };
  switch (preference.method) {
    case Method::Weights: {
      std::vector<ScoreTerm> vital;
      std::vector<ScoreTerm> rest;
      for (const auto& t : preference.terms)
        if (t.weight != 0) (t.vital ? vital : rest).push_back(when(t.when, t.weight));
      if (!vital.empty()) out.words.push_back(std::move(vital));
      if (!rest.empty()) out.words.push_back(std::move(rest));
      break;
    }
    case Method::Additive: {
      out.words.emplace_back();
      for (const auto& part : preference.additive) {
        ScoreTerm term;
        term.support = UInt128{part.field} << part.shift;
        term.shift = part.shift;
        term.field = part.field;
        term.points = part.points;
        if (!term.points.empty()) out.words.back().push_back(std::move(term));
      }
      break;
    }
    case Method::Priorities: {
      // 30 statements to a word: sums of a word then fit 32 bits.
      constexpr std::size_t kPerWord = 30;
      for (std::size_t i = 0; i < preference.ordered.size(); ++i) {
        if (i % kPerWord == 0) out.words.emplace_back();
        const std::size_t in_word =
            std::min(kPerWord, preference.ordered.size() - i / kPerWord * kPerWord);
        out.words.back().push_back(
            when(preference.ordered[i], std::int64_t{1} << (in_word - 1 - i % kPerWord)));
      }
      break;
    }
    case Method::Ranking:
      out.ranked = &preference.classes;
      break;
    case Method::Unanimous:
      break;
  }
  return out;
}

}  // namespace wayout

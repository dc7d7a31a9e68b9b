#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/cli/judged.hpp"
#include "wayout/cli/memory.hpp"
#include "wayout/cli/stability_rows.hpp"
#include "wayout/report/stability_text.hpp"
#include "wayout/report/words.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout::cli {
namespace {

constexpr std::uint64_t kSimByDefault = 4096;
constexpr std::uint64_t kMostStates = std::uint64_t{1} << 32;  // memory is the limit that counts
constexpr std::size_t kMostMet = 500;          // states met by improvements, on the fly
constexpr std::size_t kMostForOne = 1u << 12;  // states looked at for one verdict there
constexpr std::uint64_t kWorthTelling = std::uint64_t{1} << 30;  // bytes

/// Reads a list like up=seq,down=nash; complains and returns nullopt where it does not read.
std::optional<ConceptProfile> read_profile(const Session& session, const Conflict& conflict,
                                           const std::string& text) {
  ConceptProfile out(conflict.party_count(), Concept::Seq);
  std::size_t at = 0;
  while (at <= text.size()) {
    std::size_t end = text.find(',', at);
    if (end == std::string::npos) end = text.size();
    const std::string item = text.substr(at, end - at);
    const std::size_t equals = item.find('=');
    const auto c = parse_concept(equals == std::string::npos ? item : item.substr(equals + 1));
    if (!c) {
      session.complain(fmt::format("--profile {}: '{}' names no concept", text, item),
                       "--profile up=seq,down=nash");
      return std::nullopt;
    }
    if (equals == std::string::npos) {
      std::fill(out.begin(), out.end(), *c);
    } else {
      const auto p = session.party(conflict, item.substr(0, equals));
      if (!p) return std::nullopt;
      out[p->index()] = *c;
    }
    at = end + 1;
  }
  return out;
}

/// Verdicts of one state on the fly, where the space is not listed.
StabilityRow fly_row(const Session& session, const Conflict& conflict, State s,
                     const std::vector<Concept>& concepts, Sanctions sanctions, End& end) {
  RowSpace space(conflict);
  VerdictSettings vs;
  vs.sanctions = sanctions;
  vs.all_answers = false;
  vs.hollow = false;
  vs.watch = session.watch();
  StabilityRow row;
  row.state = s;
  if (conflict.graph_form()) row.number = conflict.graph_number(s);
  for (const Concept c : concepts) {
    row.stable.push_back(0);
    row.undecided.push_back(0);
    for (const PartyId p : conflict.parties()) {
      const Verdict v = verdict(space, p, s, c, vs);
      if (v.end != End::Complete) {
        row.undecided.back() |= mask_of(p);
        if (end != End::Cancelled) end = v.end;
      } else if (v.stable) {
        row.stable.back() |= mask_of(p);
      }
    }
  }
  return row;
}

/// One run of the command: what was asked, what was judged, and where it goes.
class StabilityRun {
 public:
  StabilityRun(const Session& session, const Conflict& conflict, std::string format,
               bool all_states, const std::function<void(const std::string&)>& emit)
      : session_(session),
        conflict_(conflict),
        r_(session.request()),
        format_(std::move(format)),
        all_states_(all_states),
        limit_(r_.limit.value_or(1000)),
        emit_(emit) {}

  int run() {
    if (!read()) return kUsage;
    if (r_.engine == "fly") {
      if (one_ || conflict_.status_quo()) return fly(false);
      session_.complain("--engine fly judges one state, and this case names no status quo",
                        "--state 3");
      return kUsage;
    }
    std::optional<Judged> judged;
    if (r_.engine == "reference") {
      settle_concepts(true);
      judged = judged_reference(session_, conflict_, head_.concepts, head_.sanctions);
      if (!judged) return kStoppedAtLimit;
    } else {
      int code = kDone;
      judged = full(code);
      if (!judged) return code;
    }
    return table(*judged);
  }

 private:
  /// Reads the settings; complains and returns false where one does not read.
  bool read() {
    const auto sanctions = session_.sanctions();
    if (!sanctions) return false;
    head_.sanctions = *sanctions;
    head_.given = r_.given;
    for (const std::string& name : r_.concepts) {
      const auto c = parse_concept(name);
      if (!c) {
        session_.complain(fmt::format("--concepts {}: no such concept", name),
                          "nash, gmr, smr, seq, sseq, sim");
        return false;
      }
      if (*c == Concept::Sim && conflict_.graph_form()) {
        session_.complain("SIM is not defined in graph form", "leave sim out of --concepts");
        return false;
      }
      if (std::find(head_.concepts.begin(), head_.concepts.end(), *c) == head_.concepts.end())
        head_.concepts.push_back(*c);
    }
    default_concepts_ = head_.concepts.empty();
    if (!r_.profile.empty()) {
      profile_ = read_profile(session_, conflict_, r_.profile);
      if (!profile_) return false;
      for (const PartyId p : conflict_.parties())
        head_.profile.emplace_back(p, (*profile_)[p.index()]);
    }
    if (!r_.memory.empty()) {
      memory_ = parse_bytes(r_.memory);
      if (!memory_) {
        session_.complain(fmt::format("--memory {}: no amount of memory", r_.memory),
                          "--memory 8G, or 512M");
        return false;
      }
    }
    if (!r_.state.empty()) {
      one_ = session_.state(conflict_, r_.state, "--state");
      if (!one_) return false;
    }
    return true;
  }

  void settle_concepts(bool with_sim) {
    if (default_concepts_) {
      head_.concepts.assign(kClassicalConcepts.begin(), kClassicalConcepts.end());
      if (with_sim && !conflict_.graph_form()) head_.concepts.push_back(Concept::Sim);
    }
    if (profile_)
      for (const Concept c : *profile_)
        if (std::find(head_.concepts.begin(), head_.concepts.end(), c) == head_.concepts.end())
          head_.concepts.push_back(c);
  }

  void emit_head() {
    writer_.emplace(conflict_, head_.concepts, profile_);
    if (format_ == "json") emit_(stability_head_json(conflict_, head_));
    if (format_ == "csv") {
      std::string header;
      writer_->csv_header(header);
      emit_(header);
    }
  }

  void emit_row(const StabilityRow& row, bool first) {
    line_.clear();
    if (format_ == "json") {
      line_ = first ? "\n  " : ",\n  ";
      writer_->json(row, line_);
    } else if (format_ == "ndjson") {
      writer_->json(row, line_);
      line_ += '\n';
    } else if (format_ == "csv") {
      writer_->csv(row, line_);
    } else {
      writer_->text(row, session_.style(), line_);
    }
    emit_(line_);
  }

  /// Judges one state without listing the space. `cut`: the whole space had been asked for.
  int fly(bool cut) {
    settle_concepts(false);
    head_.engine = "fly";
    head_.states.reset();
    End end = End::Complete;
    const StabilityRow row =
        fly_row(session_, conflict_, one_.value_or(conflict_.status_quo().value_or(State{})),
                head_.concepts, head_.sanctions, end);
    if (!cut && !one_) reachable(end);
    head_.end = cut && end == End::Complete ? End::Limit : end;
    emit_head();
    if (format_ == "text")
      for (const auto& [c, found] : head_.reachable)
        emit_(reachable_text(conflict_, c, found, session_.style()));
    emit_row(row, true);
    if (format_ == "json") emit_(kStabilityTail);
    return Session::exit_code(head_.end);
  }

  /// Equilibria that improvements lead to from today, each concept by itself; Nash and SEQ where no
  /// concepts are asked for.
  void reachable(End& end) {
    ReachableSettings rs;
    rs.most_states = r_.max_states > 0 ? r_.max_states : kMostMet;
    rs.most_found = limit_;
    rs.verdict.sanctions = head_.sanctions;
    rs.verdict.most_states = kMostForOne;
    rs.watch = session_.watch();
    for (const Concept c : head_.concepts) {
      if (default_concepts_ && c != Concept::Nash && c != Concept::Seq) continue;
      head_.reachable.emplace_back(c,
                                   reachable_equilibria(conflict_, *conflict_.status_quo(), c, rs));
      const ReachableEquilibria& found = head_.reachable.back().second;
      if (found.end == End::Cancelled) end = End::Cancelled;
      if (!found.exhaustive() && end == End::Complete) end = End::Limit;
    }
  }

  /// Judges the whole space; where it cannot, says what can be done, judges one state, and sets
  /// the exit code.
  std::optional<Judged> full(int& code) {
    FullSettings fs;
    fs.most_states = r_.max_states > 0 ? r_.max_states : kMostStates;
    fs.most_bytes = memory_.value_or(available_memory());
    fs.threads = r_.threads;
    fs.sanctions = head_.sanctions;
    fs.watch = session_.watch();
    // How many states there are decides whether SIM is among the concepts by default.
    StateIndex::Settings listing;
    listing.most_states = fs.most_states;
    listing.watch = fs.watch;
    const StateIndex::Made made = StateIndex::make(conflict_, listing);
    settle_concepts(made.index && made.states <= kSimByDefault);
    fs.concepts = head_.concepts;
    if (made.index)
      if (const std::uint64_t bytes = full_bytes(conflict_, *made.index, fs);
          bytes >= kWorthTelling && bytes <= fs.most_bytes)
        session_.inform(fmt::format("judging {} feasible states with the full engine, in about {}",
                                    with_commas(made.states), bytes_text(bytes)));
    FullStability result =
        made.index ? full_stability(conflict_, made.index, fs) : full_stability(conflict_, fs);
    if (!result.empty) return judged_full(conflict_, std::move(result));
    const auto nothing = [&](End end) {
      if (format_ != "json") return;
      head_.engine = "full";
      head_.end = end;
      emit_head();
      emit_(kStabilityTail);
    };
    if (result.end == End::Cancelled) {
      session_.complain("no state was judged yet");
      nothing(End::Cancelled);
      code = kInterrupted;
      return std::nullopt;
    }
    too_large(result, fs);
    code = kStoppedAtLimit;
    if (one_ || conflict_.status_quo()) {
      code = fly(true);
      if (code == kDone) code = kStoppedAtLimit;
    } else {
      nothing(End::Limit);
    }
    return std::nullopt;
  }

  void too_large(const FullStability& result, const FullSettings& fs) const {
    const std::string instead = fmt::format(
        "`wayout {0}` answers without listing the space; `wayout explain {0} --party P --state S` "
        "and `wayout stability {0} --state S --engine fly` judge one state",
        r_.case_path);
    const std::string narrower =
        conflict_.graph_form()
            ? ""
            : "; `--given EXPR` judges the part of the space that meets a condition";
    switch (result.limit) {
      case FullLimit::States:
        session_.complain(fmt::format("the dispute has more than {} feasible states, which is the "
                                      "limit (--max-states)",
                                      with_commas(fs.most_states)),
                          instead + narrower);
        return;
      case FullLimit::Memory:
        session_.complain(
            fmt::format(
                "judging {} feasible states takes {}, and there are {} ({})",
                with_commas(result.states), bytes_text(result.bytes), bytes_text(fs.most_bytes),
                memory_ ? "--memory" : "what this machine has free; --memory sets another limit"),
            instead + narrower);
        return;
      case FullLimit::Listing:
        session_.complain("the feasible states cannot be listed: too many combinations to look at",
                          instead + narrower);
        return;
      default:
        session_.complain("the time limit was met while the space was being listed",
                          instead + narrower);
    }
  }

  StabilityRow row_of(const Judged& judged, std::uint64_t index, std::int64_t number) const {
    StabilityRow row;
    row.state = judged.table.state(index);
    row.number = number;
    row.rank.reserve(conflict_.party_count());
    row.stable.assign(head_.concepts.size(), 0);
    row.undecided.assign(head_.concepts.size(), 0);
    for (const PartyId p : conflict_.parties()) {
      row.rank.push_back(judged.table.rank(p, index));
      const std::uint8_t stable = judged.table.stable[p.index()][index];
      const std::uint8_t open = judged.undecided(p, index);
      for (std::size_t c = 0; c < head_.concepts.size(); ++c) {
        const int bit = static_cast<int>(head_.concepts[c]);
        if ((stable >> bit) & 1) row.stable[c] |= mask_of(p);
        if ((open >> bit) & 1) row.undecided[c] |= mask_of(p);
      }
    }
    return row;
  }

  /// Stable for every party under one of the concepts, or under the profile.
  bool listed(const Judged& judged, std::uint64_t index) const {
    std::uint8_t all = wanted_;
    for (const std::uint8_t* of_party : judged.table.stable) all &= of_party[index];
    return all != 0 || (profile_ && in_profile(judged, index));
  }
  bool in_profile(const Judged& judged, std::uint64_t index) const {
    for (const PartyId p : conflict_.parties())
      if (!judged.table.is_stable(p, index, (*profile_)[p.index()])) return false;
    return true;
  }

  int table(const Judged& judged) {
    head_.engine = judged.engine;
    head_.states = judged.table.size;
    head_.end = judged.any_undecided && judged.end == End::Complete ? End::Limit : judged.end;
    std::vector<std::uint64_t> totals;
    for (const Concept c : head_.concepts) {
      const auto at = static_cast<std::size_t>(c);
      totals.push_back(judged.equilibria[at]);
      head_.equilibria.emplace_back(c, judged.equilibria[at]);
      head_.stable_total.emplace_back();
      for (const auto& of_party : judged.stable_total)
        head_.stable_total.back().push_back(of_party[at]);
      wanted_ |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
    }
    if (profile_) {
      std::uint64_t n = 0;
      for (std::uint64_t i = 0; i < judged.table.size; ++i) n += in_profile(judged, i) ? 1 : 0;
      head_.profile_equilibria = n;
    }
    std::optional<std::uint64_t> now;
    if (conflict_.status_quo()) now = judged.find(*conflict_.status_quo());
    if (now) head_.status_quo = judged.number(*now);
    std::vector<std::uint64_t> rows;
    if (one_) {
      if (const auto at = judged.find(*one_)) rows.push_back(*at);
    } else if (!all_states_) {
      rows = first_equilibria(judged);
      head_.truncated = rows.size() > limit_;
      if (head_.truncated) rows.resize(limit_);
      if (now && std::find(rows.begin(), rows.end(), *now) == rows.end())
        rows.insert(rows.begin(), *now);
    }
    if (!one_ && (r_.describe || (format_ == "text" && head_.truncated))) digest(judged);
    emit_head();
    if (format_ == "text") emit_(top(totals));
    if (all_states_ && !one_) {
      bool first = true;
      judged.in_order([&](std::uint64_t number, std::uint64_t index) {
        emit_row(row_of(judged, index,
                        conflict_.graph_form() ? judged.number(index)
                                               : static_cast<std::int64_t>(number) + 1),
                 first);
        first = false;
        return !cancel_token().cancelled();
      });
      if (cancel_token().cancelled()) head_.end = End::Cancelled;
    } else {
      for (std::size_t i = 0; i < rows.size(); ++i)
        emit_row(row_of(judged, rows[i], judged.number(rows[i])), i == 0);
    }
    if (format_ == "json") emit_(kStabilityTail);
    if (format_ == "text" && head_.truncated)
      emit_(wrap(fmt::format("… more equilibria than --limit {} are not shown; --all-states writes "
                             "every state",
                             limit_),
                 session_.style().width, 2) +
            "\n");
    if (judged.any_undecided && judged.end == End::Complete)
      session_.complain("some SIM verdicts are undecided at the limit of combinations");
    return Session::exit_code(head_.end);
  }

  /// The equilibria with the lowest numbers, at most one more than --limit.
  std::vector<std::uint64_t> first_equilibria(const Judged& judged) const {
    std::vector<std::uint64_t> rows;
    const std::uint64_t n = judged.table.size;
    if (!judged.ordered) {
      judged.in_order([&](std::uint64_t, std::uint64_t index) {
        if (listed(judged, index)) rows.push_back(index);
        return rows.size() <= limit_;
      });
      return rows;
    }
    // Eight states at a time: most blocks of a large space hold no equilibrium.
    for (std::uint64_t i = 0; i < n && rows.size() <= limit_; i += 8) {
      if (i + 8 <= n && !profile_) {
        std::uint64_t all = 0x0101010101010101ull * wanted_;
        for (const std::uint8_t* of_party : judged.table.stable) {
          std::uint64_t eight = 0;
          std::memcpy(&eight, of_party + i, 8);
          all &= eight;
        }
        if (all == 0) continue;
      }
      for (std::uint64_t k = i; k < std::min(i + 8, n); ++k)
        if (listed(judged, k)) rows.push_back(k);
    }
    if (rows.size() > limit_ + 1) rows.resize(limit_ + 1);
    return rows;
  }

  void digest(const Judged& judged) {
    head_.most_listed = limit_;
    StabilityDigest& out = head_.digest.emplace();
    out.states = judged.table.size;
    out.state = [&judged](std::uint64_t i) { return judged.table.state(i); };
    out.number = judged.number;
    std::vector<StableSet> sets;
    for (const Concept c : head_.concepts) {
      sets.push_back({c, std::nullopt});
      if (!r_.describe) continue;
      for (const PartyId p : conflict_.parties()) sets.push_back({c, p});
    }
    DescribeSettings ds;
    ds.watch = session_.watch();
    Descriptions told = describe(conflict_, judged.table, sets, ds);
    out.descriptions = std::move(told.sets);
    out.end = told.end;
    EquilibriaSettings es;
    es.watch = session_.watch();
    out.equilibria = summarise_equilibria(conflict_, judged.table, head_.concepts, es);
    if (const auto from = conflict_.status_quo()) {
      ReachedSettings rs;
      rs.most_listed = std::max<std::size_t>(limit_, 100);
      rs.space = judged.space;
      rs.watch = session_.watch();
      out.reached =
          reached_equilibria(conflict_, judged.table, judged.find, *from, head_.concepts, rs);
    }
  }

  std::string top(const std::vector<std::uint64_t>& totals) const {
    const TextStyle style = session_.style();
    std::string out =
        heading(style, conflict_.parts().title.empty() ? "Stability" : conflict_.parts().title);
    out += wrap(fmt::format("{}, judged by the {} engine, sanctions: {}",
                            counted(*head_.states, "feasible state", "feasible states"),
                            head_.engine, sanctions_name(head_.sanctions)),
                style.width, 2) +
           "\n";
    if (!r_.given.empty())
      out += wrap(fmt::format("Only states where {}: moves that leave them do not count.",
                              in_words(conflict_, r_.given)),
                  style.width) +
             "\n";
    out += "\n" + stability_counts_text(conflict_, head_.concepts, totals, head_.stable_total,
                                        style.width);
    if (head_.digest) out += digest_text(conflict_, *head_.digest, style);
    return out;
  }

  const Session& session_;
  const Conflict& conflict_;
  const Request& r_;
  const std::string format_;
  const bool all_states_;
  const std::uint64_t limit_;
  const std::function<void(const std::string&)>& emit_;
  StabilityHead head_;
  std::optional<ConceptProfile> profile_;
  std::optional<State> one_;
  std::optional<std::uint64_t> memory_;
  std::optional<RowWriter> writer_;
  bool default_concepts_ = true;
  std::uint8_t wanted_ = 0;  ///< bits of the concepts
  std::string line_;
};

}  // namespace

int write_stability(const Session& session, const Conflict& conflict, const std::string& format,
                    bool all_states, const std::function<void(const std::string&)>& emit) {
  return StabilityRun(session, conflict, format, all_states, emit).run();
}

}  // namespace wayout::cli

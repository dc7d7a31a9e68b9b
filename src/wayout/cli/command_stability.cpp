#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/export/csv.hpp"
#include "wayout/report/words.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/reference.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout::cli {
namespace {

constexpr std::uint64_t kSimByDefault = 4096;
constexpr std::size_t kReferenceMost = 4096;

/// One row of the table, whatever engine it came from.
struct Row {
  State state;
  std::optional<std::int64_t> number;
  std::vector<std::int32_t> rank;  ///< per party, 0 where it has no order; empty where not
                                   ///< enumerated
  std::vector<std::vector<PartyId>> stable;     ///< per concept
  std::vector<std::vector<PartyId>> undecided;  ///< per concept
};

bool equilibrium(const Conflict& conflict, const Row& row, std::size_t c) {
  return row.stable[c].size() == conflict.party_count();
}

/// Rows over the whole space, from the full engine or the reference.
struct Table {
  std::vector<Concept> concepts;
  std::vector<State> states;
  std::vector<std::vector<std::int32_t>> rank;
  std::vector<std::vector<std::uint8_t>> stable;  ///< per party and state, bit per Concept
  std::vector<std::vector<std::uint8_t>> undecided;
  End end = End::Complete;

  bool bit(const std::vector<std::vector<std::uint8_t>>& of, std::size_t p, std::size_t s,
           Concept c) const {
    return (of[p][s] >> static_cast<int>(c)) & 1u;
  }
  Row row(const Conflict& conflict, std::size_t s) const {
    Row out;
    out.state = states[s];
    out.number =
        conflict.graph_form() ? conflict.graph_number(states[s]) : static_cast<std::int64_t>(s) + 1;
    for (const PartyId p : conflict.parties())
      out.rank.push_back(rank[p.index()].empty() ? 0 : rank[p.index()][s]);
    for (const Concept c : concepts) {
      out.stable.emplace_back();
      out.undecided.emplace_back();
      for (const PartyId p : conflict.parties()) {
        if (bit(stable, p.index(), s, c)) out.stable.back().push_back(p);
        if (bit(undecided, p.index(), s, c)) out.undecided.back().push_back(p);
      }
    }
    return out;
  }
};

std::optional<Table> reference_table(const Session& session, const Conflict& conflict,
                                     const std::vector<Concept>& concepts, Sanctions sanctions) {
  auto model = reference::make(conflict.parts(), kReferenceMost);
  if (!model) {
    session.complain("the reference engine cannot take this case: " + model.error()[0].message,
                     "it is meant for small cases; use --engine full");
    return std::nullopt;
  }
  const auto& m = **model;
  Table t;
  t.concepts = concepts;
  const std::size_t n = reference::size(m);
  for (std::size_t s = 0; s < n; ++s) {
    if (conflict.graph_form()) {
      t.states.push_back(conflict.graph_state(s));
      continue;
    }
    State state;
    for (const OptionId o : conflict.options())
      state = conflict.with_level(state, o, reference::levels(m, s)[o.index()]);
    t.states.push_back(state);
  }
  t.stable.assign(conflict.party_count(), std::vector<std::uint8_t>(n, 0));
  t.undecided = t.stable;
  for (const PartyId p : conflict.parties()) {
    session.watch().tell("judging by the literal definitions", p.index(), conflict.party_count());
    const auto ranks = reference::ranks(m, p.index());
    t.rank.emplace_back(ranks.begin(), ranks.end());
    const auto table = reference::answers(m, p.index(), sanctions);
    for (std::size_t s = 0; s < n; ++s) {
      if (cancel_token().cancelled()) {
        t.end = End::Cancelled;
        return t;
      }
      for (const Concept c : concepts)
        if (reference::stable(m, p.index(), s, c, table))
          t.stable[p.index()][s] |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
    }
  }
  return t;
}

std::string row_json(const Conflict& conflict, const std::vector<Concept>& concepts, const Row& row,
                     const std::optional<ConceptProfile>& profile) {
  std::string out = "{\"state\":";
  out += row.number ? std::to_string(*row.number) : "null";
  out += ",\"values\":[";
  for (const OptionId o : conflict.options()) {
    if (o.index() > 0) out += ',';
    out += std::to_string(conflict.level(row.state, o));
  }
  out += "],\"rank\":";
  if (row.rank.empty()) {
    out += "null";
  } else {
    for (const PartyId p : conflict.parties()) {
      const std::int32_t rank = row.rank[p.index()];
      out += p.index() > 0 ? ",\"" : "{\"";
      out += conflict.party(p).id + "\":" + (rank > 0 ? std::to_string(rank) : "null");
    }
    out += '}';
  }
  const auto ids = [&](const std::vector<PartyId>& parties) {
    std::string list = "[";
    for (std::size_t i = 0; i < parties.size(); ++i)
      list += (i > 0 ? ",\"" : "\"") + conflict.party(parties[i]).id + '"';
    return list + "]";
  };
  out += ",\"stable\":{";
  for (std::size_t c = 0; c < concepts.size(); ++c) {
    if (c > 0) out += ',';
    out += '"' + std::string(concept_name(concepts[c])) + "\":" + ids(row.stable[c]);
  }
  out += "},\"equilibrium\":[";
  bool first = true;
  for (std::size_t c = 0; c < concepts.size(); ++c) {
    if (!equilibrium(conflict, row, c)) continue;
    out += (first ? "\"" : ",\"") + std::string(concept_name(concepts[c])) + '"';
    first = false;
  }
  out += "],\"undecided\":{";
  first = true;
  for (std::size_t c = 0; c < concepts.size(); ++c) {
    if (row.undecided[c].empty()) continue;
    out += (first ? "\"" : ",\"") + std::string(concept_name(concepts[c])) +
           "\":" + ids(row.undecided[c]);
    first = false;
  }
  out += '}';
  if (profile) {
    std::vector<PartyId> stable;
    for (const PartyId p : conflict.parties()) {
      const auto at =
          std::find(concepts.begin(), concepts.end(), (*profile)[p.index()]) - concepts.begin();
      const auto& list = row.stable[static_cast<std::size_t>(at)];
      if (std::find(list.begin(), list.end(), p) != list.end()) stable.push_back(p);
    }
    out += ",\"profile_stable\":" + ids(stable) + ",\"profile_equilibrium\":" +
           (stable.size() == conflict.party_count() ? "true" : "false");
  }
  return out + "}";
}

std::string row_text(const Conflict& conflict, const std::vector<Concept>& concepts, const Row& row,
                     const TextStyle& style) {
  std::string out =
      (row.number ? style.bold("state " + std::to_string(*row.number)) : style.bold("state")) +
      (conflict.status_quo() == row.state ? " (today)" : "") + "\n";
  out += "  " + wrap(describe_state(conflict, row.state), style.width - 2, 2) + "\n";
  std::vector<std::string> parts;
  for (std::size_t c = 0; c < concepts.size(); ++c) {
    std::vector<std::string> names;
    for (const PartyId p : row.stable[c]) names.push_back(conflict.party(p).id);
    std::string text = std::string(concept_title(concepts[c])) + ": ";
    if (equilibrium(conflict, row, c)) {
      text += style.good("all (equilibrium)");
    } else {
      text += names.empty() ? "nobody" : join(names, ", ");
    }
    if (!row.undecided[c].empty()) {
      std::vector<std::string> open;
      for (const PartyId p : row.undecided[c]) open.push_back(conflict.party(p).id);
      text += ", undecided: " + join(open, ", ");
    }
    parts.push_back(std::move(text));
  }
  out += "  stable for   " + join(parts, "   ") + "\n";
  std::vector<std::string> ranks;
  for (const PartyId p : conflict.parties())
    if (!row.rank.empty() && row.rank[p.index()] > 0)
      ranks.push_back(conflict.party(p).id + " " + std::to_string(row.rank[p.index()]));
  if (!ranks.empty()) out += "  rank (1 = best)   " + join(ranks, ", ") + "\n";
  return out;
}

std::vector<std::string> csv_header(const Conflict& conflict,
                                    const std::vector<Concept>& concepts) {
  std::vector<std::string> head{"state"};
  for (const OptionId o : conflict.options()) head.push_back(conflict.option(o).id);
  for (const PartyId p : conflict.parties()) head.push_back("rank_" + conflict.party(p).id);
  for (const Concept c : concepts)
    for (const PartyId p : conflict.parties())
      head.push_back(std::string(concept_name(c)) + "_" + conflict.party(p).id);
  for (const Concept c : concepts) head.push_back(std::string(concept_name(c)) + "_equilibrium");
  return head;
}

std::vector<std::string> row_cells(const Conflict& conflict, const std::vector<Concept>& concepts,
                                   const Row& row) {
  std::vector<std::string> cells{row.number ? std::to_string(*row.number) : ""};
  for (const OptionId o : conflict.options())
    cells.push_back(std::to_string(conflict.level(row.state, o)));
  for (const PartyId p : conflict.parties())
    cells.push_back(
        !row.rank.empty() && row.rank[p.index()] > 0 ? std::to_string(row.rank[p.index()]) : "");
  for (std::size_t c = 0; c < concepts.size(); ++c)
    for (const PartyId p : conflict.parties()) {
      const auto in = [p](const std::vector<PartyId>& list) {
        return std::find(list.begin(), list.end(), p) != list.end();
      };
      cells.push_back(in(row.undecided[c]) ? "" : in(row.stable[c]) ? "1" : "0");
    }
  for (std::size_t c = 0; c < concepts.size(); ++c)
    cells.push_back(equilibrium(conflict, row, c) ? "1" : "0");
  return cells;
}

std::string summary_text(const Conflict& conflict, const StabilityHead& head,
                         const TextStyle& style) {
  std::string out =
      style.bold(conflict.parts().title.empty() ? "Stability" : conflict.parts().title) + "\n";
  out += fmt::format("{}, judged by the {} engine, sanctions: {}\n\n",
                     counted(*head.states, "feasible state", "feasible states"), head.engine,
                     sanctions_name(head.sanctions));
  out += fmt::format("{:<8}{:>14}", "stable", "for all");
  for (const PartyId p : conflict.parties())
    out += fmt::format("{:>14}", conflict.party(p).id.substr(0, 13));
  out += "\n";
  for (std::size_t c = 0; c < head.concepts.size(); ++c) {
    out += fmt::format("{:<8}{:>14}", concept_title(head.concepts[c]),
                       with_commas(head.equilibria[c].second));
    for (const PartyId p : conflict.parties())
      out += fmt::format("{:>14}", with_commas(head.stable_total[c][p.index()]));
    out += "\n";
  }
  return out + "\n";
}

/// Verdicts of one state on the fly, where the space is not listed.
Row fly_row(const Session& session, const Conflict& conflict, State s,
            const std::vector<Concept>& concepts, Sanctions sanctions, End& end) {
  RowSpace space(conflict);
  VerdictSettings vs;
  vs.sanctions = sanctions;
  vs.all_answers = false;
  vs.watch = session.watch();
  Row row;
  row.state = s;
  if (conflict.graph_form()) row.number = conflict.graph_number(s);
  for (const Concept c : concepts) {
    row.stable.emplace_back();
    row.undecided.emplace_back();
    for (const PartyId p : conflict.parties()) {
      const Verdict v = verdict(space, p, s, c, vs);
      if (v.end != End::Complete) {
        row.undecided.back().push_back(p);
        if (end != End::Cancelled) end = v.end;
      } else if (v.stable) {
        row.stable.back().push_back(p);
      }
    }
  }
  return row;
}

}  // namespace

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

int write_stability(const Session& session, const Conflict& conflict, const std::string& format,
                    bool all_states, const std::function<void(const std::string&)>& emit) {
  const Request& r = session.request();
  const auto sanctions = session.sanctions();
  if (!sanctions) return kUsage;
  const std::uint64_t limit = r.limit.value_or(1000);
  StabilityHead head;
  head.sanctions = *sanctions;
  for (const std::string& name : r.concepts) {
    const auto c = parse_concept(name);
    if (!c) {
      session.complain(fmt::format("--concepts {}: no such concept", name),
                       "nash, gmr, smr, seq, sseq, sim");
      return kUsage;
    }
    if (*c == Concept::Sim && conflict.graph_form()) {
      session.complain("SIM is not defined in graph form", "leave sim out of --concepts");
      return kUsage;
    }
    if (std::find(head.concepts.begin(), head.concepts.end(), *c) == head.concepts.end())
      head.concepts.push_back(*c);
  }
  std::optional<ConceptProfile> profile;
  if (!r.profile.empty()) {
    profile = read_profile(session, conflict, r.profile);
    if (!profile) return kUsage;
    for (const PartyId p : conflict.parties()) head.profile.emplace_back(p, (*profile)[p.index()]);
  }
  std::optional<State> one;
  if (!r.state.empty()) {
    one = session.state(conflict, r.state, "--state");
    if (!one) return kUsage;
  }
  const bool default_concepts = head.concepts.empty();
  const auto settle_concepts = [&](bool with_sim) {
    if (default_concepts) {
      head.concepts.assign(kClassicalConcepts.begin(), kClassicalConcepts.end());
      if (with_sim && !conflict.graph_form()) head.concepts.push_back(Concept::Sim);
    }
    if (profile)
      for (const Concept c : *profile)
        if (std::find(head.concepts.begin(), head.concepts.end(), c) == head.concepts.end())
          head.concepts.push_back(c);
  };
  std::optional<CsvTable> csv;
  const auto emit_head = [&] {
    if (format == "json") emit(stability_head_json(conflict, head));
    if (format == "csv") csv.emplace(csv_header(conflict, head.concepts));
  };
  const auto emit_row = [&](const Row& row, bool first) {
    if (format == "json") {
      emit((first ? "\n  " : ",\n  ") + row_json(conflict, head.concepts, row, profile));
    } else if (format == "ndjson") {
      emit(row_json(conflict, head.concepts, row, profile) + "\n");
    } else if (format == "csv") {
      csv->row(row_cells(conflict, head.concepts, row));
      emit(csv->take());
    } else {
      emit(row_text(conflict, head.concepts, row, session.style()));
    }
  };
  const auto fly = [&](State s, bool cut) {
    settle_concepts(false);
    head.engine = "fly";
    End end = End::Complete;
    const Row row = fly_row(session, conflict, s, head.concepts, *sanctions, end);
    head.end = cut && end == End::Complete ? End::Limit : end;
    emit_head();
    emit_row(row, true);
    if (format == "json") emit(kStabilityTail);
    return Session::exit_code(head.end);
  };

  if (r.engine == "fly") {
    if (one || conflict.status_quo())
      return fly(one.value_or(conflict.status_quo().value_or(State{})), false);
    session.complain("--engine fly judges one state, and this case names no status quo",
                     "--state 3");
    return kUsage;
  }
  // The whole space.
  const std::size_t most = r.max_states > 0 ? r.max_states : std::size_t{20'000'000};
  Table table;
  const Watch watch = session.watch();
  if (r.engine == "reference") {
    settle_concepts(true);
    auto t = reference_table(session, conflict, head.concepts, *sanctions);
    if (!t) return kStoppedAtLimit;
    table = std::move(*t);
    head.engine = "reference";
  } else {
    // How many states there are decides whether SIM is among the concepts by default.
    StateIndex::Settings listing;
    listing.most_states = most;
    listing.watch = watch;
    const StateIndex::Made made = StateIndex::make(conflict, listing);
    settle_concepts(made.index && made.states <= kSimByDefault);
    FullSettings fs;
    fs.concepts = head.concepts;
    fs.sanctions = *sanctions;
    fs.most_states = most;
    fs.watch = watch;
    FullStability full =
        made.index ? full_stability(conflict, made.index, fs) : full_stability(conflict, fs);
    if (full.empty) {
      const auto nothing = [&](End end) {
        if (format != "json") return;
        head.engine = "full";
        head.end = end;
        emit_head();
        emit(kStabilityTail);
      };
      if (full.end == End::Cancelled) {
        session.complain("no state was judged yet");
        nothing(End::Cancelled);
        return kInterrupted;
      }
      session.complain(
          full.limit == FullLimit::States
              ? fmt::format("the dispute has more than {} feasible states, which is the limit "
                            "(--max-states)",
                            with_commas(most))
          : full.limit == FullLimit::Memory
              ? fmt::format(
                    "judging {} feasible states would take {:.1f} GiB, and the limit is {:.0f} GiB",
                    with_commas(full.states), static_cast<double>(full.bytes) / double(1u << 30),
                    static_cast<double>(fs.most_bytes) / double(1u << 30))
              : std::string("the time limit was met while the space was being listed"),
          fmt::format("`wayout {0}` answers without listing the space; `wayout explain {0} --party "
                      "P --state S` and "
                      "`wayout stability {0} --state S --engine fly` judge one state",
                      r.case_path));
      if (one || conflict.status_quo()) {
        const int code = fly(one.value_or(conflict.status_quo().value_or(State{})), true);
        return code == kDone ? kStoppedAtLimit : code;
      }
      nothing(End::Limit);
      return kStoppedAtLimit;
    }
    table.concepts = head.concepts;
    table.rank.resize(conflict.party_count());
    table.stable.resize(conflict.party_count());
    table.undecided.resize(conflict.party_count());
    full.space->in_order(0, [&](std::uint64_t, std::uint64_t i) {
      table.states.push_back(full.space->state(i));
      for (const PartyId p : conflict.parties()) {
        table.rank[p.index()].push_back(static_cast<std::int32_t>(full.rank(p, i)));
        table.stable[p.index()].push_back(full.stable[p.index()][i]);
        table.undecided[p.index()].push_back(
            full.undecided[p.index()].empty() ? 0 : full.undecided[p.index()][i]);
      }
      return true;
    });
    table.end = full.end;
    head.engine = "full";
  }
  table.concepts = head.concepts;
  const std::size_t n = table.states.size();
  head.states = n;
  head.end = table.end;
  head.stable_total.assign(head.concepts.size(),
                           std::vector<std::uint64_t>(conflict.party_count(), 0));
  std::vector<std::uint8_t> everywhere(n, 0xFF);
  std::vector<std::size_t> listed;
  std::optional<std::size_t> now;
  std::uint64_t profile_equilibria = 0;
  for (std::size_t c = 0; c < head.concepts.size(); ++c)
    head.equilibria.emplace_back(head.concepts[c], 0);
  bool open = false;
  for (std::size_t s = 0; s < n; ++s) {
    if (conflict.status_quo() == table.states[s]) now = s;
    bool any = false;
    for (std::size_t c = 0; c < head.concepts.size(); ++c) {
      bool all = true;
      for (const PartyId p : conflict.parties()) {
        const bool stable = table.bit(table.stable, p.index(), s, head.concepts[c]);
        if (stable) ++head.stable_total[c][p.index()];
        all = all && stable;
        open = open || table.bit(table.undecided, p.index(), s, head.concepts[c]);
      }
      if (all) ++head.equilibria[c].second;
      any = any || all;
    }
    if (profile) {
      bool all = true;
      for (const PartyId p : conflict.parties())
        all = all && table.bit(table.stable, p.index(), s, (*profile)[p.index()]);
      if (all) ++profile_equilibria;
      any = any || all;
    }
    if (all_states || (one ? table.states[s] == *one : any && listed.size() <= limit))
      listed.push_back(s);
  }
  if (profile) head.profile_equilibria = profile_equilibria;
  if (now)
    head.status_quo = conflict.graph_form() ? conflict.graph_number(table.states[*now])
                                            : static_cast<std::int64_t>(*now) + 1;
  if (!all_states && !one) {
    head.truncated = listed.size() > limit;
    if (head.truncated) listed.resize(limit);
    if (now && std::find(listed.begin(), listed.end(), *now) == listed.end())
      listed.insert(listed.begin(), *now);
  }
  if (open && head.end == End::Complete) head.end = End::Limit;
  emit_head();
  if (format == "csv" && listed.empty()) emit(csv->take());
  if (format == "text") emit(summary_text(conflict, head, session.style()));
  for (std::size_t i = 0; i < listed.size(); ++i) emit_row(table.row(conflict, listed[i]), i == 0);
  if (format == "json") emit(kStabilityTail);
  if (format == "text" && head.truncated)
    emit(fmt::format(
        "… more equilibria than --limit {} are not shown; --all-states writes every state\n",
        limit));
  if (open && table.end == End::Complete)
    session.complain("some SIM verdicts are undecided at the limit of combinations");
  return Session::exit_code(head.end);
}

int run_stability(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  const std::string format = r.json ? "json" : r.format.empty() ? "text" : r.format;
  // Pieces are small; they are gathered into blocks before they are written.
  std::string block;
  const int code =
      write_stability(session, *conflict, format, r.all_states, [&](const std::string& piece) {
        block += piece;
        if (block.size() < (1u << 16)) return;
        session.print(block);
        block.clear();
      });
  session.print(block);
  return code;
}

}  // namespace wayout::cli

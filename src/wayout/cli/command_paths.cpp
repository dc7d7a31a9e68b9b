#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/change/perceived.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/report/answer_text.hpp"
#include "wayout/report/perceived_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

std::string undecided(End end) {
  return end == End::Cancelled ? "Undecided, because it was interrupted" : "Undecided at the limit";
}

/// With `seen` every mover follows its interest as it sees it.
int print_drift(const Session& session, const Conflict& conflict, const Perceived* seen,
                State start, const PathSettings& settings) {
  RowSpace space(seen == nullptr ? conflict : seen->acting);
  const Drift d = drift(space, start, settings);
  const std::size_t most = session.request().limit.value_or(20);
  std::vector<PlaceErrors> errors;
  if (seen != nullptr && d.end == End::Complete)
    errors = place_errors(conflict, *seen, start, d, settings, session.request().json ? 100 : most);
  if (session.request().json) {
    session.print(drift_json(conflict, start, d, seen == nullptr ? nullptr : &errors));
    return Session::exit_code(d.end);
  }
  const TextStyle style = session.style();
  std::string out = heading(
      style, seen == nullptr ? "Where it drifts if each follows his own interest"
                             : "Where it drifts if each follows his own interest as he sees it");
  out += wrap("From: " + describe_state(conflict, start) + ".", style.width, 2) + "\n";
  if (d.end != End::Complete) {
    session.print(out +
                  wrap(fmt::format("{}: {} looked at.", undecided(d.end),
                                   counted(d.states, "state", "states")),
                       style.width, 2) +
                  "\n");
    return Session::exit_code(d.end);
  }
  out += wrap(fmt::format("{} can come about; it ends in {}.", counted(d.states, "state", "states"),
                          counted(d.sets.size(), "place", "places")),
              style.width, 2) +
         "\n";
  if (seen != nullptr) out += wrap(as_perceived_sentence(conflict), style.width, 2) + "\n";
  if (seen == nullptr && has_beliefs(conflict))
    out += wrap(beliefs_left_out(), style.width, 2) + "\n";
  std::size_t shown = 0;
  for (const auto& set : d.sets) {
    if (shown++ == most) {
      out += fmt::format("… and {} more (--limit)\n", d.sets.size() - most);
      break;
    }
    if (set.size() == 1) {
      out +=
          wrap("- rests at: " + describe_changes(conflict, start, set[0]) + ".", style.width, 2) +
          "\n";
    } else {
      out += wrap(fmt::format("- goes round without end among {} states, such as: {}.", set.size(),
                              describe_changes(conflict, start, set[0])),
                  style.width, 2) +
             "\n";
    }
    if (shown <= errors.size())
      out += place_errors_text(conflict, errors[shown - 1], set[0], style);
  }
  session.print(out);
  return kDone;
}

}  // namespace

int run_paths(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  if (r.to.empty() && !r.drift) {
    session.complain("paths needs a condition to lead to",
                     "--to \"treaty and not crisis\", or --drift for where it goes by itself");
    return kUsage;
  }
  if (r.drift && (!r.to.empty() || r.moves != "willing" || r.legal)) {
    session.complain("--drift follows willing moves wherever they lead",
                     "leave out --to, --moves and --legal");
    return kUsage;
  }
  if (r.as_perceived && (r.moves != "willing" || r.legal)) {
    session.complain("--as-perceived is about steps that movers are willing to take",
                     "leave out --moves and --legal");
    return kUsage;
  }
  const auto start = session.start(*conflict);
  if (!start) return conflict->status_quo() ? kUsage : kFaulty;
  PathSettings settings;
  settings.legal = r.legal;
  settings.most_options = r.most_options;
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.watch = session.watch();
  std::optional<Condition> avoid;
  if (!r.avoid.empty()) {
    avoid = session.condition(*conflict, r.avoid, "--avoid");
    if (!avoid) return kUsage;
    settings.avoid = [&avoid](State s) { return avoid->holds(s); };
  }
  if (!r.without.empty()) {
    PartyMask out = 0;
    for (const std::string& id : r.without) {
      const auto p = session.party(*conflict, id);
      if (!p) return kUsage;
      out |= mask_of(*p);
    }
    for (const MoverId m : conflict->movers())
      if ((conflict->mover(m).members & out) == 0) settings.movers.push_back(m);
    if (settings.movers.empty()) {
      session.complain("--without leaves nobody to move");
      return kUsage;
    }
  }
  std::optional<Perceived> seen;
  if (r.as_perceived && !(seen = session.perceived(*loaded, *conflict))) return kFaulty;
  if (r.drift) return print_drift(session, *conflict, seen ? &*seen : nullptr, *start, settings);
  RowSpace space(*conflict);
  std::optional<Condition> goal;
  for (const GoalInfo& g : conflict->goals())
    if (g.id == r.to)
      goal = session.condition(*conflict, conflict->parts().goals[g.part].when, "--to");
  if (!goal && is_id(r.to) && !conflict->condition(r.to)) {
    std::vector<std::string> known;
    for (const GoalInfo& g : conflict->goals()) known.push_back(g.id);
    for (const OptionId o : conflict->options()) known.push_back(conflict->option(o).id);
    for (const DefinePart& d : conflict->parts().defines) known.push_back(d.id);
    session.complain(fmt::format("--to {}: no goal, no option and no [[define]] has this id", r.to),
                     did_you_mean(r.to, known));
    return kUsage;
  }
  if (!goal) goal = session.condition(*conflict, r.to, "--to");
  if (!goal) return kUsage;
  const auto meets = [&goal](State s) { return goal->holds(s); };
  PathSearch found;
  std::vector<Mistake> mistaken;
  if (r.as_perceived) {
    found = perceived_path(*conflict, *seen, *start, meets, settings);
    if (found.path) mistaken = mistakes(*conflict, *found.path);
  } else if (r.moves == "least-concession") {
    found = least_concession(space, *start, meets, settings);
  } else {
    settings.will = r.moves == "any"         ? Will::Any
                    : r.moves == "not-worse" ? Will::NotWorse
                                             : Will::Improvement;
    found = shortest_path(space, *start, meets, settings);
  }
  if (r.json) {
    session.print(
        paths_json(*conflict, *start, r.to, r.moves, found, r.as_perceived ? &mistaken : nullptr));
    return Session::exit_code(found.end);
  }
  const TextStyle style = session.style();
  const std::string kind =
      r.moves == "any"                ? "any moves, willing or not"
      : r.moves == "not-worse"        ? "moves that make no mover worse off"
      : r.moves == "least-concession" ? "any moves, with the fewest unwilling steps"
      : r.as_perceived ? "steps that their movers are willing to take as they see them"
                       : "willing steps only";
  const std::string options =
      r.most_options > 0 ? fmt::format("at most {} options changed in one move", r.most_options)
                         : std::string("any number of options changed in one move");
  std::string out =
      wrap(fmt::format("From: {}.", describe_state(*conflict, *start)), style.width, 2) + "\n";
  out += wrap(fmt::format("To: {} ({}; {}).", goal->text, kind, options), style.width, 2) + "\n";
  if (!found.path) {
    constexpr std::string_view kNone = "There is no such path";
    out += found.end == End::Complete
               ? style.bad(kNone) +
                     wrap_after(kNone.size(),
                                fmt::format(": {} can be reached, and none of them meets it.",
                                            counted(found.states, "state", "states")),
                                style.width, 2) +
                     "\n"
               : wrap(style.maybe(undecided(found.end)) +
                          fmt::format(": {} looked at.", counted(found.states, "state", "states")),
                      style.width, 2) +
                     "\n";
    session.print(out);
    return Session::exit_code(found.end);
  }
  const std::string length =
      fmt::format("A path of {}", counted(found.path->steps.size(), "step", "steps"));
  std::string against;
  if (found.path->unwilling > 0 && !r.as_perceived)
    against = fmt::format(", {} of them against somebody's own interest", found.path->unwilling);
  out += style.good(length) + wrap_after(length.size(), against + ":", style.width, 2) + "\n" +
         path_text(*conflict, *found.path, style, 2);
  if (r.as_perceived) out += wrap(as_perceived_sentence(*conflict), style.width, 2) + "\n";
  out += mistakes_text(*conflict, mistaken, style, 0);
  if (!r.as_perceived && r.moves == "willing" && has_beliefs(*conflict))
    out += wrap(beliefs_left_out(), style.width, 2) + "\n";
  const PathMarks marks = path_marks(*conflict, *found.path);
  for (const OptionId o : marks.bought_options)
    out += wrap("Bought: moves and later moves back: " + conflict->option(o).name + ".",
                style.width, 2) +
           "\n";
  for (const PartyId p : marks.worse_parties)
    out += wrap("Worse off on the way than at the start: " + conflict->party(p).name + ".",
                style.width, 2) +
           "\n";
  session.print(out);
  return kDone;
}

}  // namespace wayout::cli

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/change/course.hpp"
#include "wayout/change/levels.hpp"
#include "wayout/change/way_out.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/room_json.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/report/linkage_text.hpp"
#include "wayout/room/linkage.hpp"

namespace wayout::cli {
namespace {

/// Says of a dispute which goals willing steps reach, or (thorough) which have a way out, and where
/// it drifts.
class Judge {
 public:
  /// `most_states` bounds each search of what is told in full, `light` each of the many others.
  Judge(State start, std::uint64_t most_states, std::uint64_t light, Watch watch)
      : start_(start), most_(most_states), light_(light), watch_(std::move(watch)) {
    watch_.progress = nullptr;
  }

  GroupingView operator()(const Conflict& conflict, bool thorough) const {
    GroupingView out;
    out.goals.assign(conflict.goals().size(), GoalState::Out);
    RowSpace space(conflict);
    reach(space, out, thorough);
    // The drift of a large dispute costs more than all the rest: only where it will be told.
    if (thorough || conflict.raw_size() <= kSmall) {
      PathSettings settings;
      settings.most_states = most_;
      settings.watch = watch_;
      const Drift d = drift(space, start_, settings);
      note(out, d.end);
      if (d.end == End::Complete)
        for (const auto& set : d.sets) out.drift.insert(out.drift.end(), set.begin(), set.end());
    }
    if (thorough) way_out(conflict, out);
    return out;
  }

 private:
  static void note(GroupingView& out, End end) {
    if (end == End::Cancelled || (end == End::Limit && out.end == End::Complete)) out.end = end;
  }

  /// What cannot come about is refuted and what clean courses lead to is found at little cost; for
  /// the goals left, one search for all that avoid the same. Where that meets the bound of a light
  /// look a goal is undecided, and nothing else is.
  void reach(RowSpace& space, GroupingView& out, bool thorough) const {
    const Conflict& conflict = space.conflict();
    const Levels levels(conflict, start_);
    std::map<std::optional<ExprId>, std::vector<std::size_t>> by_avoid;
    for (std::size_t g = 0; g < conflict.goals().size(); ++g)
      if (levels.may_hold(conflict.goals()[g].when))
        by_avoid[conflict.goals()[g].avoid].push_back(g);
    for (const auto& [avoid, goals] : by_avoid) {
      std::size_t open = goals.size();
      const auto look = [&](State s) {
        for (const std::size_t g : goals)
          if (out.goals[g] == GoalState::Out && conflict.holds(conflict.goals()[g].when, s)) {
            out.goals[g] = GoalState::Reachable;
            --open;
          }
        return open == 0;
      };
      PathSettings settings;
      settings.most_states = thorough ? most_ : light_;
      settings.watch = watch_;
      if (avoid) settings.avoid = [&conflict, e = *avoid](State s) { return conflict.holds(e, s); };
      CourseSettings clean;
      clean.avoid = settings.avoid;
      clean.most_states = settings.most_states;
      clean.watch = watch_;
      const Courses courses(space, start_, std::move(clean));
      for (std::size_t i = 0; i < courses.size() && open > 0; ++i) look(courses.state(i));
      if (open == 0) continue;
      const PathSearch search = shortest_path(space, start_, look, settings);
      if (search.end == End::Complete) continue;
      if (thorough || search.end == End::Cancelled || watch_.out_of_time()) note(out, search.end);
      for (const std::size_t g : goals)
        if (out.goals[g] == GoalState::Out) out.goals[g] = GoalState::Undecided;
    }
  }

  void way_out(const Conflict& conflict, GroupingView& out) const {
    std::vector<std::size_t> reached;
    for (std::size_t g = 0; g < out.goals.size(); ++g)
      if (out.goals[g] == GoalState::Reachable) reached.push_back(g);
    if (reached.empty()) return;
    WayOutSettings settings;
    settings.from = start_;
    settings.details = false;
    settings.watch = watch_;
    settings.most_states = std::min<std::size_t>(settings.most_states, most_);
    for (const WayOut& w : ways_out(conflict, reached, settings)) {
      note(out, w.end);
      if (!w.exists && w.end != End::Complete) out.goals[w.goal] = GoalState::Undecided;
      if (w.exists) out.goals[w.goal] = w.clean ? GoalState::WayOut : GoalState::Depends;
    }
  }

  static constexpr std::uint64_t kSmall = 1u << 16;  ///< combinations of levels

  State start_;
  std::size_t most_;
  std::size_t light_;
  Watch watch_;
};

}  // namespace

int run_linkage(const Session& session, const Conflict& conflict, State start,
                const std::vector<State>& drifted, const RoomSettings& room) {
  const Request& r = session.request();
  if (conflict.graph_form()) {
    session.complain("--linkage needs options, and this case is in graph form");
    return kUsage;
  }
  if (!conflict.status_quo()) {
    session.complain("--linkage starts from today, and this case names no status quo");
    return kUsage;
  }
  LinkageSettings settings;
  settings.room = room;
  settings.watch = session.watch();
  settings.most_listed = r.limit.value_or(5);
  for (const std::string& id : r.issues) {
    const auto o = conflict.find_option(id);
    if (!o) {
      std::vector<std::string> known;
      for (const OptionId k : conflict.options()) known.push_back(conflict.option(k).id);
      const std::string hint = did_you_mean(id, known);
      session.complain(fmt::format("--issues {}: there is no such option", id),
                       hint.empty() ? "the options are " + join_and(known) : hint);
      return kUsage;
    }
    settings.issues.push_back(*o);
  }
  if (r.max_groupings > 0) settings.most_groupings = r.max_groupings;
  constexpr std::uint64_t kFull = std::uint64_t{1} << 21;
  constexpr std::uint64_t kLight = 20'000;
  const Judge judge(start, r.max_states > 0 ? r.max_states : kFull,
                    r.max_states > 0 ? r.max_states : kLight, session.watch());
  const Linkage found = linkage(conflict, drifted, judge, settings);
  session.print(r.json ? linkage_json(conflict, found)
                       : linkage_text(conflict, found, session.style()));
  return Session::exit_code(found.end);
}

}  // namespace wayout::cli

#include "wayout/room/linkage.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "wayout/model/view.hpp"

namespace wayout {
namespace {

bool is_open(const TrackPart& t) { return t.open; }

/// Without what may name a track that is about to go.
Parts alone(Parts parts) {
  parts.measures.clear();
  parts.variants.clear();
  parts.beliefs.clear();
  parts.claims.clear();
  return parts;
}

/// Numbers of blocks, one per issue, and which blocks are linked: a grouping in short.
struct Key {
  std::vector<int> block;
  std::set<int> linked;
  friend auto operator<=>(const Key&, const Key&) = default;
  friend bool operator==(const Key&, const Key&) = default;
};

/// Blocks renumbered by their first issue.
Key canonical(const Key& key) {
  std::map<int, int> number;
  Key out;
  for (const int b : key.block) {
    const auto it = number.emplace(b, static_cast<int>(number.size())).first;
    out.block.push_back(it->second);
  }
  for (const int b : key.linked)
    if (const auto it = number.find(b); it != number.end()) out.linked.insert(it->second);
  return out;
}

class Study {
 public:
  Study(const Conflict& conflict, std::span<const State> drift, const GroupingJudge& judge,
        const LinkageSettings& settings)
      : conflict_(conflict), drift_(drift), judge_(judge), settings_(settings) {
    out_.issues = settings.issues;
    if (out_.issues.empty())
      for (const OptionId o : conflict.options()) {
        const std::string& id = conflict.option(o).id;
        for (const TrackPart& t : conflict.parts().tracks)
          if (is_open(t) && std::find(t.table.begin(), t.table.end(), id) != t.table.end()) {
            out_.issues.push_back(o);
            break;
          }
      }
    std::sort(out_.issues.begin(), out_.issues.end());
    out_.issues.erase(std::unique(out_.issues.begin(), out_.issues.end()), out_.issues.end());
    base_ = settings.room.from ? *settings.room.from : *conflict.status_quo();
  }

  Linkage run() {
    out_.today = judge_(conflict_, true);
    out_.goals.resize(out_.today.goals.size());
    if (stop(out_.today.end)) return std::move(out_);
    present_ = present();
    out_.present = grouping(present_);
    blocking();
    if (out_.issues.empty()) {
      out_.exhaustive = true;
      return std::move(out_);
    }
    out_.exhaustive = out_.issues.size() <= settings_.most_exhaustive;
    if (out_.exhaustive) {
      every_grouping();
    } else {
      climb();
    }
    finish();
    return std::move(out_);
  }

 private:
  /// Ranks groupings, the smaller the better.
  using Standing = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::size_t>;
  struct Judged {
    Key key;
    GroupingResult result;
  };

  bool stop(End end) {
    if (end == End::Cancelled || settings_.watch.cancelled()) out_.end = End::Cancelled;
    if (out_.end == End::Complete && (end == End::Limit || settings_.watch.out_of_time()))
      out_.end = End::Limit;
    return out_.end == End::Cancelled || settings_.watch.out_of_time();
  }

  Key present() const {
    Key key;
    const auto& tracks = conflict_.parts().tracks;
    for (std::size_t i = 0; i < out_.issues.size(); ++i) {
      const std::string& id = conflict_.option(out_.issues[i]).id;
      int block = static_cast<int>(tracks.size() + i);
      for (std::size_t t = tracks.size(); t-- > 0;)
        if (is_open(tracks[t]) &&
            std::find(tracks[t].table.begin(), tracks[t].table.end(), id) != tracks[t].table.end())
          block = static_cast<int>(t);
      key.block.push_back(block);
    }
    for (std::size_t t = 0; t < tracks.size(); ++t)
      if (is_open(tracks[t]) && tracks[t].linked == "true") key.linked.insert(static_cast<int>(t));
    return canonical(key);
  }

  Grouping grouping(const Key& key) const {
    Grouping out;
    for (std::size_t i = 0; i < key.block.size(); ++i) {
      const auto b = static_cast<std::size_t>(key.block[i]);
      if (b >= out.blocks.size()) out.blocks.resize(b + 1);
      out.blocks[b].issues.push_back(out_.issues[i]);
      out.blocks[b].parties |= conflict_.option(out_.issues[i]).owners;
      out.blocks[b].linked = key.linked.count(key.block[i]) != 0;
    }
    return out;
  }

  /// Blocks where a link says something: two agreements or more.
  std::set<int> linkable(const Key& key) const {
    std::map<int, int> joint;
    for (std::size_t i = 0; i < key.block.size(); ++i)
      joint[key.block[i]] += conflict_.option(out_.issues[i]).joint ? 1 : 0;
    std::set<int> out;
    for (const auto& [b, n] : joint)
      if (n >= 2) out.insert(b);
    return out;
  }

  std::size_t distance(const Key& key) const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < key.block.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        out += (key.block[i] == key.block[j]) != (present_.block[i] == present_.block[j]) ? 1 : 0;
    return out;
  }

  Fortune fortune(PartyId p, const std::vector<State>& drift) const {
    if (!conflict_.weak_order(p) || drift.empty() || out_.today.drift.empty())
      return Fortune::Mixed;
    const auto ends = [&](const std::vector<State>& states) {
      std::pair<Score, Score> out{conflict_.score(p, states[0]), conflict_.score(p, states[0])};
      for (const State s : states) {
        const Score at = conflict_.score(p, s);
        out.first = std::min(out.first, at);
        out.second = std::max(out.second, at);
      }
      return out;
    };
    const auto now = ends(out_.today.drift);
    const auto then = ends(drift);
    if (now == then) return Fortune::Same;
    if (then.first >= now.first && then.second >= now.second) return Fortune::Better;
    if (then.first <= now.first && then.second <= now.second) return Fortune::Worse;
    return Fortune::Mixed;
  }

  Standing standing(const GroupingResult& r) const {
    std::int64_t out = 0, reachable = 0, worse = 0, better = 0;
    for (const GoalState g : r.view.goals) {
      out += g == GoalState::WayOut ? 1 : 0;
      reachable += g == GoalState::Reachable || g == GoalState::Depends || g == GoalState::WayOut;
    }
    for (const Fortune f : r.fortunes) {
      worse += f == Fortune::Worse ? 1 : 0;
      better += f == Fortune::Better ? 1 : 0;
    }
    return {-out, -reachable, worse, -better, r.distance};
  }

  static bool reached(GoalState g) {
    return g == GoalState::Reachable || g == GoalState::Depends || g == GoalState::WayOut;
  }

  /// Judges a grouping once; nullopt where the limit or an interruption came first.
  std::optional<Standing> look(const Key& raw) {
    const Key key = canonical(raw);
    if (const auto it = seen_.find(key); it != seen_.end()) return it->second;
    if (stop(End::Complete)) return std::nullopt;
    if (out_.looked_at >= settings_.most_groupings) {
      if (out_.end == End::Complete) out_.end = End::Limit;
      return std::nullopt;
    }
    Judged j;
    j.key = key;
    j.result.grouping = grouping(key);
    const auto built = regrouped(conflict_, j.result.grouping);
    contract(built.has_value(), "a grouping of issues by their owners builds");
    j.result.view = judge_(*built, false);
    stop(j.result.view.end);
    if (out_.end == End::Cancelled) return std::nullopt;
    ++out_.looked_at;
    const auto& states = j.result.view.goals;
    out_.undecided += std::count(states.begin(), states.end(), GoalState::Undecided) > 0 ? 1 : 0;
    settings_.watch.tell("groupings", out_.looked_at, 0);
    j.result.distance = distance(key);
    for (const PartyId p : conflict_.parties())
      j.result.fortunes.push_back(fortune(p, j.result.view.drift));
    for (std::size_t g = 0; g < out_.goals.size(); ++g) {
      if (!reached(j.result.view.goals[g])) continue;
      auto& reach = out_.goals[g];
      ++reach.groupings;
      const std::pair<std::size_t, Key> mine{j.result.distance, key};
      if (reach.closest && closest_[g] <= mine) continue;
      closest_[g] = mine;
      reach.closest = j.result.grouping;
    }
    const Standing at = standing(j.result);
    seen_.emplace(key, at);
    kept_.push_back(std::move(j));
    if (kept_.size() > 4 * settings_.most_listed + 64) keep_best();
    return at;
  }

  void keep_best() {
    std::sort(kept_.begin(), kept_.end(), [&](const Judged& a, const Judged& b) {
      return std::make_pair(standing(a.result), a.key) < std::make_pair(standing(b.result), b.key);
    });
    if (kept_.size() > settings_.most_listed) kept_.resize(settings_.most_listed);
  }

  void every_grouping() {
    // Restricted growth strings: each block number is at most one above those before it.
    Key key;
    key.block.assign(out_.issues.size(), 0);
    while (true) {
      key.linked.clear();
      if (!look(key)) return;
      key.linked = linkable(key);
      if (!key.linked.empty() && !look(key)) return;
      std::size_t i = key.block.size();
      while (i-- > 1) {
        const int top = *std::max_element(key.block.begin(),
                                          key.block.begin() + static_cast<std::ptrdiff_t>(i));
        if (key.block[i] <= top) break;
        key.block[i] = 0;
      }
      if (i == 0) return;
      ++key.block[i];
    }
  }

  void climb() {
    Key at = present_;
    auto best = look(at);
    if (!best) return;
    while (true) {
      std::optional<std::pair<Standing, Key>> next;
      bool finished = true;
      for (const Key& k : neighbours(at)) {
        const auto standing = look(k);
        if (!standing) {
          finished = false;
          break;
        }
        if (*standing < *best && (!next || std::make_pair(*standing, k) < *next))
          next.emplace(*standing, k);
      }
      if (!finished || !next) return;
      best = next->first;
      at = next->second;
    }
  }

  std::vector<Key> neighbours(const Key& at) const {
    std::vector<Key> out;
    const int blocks = *std::max_element(at.block.begin(), at.block.end()) + 1;
    for (std::size_t i = 0; i < at.block.size(); ++i)
      for (int b = 0; b <= blocks; ++b) {
        if (b == at.block[i]) continue;
        Key k = at;
        k.block[i] = b;
        out.push_back(canonical(k));
      }
    for (int a = 0; a < blocks; ++a)
      for (int b = a + 1; b < blocks; ++b) {
        Key k = at;
        std::replace(k.block.begin(), k.block.end(), b, a);
        k.linked.erase(b);
        out.push_back(canonical(k));
      }
    for (const int b : linkable(at)) {
      Key k = at;
      if (k.linked.erase(b) == 0) k.linked.insert(b);
      out.push_back(canonical(k));
    }
    Key apart = at;
    for (std::size_t i = 0; i < apart.block.size(); ++i) apart.block[i] = static_cast<int>(i);
    apart.linked.clear();
    out.push_back(apart);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  /// The few to be shown: judged thoroughly, with the room of each of their tables.
  void finish() {
    keep_best();
    for (Judged& j : kept_) {
      const auto built = regrouped(conflict_, j.result.grouping);
      if (out_.end != End::Cancelled && !settings_.watch.out_of_time()) {
        GroupingView view = judge_(*built, true);
        const End end = view.end;
        if (end != End::Cancelled) {
          j.result.view = std::move(view);
          j.result.thorough = true;
          j.result.fortunes.clear();
          for (const PartyId p : conflict_.parties())
            j.result.fortunes.push_back(fortune(p, j.result.view.drift));
        }
        stop(end);
      }
      RoomSettings settings = settings_.room;
      settings.demands.look = false;
      settings.watch = settings_.watch;
      j.result.room.assign(j.result.grouping.blocks.size(), 0);
      std::size_t b = 0;
      for (const DealTable& t : tables_of(*built)) {
        if (t.everybody || t.id.rfind("group_", 0) != 0) continue;
        while (!j.result.grouping.blocks[b].table()) ++b;
        j.result.room[b++] = table_room(t, base_, references(), settings).room;
      }
    }
    std::stable_sort(kept_.begin(), kept_.end(), [&](const Judged& a, const Judged& b) {
      return std::make_pair(standing(a.result), a.key) < std::make_pair(standing(b.result), b.key);
    });
    for (Judged& j : kept_) out_.best.push_back(std::move(j.result));
  }

  std::vector<State> references() const {
    if (settings_.room.than == Than::Now || drift_.empty()) return {*conflict_.status_quo()};
    return {drift_.begin(), drift_.end()};
  }

  std::uint64_t room_of(const Conflict& conflict, const std::string& track) const {
    RoomSettings settings = settings_.room;
    settings.demands.look = false;
    settings.watch = settings_.watch;
    for (const DealTable& t : tables_of(conflict))
      if (t.id == track) return table_room(t, base_, references(), settings).room;
    return 0;
  }

  void blocking() {
    const auto bare = build(alone(conflict_.parts()));
    contract(bare.has_value(), "a conflict builds without its measures");
    for (const TrackPart& track : conflict_.parts().tracks) {
      if (!track.open || room_of(*bare, track.id) > 0) continue;
      const auto without = [&](const EffectPart& effect, std::optional<OptionId> issue) {
        const auto changed = apply_effects(*bare, std::vector<EffectPart>{effect});
        if (!changed) return;
        const std::uint64_t room = room_of(*changed, track.id);
        if (room > 0) out_.blocking.push_back({track.id, issue, room});
      };
      EffectPart effect;
      effect.target = track.id;
      if (!track.linked.empty()) {
        effect.kind = EffectKind::Unlink;
        without(effect, std::nullopt);
      }
      effect.kind = EffectKind::Table;
      for (const std::string& id : track.table) {
        effect.remove = {id};
        without(effect, conflict_.find_option(id));
      }
    }
  }

  const Conflict& conflict_;
  std::span<const State> drift_;
  const GroupingJudge& judge_;
  const LinkageSettings& settings_;
  State base_;
  Key present_;
  std::map<Key, Standing> seen_;
  std::map<std::size_t, std::pair<std::size_t, Key>> closest_;
  std::vector<Judged> kept_;
  Linkage out_;
};

}  // namespace

Result<Conflict> regrouped(const Conflict& conflict, const Grouping& grouping) {
  Parts parts = alone(conflict.parts());
  std::set<std::string> moved;
  for (const Block& b : grouping.blocks)
    for (const OptionId o : b.issues) moved.insert(conflict.option(o).id);
  std::vector<TrackPart> tracks;
  bool none_worse = false;
  bool all_better = false;
  for (TrackPart t : parts.tracks) {
    if (!is_open(t)) continue;
    (t.consent == Consent::NoneWorse ? none_worse : all_better) = true;
    std::erase_if(t.table, [&](const std::string& id) { return moved.count(id) != 0; });
    if (!t.table.empty()) tracks.push_back(std::move(t));
  }
  std::size_t n = 0;
  for (const Block& b : grouping.blocks) {
    ++n;
    if (!b.table()) continue;
    TrackPart t;
    t.id = "group_" + std::to_string(n);
    for (const PartyId p : conflict.parties())
      if (contains(b.parties, p)) t.parties.push_back(conflict.party(p).id);
    for (const OptionId o : b.issues) t.table.push_back(conflict.option(o).id);
    t.linked = b.linked ? "true" : "";
    // As today's tables consent, where they all do it in the one way; "none worse" says nothing of
    // a unanimous preference.
    bool orders = true;
    for (const PartyId p : conflict.parties())
      orders = orders && (!contains(b.parties, p) || conflict.weak_order(p));
    t.consent = none_worse && !all_better && orders ? Consent::NoneWorse : Consent::AllBetter;
    tracks.push_back(std::move(t));
  }
  parts.tracks = std::move(tracks);
  const auto known = [&](const std::string& id) {
    return conflict.find_party(id).has_value() ||
           std::any_of(parts.tracks.begin(), parts.tracks.end(),
                       [&](const TrackPart& t) { return t.id == id; });
  };
  std::erase_if(parts.tempos, [&](const TempoPart& t) {
    return !t.track.empty() && t.track != "*" && !known(t.track);
  });
  std::erase_if(parts.rules, [&](const RulePart& r) {
    return r.forbid && !r.forbid->by.empty() && !known(r.forbid->by);
  });
  return build(std::move(parts));
}

Linkage linkage(const Conflict& conflict, std::span<const State> drift, const GroupingJudge& judge,
                const LinkageSettings& settings) {
  contract(!conflict.graph_form(), "grouping needs options");
  contract(conflict.status_quo().has_value(), "grouping starts from a status quo");
  return Study(conflict, drift, judge, settings).run();
}

}  // namespace wayout

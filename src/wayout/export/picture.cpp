#include "wayout/export/picture.hpp"

#include <algorithm>

#include "wayout/base/text.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {

std::string short_label(const Conflict& conflict, State s, std::size_t most) {
  if (conflict.graph_form()) {
    const StatePart& part = conflict.parts().states[s.node()];
    if (!part.name.empty()) return part.name;
    if (conflict.option_count() == 0) return "state " + std::to_string(part.number);
  }
  std::vector<std::string> taken;
  for (const OptionId o : conflict.options()) {
    const int level = conflict.level(s, o);
    if (level == 0) continue;
    const OptionInfo& info = conflict.option(o);
    taken.push_back(info.binary ? info.name
                                : info.name + ": " + info.levels[static_cast<std::size_t>(level)]);
  }
  if (taken.empty()) return "nothing";
  if (taken.size() > most) {
    const std::size_t more = taken.size() - most;
    taken.resize(most);
    taken.push_back(std::to_string(more) + " more");
  }
  return join(taken, ", ");
}

GraphPicture picture_of(const Conflict& conflict, std::span<const PictureState> states,
                        const PictureSettings& settings) {
  GraphPicture picture;
  picture.title = conflict.parts().title;
  for (const MoverId m : conflict.movers())
    picture.movers.push_back({conflict.mover(m).name, conflict.mover(m).track});
  const auto drawn =
      states.first(std::min({states.size(), settings.most_states, PictureSettings::kMostStates}));
  picture.left_out = states.size() - drawn.size();
  const auto now = conflict.status_quo();
  for (const PictureState& s : drawn) {
    GraphPicture::Node node;
    node.label = (s.number.empty() ? "" : s.number + ": ") + short_label(conflict, s.state);
    node.marks = s.marks;
    node.role = s.role;
    if (node.role == NodeRole::Plain && now && *now == s.state) node.role = NodeRole::StatusQuo;
    picture.nodes.push_back(std::move(node));
  }
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    for (const MoverId m : conflict.movers()) {
      for (std::size_t k = 0; k < drawn.size(); ++k) {
        const State from = drawn[i].state;
        const State to = drawn[k].state;
        if (!is_move(conflict, m, from, to)) continue;
        const bool wanted = wants(conflict, m, from, to);
        if (!wanted && !settings.unwilling_moves) continue;
        picture.edges.push_back({i, k, m.index(), wanted ? EdgeKind::Improvement : EdgeKind::Move});
      }
    }
  }
  return picture;
}

}  // namespace wayout

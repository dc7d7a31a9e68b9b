#include "wayout/stability/cone_map.hpp"

#include <map>

#include "wayout/space/state_table.hpp"

namespace wayout {

ConeMap::ConeMap(const AnswerModel& model) : fits_(make_blocks(model)) {
  if (!fits_) return;
  for (const RowTables& rows : model.rows)
    for (const Block& b : blocks_) sights_.push_back(look(rows, b));
}

bool ConeMap::make_blocks(const AnswerModel& model) {
  const Conflict& c = *model.conflict;
  std::map<PartyMask, std::size_t> of_party;
  for (const OptionId o : c.options()) {
    const OptionInfo& info = c.option(o);
    if ((info.mask() & model.free) == 0) continue;
    std::size_t at = blocks_.size();
    if (!info.joint) at = of_party.emplace(info.owners, at).first->second;
    if (at == blocks_.size()) {
      blocks_.emplace_back();
      blocks_.back().values.push_back(0);
    }
    Block& b = blocks_[at];
    b.wheels.push_back({info.shift, info.field(), b.values.size()});
    b.mask |= info.mask();
    BitsList longer;
    for (std::size_t level = 0; level < info.levels.size(); ++level)
      for (const UInt128 v : b.values) longer.push_back(v | (UInt128{level} << info.shift));
    b.values = std::move(longer);
    if (b.values.size() > kMostValues) return false;
  }
  return true;
}

ConeMap::Sight ConeMap::look(const RowTables& rows, const Block& b) const {
  Sight out;
  if ((rows.outside() & b.mask) != 0) {
    StateTable groups;
    for (const UInt128 v : b.values)
      out.seen.push_back(static_cast<std::uint16_t>(groups.intern(State{v & rows.outside()})));
    const auto literals = rows.literals();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      Show show;
      show.bits = groups[static_cast<StateNumber>(g)].bits;
      show.pattern.raw = show.bits & rows.raw_mask();
      show.pattern.open = ~UInt128{0};
      for (std::size_t l = 0; l < literals.size(); ++l)
        if (((show.bits ^ literals[l].value) & literals[l].mask & b.mask) != 0)
          show.pattern.open &= ~(UInt128{1} << l);
      out.shows.push_back(show);
    }
  }
  if ((rows.own() & b.mask) != 0) {
    StateTable groups;
    for (const UInt128 v : b.values)
      out.own.push_back(static_cast<std::uint16_t>(groups.intern(State{v & rows.own()})));
    for (const UInt128 v : rows.settings())
      out.of_setting.push_back(
          static_cast<std::uint16_t>(groups.intern(State{v & b.mask & rows.own()})));
    out.own_groups = groups.size();
  }
  return out;
}

}  // namespace wayout

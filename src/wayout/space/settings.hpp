#pragma once
/// @file
/// The settings that one mover can choose from: its levels, run through like the wheels of a
/// counter.

#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// Calls visit(bits) for every combination of levels of the options that the mover sets freely, the
/// first of them fastest. Agreements that it may only leave and options that are switched off stay
/// at their first level. Rules are not looked at.
template <class Visit>
void for_each_setting(const Conflict& conflict, const MoverInfo& mover, const Visit& visit) {
  struct Wheel {
    UInt128 mask;
    int shift;
    unsigned levels;
    unsigned at;
  };
  std::vector<Wheel> wheels;
  for (const Digit& d : mover.digits) {
    const OptionInfo& o = conflict.option(d.option);
    if (d.change != Change::Leave && o.enabled)
      wheels.push_back({o.mask(), o.shift, static_cast<unsigned>(o.levels.size()), 0});
  }
  UInt128 bits = 0;
  while (true) {
    visit(bits);
    std::size_t i = 0;
    for (; i < wheels.size(); ++i) {
      Wheel& w = wheels[i];
      w.at = w.at + 1 < w.levels ? w.at + 1 : 0;
      bits = (bits & ~w.mask) | (UInt128{w.at} << w.shift);
      if (w.at > 0) break;
    }
    if (i == wheels.size()) return;
  }
}

}  // namespace wayout

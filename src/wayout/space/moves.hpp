#pragma once
/// @file
/// Moves and improvements of every mover (SEMANTICS section 1), one state at a time.

#include <functional>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// Whether a digit that may change so can go from one level to another; staying counts.
inline bool permitted(Change change, int from, int to) {
  switch (change) {
    case Change::Any:
      return true;
    case Change::Up:
      return to >= from;
    case Change::Down:
      return to <= from;
    case Change::Leave:
      return to == from || to == 0;
  }
  return false;
}

/// t ∈ R_m(s): m can go from s to t in one move. Requires s feasible; tests everything about t.
bool is_move(const Conflict& conflict, MoverId m, State s, State t);

/// t is an improvement over s for m, if it is a move: better for the party; for a track better for
/// every member, or, with consent none-worse, worse for none and better for one.
bool wants(const Conflict& conflict, MoverId m, State s, State t);

/// Calls `visit` for every t ∈ R_m(s) until it returns false. Order: ascending in the mover's
/// options. Cost: the product of the levels it can set. Requires s feasible.
void for_each_move(const Conflict& conflict, MoverId m, State s,
                   const std::function<bool(State)>& visit);

/// R_m(s) and R_m^+(s), ascending.
std::vector<State> moves(const Conflict& conflict, MoverId m, State s);
std::vector<State> improvements(const Conflict& conflict, MoverId m, State s);

/// The opponents of p: every other party and every track without p.
std::vector<MoverId> opponents(const Conflict& conflict, PartyId p);

/// Raw combinations of the options a mover can change; saturates at 2^64 - 1.
std::uint64_t row_bound(const Conflict& conflict, MoverId m);

}  // namespace wayout

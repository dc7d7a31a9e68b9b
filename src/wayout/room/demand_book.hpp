#pragma once
/// @file
/// Outcomes as demands see them. For this room only.

#include <cstdint>
#include <optional>
#include <vector>

#include "wayout/room/demands.hpp"
#include "wayout/room/taste.hpp"

namespace wayout {

using Bits = std::vector<std::uint64_t>;
inline bool bit(const Bits& bits, std::size_t i) { return (bits[i / 64] >> (i % 64)) & 1u; }
inline void set_bit(Bits& bits, std::size_t i) { bits[i / 64] |= std::uint64_t{1} << (i % 64); }

/// Splits what an outcome means to each member into atoms, each a gain or a loss against its
/// reference; the atoms that apply at an outcome are its pattern.
class DemandBook {
 public:
  DemandBook(const DealTable& table, const std::vector<Taste>& tastes,
             const References& references);

  const std::vector<Demand>& demands() const { return demands_; }
  /// The atoms that apply at an outcome.
  Bits pattern(State s) const;
  /// Whether everybody consents to an outcome when only losses on `counted` demands count.
  bool suits(const Bits& pattern, const Bits& counted) const;
  /// The demands lost at an outcome.
  std::vector<std::size_t> lost(const Bits& pattern) const;
  /// Every demand counts.
  Bits all() const;

  struct Waiver {
    /// Fewest demands of each member that have to be given up; nullopt where no giving up helps.
    std::vector<std::vector<std::size_t>> members;
    std::size_t total = 0;
  };
  std::optional<Waiver> fewest(const Bits& pattern) const;
  /// The same where nobody but this member gives anything up.
  std::optional<Waiver> alone(const Bits& pattern, std::size_t member) const;
  /// How far behind its reference a member is, {vital, ordinary}; zeros where it has no points.
  std::pair<std::int64_t, std::int64_t> shortfall(const Bits& pattern, std::size_t member) const;
  bool numeric(std::size_t member) const { return members_[member].points; }
  /// The member gains something at an outcome, whatever else it loses.
  bool gains(const Bits& pattern, std::size_t member) const;
  std::size_t atoms() const { return atoms_.size(); }

 private:
  struct Atom {
    std::size_t demand = 0;  ///< of a loss
    bool gain = false;
    bool vital = false;
    std::int64_t size = 1;
    std::size_t statement = 0;  ///< Statement: applies where it holds, or where it fails
    bool holds = true;
    OptionId option;  ///< Option: applies at this level
    int level = 0;
    int order = 0;  ///< Order: 1 applies always, 0 where no better, -1 where worse
  };
  struct Member {
    PartyId party;
    Demand::Kind kind = Demand::Kind::Statement;
    bool points = false;
    bool priorities = false;  ///< atoms by importance: the first that counts decides
    std::size_t begin = 0;
    std::size_t end = 0;  ///< into atoms_
  };
  void statements(const DealTable& table, Member& m, State reference);
  void options(const DealTable& table, Member& m, State reference);
  /// Negative, zero, positive as the member is worse, equal or better off, by losses on `counted`.
  int standing(const Member& m, const Bits& pattern, const Bits& counted) const;
  std::optional<std::vector<std::size_t>> to_give_up(const Member& m, const Bits& pattern,
                                                     bool strictly) const;

  const DealTable* table_;
  const std::vector<Taste>* tastes_;
  const References* references_;
  std::vector<Member> members_;
  std::vector<Atom> atoms_;
  std::vector<Demand> demands_;
};

}  // namespace wayout

#pragma once
/// @file
/// The builder's inside, split over build*.cpp. For the model room only.

#include <string>
#include <string_view>
#include <unordered_map>

#include "wayout/base/text.hpp"
#include "wayout/model/data.hpp"

namespace wayout {

/// The six names of SEMANTICS section 2, as a hold or a claim may use them.
bool is_concept_name(std::string_view name);

/// Collects faults while it turns parts into a Conflict.
class Builder {
 public:
  explicit Builder(Parts parts);
  Result<Conflict> run();

 private:
  using Data = Conflict::Data;

  void fault_at(std::string code, std::string message, std::string path, std::string hint = {});
  void add_faults(const Errors& errors, const std::string& path);
  bool full() const;
  ExprId resolve(std::string_view text, const std::string& path);
  void known_party(const std::string& id, const std::string& path);

  void ids();
  void parties();
  void options();
  void option(std::size_t index);
  void or_now(const OptionPart& part, const OptionInfo& o);
  void graph_states();
  void graph_arcs();
  void defines();
  void status_quo();
  void rules();
  void party_movers();
  void track(const TrackPart& part);
  void tracks();
  void forbids();
  void preferences();
  CompiledPreference preference(PreferencePart& part, bool member);
  void or_before(const PreferencePart& part, const StatementPart& s);
  void weights(const PreferencePart& part, CompiledPreference& out);
  void additive(const PreferencePart& part, CompiledPreference& out);
  void ranking(PreferencePart& part, CompiledPreference& out);
  void goals();
  void time_and_risk();
  void effects(const std::vector<EffectPart>& list);
  void effect(const EffectPart& e, const std::string& path);
  void measures();
  void claims();
  void claim_measures(const ClaimTest& t, const std::string& path);
  void claim_test(const ClaimTest& t, const std::string& path, int depth);
  void quantity(const Quantity& q, const std::string& path, bool negative_allowed);

  std::vector<std::string> party_ids() const;
  std::vector<std::string> option_ids() const;
  template <class List>
  static std::vector<std::string> ids_of(const List& list);
  template <class List>
  bool known(const List& list, const std::string& id, std::string_view what,
             const std::string& path);

  std::shared_ptr<Data> data_;
  Parts& parts_;
  Resolver resolver_;
  Errors faults_;
};

template <class List>
std::vector<std::string> Builder::ids_of(const List& list) {
  std::vector<std::string> out;
  for (const auto& part : list)
    if (!part.id.empty()) out.push_back(part.id);
  return out;
}

template <class List>
bool Builder::known(const List& list, const std::string& id, std::string_view what,
                    const std::string& path) {
  for (const auto& part : list)
    if (part.id == id) return true;
  fault_at("unknown_id", "'" + id + "' is no " + std::string(what), path,
           did_you_mean(id, ids_of(list)));
  return false;
}

}  // namespace wayout

#include "wayout/cli/usage.hpp"

#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "wayout/base/text.hpp"

namespace wayout::cli {
namespace {

/// The command asked for, or the program itself.
const CLI::App& asked(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  return commands.empty() ? app : *commands.front();
}

std::vector<std::string> settings_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
  return out;
}

}  // namespace

UsageFault usage_fault(const CLI::App& app, const CLI::ParseError& error,
                       std::span<const std::string> args) {
  const CLI::App& command = asked(app);
  const bool whole = &command == &app;
  const std::string all =
      "wayout " + (whole ? "" : command.get_name() + " ") + "--help tells what there is";
  if (args.empty()) return {"a case or a command is needed", "wayout CASE; " + all};
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return {error.what(), all};
  // A setting that is not known leaves its value over, too: the setting is what is told.
  const std::vector<std::string> over = app.remaining(true);
  std::string first;
  for (const std::string& word : args) {
    if (std::find(over.begin(), over.end(), word) == over.end()) continue;
    if (first.empty()) first = word;
    if (word.size() < 2 || word[0] != '-') continue;
    const std::string name = word.substr(0, word.find('='));
    const std::string near = did_you_mean(name, settings_of(command));
    return {"'" + name + "' is no setting of " + command.get_name(), near.empty() ? all : near};
  }
  return {"'" + first + "' is one word too many", all};
}

std::string meant_command(const CLI::App& app, const std::string& word) {
  std::error_code none;
  if (word.starts_with("-") || std::filesystem::exists(word, none)) return "";
  std::vector<std::string> known;
  for (const CLI::App* c : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(c->get_name());
  return did_you_mean(word, known);
}

}  // namespace wayout::cli

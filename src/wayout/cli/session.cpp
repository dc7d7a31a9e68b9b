#include "wayout/cli/session.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wayout/base/text.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/cli/load.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

/// The width that COLUMNS asks for, or that of the terminal behind fd, or 100.
std::size_t width_of(int fd) {
  if (const char* columns = std::getenv("COLUMNS")) {
    const std::string_view text = columns;
    std::size_t out = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (fault == std::errc() && end == text.data() + text.size() && out > 0) return out;
  }
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

/// One line on standard error, redrawn at most ten times a second.
class ProgressLine {
 public:
  void tell(std::string_view what, std::uint64_t done, std::uint64_t total) {
    const auto now = Watch::Clock::now();
    if (now - began_ < std::chrono::milliseconds(400) ||
        now - last_ < std::chrono::milliseconds(100))
      return;
    last_ = now;
    std::string line(what);
    if (total > 0) {
      const double share = static_cast<double>(done) / static_cast<double>(total);
      const auto full = static_cast<std::size_t>(std::lround(20 * std::min(1.0, share)));
      line = fmt::format("[{:20}] {} ({} of {})", std::string(full, '#'), what, with_commas(done),
                         with_commas(total));
    } else if (done > 0) {
      line = fmt::format("{} ({})", what, with_commas(done));
    }
    // One that fills the last column would be wrapped, and the next could not erase it.
    fmt::print(stderr, "\r\x1b[K{}", cut(line, std::min<std::size_t>(width_ - 1, 100)));
    std::fflush(stderr);
    shown_ = true;
  }
  void clear() {
    if (shown_) {
      fmt::print(stderr, "\r\x1b[K");
      std::fflush(stderr);
    }
    shown_ = false;
  }

 private:
  Watch::Clock::time_point began_ = Watch::Clock::now();
  Watch::Clock::time_point last_{};
  std::size_t width_ = std::max<std::size_t>(width_of(STDERR_FILENO), 2);
  bool shown_ = false;
};

ProgressLine& progress_line() {
  static ProgressLine line;
  return line;
}

}  // namespace

CancelToken& cancel_token() {
  static CancelToken token;
  return token;
}

Session::Session(Request request) : request_(std::move(request)), began_(Watch::Clock::now()) {
  const bool out_terminal = is_terminal(STDOUT_FILENO);
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  stdout_colour_ =
      request_.colour == "always" ||
      (request_.colour == "auto" && out_terminal && (no_colour == nullptr || *no_colour == '\0') &&
       (term == nullptr || std::strcmp(term, "dumb") != 0));
  progress_ = is_terminal(STDERR_FILENO) && !request_.quiet;
  width_ = std::clamp<std::size_t>(width_of(STDOUT_FILENO), 40, 110);
}

TextStyle Session::style() const { return {width_, stdout_colour_}; }

Watch Session::watch() const {
  Watch w;
  w.cancel = &cancel_token();
  if (request_.time_limit > 0)
    w.deadline = began_ + std::chrono::duration_cast<Watch::Clock::duration>(
                              std::chrono::duration<double>(request_.time_limit));
  if (progress_)
    w.progress = [](std::string_view what, std::uint64_t done, std::uint64_t total) {
      progress_line().tell(what, done, total);
    };
  return w;
}

void Session::clear_progress() const { progress_line().clear(); }

void Session::print(const std::string& text) const {
  clear_progress();
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    if (errno == EPIPE) std::_Exit(kDone);
    fmt::print(stderr, "wayout: cannot write the result: {}\n", std::strerror(errno));
    std::_Exit(kFaulty);
  }
}

void Session::complain(const std::string& message, const std::string& hint) const {
  clear_progress();
  fmt::print(stderr, "wayout: {}\n", message);
  if (!hint.empty()) fmt::print(stderr, "  hint: {}\n", hint);
}

void Session::inform(const std::string& message) const {
  clear_progress();
  if (!request_.quiet) fmt::print(stderr, "{}\n", message);
}

void Session::print_faults(const LoadedCase* loaded, Errors errors) const {
  clear_progress();
  if (loaded != nullptr) loaded->locate(errors);
  if (request_.json) print(faults_json(errors));
  const char* no_colour = std::getenv("NO_COLOR");
  const bool colour = is_terminal(STDERR_FILENO) && (no_colour == nullptr || *no_colour == '\0') &&
                      request_.colour != "never";
  if (loaded != nullptr) {
    fmt::print(stderr, "{}", loaded->render(errors, colour));
    return;
  }
  for (const Error& e : errors) {
    std::string where = e.where.file;
    if (e.where.line > 0) where += fmt::format(":{}:{}", e.where.line, e.where.column);
    fmt::print(stderr, "{}{}{}\n", where.empty() ? "wayout" : where, ": ", e.message);
    if (!e.hint.empty()) fmt::print(stderr, "  hint: {}\n", e.hint);
  }
}

std::optional<LoadedCase> Session::load(const std::string& path, bool faults_are_the_result) const {
  Errors errors;
  std::string rendered;
  const char* no_colour = std::getenv("NO_COLOR");
  const bool colour = is_terminal(STDERR_FILENO) && (no_colour == nullptr || *no_colour == '\0') &&
                      request_.colour != "never";
  auto loaded = load_case(path, errors, rendered, faults_are_the_result ? stdout_colour_ : colour);
  if (loaded) return loaded;
  if (request_.json) print(faults_json(errors));
  if (!faults_are_the_result) {
    fmt::print(stderr, "{}", rendered);
  } else if (!request_.json) {
    print(rendered);
  }
  return std::nullopt;
}

std::optional<Conflict> Session::conflict(const LoadedCase& loaded) const {
  auto built = view(loaded.parts, {request_.under, request_.with, {}});
  if (built) return *built;
  print_faults(&loaded, built.error());
  return std::nullopt;
}

std::optional<Perceived> Session::perceived(const LoadedCase& loaded,
                                            const Conflict& conflict) const {
  auto seen = perceive(conflict);
  if (seen) return std::move(*seen);
  print_faults(&loaded, seen.error());
  return std::nullopt;
}

std::optional<Condition> Session::condition(const Conflict& conflict, const std::string& text,
                                            const char* setting) const {
  auto c = conflict.condition(text);
  if (c) return *c;
  const Error& e = c.error().front();
  std::string message = fmt::format("{} {}: {}", setting, text, e.message);
  if (e.where.offset >= 0)
    message += fmt::format("\n  {}\n  {}^", text,
                           std::string(static_cast<std::size_t>(e.where.offset), ' '));
  complain(message, e.hint);
  return std::nullopt;
}

std::optional<State> Session::state(const Conflict& conflict, const std::string& text,
                                    const char* setting) const {
  const auto now = conflict.status_quo();
  if (text == "now") {
    if (!now)
      complain(fmt::format("{} now: this case names no status quo", setting),
               "name a state: --state 3");
    return now;
  }
  const bool number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos &&
                      text.size() <= 18;
  if (number) {
    const std::int64_t wanted = std::stoll(text);
    if (conflict.graph_form()) {
      for (std::size_t i = 0; i < conflict.graph_size(); ++i)
        if (conflict.graph_number(conflict.graph_state(i)) == wanted)
          return conflict.graph_state(i);
      complain(fmt::format("{} {}: there is no such state", setting, text));
      return std::nullopt;
    }
    std::int64_t at = 0;
    std::optional<State> found;
    const bool finished = for_each_feasible(conflict, 2'000'000'000, [&](State s) {
      if (++at == wanted) found = s;
      return !found && !cancel_token().cancelled();
    });
    if (!found)
      complain(fmt::format("{} {}: {}", setting, text,
                           finished ? fmt::format("the feasible states are numbered 1 to {}", at)
                                    : std::string("the space is too large to count that far")),
               "name it by its options: --state release=true,patrols=some");
    return found;
  }
  const auto comparison = [&](std::size_t at) {
    return at > 0 && std::strchr("!<>=", text[at - 1]) != nullptr;
  };
  const std::size_t equals = text.find('=');
  const bool assignments = equals != std::string::npos && !comparison(equals) &&
                           !(equals + 1 < text.size() && text[equals + 1] == '=') &&
                           !conflict.graph_form();
  if (assignments) {
    const auto list = parse_assignments(text);
    if (!list) {
      complain(fmt::format("{} {}: {}", setting, text, list.error()[0].message),
               list.error()[0].hint);
      return std::nullopt;
    }
    if (!now && list->size() < conflict.option_count()) {
      complain(fmt::format("{} {}: this case names no status quo, so every option has to be given",
                           setting, text));
      return std::nullopt;
    }
    State s = now.value_or(State{});
    for (const Assignment& a : *list) {
      const auto o = conflict.find_option(a.option);
      if (!o) {
        std::vector<std::string> known;
        for (const OptionId k : conflict.options()) known.push_back(conflict.option(k).id);
        complain(fmt::format("{} {}: '{}' is no option", setting, text, a.option),
                 did_you_mean(a.option, known));
        return std::nullopt;
      }
      const auto level = level_of(conflict.option(*o), a.level);
      if (!level) {
        complain(fmt::format("{} {}: '{}' is no level of '{}'", setting, text, a.level, a.option),
                 "its levels are " + join_and(conflict.option(*o).levels));
        return std::nullopt;
      }
      s = conflict.with_level(s, *o, *level);
    }
    if (!conflict.feasible(s)) {
      const auto rule = conflict.broken_rule(s);
      complain(fmt::format("{} {}: that state is infeasible", setting, text),
               rule ? "the rule: " + rule_name(conflict, *rule) : "an option in it is disabled");
      return std::nullopt;
    }
    return s;
  }
  const auto c = condition(conflict, text, setting);
  if (!c) return std::nullopt;
  if (!now && !conflict.graph_form()) {
    complain(fmt::format("{} {}: this case names no status quo to change", setting, text),
             "name a state by its number");
    return std::nullopt;
  }
  const auto found = closest_feasible(
      conflict, now.value_or(State{}), [&](State s) { return c->holds(s); },
      c->pool->support(c->expr));
  if (!found.state) {
    complain(fmt::format(
        "{} {}: {}", setting, text,
        found.finished ? "no feasible state meets it" : "no state was found at the limit"));
    return std::nullopt;
  }
  if (now)
    inform(fmt::format("{} {}: set in the feasible state that changes fewest options ({})", setting,
                       text, describe_changes(conflict, *now, *found.state)));
  return found.state;
}

std::optional<PartyId> Session::party(const Conflict& conflict, const std::string& id) const {
  const auto p = conflict.find_party(id);
  if (!p) {
    std::vector<std::string> known;
    for (const PartyId k : conflict.parties()) known.push_back(conflict.party(k).id);
    std::string hint = did_you_mean(id, known);
    complain(fmt::format("'{}' is no party", id),
             hint.empty() ? "the parties are " + join_and(known) : hint);
  }
  return p;
}

std::optional<Sanctions> Session::sanctions() const {
  const auto s = parse_sanctions(request_.sanctions);
  if (!s)
    complain(fmt::format("--sanctions {}: no such convention", request_.sanctions),
             "legal, once or single");
  return s;
}

std::optional<std::vector<std::size_t>> Session::goals(const Conflict& conflict) const {
  std::vector<std::string> known;
  for (const GoalInfo& g : conflict.goals()) known.push_back(g.id);
  std::vector<std::size_t> out;
  for (const std::string& id : request_.goals) {
    const auto it = std::find(known.begin(), known.end(), id);
    if (it == known.end()) {
      const std::string near = did_you_mean(id, known);
      complain(fmt::format("--goal {}: no such goal", id),
               !near.empty()   ? near
               : known.empty() ? "the case names none: add a [[goal]]"
                               : "it has " + join_and(known));
      return std::nullopt;
    }
    out.push_back(static_cast<std::size_t>(it - known.begin()));
  }
  return out;
}

std::optional<State> Session::start(const Conflict& conflict) const {
  if (!request_.from.empty()) return state(conflict, request_.from, "--from");
  const auto now = conflict.status_quo();
  if (!now)
    complain("this case names no status quo, and this command starts from today",
             "say where to start: --from 1");
  return now;
}

int Session::exit_code(End end) {
  switch (end) {
    case End::Complete:
      return kDone;
    case End::Limit:
      return kStoppedAtLimit;
    case End::Cancelled:
      return kInterrupted;
  }
  return kDone;
}

std::optional<std::int64_t> state_number(const Conflict& conflict, State s, std::uint64_t budget) {
  if (conflict.graph_form()) return conflict.graph_number(s);
  std::int64_t at = 0;
  bool found = false;
  const bool finished = for_each_feasible(conflict, budget, [&](State t) {
    ++at;
    found = t == s;
    return !found;
  });
  if (!found || !finished) return std::nullopt;
  return at;
}

std::string write_file(const std::string& path, const std::string& text) {
  std::string pattern = path + ".XXXXXX";
  std::vector<char> name(pattern.begin(), pattern.end());
  name.push_back('\0');
  const int fd = ::mkstemp(name.data());
  if (fd < 0) return fmt::format("cannot write {}: {}", path, std::strerror(errno));
  std::size_t done = 0;
  bool ok = true;
  while (ok && done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    ok = n > 0;
    if (ok) done += static_cast<std::size_t>(n);
  }
  // Readable as any new file would be.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ok = ok && ::fchmod(fd, 0666 & ~mask) == 0 && ::fsync(fd) == 0;
  const int error = errno;
  ok = ::close(fd) == 0 && ok;
  if (!ok || ::rename(name.data(), path.c_str()) != 0) {
    const int reason = ok ? errno : error;
    ::unlink(name.data());
    return fmt::format("cannot write {}: {}", path, std::strerror(reason));
  }
  return {};
}

}  // namespace wayout::cli

#include "wayout/change/program.hpp"

#include <cmath>
#include <csignal>

#include <coin/Cbc_C_Interface.h>
#include <dlfcn.h>
#include <pthread.h>

namespace wayout {
namespace {

/// The functions of the library that are used.
struct Cbc {
  decltype(&Cbc_newModel) new_model = nullptr;
  decltype(&Cbc_deleteModel) delete_model = nullptr;
  decltype(&Cbc_loadProblem) load_problem = nullptr;
  decltype(&Cbc_setInteger) set_integer = nullptr;
  decltype(&Cbc_setLogLevel) set_log_level = nullptr;
  decltype(&Cbc_setParameter) set_parameter = nullptr;
  decltype(&Cbc_solve) solve = nullptr;
  decltype(&Cbc_isProvenOptimal) proven_optimal = nullptr;
  decltype(&Cbc_isProvenInfeasible) proven_infeasible = nullptr;
  decltype(&Cbc_getColSolution) col_solution = nullptr;
  bool complete = false;

  Cbc() {
    void* library = dlopen(WAYOUT_CBC_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return;
    complete = true;
    const auto find = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::decay_t<decltype(function)>>(dlsym(library, name));
      complete = complete && function != nullptr;
    };
    find(new_model, "Cbc_newModel");
    find(delete_model, "Cbc_deleteModel");
    find(load_problem, "Cbc_loadProblem");
    find(set_integer, "Cbc_setInteger");
    find(set_log_level, "Cbc_setLogLevel");
    find(set_parameter, "Cbc_setParameter");
    find(solve, "Cbc_solve");
    find(proven_optimal, "Cbc_isProvenOptimal");
    find(proven_infeasible, "Cbc_isProvenInfeasible");
    find(col_solution, "Cbc_getColSolution");
  }
};

const Cbc& cbc() {
  static const Cbc it;
  return it;
}

/// Cbc takes over the interrupt signal while it works; held back, it reaches who owns it.
class HoldInterrupts {
 public:
  HoldInterrupts() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~HoldInterrupts() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HoldInterrupts(const HoldInterrupts&) = delete;
  HoldInterrupts& operator=(const HoldInterrupts&) = delete;

 private:
  sigset_t before_;
};

bool meets(const Program::Row& row, const std::vector<bool>& on) {
  std::int64_t sum = 0;
  for (const auto& [variable, coefficient] : row.terms) sum += on[variable] ? coefficient : 0;
  return sum >= row.least;
}

}  // namespace

Result<bool> load_cbc() {
  if (cbc().complete) return true;
  return fault("no_cbc", "the solver Cbc is not installed (" WAYOUT_CBC_LIBRARY ")", {},
               "on Debian: coinor-libcbc3");
}

ProgramResult solve(const Program& program) {
  contract(cbc().complete, "solve() needs Cbc");
  const std::size_t n = program.cost.size();
  ProgramResult out;
  // What holds or fails without a variable is not for the solver.
  std::vector<const Program::Row*> rows;
  for (const auto& row : program.rows) {
    if (!row.terms.empty()) {
      rows.push_back(&row);
    } else if (row.least > 0) {
      out.status = ProgramResult::Status::Infeasible;
      return out;
    }
  }
  if (n == 0) {
    out.status = ProgramResult::Status::Optimal;
    return out;
  }
  // Column by column.
  std::vector<std::vector<std::pair<int, double>>> columns(n);
  std::vector<double> low;
  for (const auto* row : rows) {
    for (const auto& [variable, coefficient] : row->terms)
      columns[variable].emplace_back(static_cast<int>(low.size()),
                                     static_cast<double>(coefficient));
    low.push_back(static_cast<double>(row->least));
  }
  std::vector<int> start{0};
  std::vector<int> index;
  std::vector<double> value;
  for (const auto& column : columns) {
    for (const auto& [r, v] : column) {
      index.push_back(r);
      value.push_back(v);
    }
    start.push_back(static_cast<int>(index.size()));
  }
  const std::vector<double> zero(n, 0.0);
  const std::vector<double> one(n, 1.0);
  const std::vector<double> high(low.size(), 1e30);
  std::vector<double> cost;
  for (const std::int64_t c : program.cost) cost.push_back(static_cast<double>(c));
  const HoldInterrupts held;
  Cbc_Model* model = cbc().new_model();
  cbc().load_problem(model, static_cast<int>(n), static_cast<int>(low.size()), start.data(),
                     index.data(), value.data(), zero.data(), one.data(), cost.data(), low.data(),
                     high.data());
  for (std::size_t i = 0; i < n; ++i) cbc().set_integer(model, static_cast<int>(i));
  cbc().set_log_level(model, 0);
  // Programs as small as these are branched through sooner than they are prepared.
  for (const auto& [name, text] :
       {std::pair{"log", "0"}, std::pair{"ratioGap", "0"}, std::pair{"allowableGap", "0"},
        std::pair{"threads", "0"}, std::pair{"preprocess", "off"},
        std::pair{"heuristicsOnOff", "off"}, std::pair{"cutsOnOff", "off"}})
    cbc().set_parameter(model, name, text);
  cbc().solve(model);
  if (cbc().proven_infeasible(model) != 0) {
    out.status = ProgramResult::Status::Infeasible;
  } else if (cbc().proven_optimal(model) != 0) {
    out.status = ProgramResult::Status::Optimal;
    const double* x = cbc().col_solution(model);
    std::vector<bool> on(n);
    for (std::size_t i = 0; i < n; ++i) {
      on[i] = x[i] > 0.5;
      if (!on[i]) continue;
      out.taken.push_back(i);
      out.value += program.cost[i];
    }
    for (const auto* row : rows)
      if (!meets(*row, on)) out.status = ProgramResult::Status::Stopped;
  }
  cbc().delete_model(model);
  return out;
}

}  // namespace wayout

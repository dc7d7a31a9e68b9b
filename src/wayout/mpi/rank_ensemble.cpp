#include "wayout/mpi/rank_ensemble.hpp"

#define OMPI_SKIP_MPICXX 1
#include <cstring>

#include <mpi.h>

namespace wayout {
namespace {

constexpr int kResult = 1;
constexpr int kBlock = 2;
constexpr std::uint64_t kStop = UINT64_MAX;
constexpr int kInHand = 2;

void deal(int rank, std::uint64_t block) {
  MPI_Send(&block, 1, MPI_UINT64_T, rank, kBlock, MPI_COMM_WORLD);
}

void work_for_zero(const RankWork& work) {
  for (int stops = 0; stops < kInHand;) {
    std::uint64_t block = kStop;
    MPI_Recv(&block, 1, MPI_UINT64_T, 0, kBlock, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (block == kStop) {
      ++stops;
      continue;
    }
    const std::vector<std::uint8_t> answers = work.ask(block, [] {});
    std::vector<std::uint8_t> message(sizeof block + answers.size());
    std::memcpy(message.data(), &block, sizeof block);
    std::copy(answers.begin(), answers.end(), message.begin() + sizeof block);
    MPI_Send(message.data(), static_cast<int>(message.size()), MPI_BYTE, 0, kResult,
             MPI_COMM_WORLD);
  }
}

/// Rank 0: who has what.
class Dealer {
 public:
  Dealer(const RankWork& work, int ranks) : work_(work), ranks_(ranks) {}

  std::string run() {
    for (int k = 0; k < kInHand; ++k)
      for (int r = 1; r < ranks_; ++r) send_next(r);
    while (true) {
      take_in(false);
      const std::uint64_t block = next();
      if (block == kStop) break;
      const auto answers = work_.ask(block, [this] { take_in(false); });
      keep(block, answers);
    }
    while (out_ > 0) take_in(true);
    return wrong_;
  }

 private:
  std::uint64_t next() {
    while (at_ < work_.blocks && work_.done(at_)) ++at_;
    if (at_ >= work_.blocks || !wrong_.empty()) return kStop;
    return at_++;
  }
  void send_next(int rank) {
    const std::uint64_t block = next();
    if (block != kStop) ++out_;
    deal(rank, block);
  }
  void keep(std::uint64_t block, const std::vector<std::uint8_t>& answers) {
    if (wrong_.empty()) wrong_ = work_.keep(block, answers);
  }
  void take_in(bool wait) {
    MPI_Status status;
    int there = 1;
    if (wait)
      MPI_Probe(MPI_ANY_SOURCE, kResult, MPI_COMM_WORLD, &status);
    else
      MPI_Iprobe(MPI_ANY_SOURCE, kResult, MPI_COMM_WORLD, &there, &status);
    while (there != 0) {
      int size = 0;
      MPI_Get_count(&status, MPI_BYTE, &size);
      std::vector<std::uint8_t> message(static_cast<std::size_t>(size));
      MPI_Recv(message.data(), size, MPI_BYTE, status.MPI_SOURCE, kResult, MPI_COMM_WORLD,
               MPI_STATUS_IGNORE);
      --out_;
      send_next(status.MPI_SOURCE);
      std::uint64_t block = 0;
      std::memcpy(&block, message.data(), sizeof block);
      keep(block, {message.begin() + sizeof block, message.end()});
      MPI_Iprobe(MPI_ANY_SOURCE, kResult, MPI_COMM_WORLD, &there, &status);
    }
  }

  const RankWork& work_;
  int ranks_;
  std::uint64_t at_ = 0;
  std::uint64_t out_ = 0;  ///< blocks in the hands of others
  std::string wrong_;
};

}  // namespace

std::string run_blocks(const RankWork& work) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank == 0) return Dealer(work, ranks).run();
  work_for_zero(work);
  return "";
}

}  // namespace wayout

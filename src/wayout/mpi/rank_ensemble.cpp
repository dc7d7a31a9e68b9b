#include "wayout/mpi/rank_ensemble.hpp"

#define OMPI_SKIP_MPICXX 1
#include <chrono>
#include <cstring>
#include <thread>

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

/// Waiting by turns of sleep leaves the processor to whoever has work: MPI by itself spins.
void nap() { std::this_thread::sleep_for(std::chrono::microseconds(50)); }

/// Until a message of this kind is there.
void wait_for(int source, int tag, MPI_Status& status) {
  for (int there = 0;;) {
    MPI_Iprobe(source, tag, MPI_COMM_WORLD, &there, &status);
    if (there != 0) return;
    nap();
  }
}

/// True once in a while: a look at what has come costs about as much as a small profile.
class Pace {
 public:
  bool due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::microseconds(200)) return false;
    last_ = now;
    return true;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// A result on its way to rank 0 while the next block is worked on. Long messages wait for the
/// other side, and MPI_Send would wait with them.
class Sending {
 public:
  void start(std::uint64_t block, const std::vector<std::uint8_t>& answers) {
    finish();
    message_.resize(sizeof block + answers.size());
    std::memcpy(message_.data(), &block, sizeof block);
    std::copy(answers.begin(), answers.end(), message_.begin() + sizeof block);
    MPI_Isend(message_.data(), static_cast<int>(message_.size()), MPI_BYTE, 0, kResult,
              MPI_COMM_WORLD, &request_);
  }
  /// Moves it on; true when there is nothing left to send.
  bool push() {
    int done = 0;
    MPI_Test(&request_, &done, MPI_STATUS_IGNORE);
    return done != 0;
  }
  void finish() {
    while (!push()) nap();
  }

 private:
  std::vector<std::uint8_t> message_;
  MPI_Request request_ = MPI_REQUEST_NULL;
};

void work_for_zero(const RankWork& work) {
  Sending sending;
  Pace pace;
  while (true) {
    MPI_Status status;
    std::uint64_t block = kStop;
    wait_for(0, kBlock, status);
    MPI_Recv(&block, 1, MPI_UINT64_T, 0, kBlock, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (block == kStop) break;
    sending.start(block, work.ask(block, [&] {
      if (pace.due()) sending.push();
    }));
  }
  sending.finish();
}

/// Rank 0: who has what.
class Dealer {
 public:
  Dealer(const RankWork& work, int ranks) : work_(work), hands_(static_cast<std::size_t>(ranks)) {
    for (std::uint64_t b = 0; b < work.blocks; ++b) left_ += work.done(b) ? 0 : 1;
  }

  std::string run() {
    for (int k = 0; k < kInHand; ++k)
      for (std::size_t r = 1; r < hands_.size(); ++r) serve(r, k + 1);
    while (true) {
      take_in();
      const std::uint64_t block = next();
      if (block == kStop) break;
      const auto answers = work_.ask(block, [this] {
        if (pace_.due()) take_in();
      });
      keep(block, answers);
    }
    while (out_ > 0) {
      MPI_Status status;
      wait_for(MPI_ANY_SOURCE, kResult, status);
      take_in();
    }
    for (std::size_t r = 1; r < hands_.size(); ++r) serve(r, kInHand);
    return wrong_;
  }

 private:
  struct Hand {
    int blocks = 0;
    bool stopped = false;
  };

  std::uint64_t next() {
    while (at_ < work_.blocks && work_.done(at_)) ++at_;
    if (at_ >= work_.blocks || !wrong_.empty()) return kStop;
    --left_;
    return at_++;
  }
  /// Hands out blocks until r has `most`, or tells it that there are no more.
  void serve(std::size_t r, int most) {
    Hand& hand = hands_[r];
    while (!hand.stopped && hand.blocks < most) {
      const std::uint64_t block = next();
      hand.stopped = block == kStop;
      if (!hand.stopped) {
        ++hand.blocks;
        ++out_;
      }
      deal(static_cast<int>(r), block);
    }
  }
  void keep(std::uint64_t block, const std::vector<std::uint8_t>& answers) {
    if (wrong_.empty()) wrong_ = work_.keep(block, answers);
  }
  void take_in() {
    MPI_Status status;
    int there = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, kResult, MPI_COMM_WORLD, &there, &status);
    while (there != 0) {
      int size = 0;
      MPI_Get_count(&status, MPI_BYTE, &size);
      std::vector<std::uint8_t> message(static_cast<std::size_t>(size));
      MPI_Recv(message.data(), size, MPI_BYTE, status.MPI_SOURCE, kResult, MPI_COMM_WORLD,
               MPI_STATUS_IGNORE);
      --out_;
      const auto r = static_cast<std::size_t>(status.MPI_SOURCE);
      --hands_[r].blocks;
      // Towards the end nobody keeps a second block while another one has none.
      serve(r, left_ >= 2 * hands_.size() ? kInHand : 1);
      std::uint64_t block = 0;
      std::memcpy(&block, message.data(), sizeof block);
      keep(block, {message.begin() + sizeof block, message.end()});
      MPI_Iprobe(MPI_ANY_SOURCE, kResult, MPI_COMM_WORLD, &there, &status);
    }
  }

  const RankWork& work_;
  std::vector<Hand> hands_;  ///< per rank
  std::uint64_t at_ = 0;
  std::uint64_t left_ = 0;  ///< blocks nobody has yet
  std::uint64_t out_ = 0;   ///< blocks in the hands of others
  std::string wrong_;
  Pace pace_;
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

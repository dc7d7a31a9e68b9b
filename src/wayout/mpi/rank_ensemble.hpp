#pragma once
/// @file
/// Blocks of replicates dealt out to ranks as they become free, results gathered as they come.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace wayout {

struct RankWork {
  std::uint64_t blocks = 0;
  /// Rank 0: whether a block is done already.
  std::function<bool(std::uint64_t)> done;
  /// Any rank: the answers of a block. Calls its argument now and then, so that rank 0 can take in
  /// what others have finished while it works itself.
  std::function<std::vector<std::uint8_t>(std::uint64_t, const std::function<void()>&)> ask;
  /// Rank 0: keeps a block's answers; returns what went wrong, or "".
  std::function<std::string(std::uint64_t, const std::vector<std::uint8_t>&)> keep;
};

/// Runs all blocks that are not done, over MPI_COMM_WORLD. Rank 0 deals blocks out in ascending
/// order and works as well; every other rank has two in hand, so that it need not wait for rank 0
/// to be free. Returns on rank 0 what went wrong, or ""; where something did, the other ranks are
/// told to stop.
std::string run_blocks(const RankWork& work);

}  // namespace wayout

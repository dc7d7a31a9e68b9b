#pragma once
/// @file
/// The one file of results of an ensemble over many ranks: a journal while it runs, in the order in
/// which blocks arrive, and at the end the same records in the order of replicates.

#include <cstdint>
#include <string>
#include <vector>

namespace wayout {

/// What a run is about; two runs with the same plan have the same results.
struct EnsemblePlan {
  std::uint64_t case_hash = 0;  ///< of the case as written, and of what is asked
  std::uint64_t seed = 1;
  std::uint64_t samples = 0;
  std::uint64_t block = 1;  ///< replicates a record
  std::uint64_t outcomes = 0;
  friend bool operator==(const EnsemblePlan&, const EnsemblePlan&) = default;

  std::uint64_t blocks() const { return (samples + block - 1) / block; }
  std::uint64_t size_of(std::uint64_t b) const {
    return b + 1 < blocks() ? block : samples - block * (blocks() - 1);
  }
};

/// CRC-32 as in zip and Ethernet (polynomial 0xEDB88320).
std::uint32_t crc32(const std::string& bytes);
/// FNV-1a, 64 bits.
std::uint64_t hash_text(const std::string& bytes);

/// Text lines: a header with the plan, then a record per block, each closed by its checksum:
///   wayout-ensemble 1 case=… seed=… samples=… block=… outcomes=… crc=…
///   block 7 0110-20… crc=…
/// An answer is one character: 0-9, a-z, A-Z for the numbers of labels 0 … 61, - for none;
/// replicate after replicate.
class ResultsFile {
 public:
  /// `path` is the file wanted; the journal stands beside it as path.part.
  ResultsFile(std::string path, EnsemblePlan plan);
  ~ResultsFile();
  ResultsFile(const ResultsFile&) = delete;
  ResultsFile& operator=(const ResultsFile&) = delete;

  /// Opens the journal and reads what is there: whole records count, and a torn end, which a kill
  /// may leave, is cut off. Returns what went wrong (another plan, a file that cannot be written,
  /// damage before the end), or "". A finished file of the same plan counts as all done.
  std::string open();
  bool complete() const { return complete_; }
  bool done(std::uint64_t b) const { return done_[b]; }
  std::uint64_t blocks_done() const { return blocks_done_; }

  /// Appends a record by one write() and keeps it. Returns what went wrong, or "".
  std::string append(std::uint64_t b, const std::vector<std::uint8_t>& answers);
  /// Requires all blocks done: writes the file in order to a temporary beside it, renames it and
  /// removes the journal. Returns what went wrong, or "".
  std::string finish();

  /// Per outcome and answer (0 … 61, and 62 for none): how often. Requires complete(). Cost:
  /// nothing for a run that was finished here; the file is read where it was there before.
  std::string count(std::vector<std::vector<std::uint64_t>>& counts) const;

 private:
  std::string header() const;
  std::string read_journal();
  std::string journal_path() const { return path_ + ".part"; }
  void add(const std::vector<std::uint8_t>& answers);

  std::string path_;
  EnsemblePlan plan_;
  int fd_ = -1;
  bool complete_ = false;
  std::vector<bool> done_;
  std::vector<std::uint64_t> offset_;  ///< per block: where its record stands in the journal
  bool found_complete_ = false;        ///< nothing was counted on the way
  std::vector<std::vector<std::uint64_t>> counts_;
  std::uint64_t end_ = 0;  ///< of the journal
  std::uint64_t blocks_done_ = 0;
};

/// One record as a line.
std::string record_line(std::uint64_t block, const std::vector<std::uint8_t>& answers);
/// Reads one; false where it is torn or its checksum does not fit.
bool read_record(const std::string& line, std::uint64_t& block, std::vector<std::uint8_t>& answers);

}  // namespace wayout

#include "wayout/mpi/results_file.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace wayout {
namespace {

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Results : public testing::Test {
 protected:
  Results()
      : folder_(std::filesystem::temp_directory_path() /
                ("wayout_results_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Results() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return (folder_ / "r.txt").string(); }
  static EnsemblePlan plan() { return {0xABC, 3, 10, 4, 2}; }
  static std::vector<std::uint8_t> answers(std::uint64_t b) {
    std::vector<std::uint8_t> out;
    for (std::uint64_t k = 0; k < 2 * plan().size_of(b); ++k)
      out.push_back(k == 3 ? 255 : static_cast<std::uint8_t>((b + k) % 62));
    return out;
  }
  std::filesystem::path folder_;
};

TEST_F(Results, ChecksumsAreTheUsualOnes) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(hash_text("a"), 0xAF63DC4C8601EC8Cull);
}

TEST_F(Results, BlocksInAnyOrderMakeTheSameFile) {
  std::string first;
  for (const auto& order : {std::vector<std::uint64_t>{0, 1, 2}, {2, 0, 1}}) {
    ResultsFile file(path(), plan());
    ASSERT_EQ(file.open(), "");
    for (const std::uint64_t b : order) ASSERT_EQ(file.append(b, answers(b)), "");
    EXPECT_EQ(file.blocks_done(), 3u);
    ASSERT_EQ(file.finish(), "");
    EXPECT_FALSE(std::filesystem::exists(path() + ".part"));
    if (first.empty()) first = read_all(path());
    EXPECT_EQ(read_all(path()), first);
    std::vector<std::vector<std::uint64_t>> counts;
    ASSERT_EQ(file.count(counts), "");
    std::uint64_t all = 0;
    for (const std::uint64_t n : counts[0]) all += n;
    EXPECT_EQ(all, 10u);
    EXPECT_EQ(counts[1][62], 3u);
    std::filesystem::remove(path());
  }
}

TEST_F(Results, CutOffAnywhereItKeepsEveryWholeRecord) {
  {
    ResultsFile file(path(), plan());
    ASSERT_EQ(file.open(), "");
    for (const std::uint64_t b : {1u, 0u}) ASSERT_EQ(file.append(b, answers(b)), "");
  }
  const std::string whole = read_all(path() + ".part");
  const std::size_t header = whole.find('\n') + 1;
  const std::size_t record = whole.find('\n', header) + 1;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::ofstream(path() + ".part", std::ios::binary) << whole.substr(0, size);
    ResultsFile file(path(), plan());
    ASSERT_EQ(file.open(), "") << size;
    EXPECT_EQ(file.blocks_done(), size == whole.size() ? 2u : size >= record ? 1u : 0u) << size;
    for (std::uint64_t b = 0; b < 3; ++b) ASSERT_EQ(file.append(b, answers(b)), "");
    ASSERT_EQ(file.finish(), "");
    std::vector<std::vector<std::uint64_t>> counts;
    EXPECT_EQ(file.count(counts), "");
    std::filesystem::remove(path());
  }
}

TEST_F(Results, DamageAndOtherRunsAreTold) {
  {
    ResultsFile file(path(), plan());
    ASSERT_EQ(file.open(), "");
    for (const std::uint64_t b : {0u, 1u}) ASSERT_EQ(file.append(b, answers(b)), "");
  }
  std::string text = read_all(path() + ".part");
  text[text.find("block 0") + 9] ^= 1;
  std::ofstream(path() + ".part", std::ios::binary) << text;
  EXPECT_NE(ResultsFile(path(), plan()).open().find("damaged"), std::string::npos);
  EnsemblePlan other = plan();
  other.seed = 4;
  EXPECT_NE(ResultsFile(path(), other).open().find("another run"), std::string::npos);
  EXPECT_NE(ResultsFile("/nowhere/at/all/r.txt", plan()).open().find("cannot write"),
            std::string::npos);
}

TEST_F(Results, RecordsReadBack) {
  std::uint64_t block = 0;
  std::vector<std::uint8_t> out;
  std::string line = record_line(12, {0, 9, 10, 61, 255});
  line.pop_back();
  ASSERT_TRUE(read_record(line, block, out));
  EXPECT_EQ(block, 12u);
  EXPECT_EQ(out, (std::vector<std::uint8_t>{0, 9, 10, 61, 255}));
  for (std::size_t k = 0; k < line.size(); ++k) {
    std::string wrong = line;
    wrong[k] ^= 2;
    EXPECT_FALSE(read_record(wrong, block, out)) << k;
    EXPECT_FALSE(read_record(line.substr(0, k), block, out)) << k;
  }
}

}  // namespace
}  // namespace wayout

#include "wayout/mpi/results_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wayout {
namespace {

constexpr std::uint8_t kNone = 255;
constexpr const char* kDigits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return 10 + c - 'a';
  if (c >= 'A' && c <= 'Z') return 36 + c - 'A';
  return -1;
}

std::string sealed(const std::string& text) {
  return fmt::format("{} crc={:08x}\n", text, crc32(text));
}

/// The text before the seal, or false.
bool unseal(const std::string& line, std::string& text) {
  const std::size_t at = line.rfind(" crc=");
  if (at == std::string::npos || line.size() != at + 13) return false;
  std::uint32_t crc = 0;
  const char* first = line.data() + at + 5;
  const auto [end, ec] = std::from_chars(first, first + 8, crc, 16);
  if (ec != std::errc{} || end != first + 8) return false;
  text = line.substr(0, at);
  return crc32(text) == crc;
}

std::string trouble(const std::string& what, const std::string& path) {
  return fmt::format("{} {}: {}", what, path, std::strerror(errno));
}

bool write_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

std::uint32_t crc32(const std::string& bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c & 1u) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      out[i] = c;
    }
    return out;
  }();
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char b : bytes)
    crc = table[(crc ^ static_cast<unsigned char>(b)) & 0xFFu] ^ (crc >> 8);
  return ~crc;
}

std::uint64_t hash_text(const std::string& bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3ull;
  }
  return hash;
}

std::string record_line(std::uint64_t block, const std::vector<std::uint8_t>& answers) {
  std::string text = fmt::format("block {} ", block);
  for (const std::uint8_t a : answers) text.push_back(a < 62 ? kDigits[a] : '-');
  return sealed(text);
}

bool read_record(const std::string& line, std::uint64_t& block,
                 std::vector<std::uint8_t>& answers) {
  std::string text;
  if (!unseal(line, text) || text.rfind("block ", 0) != 0) return false;
  const std::size_t blank = text.find(' ', 6);
  if (blank == std::string::npos) return false;
  const auto [end, ec] = std::from_chars(text.data() + 6, text.data() + blank, block);
  if (ec != std::errc{} || end != text.data() + blank) return false;
  answers.clear();
  for (std::size_t i = blank + 1; i < text.size(); ++i) {
    const int d = digit(text[i]);
    if (d < 0 && text[i] != '-') return false;
    answers.push_back(d < 0 ? kNone : static_cast<std::uint8_t>(d));
  }
  return true;
}

ResultsFile::ResultsFile(std::string path, EnsemblePlan plan)
    : path_(std::move(path)), plan_(plan) {
  done_.assign(plan.blocks(), false);
  offset_.assign(plan.blocks(), 0);
  counts_.assign(plan.outcomes, std::vector<std::uint64_t>(63, 0));
}

void ResultsFile::add(const std::vector<std::uint8_t>& answers) {
  for (std::size_t i = 0; i < answers.size();)
    for (auto& count : counts_) ++count[std::min<std::size_t>(answers[i++], 62)];
}

ResultsFile::~ResultsFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::string ResultsFile::header() const {
  return sealed(
      fmt::format("wayout-ensemble 1 case={:016x} seed={} samples={} block={} outcomes={}",
                  plan_.case_hash, plan_.seed, plan_.samples, plan_.block, plan_.outcomes));
}

std::string ResultsFile::open() {
  if (std::ifstream whole(path_); whole) {
    std::string line;
    std::getline(whole, line);
    if (line + "\n" != header()) return path_ + " holds another run; name another file";
    complete_ = found_complete_ = true;
    done_.assign(done_.size(), true);
    blocks_done_ = done_.size();
    return "";
  }
  if (const std::string wrong = read_journal(); !wrong.empty()) return wrong;
  fd_ = ::open(journal_path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) return trouble("cannot write", journal_path());
  if (::ftruncate(fd_, static_cast<off_t>(end_)) != 0 ||
      ::lseek(fd_, static_cast<off_t>(end_), SEEK_SET) < 0)
    return trouble("cannot write", journal_path());
  if (end_ == 0) {
    if (!write_all(fd_, header())) return trouble("cannot write", journal_path());
    end_ = header().size();
  }
  return "";
}

std::string ResultsFile::read_journal() {
  std::ifstream in(journal_path(), std::ios::binary);
  if (!in) return "";
  std::string line;
  bool first = true;
  bool torn = false;
  while (std::getline(in, line)) {
    // A line without its end was cut off in the middle, whatever it says.
    const bool ended = !in.eof();
    if (torn) return journal_path() + " is damaged before its end; remove it to start anew";
    if (first) {
      if (ended && line + "\n" != header())
        return journal_path() + " belongs to another run; name another file, or remove it";
      if (!ended) return "";  // killed while the header was written
      first = false;
      end_ = line.size() + 1;
      continue;
    }
    std::uint64_t block = 0;
    std::vector<std::uint8_t> answers;
    if (!ended || !read_record(line, block, answers) || block >= plan_.blocks() ||
        answers.size() != plan_.size_of(block) * plan_.outcomes) {
      torn = true;
      continue;
    }
    if (!done_[block]) {
      ++blocks_done_;
      add(answers);
    }
    done_[block] = true;
    offset_[block] = end_;
    end_ += line.size() + 1;
  }
  return "";
}

std::string ResultsFile::append(std::uint64_t b, const std::vector<std::uint8_t>& answers) {
  if (done_.at(b)) return "";
  const std::string line = record_line(b, answers);
  if (!write_all(fd_, line)) return trouble("cannot write", journal_path());
  done_[b] = true;
  ++blocks_done_;
  add(answers);
  offset_[b] = end_;
  end_ += line.size();
  return "";
}

std::string ResultsFile::finish() {
  if (complete_) return "";
  const std::string temporary = path_ + ".tmp";
  const int in = ::open(journal_path().c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) return trouble("cannot read", journal_path());
  const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (out < 0) {
    ::close(in);
    return trouble("cannot write", temporary);
  }
  // What is copied is durable before it takes the journal's place, so only it has to be synced.
  void* const map = ::mmap(nullptr, end_, PROT_READ, MAP_SHARED, in, 0);
  bool good = map != MAP_FAILED;
  const char* const journal = static_cast<const char*>(map);
  std::string text = header();
  for (std::uint64_t b = 0; b < plan_.blocks() && good; ++b) {
    const char* const line = journal + offset_[b];
    const auto* const stop = static_cast<const char*>(std::memchr(line, '\n', end_ - offset_[b]));
    good = stop != nullptr;
    if (good) text.append(line, stop + 1);
    if (text.size() < (std::size_t{1} << 20)) continue;
    good = good && write_all(out, text);
    text.clear();
  }
  good = good && write_all(out, text) && ::fsync(out) == 0;
  if (map != MAP_FAILED) ::munmap(map, end_);
  ::close(in);
  const bool closed = ::close(out) == 0;
  if (!good || !closed || std::rename(temporary.c_str(), path_.c_str()) != 0)
    return trouble("cannot write", path_);
  ::unlink(journal_path().c_str());
  complete_ = true;
  return "";
}

std::string ResultsFile::count(std::vector<std::vector<std::uint64_t>>& counts) const {
  counts = counts_;
  if (!found_complete_) return "";
  std::ifstream in(path_, std::ios::binary);
  std::string line;
  std::getline(in, line);
  std::uint64_t expected = 0;
  std::uint64_t block = 0;
  std::vector<std::uint8_t> answers;
  for (; std::getline(in, line); ++expected) {
    if (!read_record(line, block, answers) || block != expected ||
        answers.size() != plan_.size_of(block) * plan_.outcomes)
      return path_ + " is damaged";
    for (std::size_t i = 0; i < answers.size(); ++i)
      ++counts[i % plan_.outcomes][std::min<std::size_t>(answers[i], 62)];
  }
  return expected == plan_.blocks() ? "" : path_ + " is cut short";
}

}  // namespace wayout

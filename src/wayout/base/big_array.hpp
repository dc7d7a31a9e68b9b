#pragma once
/// @file
/// Arrays of millions of plain numbers.

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace wayout {

/// A fixed-size array of plain values, all zero at first. Large ones come straight from the system:
/// untouched pages cost nothing, and huge pages are asked for, because first touch of memory in
/// small pages takes longer than most passes over it. Moves only. Throws std::bad_alloc.
template <class T>
class BigArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  BigArray() = default;
  explicit BigArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    data_ = static_cast<T*>(acquire(size * sizeof(T)));
  }
  BigArray(BigArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  BigArray& operator=(BigArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~BigArray() { release(data_, size_ * sizeof(T)); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  friend bool operator==(const BigArray& a, const BigArray& b) {
    return a.size_ == b.size_ &&
           (a.size_ == 0 || std::memcmp(a.data_, b.data_, a.size_ * sizeof(T)) == 0);
  }

 private:
  static constexpr std::size_t kLarge = std::size_t{1} << 21;

  static void* acquire(std::size_t bytes) {
#if defined(__linux__)
    if (bytes >= kLarge) {
      void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (at == MAP_FAILED) throw std::bad_alloc();
      ::madvise(at, bytes, MADV_HUGEPAGE);
      return at;
    }
#endif
    void* at = ::operator new (bytes, std::align_val_t{64});
    std::memset(at, 0, bytes);
    return at;
  }
  static void release(void* at, std::size_t bytes) {
    if (at == nullptr) return;
#if defined(__linux__)
    if (bytes >= kLarge) {
      ::munmap(at, bytes);
      return;
    }
#endif
    ::operator delete (at, std::align_val_t{64});
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace wayout

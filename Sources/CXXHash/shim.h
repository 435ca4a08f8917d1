#include <stdint.h>
#include <xxhash.h>

// Returns the two halves through memory: the library's own result type is not needed in Swift.
static inline void stairway_xxh3_128(const void *bytes, size_t count, uint64_t out[2]) {
  XXH128_hash_t hash = XXH3_128bits(bytes, count);
  out[0] = hash.high64;
  out[1] = hash.low64;
}

#include "sim/allocations.h"

#include <cstdlib>
#include <new>

namespace regwatch::sim {
namespace {

bool this_one_fails() noexcept {
    Scheduler* const scheduler = Scheduler::current();
    if (scheduler == nullptr || !scheduler->allocations_count()) return false;
    auto& allocations = scheduler->allocations();
    return ++allocations.made == allocations.failing;
}

}  // namespace
}  // namespace regwatch::sim

// The other forms end in these, but for those without an exception where a sanitizer has its own.
void* operator new(std::size_t size) {
    if (regwatch::sim::this_one_fails()) throw std::bad_alloc();
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return regwatch::sim::this_one_fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

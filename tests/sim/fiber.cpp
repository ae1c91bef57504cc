#include "sim/fiber.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "support/sanitizers.h"

#if defined(REGWATCH_ASAN)
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(REGWATCH_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace regwatch::sim {
namespace {

#if defined(REGWATCH_ASAN) || defined(REGWATCH_TSAN)
constexpr std::size_t kStackSize = 512 * 1024;  // instrumented frames are several times larger
#else
constexpr std::size_t kStackSize = 128 * 1024;
#endif

// Written at the far end of every stack. Stacks have no guard page, because one would cost two
// system calls per stack and hide the stack from the leak checker.
constexpr std::uint64_t kCanary = 0x5374'6163'6b45'6e64;

}  // namespace

Fiber::Fiber() {
#if defined(REGWATCH_TSAN)
    tsan_fiber_ = __tsan_get_current_fiber();
#endif
}

Fiber::Fiber(std::size_t stack_size)
    : stack_(new std::byte[stack_size]), stack_size_(stack_size), stack_bottom_(stack_.get()) {
    std::memcpy(stack_.get(), &kCanary, sizeof kCanary);
    getcontext(&context_);
    context_.uc_stack.ss_sp = stack_.get();
    context_.uc_stack.ss_size = stack_size_;
    context_.uc_link = nullptr;
    // makecontext() passes ints only, so the pointer goes over in two halves.
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    makecontext(&context_, reinterpret_cast<void (*)()>(&Fiber::enter), 2,
                static_cast<unsigned>(self & 0xffff'ffffU), static_cast<unsigned>(self >> 32U));
#if defined(REGWATCH_TSAN)
    tsan_fiber_ = __tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
#if defined(REGWATCH_TSAN)
    if (stack_ != nullptr) __tsan_destroy_fiber(tsan_fiber_);
#endif
}

void Fiber::enter(unsigned low, unsigned high) {
    const auto self = static_cast<std::uintptr_t>(low) | static_cast<std::uintptr_t>(high) << 32U;
    reinterpret_cast<Fiber*>(self)->run();
}

void Fiber::run() {
    after_switch();
    for (;;) {
        Fiber& next = body_();
        switch_to(next);
    }
}

void Fiber::switch_to(Fiber& next) {
    check_stack();
    next.came_from_ = this;
    before_switch(next);
    leave_for(next);
    after_switch();
}

#if defined(REGWATCH_TSAN)
void Fiber::leave_for(Fiber& next) { swapcontext(&context_, &next.context_); }
#else
// swapcontext() asks the system for the signal mask twice, which took a third of all time. So a fiber
// is entered by its context once, and jumped back into from then on.
void Fiber::leave_for(Fiber& next) {
    if (_setjmp(place_) != 0) return;
    if (next.was_entered_ || next.stack_ == nullptr) _longjmp(next.place_, 1);
    next.was_entered_ = true;
    setcontext(&next.context_);
}
#endif

void Fiber::before_switch([[maybe_unused]] const Fiber& next) {
#if defined(REGWATCH_ASAN)
    __sanitizer_start_switch_fiber(&fake_stack_, next.stack_bottom_, next.stack_size_);
#endif
#if defined(REGWATCH_TSAN)
    __tsan_switch_to_fiber(next.tsan_fiber_, 0);
#endif
}

void Fiber::after_switch() {
#if defined(REGWATCH_ASAN)
    // The OS thread's own stack is learnt here, on the first switch away from it.
    const void* bottom = nullptr;
    std::size_t size = 0;
    __sanitizer_finish_switch_fiber(fake_stack_, &bottom, &size);
    if (came_from_->stack_ == nullptr) {
        came_from_->stack_bottom_ = bottom;
        came_from_->stack_size_ = size;
    }
#endif
}

void Fiber::check_stack() const {
    if (stack_ == nullptr || std::memcmp(stack_.get(), &kCanary, sizeof kCanary) == 0) return;
    std::cerr << "a simulated thread has overrun its stack\n";
    std::abort();  // memory beyond the stack is overwritten already
}

std::unique_ptr<Fiber> FiberPool::take() {
    if (idle_.empty()) return std::make_unique<Fiber>(kStackSize);
    auto fiber = std::move(idle_.back());
    idle_.pop_back();
    return fiber;
}

void FiberPool::abandon(std::unique_ptr<Fiber> fiber) {
    [[maybe_unused]] const Fiber* left = fiber.release();
#if defined(REGWATCH_ASAN)
    __lsan_ignore_object(left);
#endif
}

}  // namespace regwatch::sim

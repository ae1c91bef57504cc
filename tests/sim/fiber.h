// A cooperative thread: a stack, and the place in it where it stopped. Thousands of simulated threads
// run on one real thread, so the order in which they run is decided by us and by nobody else.
//
// One OS thread. A fiber is used again and again: the body that it is given returns the fiber to go
// on with, and then waits for its next body. Stacks come from the heap, so that the leak checker
// sees what is on them; the sanitizers are told of every switch.
#pragma once

#include <ucontext.h>
#include <csetjmp>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace regwatch::sim {

class Fiber {
public:
    using Body = std::function<Fiber&()>;

    // Stands for the calling OS thread itself, which has its stack already.
    Fiber();
    explicit Fiber(std::size_t stack_size);
    // Whatever lives on the stack of a body that has not ended is not destroyed.
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    void set_body(Body body) { body_ = std::move(body); }
    // Stops here and goes on there. Returns when somebody switches back.
    void switch_to(Fiber& next);

private:
    static void enter(unsigned low, unsigned high);
    void run();
    void before_switch(const Fiber& next);
    void after_switch();
    void check_stack() const;
    void leave_for(Fiber& next);

    ucontext_t context_{};
    [[maybe_unused]] std::jmp_buf place_{};
    [[maybe_unused]] bool was_entered_ = false;
    std::unique_ptr<std::byte[]> stack_;
    std::size_t stack_size_ = 0;
    Body body_;
    // For the sanitizers only.
    const void* stack_bottom_ = nullptr;
    [[maybe_unused]] void* fake_stack_ = nullptr;
    [[maybe_unused]] void* tsan_fiber_ = nullptr;
    Fiber* came_from_ = nullptr;
};

// Fibers that have ended, kept for the next run: making one costs more than a whole short run.
class FiberPool {
public:
    [[nodiscard]] std::unique_ptr<Fiber> take();
    void give_back(std::unique_ptr<Fiber> fiber) { idle_.push_back(std::move(fiber)); }
    // For a fiber that stopped in the middle of its body: its stack can be neither used again nor
    // unwound (the code on it may be noexcept), so it is left as it is, with all that it owns.
    static void abandon(std::unique_ptr<Fiber> fiber);

private:
    std::vector<std::unique_ptr<Fiber>> idle_;
};

}  // namespace regwatch::sim

// Ordinary pool threads and timers behind platform/executor.h: one private pool with a stated
// number of threads, so that slow work of one kind never takes the threads of another, and so that
// no thread has to be made at the moment of need.
//
// Any thread. Works and timers must be destroyed before the executor. A task that throws is a bug;
// the exception ends at the pool's border and is told to `on_escaped`, which must not throw.
#pragma once

#include <functional>
#include <memory>

#include "platform/executor.h"
#include "win32/handle.h"

namespace regwatch::win32 {

class PoolExecutor final : public Executor {
public:
    using OnEscaped = std::function<void(const char* what)>;

    static Result<std::unique_ptr<PoolExecutor>> create(unsigned threads, OnEscaped on_escaped);
    PoolExecutor(const PoolExecutor&) = delete;
    PoolExecutor& operator=(const PoolExecutor&) = delete;

    Result<std::unique_ptr<Work>> create_work(std::function<void()> task) override;
    Result<std::unique_ptr<Timer>> create_timer(std::function<void()> task) override;

private:
    PoolExecutor(Pool pool, OnEscaped on_escaped);

    const Pool pool_;
    const OnEscaped on_escaped_;
    TP_CALLBACK_ENVIRON environment_{};
};

}  // namespace regwatch::win32

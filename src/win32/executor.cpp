#include "win32/executor.h"

#include <atomic>
#include <exception>
#include <utility>

#include "win32/error.h"

namespace regwatch::win32 {
namespace {

// A task with the border around it that no exception passes.
class Task {
public:
    Task(std::function<void()> run, const PoolExecutor::OnEscaped& on_escaped)
        : run_(std::move(run)), on_escaped_(on_escaped) {}

    void operator()() const noexcept {
        try {
            run_();
        } catch (const std::exception& error) {
            tell(error.what());
        } catch (...) {
            tell("something that is not a std::exception");
        }
    }

private:
    void tell(const char* what) const {
        if (on_escaped_) on_escaped_(what);
    }

    const std::function<void()> run_;
    const PoolExecutor::OnEscaped& on_escaped_;  // the executor's, which outlives its tasks
};

class PoolTask final : public Work {
public:
    explicit PoolTask(Task task) : task_(std::move(task)) {}
    ~PoolTask() override {
        if (work_) WaitForThreadpoolWorkCallbacks(work_.get(), TRUE);
    }

    bool open(TP_CALLBACK_ENVIRON* environment) noexcept {
        work_ = PoolWork(CreateThreadpoolWork(&run, this, environment));
        return static_cast<bool>(work_);
    }
    void submit() noexcept override { SubmitThreadpoolWork(work_.get()); }

private:
    static void CALLBACK run(PTP_CALLBACK_INSTANCE, void* self, PTP_WORK) noexcept {
        static_cast<PoolTask*>(self)->task_();
    }

    const Task task_;
    PoolWork work_;
};

class PoolTimerTask final : public Timer {
public:
    explicit PoolTimerTask(Task task) : task_(std::move(task)) {}
    ~PoolTimerTask() override {
        if (!timer_) return;
        cancel();
        WaitForThreadpoolTimerCallbacks(timer_.get(), TRUE);
    }

    bool open(TP_CALLBACK_ENVIRON* environment) noexcept {
        timer_ = PoolTimer(CreateThreadpoolTimer(&run, this, environment));
        return static_cast<bool>(timer_);
    }

    void set(Duration delay) noexcept override {
        const auto ticks = std::chrono::ceil<WallTicks>(delay).count();
        // Negative means from now on, on a clock that nobody sets; zero means at once.
        ULARGE_INTEGER due{};
        due.QuadPart = static_cast<ULONGLONG>(ticks > 0 ? -ticks : 0);
        FILETIME time{due.LowPart, due.HighPart};
        is_set_ = true;
        SetThreadpoolTimer(timer_.get(), &time, 0, 0);
    }
    void cancel() noexcept override {
        SetThreadpoolTimer(timer_.get(), nullptr, 0, 0);
        is_set_ = false;
    }

private:
    static void CALLBACK run(PTP_CALLBACK_INSTANCE, void* self, PTP_TIMER) noexcept {
        auto& timer = *static_cast<PoolTimerTask*>(self);
        // The pool does not take back a run that is queued; this does. After a new setting in that
        // very moment, the queued run counts as the new one's: early, but still once.
        if (timer.is_set_.exchange(false)) timer.task_();
    }

    const Task task_;
    std::atomic<bool> is_set_ = false;
    PoolTimer timer_;
};

}  // namespace

Result<std::unique_ptr<PoolExecutor>> PoolExecutor::create(unsigned threads, OnEscaped on_escaped) {
    Pool pool(CreateThreadpool(nullptr));
    if (!pool) {
        const DWORD code = GetLastError();
        return system_error(code, "creating", "a thread pool");
    }
    SetThreadpoolThreadMaximum(pool.get(), threads);
    // All of them from the beginning. A pool under Wine thinks of another thread only when
    // something is submitted, so that what was submitted in one go would wait behind one slow
    // script.
    if (!SetThreadpoolThreadMinimum(pool.get(), threads)) {
        const DWORD code = GetLastError();
        return system_error(code, "starting", "the threads of a pool");
    }
    return std::unique_ptr<PoolExecutor>(new PoolExecutor(std::move(pool), std::move(on_escaped)));
}

PoolExecutor::PoolExecutor(Pool pool, OnEscaped on_escaped)
    : pool_(std::move(pool)), on_escaped_(std::move(on_escaped)) {
    InitializeThreadpoolEnvironment(&environment_);
    SetThreadpoolCallbackPool(&environment_, pool_.get());
}

Result<std::unique_ptr<Work>> PoolExecutor::create_work(std::function<void()> task) {
    auto work = std::make_unique<PoolTask>(Task(std::move(task), on_escaped_));
    if (!work->open(&environment_)) {
        const DWORD code = GetLastError();
        return system_error(code, "creating", "a thread pool work item");
    }
    return std::unique_ptr<Work>(std::move(work));
}

Result<std::unique_ptr<Timer>> PoolExecutor::create_timer(std::function<void()> task) {
    auto timer = std::make_unique<PoolTimerTask>(Task(std::move(task), on_escaped_));
    if (!timer->open(&environment_)) {
        const DWORD code = GetLastError();
        return system_error(code, "creating", "a thread pool timer");
    }
    return std::unique_ptr<Timer>(std::move(timer));
}

}  // namespace regwatch::win32

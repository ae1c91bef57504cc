#include "win32/persistent_thread.h"

#include <utility>

#include "win32/error.h"

namespace regwatch::win32 {
namespace {

// Whose thread this is. Set by the first thing that runs on a pool's thread and cleared by the
// last, so that a number is all that a callback has to be given.
thread_local PoolPersistentThread* current_owner = nullptr;

}  // namespace

class PoolWaitObject final : public Wait {
public:
    static Result<std::unique_ptr<Wait>> create(PoolPersistentThread& thread,
                                                std::shared_ptr<PersistentThread::Client> client,
                                                std::uint64_t wait_id) {
        auto made = std::make_unique<PoolWaitObject>(thread);
        made->ticket_ = thread.enter(std::move(client), wait_id);
        made->wait_ = PoolWait(CreateThreadpoolWait(&PoolPersistentThread::on_wait,
                                                    reinterpret_cast<void*>(made->ticket_),
                                                    &thread.environment_));
        if (!made->wait_) {
            const DWORD code = GetLastError();
            return system_error(code, "creating", "a thread pool wait");
        }
        return std::unique_ptr<Wait>(std::move(made));
    }

    explicit PoolWaitObject(PoolPersistentThread& thread) noexcept : thread_(thread) {}
    ~PoolWaitObject() override { thread_.leave(ticket_); }

    void arm(Event& event) noexcept override {
        SetThreadpoolWait(wait_.get(), handle_of(event), nullptr);
    }
    void disarm() noexcept override { SetThreadpoolWait(wait_.get(), nullptr, nullptr); }
    void drain() noexcept override {
        WaitForThreadpoolWaitCallbacks(wait_.get(), TRUE);
        // Under Wine 8 one may still begin now, or have begun: it finds nothing, or is waited for.
        thread_.leave(ticket_);
    }

private:
    PoolPersistentThread& thread_;
    std::uintptr_t ticket_ = 0;
    PoolWait wait_;
};

Result<std::unique_ptr<PoolPersistentThread>> PoolPersistentThread::create() {
    Pool pool(CreateThreadpool(nullptr));
    if (!pool) {
        const DWORD code = GetLastError();
        return system_error(code, "creating", "the persistent thread's pool");
    }
    SetThreadpoolThreadMaximum(pool.get(), 1);
    if (!SetThreadpoolThreadMinimum(pool.get(), 1)) {
        const DWORD code = GetLastError();
        return system_error(code, "starting", "the persistent thread");
    }
    std::unique_ptr<PoolPersistentThread> made(new PoolPersistentThread(std::move(pool)));
    if (auto begun = made->run_on_thread(&begin); !begun) return std::move(begun).error();
    return made;
}

PoolPersistentThread::PoolPersistentThread(Pool pool) : pool_(std::move(pool)) {
    InitializeThreadpoolEnvironment(&environment_);
    SetThreadpoolCallbackPool(&environment_, pool_.get());
    TpSetCallbackPersistent(&environment_);
}

PoolPersistentThread::~PoolPersistentThread() {
    // The thread outlives the pool's handle for a moment. Should `end` not run for want of memory,
    // nothing is left to find: every wait left the table before.
    static_cast<void>(run_on_thread(&end));
}

Result<void> PoolPersistentThread::run_on_thread(PTP_WORK_CALLBACK callback) {
    PoolWork work(CreateThreadpoolWork(callback, this, &environment_));
    if (!work) {
        const DWORD code = GetLastError();
        return system_error(code, "reaching", "the persistent thread");
    }
    SubmitThreadpoolWork(work.get());
    WaitForThreadpoolWorkCallbacks(work.get(), FALSE);
    return {};
}

void PoolPersistentThread::begin(PTP_CALLBACK_INSTANCE, void* self, PTP_WORK) noexcept {
    current_owner = static_cast<PoolPersistentThread*>(self);
    current_owner->thread_id_ = GetCurrentThreadId();
}

void PoolPersistentThread::end(PTP_CALLBACK_INSTANCE, void*, PTP_WORK) noexcept {
    current_owner = nullptr;
}

Result<std::unique_ptr<Event>> PoolPersistentThread::create_event(Initially state) {
    constexpr BOOL kAutoReset = FALSE;
    Handle handle(CreateEventW(nullptr, kAutoReset, state == Initially::signalled, nullptr));
    if (!handle) {
        const DWORD code = GetLastError();
        return system_error(code, "creating", "an event");
    }
    return std::unique_ptr<Event>(
        std::make_unique<SystemEvent>(std::move(handle), retired_events_));
}

Result<std::unique_ptr<Wait>> PoolPersistentThread::create_wait(std::shared_ptr<Client> client,
                                                                std::uint64_t wait_id) {
    return PoolWaitObject::create(*this, std::move(client), wait_id);
}

bool PoolPersistentThread::is_current() const noexcept {
    return GetCurrentThreadId() == thread_id_;
}

PoolPersistentThread::Ticket PoolPersistentThread::enter(std::shared_ptr<Client> client,
                                                         std::uint64_t wait_id) {
    Lock lock(mutex_);
    entries_.emplace(++last_, Entry{std::move(client), wait_id});
    return last_;
}

void PoolPersistentThread::leave(Ticket ticket) noexcept {
    Lock lock(mutex_);
    entries_.erase(ticket);
    while (ticket != 0 && running_ == ticket) returned_.wait(mutex_);
}

void PoolPersistentThread::dispatch(Ticket ticket) noexcept {
    Entry entry;
    {
        Lock lock(mutex_);
        const auto found = entries_.find(ticket);
        if (found == entries_.end()) return;
        entry = found->second;
        running_ = ticket;
    }
    entry.client->on_signal(entry.wait_id);
    Lock lock(mutex_);
    running_ = 0;
    returned_.notify_all();
}

void PoolPersistentThread::on_wait(PTP_CALLBACK_INSTANCE, void* ticket, PTP_WAIT,
                                   TP_WAIT_RESULT) noexcept {
    if (current_owner != nullptr) current_owner->dispatch(reinterpret_cast<Ticket>(ticket));
}

}  // namespace regwatch::win32

#include "win32/persistent_thread.h"

#include <map>
#include <utility>

#include "base/sync.h"
#include "win32/error.h"

namespace regwatch::win32 {
namespace {

using Ticket = std::uintptr_t;  // the context of a wait; never used twice

// Who is meant by the number that a callback brings. Any thread.
class TicketTable {
public:
    struct Entry {
        std::shared_ptr<PersistentThread::Client> client;
        std::uint64_t wait_id = 0;
        std::atomic<DWORD>* thread_id = nullptr;  // of the wait's PoolPersistentThread
        bool closed = false;
        bool running = false;
    };

    Ticket enter(Entry entry) REGWATCH_EXCLUDES(mutex_) {
        Lock lock(mutex_);
        entries_.emplace(++last_, std::move(entry));
        return last_;
    }

    // No callback finds the ticket any more, and the one that did has returned.
    void leave(Ticket ticket) noexcept REGWATCH_EXCLUDES(mutex_) {
        Lock lock(mutex_);
        auto found = entries_.find(ticket);
        while (found != entries_.end() && found->second.running) {
            found->second.closed = true;
            returned_.wait(mutex_);
            found = entries_.find(ticket);
        }
        if (found != entries_.end()) entries_.erase(found);
    }

    void dispatch(Ticket ticket) noexcept REGWATCH_EXCLUDES(mutex_) {
        Entry* const entry = begin(ticket);
        if (entry == nullptr) return;
        *entry->thread_id = GetCurrentThreadId();
        entry->client->on_signal(entry->wait_id);
        Lock lock(mutex_);
        entry->running = false;
        returned_.notify_all();
    }

private:
    // It stays where it is until the callback has returned.
    Entry* begin(Ticket ticket) noexcept REGWATCH_EXCLUDES(mutex_) {
        Lock lock(mutex_);
        const auto found = entries_.find(ticket);
        if (found == entries_.end() || found->second.closed) return nullptr;
        found->second.running = true;
        return &found->second;
    }

    Mutex mutex_;
    Condition returned_;
    std::map<Ticket, Entry> entries_ REGWATCH_GUARDED_BY(mutex_);
    Ticket last_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

// A number is all that a callback has, on whatever thread it comes, so there is one table in the process.
// Never destroyed: under Wine 8 a callback may come when everything else is gone.
TicketTable& tickets() {
    static TicketTable* const table = new TicketTable;
    return *table;
}

void CALLBACK on_wait(PTP_CALLBACK_INSTANCE, void* ticket, PTP_WAIT, TP_WAIT_RESULT) noexcept {
    tickets().dispatch(reinterpret_cast<Ticket>(ticket));
}

}  // namespace

class PoolWaitObject final : public Wait {
public:
    static Result<std::unique_ptr<Wait>> create(PoolPersistentThread& thread,
                                                std::shared_ptr<PersistentThread::Client> client,
                                                std::uint64_t wait_id) {
        auto made = std::make_unique<PoolWaitObject>();
        made->ticket_ = tickets().enter({std::move(client), wait_id, &thread.thread_id_});
        made->wait_ = PoolWait(CreateThreadpoolWait(
            &on_wait, reinterpret_cast<void*>(made->ticket_), &thread.environment_));
        if (!made->wait_) {
            const DWORD code = GetLastError();
            return system_error(code, "creating", "a thread pool wait");
        }
        return std::unique_ptr<Wait>(std::move(made));
    }

    ~PoolWaitObject() override { tickets().leave(ticket_); }

    void arm(Event& event) noexcept override {
        SetThreadpoolWait(wait_.get(), handle_of(event), nullptr);
    }
    void disarm() noexcept override { SetThreadpoolWait(wait_.get(), nullptr, nullptr); }
    void drain() noexcept override {
        WaitForThreadpoolWaitCallbacks(wait_.get(), TRUE);
        // Under Wine 8 one may still begin now, or have begun: it finds nothing, or is waited for.
        tickets().leave(ticket_);
    }

private:
    Ticket ticket_ = 0;
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
    return std::unique_ptr<PoolPersistentThread>(new PoolPersistentThread(std::move(pool)));
}

PoolPersistentThread::PoolPersistentThread(Pool pool) : pool_(std::move(pool)) {
    InitializeThreadpoolEnvironment(&environment_);
    SetThreadpoolCallbackPool(&environment_, pool_.get());
    TpSetCallbackPersistent(&environment_);
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

}  // namespace regwatch::win32

// Named places in the life of a registration where a test can stop the thread that comes by, and port
// calls that fail when a test says so. No code of the product knows of them: they are decorators
// around a registry and a persistent thread, which pass on every call that is not made to fail.
//
//   after_open       a key was opened, or could not be                  looking thread
//   after_signal     the wait has ended, its callback begins            persistent thread
//   before_register  the registration is about to be asked for          persistent thread
//   after_register   it has been                                        persistent thread
//   before_read      a look asks for the key's times and counts         looking thread
//   after_read       a look has read the values, not yet the subkeys    looking thread
//   before_arm       the wait is about to be armed                      whoever looked last
//   after_disarm     a monitor is being closed: the wait is disarmed    closing thread
//   after_drain      and drained                                        closing thread
//
// The product holds the monitor's lock at before_arm and after_disarm. Keys are named by their last
// component; an empty name means every key. A wait has the name of the key that the same thread
// opened last, as KeyMonitor::open() does it. Any thread. The set outlives the persistent thread
// underneath; where the rules of the ports are broken is kept in broken().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/persistent_thread.h"
#include "platform/registry.h"

namespace regwatch::test {

enum class Point : std::uint8_t {
    after_open,
    after_signal,
    before_register,
    after_register,
    before_read,
    after_read,
    before_arm,
    after_disarm,
    after_drain,
};

class FailpointClient;

enum class PortCall : std::uint8_t { open, request_signal, read };

class FailpointSet {
public:
    FailpointSet();
    ~FailpointSet();
    FailpointSet(const FailpointSet&) = delete;
    FailpointSet& operator=(const FailpointSet&) = delete;

    // The next thread that comes to the point stops there, and only that one.
    void park(Point point, std::u16string_view key = {});
    // False: nobody came within the bound.
    [[nodiscard]] bool wait_until_parked(Point point);
    // Lets it go on. If nobody has come yet, nobody will be stopped any more.
    void release(Point point);

    // From now on these calls answer `error`, until recover().
    void fail(PortCall call, std::u16string_view key, Error error);
    void recover();
    [[nodiscard]] int failures() const;  // calls made to fail since the last fail()

    [[nodiscard]] int count(Point point, std::u16string_view key) const;
    [[nodiscard]] int opened(std::u16string_view key) const;  // tried, successfully or not
    [[nodiscard]] std::vector<std::string> broken() const;

private:
    friend class FailpointRegistry;
    friend class FailpointThread;
    friend class FailpointKey;
    friend class FailpointWait;
    friend class FailpointClient;
    struct Parking {
        std::u16string key;
        bool taken = false;
    };
    struct Failure {
        PortCall call{};
        std::u16string key;
        Error error;
    };

    void reach(Point point, const std::u16string& key);
    [[nodiscard]] std::optional<Error> failure(PortCall call, const std::u16string& key);
    void note_opened(const std::u16string& key);
    [[nodiscard]] std::u16string opened_last_by_this_thread() const;
    [[nodiscard]] std::shared_ptr<FailpointClient> client_for(
        std::shared_ptr<PersistentThread::Client> client);
    void note_broken(std::string rule);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<Point, Parking> parked_;
    std::optional<Failure> failure_;
    int failures_ = 0;
    std::map<std::pair<Point, std::u16string>, int> counts_;
    std::map<std::u16string, int> opened_;
    std::map<std::thread::id, std::u16string> opened_last_;
    std::vector<std::string> broken_;
    std::map<std::shared_ptr<PersistentThread::Client>, std::shared_ptr<FailpointClient>> clients_;
};

class FailpointRegistry final : public Registry {
public:
    FailpointRegistry(Registry& real, FailpointSet& points) : real_(real), points_(points) {}
    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override;

private:
    Registry& real_;
    FailpointSet& points_;
};

class FailpointThread final : public PersistentThread {
public:
    FailpointThread(PersistentThread& real, FailpointSet& points) : real_(real), points_(points) {}
    Result<std::unique_ptr<Event>> create_event(Initially state) override {
        return real_.create_event(state);
    }
    Result<std::unique_ptr<Wait>> create_wait(std::shared_ptr<Client> client,
                                              std::uint64_t wait_id) override;
    [[nodiscard]] bool is_current() const noexcept override { return real_.is_current(); }

private:
    PersistentThread& real_;
    FailpointSet& points_;
};

}  // namespace regwatch::test

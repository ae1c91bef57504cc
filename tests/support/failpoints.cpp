#include "support/failpoints.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace regwatch::test {
namespace {

// Never waited for in full where things are well.
constexpr std::chrono::seconds kLongestPark{30};

bool fits(const std::u16string& wanted, const std::u16string& key) {
    return wanted.empty() || wanted == key;
}

}  // namespace

// Stands between the thread and the product's client, and knows the waits that were made for it.
class FailpointClient final : public PersistentThread::Client {
public:
    FailpointClient(std::shared_ptr<PersistentThread::Client> client, FailpointSet& points)
        : client_(std::move(client)), points_(points) {}

    void enter(std::uint64_t id, const std::u16string& key) {
        const std::lock_guard lock(mutex_);
        waits_[id] = {key, false, false};
    }
    void leave(std::uint64_t id) {
        const std::lock_guard lock(mutex_);
        waits_.erase(id);
    }
    void arm(std::uint64_t id) {
        const std::lock_guard lock(mutex_);
        State& wait = waits_[id];
        if (wait.disarmed) points_.note_broken("a wait was armed after it was disarmed");
        if (std::exchange(wait.armed, true)) points_.note_broken("a wait was armed twice");
    }
    void disarm(std::uint64_t id) {
        const std::lock_guard lock(mutex_);
        waits_[id].disarmed = true;
    }

    void on_signal(std::uint64_t id) noexcept override {
        std::u16string key;
        {
            const std::lock_guard lock(mutex_);
            const auto found = waits_.find(id);
            if (found == waits_.end()) {
                points_.note_broken("a callback came for a wait that was drained");
                return;
            }
            found->second.armed = false;
            key = found->second.key;
        }
        points_.reach(Point::after_signal, key);
        client_->on_signal(id);
    }

private:
    struct State {
        std::u16string key;
        bool armed = false;
        bool disarmed = false;
    };

    const std::shared_ptr<PersistentThread::Client> client_;
    FailpointSet& points_;
    std::mutex mutex_;
    std::map<std::uint64_t, State> waits_;
};

class FailpointWait final : public Wait {
public:
    FailpointWait(std::unique_ptr<Wait> real, FailpointClient& client, std::uint64_t id,
                  std::u16string key, FailpointSet& points)
        : real_(std::move(real)), client_(client), id_(id), key_(std::move(key)), points_(points) {}
    ~FailpointWait() override {
        if (!drained_) client_.leave(id_);
    }

    void arm(Event& event) noexcept override {
        points_.reach(Point::before_arm, key_);
        client_.arm(id_);
        real_->arm(event);
    }
    void disarm() noexcept override {
        client_.disarm(id_);
        real_->disarm();
        points_.reach(Point::after_disarm, key_);
    }
    void drain() noexcept override {
        real_->drain();
        client_.leave(id_);
        drained_ = true;
        points_.reach(Point::after_drain, key_);
    }

private:
    const std::unique_ptr<Wait> real_;
    FailpointClient& client_;
    const std::uint64_t id_;
    const std::u16string key_;
    FailpointSet& points_;
    bool drained_ = false;
};

class FailpointKey final : public RegistryKey {
public:
    FailpointKey(std::unique_ptr<RegistryKey> real, std::u16string name, FailpointSet& points)
        : real_(std::move(real)), name_(std::move(name)), points_(points) {}

    Result<KeyInfo> info() override {
        points_.reach(Point::before_read, name_);
        if (auto error = points_.failure(PortCall::read, name_)) return *std::move(error);
        return real_->info();
    }
    Result<std::vector<Value>> values() override {
        if (auto error = points_.failure(PortCall::read, name_)) return *std::move(error);
        auto values = real_->values();
        points_.reach(Point::after_read, name_);
        return values;
    }
    Result<std::vector<SubkeyName>> subkeys() override { return real_->subkeys(); }
    Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) override {
        return real_->open_subkey(name);
    }
    Result<std::string> security() override { return real_->security(); }
    Result<std::u16string> native_name() override { return real_->native_name(); }

    Result<void> request_signal(Event& event, Scope scope) override {
        points_.reach(Point::before_register, name_);
        Result<void> requested;
        if (auto error = points_.failure(PortCall::request_signal, name_)) {
            requested = *std::move(error);
        } else {
            requested = real_->request_signal(event, scope);
        }
        points_.reach(Point::after_register, name_);
        return requested;
    }

private:
    const std::unique_ptr<RegistryKey> real_;
    const std::u16string name_;
    FailpointSet& points_;
};

Result<std::unique_ptr<RegistryKey>> FailpointRegistry::open(const KeyPath& path) {
    const std::u16string name(path.leaf());
    points_.note_opened(name);
    if (auto error = points_.failure(PortCall::open, name)) return *std::move(error);
    auto real = real_.open(path);
    points_.reach(Point::after_open, name);
    if (!real) return std::move(real).error();
    return std::unique_ptr<RegistryKey>(
        std::make_unique<FailpointKey>(std::move(real).value(), name, points_));
}

Result<std::unique_ptr<Wait>> FailpointThread::create_wait(std::shared_ptr<Client> client,
                                                           std::uint64_t wait_id) {
    const std::u16string key = points_.opened_last_by_this_thread();
    const auto between = points_.client_for(std::move(client));
    between->enter(wait_id, key);
    auto real = real_.create_wait(between, wait_id);
    if (!real) {
        between->leave(wait_id);
        return std::move(real).error();
    }
    return std::unique_ptr<Wait>(
        std::make_unique<FailpointWait>(std::move(real).value(), *between, wait_id, key, points_));
}

FailpointSet::FailpointSet() = default;
FailpointSet::~FailpointSet() = default;

void FailpointSet::park(Point point, std::u16string_view key) {
    const std::lock_guard lock(mutex_);
    parked_[point] = {std::u16string(key), false};
}

bool FailpointSet::wait_until_parked(Point point) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLongestPark, [&] {
        const auto found = parked_.find(point);
        return found != parked_.end() && found->second.taken;
    });
}

void FailpointSet::release(Point point) {
    const std::lock_guard lock(mutex_);
    parked_.erase(point);
    changed_.notify_all();
}

void FailpointSet::reach(Point point, const std::u16string& key) {
    std::unique_lock lock(mutex_);
    ++counts_[{point, key}];
    changed_.notify_all();
    const auto found = parked_.find(point);
    if (found == parked_.end() || found->second.taken || !fits(found->second.key, key)) return;
    found->second.taken = true;
    // A test that failed half-way releases nothing; its bench is then torn down all the same.
    if (!changed_.wait_for(lock, kLongestPark, [&] { return !parked_.contains(point); })) {
        broken_.emplace_back("a thread was parked and never released");
    }
}

void FailpointSet::fail(PortCall call, std::u16string_view key, Error error) {
    const std::lock_guard lock(mutex_);
    failure_ = {call, std::u16string(key), std::move(error)};
    failures_ = 0;
}

void FailpointSet::recover() {
    const std::lock_guard lock(mutex_);
    failure_.reset();
}

std::optional<Error> FailpointSet::failure(PortCall call, const std::u16string& key) {
    const std::lock_guard lock(mutex_);
    if (!failure_ || failure_->call != call || !fits(failure_->key, key)) return std::nullopt;
    ++failures_;
    changed_.notify_all();
    return failure_->error;
}

int FailpointSet::failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
}

int FailpointSet::count(Point point, std::u16string_view key) const {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find({point, std::u16string(key)});
    return found == counts_.end() ? 0 : found->second;
}

int FailpointSet::opened(std::u16string_view key) const {
    const std::lock_guard lock(mutex_);
    const auto found = opened_.find(std::u16string(key));
    return found == opened_.end() ? 0 : found->second;
}

std::vector<std::string> FailpointSet::broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
}

void FailpointSet::note_broken(std::string rule) {
    const std::lock_guard lock(mutex_);
    broken_.push_back(std::move(rule));
}

void FailpointSet::note_opened(const std::u16string& key) {
    const std::lock_guard lock(mutex_);
    ++opened_[key];
    opened_last_[std::this_thread::get_id()] = key;
}

std::u16string FailpointSet::opened_last_by_this_thread() const {
    const std::lock_guard lock(mutex_);
    const auto found = opened_last_.find(std::this_thread::get_id());
    return found == opened_last_.end() ? std::u16string() : found->second;
}

std::shared_ptr<FailpointClient> FailpointSet::client_for(
    std::shared_ptr<PersistentThread::Client> client) {
    const std::lock_guard lock(mutex_);
    auto& place = clients_[client];
    if (!place) place = std::make_shared<FailpointClient>(std::move(client), *this);
    return place;
}

}  // namespace regwatch::test

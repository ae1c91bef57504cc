#include "contract/state_bench.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/samples.h"

namespace regwatch::test {
namespace {

const KeyPath kWatchedKey{Root::local_machine, u"SOFTWARE\\Example", View::bits64};

}  // namespace

StateBench::StateBench() { platform.kernel.create_key(kWatchedKey); }

Settings StateBench::settings() const {
    Settings settings;
    WatchSettings watch;
    watch.name = "test";
    watch.keys = {kWatchedKey};
    watch.actions = {"action"};
    settings.watches = {watch};
    return settings;
}

void StateBench::start(const Settings& settings) {
    store_ = std::make_unique<SqliteStore>(
        SqliteStore::Options{folder(), SqliteStore::Access::own, 0, 0}, platform.clock);
    EngineOptions options;
    options.store = store_.get();
    mark_ = std::make_unique<NumberMarkFile>(folder());
    options.mark = mark_.get();
    options.ready_made_actions["action"] = std::make_unique<GatedAction>(deliveries);
    auto made = Engine::create(settings, std::move(options), ports_);
    if (!made) throw std::runtime_error(made.error().text());
    engine_ = std::move(made).value();
    engine_->start();
}

void StateBench::stop() {
    deliveries.let_go();
    if (engine_) (void)engine_->stop(std::chrono::seconds(5));
    engine_.reset();
    store_.reset();
}

void StateBench::write(std::u16string_view name, std::uint32_t number) {
    write(name, dword(number));
}

void StateBench::write(std::u16string_view name, const ValueData& data) {
    platform.kernel.set_value(kWatchedKey, name, data);
}

bool StateBench::hears() {
    write(u"v", ++last_);
    return deliveries.wait_for(dword(last_));
}

bool StateBench::comes_to(StoreState state) {
    return comes_true([&] { return engine_->status().store == state; });
}

bool StateBench::said_not_kept(StoreState state) const {
    const auto notices = platform.journal.notices();
    return std::any_of(notices.begin(), notices.end(), [state](const Notice& notice) {
        return notice.id == EventId::state_not_kept && notice.inserts.at(0) == name_of(state);
    });
}

std::unique_ptr<SqliteStore> StateBench::reader() const {
    return std::make_unique<SqliteStore>(
        SqliteStore::Options{folder(), SqliteStore::Access::read, 2'000, 0}, platform.clock);
}

}  // namespace regwatch::test

#include "service/accept.h"

#include <algorithm>
#include <utility>

#include "engine.h"
#include "state/accepting_store.h"

namespace regwatch {
namespace {

// What the watches see, and nothing that is done about it.
Settings only_looking(const Settings& settings, std::vector<WatchSettings> watches) {
    Settings looking = settings;
    looking.actions.clear();
    looking.state.on_first_start = Unseen::accept;
    for (WatchSettings& watch : watches) {
        watch.actions.clear();
        watch.filters.clear();
        watch.expect.clear();
        watch.enforce = false;
        watch.debounce = {};
    }
    looking.watches = std::move(watches);
    return looking;
}

// Of keys that nobody looked at: those below a pattern that are gone are not known any more, so that one
// that comes back is new.
Result<void> see_to_the_rest(const std::vector<WatchSettings>& watches,
                             const AcceptingStore& accepting, Store& store, Registry& registry,
                             AcceptReport& report) {
    auto names = store.baselines();
    if (!names) return std::move(names).error();
    for (const BaselineName& name : *names) {
        const bool is_wanted = std::any_of(watches.begin(), watches.end(), [&](const auto& watch) {
            return watch.name == name.watch;
        });
        if (!is_wanted || stands_for_names(name.key) || accepting.has_taken(name.watch, name.key)) {
            continue;
        }
        if (is_in_unloaded_hive(registry, name.key)) {
            report.left.push_back(name.key.utf8() + ": its user is not logged on");
            continue;
        }
        const auto key = registry.open(name.key);
        if (key || key.error().kind != ErrorKind::not_found) continue;
        if (auto done = store.forget(name.watch, name.key); !done) return done;
        if (name.exists) ++report.differences;
    }
    return {};
}

}  // namespace

Result<std::vector<WatchSettings>> watches_named(const Settings& settings,
                                                 const std::string& watch) {
    std::vector<WatchSettings> found;
    for (const WatchSettings& known : settings.watches) {
        if (watch.empty() || watch == known.name) found.push_back(known);
    }
    if (!found.empty() || watch.empty()) return found;
    return Error{ErrorKind::not_found, 0, "looking for the watch", "\"" + watch + "\"",
                 "the configuration has none of that name"};
}

bool is_in_unloaded_hive(Registry& registry, const KeyPath& key) {
    if (key.root != Root::users || key.is_root()) return false;
    KeyPath hive = key;
    hive.subkey.resize(std::min(hive.subkey.find(u'\\'), hive.subkey.size()));
    const auto opened = registry.open(hive);
    return !opened && opened.error().kind == ErrorKind::not_found;
}

Result<AcceptReport> accept_as_found(const Settings& settings, const std::string& watch,
                                     Store& store, Platform& platform) {
    auto watches = watches_named(settings, watch);
    if (!watches) return std::move(watches).error();
    AcceptingStore accepting(store);
    AcceptReport report;
    {
        EngineOptions options;
        options.store = &accepting;
        auto engine =
            Engine::create(only_looking(settings, *watches), std::move(options), platform);
        if (!engine) return std::move(engine).error();
        (*engine)->start();
        for (const WatchStatus& status : (*engine)->status().watches) {
            if (status.state == WatchState::retrying || status.state == WatchState::at_limit)
                report.left.push_back(status.key + ": " + status.error);
        }
        (void)(*engine)->stop(Duration::zero());
    }
    const auto accepted = accepting.accepted();
    if (accepted.error) return *accepted.error;
    report.keys = accepted.keys;
    report.differences = accepted.differences;
    if (auto done = see_to_the_rest(*watches, accepting, store, platform.registry, report); !done)
        return std::move(done).error();
    return report;
}

}  // namespace regwatch

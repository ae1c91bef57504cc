#include "state/left_baselines.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace regwatch {

Result<void> LeftBaselines::find(const std::set<std::string>& watches) {
    auto all = store_.baselines();
    if (!all) return std::move(all).error();
    std::erase_if(*all, [&](const BaselineName& name) { return watches.contains(name.watch); });
    std::map<std::u16string, const BaselineName*> latest;
    for (const BaselineName& name : *all) {
        const BaselineName*& known = latest[name.key.folded()];
        if (known == nullptr || known->seen < name.seen) known = &name;
    }
    std::map<std::u16string, std::string> watch_of;
    for (const auto& [key, name] : latest) watch_of.emplace(key, name->watch);
    const Lock lock(mutex_);
    latest_ = std::move(watch_of);
    all_ = std::move(all).value();
    return {};
}

Result<std::optional<StoredBaseline>> LeftBaselines::baseline(const KeyPath& key) {
    std::string watch;
    {
        const Lock lock(mutex_);
        const auto found = latest_.find(key.folded());
        if (found == latest_.end()) return std::optional<StoredBaseline>();
        watch = found->second;
    }
    return store_.baseline(watch, key);
}

Result<void> LeftBaselines::forget(WallTime oldest) {
    std::vector<BaselineName> old;
    {
        const Lock lock(mutex_);
        const auto first =
            std::stable_partition(all_.begin(), all_.end(),
                                  [&](const BaselineName& name) { return name.seen >= oldest; });
        std::move(first, all_.end(), std::back_inserter(old));
        all_.erase(first, all_.end());
    }
    for (const BaselineName& name : old) {
        if (auto forgotten = store_.forget(name.watch, name.key); !forgotten) return forgotten;
    }
    return {};
}

}  // namespace regwatch

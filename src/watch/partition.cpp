#include "watch/partition.h"

#include <algorithm>
#include <utility>

#include "registry/value.h"
#include "text/fold.h"

namespace regwatch {
namespace {

// Below this many keys on average a part is not worth its monitor.
constexpr std::size_t kMinKeysOfAPart = 4;

// The type alone is no proof: anybody may give it to a value of an ordinary key.
bool is_link(const Snapshot& key) {
    if (!key.subkeys.empty() || key.values.size() != 1) return false;
    const ValueView value = *key.values.begin();
    return value.data.type == ValueType::link && equal_folded(value.name, u"SymbolicLinkValue");
}

class Planner {
public:
    Planner(std::size_t max_keys, const std::vector<Part>& present)
        : max_keys_(max_keys), present_(present) {}

    void plan(const Snapshot& key) {
        if (!is_to_be_divided(key)) {
            parts_.push_back({path_, Scope::subtree});
            return;
        }
        parts_.push_back({path_, Scope::key});
        for (const Subkey& subkey : key.subkeys) {
            if (!subkey.below || is_link(*subkey.below)) continue;
            const std::size_t length = path_.size();
            if (!path_.empty()) path_ += u'\\';
            path_ += subkey.name;
            plan(*subkey.below);
            path_.resize(length);
        }
    }

    std::vector<Part> take() {
        std::sort(parts_.begin(), parts_.end(),
                  [](const Part& a, const Part& b) { return a.path < b.path; });
        return std::move(parts_);
    }

private:
    [[nodiscard]] bool is_to_be_divided(const Snapshot& key) const {
        const std::size_t limit = is_inner_now() ? max_keys_ / 2 : max_keys_;
        const std::size_t count = key.key_count();
        return count > limit && key.subkeys.size() * kMinKeysOfAPart <= count;
    }

    [[nodiscard]] bool is_inner_now() const {
        const auto place = std::lower_bound(
            present_.begin(), present_.end(), path_,
            [](const Part& part, const std::u16string& path) { return part.path < path; });
        return place != present_.end() && *place == Part{path_, Scope::key};
    }

    const std::size_t max_keys_;
    const std::vector<Part>& present_;
    std::u16string path_;
    std::vector<Part> parts_;
};

}  // namespace

std::vector<Part> plan_parts(const Snapshot& tree, std::size_t max_keys,
                             const std::vector<Part>& present) {
    Planner planner(max_keys, present);
    planner.plan(tree);
    return planner.take();
}

}  // namespace regwatch

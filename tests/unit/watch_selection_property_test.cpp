// Any edits, seen through any selection: an incremental look finds what a full one would, that is what is
// selected of all there is, and the sum of what is reported leads from the first look to the last.
#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <random>

#include "registry/extent.h"
#include "support/apply.h"
#include "support/manual_clock.h"
#include "support/samples.h"
#include "watch/snapshot_reader.h"

namespace regwatch::test {
namespace {

class Random {
public:
    explicit Random(unsigned seed) : engine_(seed) {}
    std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

private:
    std::mt19937 engine_;
};

constexpr std::u16string_view kNames[] = {u"A", u"B", u"Cache", u"d"};

// A registry key that is a snapshot.
class KeptKey final : public RegistryKey {
public:
    explicit KeptKey(const Snapshot& key) : key_(key) {}

    Result<KeyInfo> info() override {
        return KeyInfo{key_.last_write, static_cast<std::uint32_t>(key_.subkeys.size()),
                       static_cast<std::uint32_t>(key_.values.size())};
    }
    Result<std::vector<Value>> values() override {
        return std::vector<Value>(key_.values.begin(), key_.values.end());
    }
    Result<std::vector<SubkeyName>> subkeys() override {
        std::vector<SubkeyName> names;
        for (const Subkey& subkey : key_.subkeys) {
            names.push_back({subkey.name, subkey.below->last_write});
        }
        return names;
    }
    Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) override {
        const Subkey* const found = find_subkey(key_, name);
        if (found == nullptr) {
            return Error{ErrorKind::not_found, 0, "opening the key", "", "there is none"};
        }
        return std::unique_ptr<RegistryKey>(std::make_unique<KeptKey>(*found->below));
    }
    Result<std::string> security() override { return std::string("O:BA"); }
    Result<std::u16string> native_name() override { return std::u16string(); }
    Result<void> request_signal(Event&, Scope) override { return {}; }

private:
    const Snapshot& key_;
};

std::u16string_view name_of(Random& random) { return kNames[random() % std::size(kNames)]; }

Snapshot tree(Random& random, int depth, WallTime now) {
    Snapshot key;
    key.last_write = now;
    std::vector<Value> values;
    for (const std::u16string_view name : kNames) {
        if (random() % 2 == 0) values.push_back({std::u16string(name), dword(random() % 3)});
        if (depth == 0 || random() % 3 == 0) continue;
        auto below = std::make_shared<Snapshot>(tree(random, depth - 1, now));
        key.subkeys.push_back({std::u16string(name), now, std::move(below)});
    }
    key.values = values;
    key.sort();
    return key;
}

// One value or one key comes, goes or changes, somewhere.
Snapshot edited(const Snapshot& before, Random& random, WallTime now) {
    Snapshot key = before;
    if (!key.subkeys.empty() && random() % 3 != 0) {
        Subkey& below = key.subkeys[random() % key.subkeys.size()];
        below.below = std::make_shared<Snapshot>(edited(*below.below, random, now));
        below.last_write = below.below->last_write;
        return key;
    }
    key.last_write = now;
    const std::u16string_view name = name_of(random);
    if (random() % 2 == 0) {
        std::vector<Value> values(key.values.begin(), key.values.end());
        const auto erased =
            std::erase_if(values, [&](const Value& value) { return value.name == name; });
        if (erased == 0 || random() % 2 == 0) {
            values.push_back({std::u16string(name), dword(random() % 5)});
        }
        key.values = values;
    } else {
        const auto erased =
            std::erase_if(key.subkeys, [&](const Subkey& subkey) { return subkey.name == name; });
        if (erased == 0) {
            auto below = std::make_shared<Snapshot>(tree(random, 1, now));
            key.subkeys.push_back({std::u16string(name), now, std::move(below)});
        }
    }
    key.sort();
    return key;
}

Selection any_selection(Random& random) {
    constexpr std::u16string_view kPatterns[] = {u"A", u"**\\Cache", u"*\\B", u"A\\**\\d", u"B\\*"};
    Selection selection;
    if (random() % 3 == 0) selection.max_depth = random() % 4;
    for (auto* patterns : {&selection.include_subkeys, &selection.exclude_subkeys}) {
        if (random() % 2 == 0) continue;
        patterns->emplace_back(kPatterns[random() % std::size(kPatterns)]);
    }
    if (random() % 3 == 0) selection.include_values = {u"A", u"c*"};
    if (random() % 3 == 0) selection.exclude_values = {u"b"};
    if (random() % 2 == 0) selection.redact = {u"A"};
    return selection;
}

SharedSnapshot look(const Snapshot& registry, const ReadPlan& plan, const Clock& clock,
                    const SharedSnapshot& before) {
    KeptKey key(registry);
    auto read = read_snapshot(key, plan, clock, before);
    REQUIRE(read);
    return *read;
}

TEST_CASE("through any selection any edits are found, and their sum leads to what is there") {
    for (unsigned seed = 0; seed < 150; ++seed) {
        INFO("seed " << seed);
        Random random(seed);
        ManualClock clock;
        const Selection selection = any_selection(random);
        ReadPlan plan{Scope::subtree, false, Trust::times, &selection};
        Snapshot registry = tree(random, 3, clock.wall_now());
        clock.advance(std::chrono::seconds(1));
        SharedSnapshot last = look(registry, plan, clock, nullptr);
        std::optional<Snapshot> sum = *last;
        for (int round = 0; round < 12; ++round) {
            const unsigned edits = 1 + random() % 3;
            for (unsigned i = 0; i < edits; ++i) {
                registry = edited(registry, random, clock.wall_now());
                clock.advance(std::chrono::milliseconds(random() % 2 == 0 ? 1 : 500));
            }
            const SharedSnapshot now = look(registry, plan, clock, last);
            CHECK(has_same_content(
                *now, within(registry, kSelectAll, selection, ConcealingKey::of_this_process())));
            const Renamed renamed = random() % 2 == 0 ? Renamed::told : Renamed::as_two_changes;
            auto applied = test::apply(std::move(sum), diff(last.get(), now.get(), renamed));
            REQUIRE(applied);
            sum = std::move(applied).value();
            last = now;
        }
        // That nobody went into a key of which only the name is seen is not in a difference.
        const auto& key = ConcealingKey::of_this_process();
        CHECK(has_same_content(within(*sum, selection, selection, key), *last));
    }
}

}  // namespace
}  // namespace regwatch::test

// Looks that read only what the times say has changed, against looks that read everything; and the
// reported differences, against what they must lead to. After any edits, on every system.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <chrono>
#include <random>

#include "contract/bench.h"
#include "registry/diff.h"
#include "support/apply.h"
#include "support/system_time.h"
#include "watch/snapshot_reader.h"

namespace regwatch::test {
namespace {

// Changes one thing somewhere in a small tree, in which the same names come and go.
void edit(RegistryEditor& editor, std::mt19937& random) {
    static const std::u16string kKeys[] = {u"a",    u"a\\x",    u"a\\x\\1", u"a\\x\\2", u"b",
                                           u"b\\x", u"b\\x\\1", u"c",       u"c\\y",    u"c\\y\\1"};
    const std::u16string& key = kKeys[random() % std::size(kKeys)];
    const std::u16string value = random() % 2 == 0 ? u"v" : u"";
    try {
        switch (random() % 6) {
            case 0:
                editor.delete_key(key);
                break;
            case 1:
                editor.delete_value(key, value);
                break;
            case 2:
                editor.rename_key(key, key.back() == u'1' ? u"2" : u"1");
                break;
            default:
                editor.create_key(key);
                editor.set_value(key, value,
                                 {ValueType::binary, {static_cast<std::uint8_t>(random() % 4)}});
        }
    } catch (const std::exception&) {
        // There was nothing to change.
    }
}

SharedSnapshot look(Bench& bench, Trust trust, const SharedSnapshot& before) {
    const SystemTime clock;
    auto read = read_snapshot(*bench.open(u""), {Scope::subtree, false, trust}, clock, before);
    REQUIRE(read.ok());
    return *read;
}

TEST_CASE("after any edits an incremental look finds what a full one finds") {
    Bench bench(GENERATE(from_range(systems())));
    for (unsigned seed = 1; seed <= 6; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        SharedSnapshot incremental = look(bench, Trust::nothing, nullptr);
        const SharedSnapshot first = incremental;
        std::optional<Snapshot> sum = *first;
        for (int round = 0; round < 25; ++round) {
            CAPTURE(round);
            const auto edits = random() % 5;
            for (unsigned i = 0; i < edits; ++i) edit(bench.editor(), random);
            const SharedSnapshot now = look(bench, Trust::times, incremental);
            const SharedSnapshot full = look(bench, Trust::nothing, nullptr);
            REQUIRE(has_same_content(*now, *full));
            auto applied = test::apply(std::move(sum), diff(incremental.get(), now.get()));
            if (!applied) FAIL(applied.error().text());
            sum = std::move(applied).value();
            REQUIRE(has_same_content(*sum, *now));
            incremental = now;
        }
    }
}

TEST_CASE("what has not changed is shared with the earlier look") {
    Bench bench(GENERATE(from_range(systems())));
    for (const char16_t* key : {u"a\\1", u"a\\2", u"b\\1"}) bench.editor().create_key(key);
    // Read until the times are old enough to be trusted.
    SharedSnapshot before = look(bench, Trust::times, nullptr);
    while (look(bench, Trust::times, before) != before || !before->time_is_proof) {
        before = look(bench, Trust::times, before);
    }
    bench.editor().set_value(u"a\\1", u"v", {ValueType::binary, {1}});
    const SharedSnapshot after = look(bench, Trust::times, before);
    CHECK(find_key(*after, u"b") == find_key(*before, u"b"));
    CHECK(find_key(*after, u"a\\2") == find_key(*before, u"a\\2"));
    CHECK(find_key(*after, u"a\\1") != find_key(*before, u"a\\1"));
    CHECK(diff(before.get(), after.get()).size() == 1);
}

}  // namespace
}  // namespace regwatch::test

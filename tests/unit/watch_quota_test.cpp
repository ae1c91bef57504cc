// How much may be kept, and what is said about it.
#include "watch/quota.h"

#include <catch2/catch_test_macros.hpp>

#include "support/samples.h"

namespace regwatch::test {
namespace {

constexpr KeepLimits kMany{1'000'000, 1'000'000};

std::vector<EventId> told(Quota& quota) {
    std::vector<EventId> ids;
    for (const Notice& notice : quota.news()) ids.push_back(notice.id);
    return ids;
}

using Ids = std::vector<EventId>;

TEST_CASE("at 80, 90 and 100 percent it is said once, and again when it was less meanwhile") {
    Quota quota("w", {10, 1'000'000}, nullptr);
    quota.add({7, 0});
    CHECK(told(quota).empty());
    CHECK(quota.take({1, 0}));
    CHECK(told(quota) == Ids{EventId::limit_at_80});
    CHECK(told(quota).empty());
    CHECK(quota.take({1, 0}));
    CHECK(told(quota) == Ids{EventId::limit_at_90});
    CHECK(quota.take({1, 0}));
    CHECK(told(quota) == Ids{EventId::limit_reached});
    CHECK_FALSE(quota.take({1, 0}));
    CHECK(told(quota).empty());
    quota.add({-4, 0});
    CHECK(told(quota).empty());
    quota.add({2, 0});
    CHECK(told(quota) == Ids{EventId::limit_at_80});
}

TEST_CASE("what is refused is said although there is room for something smaller") {
    Quota quota("w", {100, 1'000}, nullptr);
    CHECK_FALSE(quota.take({1, 2'000}));
    const auto news = quota.news();
    REQUIRE(news.size() == 1);
    CHECK(news[0].id == EventId::limit_reached);
    CHECK(news[0].inserts == std::vector<std::string>{"w", "0", "1000", "bytes"});
    CHECK(quota.used() == KeptSize{});
}

TEST_CASE("the limit of all watches holds for each, and names the watch that meets it") {
    const auto all = std::make_shared<Quota>("", KeepLimits{3, 1'000}, nullptr);
    Quota one("one", kMany, all);
    Quota other("other", kMany, all);
    CHECK(one.take({2, 0}));
    CHECK_FALSE(other.take({2, 0}));
    CHECK(other.used() == KeptSize{});
    const auto news = other.news();
    REQUIRE(news.size() == 1);
    CHECK(news[0].inserts == std::vector<std::string>{"other", "2", "3", "entries of all watches"});
    one.add({-2, 0});
    CHECK(other.take({2, 0}));
}

TEST_CASE("a share gives back what a look took in vain, and all of it in the end") {
    const auto quota = std::make_shared<Quota>("w", kMany, nullptr);
    {
        QuotaShare share(quota);
        share.begin_look(true);
        CHECK(share.take({5, 50}));
        share.keep_as_before();
        CHECK(quota->used() == KeptSize{});
        share.begin_look(true);
        CHECK(share.take({5, 50}));
        share.keep({4, 40});
        CHECK(quota->used() == KeptSize{4, 40});
    }
    CHECK(quota->used() == KeptSize{});
}

TEST_CASE("what is left out elsewhere still counts after a look at a part") {
    const auto quota = std::make_shared<Quota>("w", KeepLimits{1, 1'000}, nullptr);
    QuotaShare share(quota);
    share.begin_look(true);
    CHECK(share.take({1, 0}));
    CHECK_FALSE(share.take({1, 0}));
    CHECK(share.left_out() == 1);
    share.begin_look(false);
    CHECK(share.left_out() == 1);
    share.begin_look(true);
    CHECK(share.left_out() == 0);
}

TEST_CASE("differences say how a size grows") {
    Snapshot before;
    before.values = {{u"v", dword(1)}, {u"w", dword(1)}};
    Snapshot below;
    below.values = {{u"x", sz(u"text")}};
    before.subkeys.push_back({u"Old", {}, std::make_shared<Snapshot>(below)});
    Snapshot after;
    after.values = {{u"v", sz(u"longer")}};
    after.subkeys.push_back({u"New name", {}, std::make_shared<Snapshot>(below)});
    after.subkeys.push_back({u"Z", {}, nullptr});
    KeptSize size = size_of(before);
    size += growth_of(diff(&before, &after));
    CHECK(size == size_of(after));
    size += growth_of(diff(&after, nullptr));
    CHECK(size == KeptSize{});
}

}  // namespace
}  // namespace regwatch::test

// The reading of one key that changes while it is read. Under every schedule: tests/sim.
#include <catch2/catch_test_macros.hpp>

#include <utility>

#include "support/manual_clock.h"
#include "watch/snapshot_reader.h"

namespace regwatch::test {
namespace {

// A key that somebody writes to before each answer.
class BusyKey final : public RegistryKey {
public:
    enum class Writer { changes_data, swaps_a_value };
    BusyKey(Writer writer, const Clock& clock) : writer_(writer), clock_(clock) {}

    Result<KeyInfo> info() override {
        write();
        return KeyInfo{clock_.wall_now() - WallTicks(1000) + WallTicks(writes_), 0, 2};
    }
    Result<std::vector<Value>> values() override {
        write();
        const bool swapped = writer_ == Writer::swaps_a_value && writes_ % 4 < 2;
        const auto data = static_cast<std::uint8_t>(writes_);
        return std::vector<Value>{{u"Stays", {ValueType::binary, {1}}},
                                  {swapped ? u"One" : u"Other", {ValueType::binary, {data}}}};
    }
    Result<std::vector<SubkeyName>> subkeys() override { return std::vector<SubkeyName>{}; }
    Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view) override {
        return Error{ErrorKind::not_found, 0, "opening the key", "", "there is none"};
    }
    Result<std::string> security() override { return std::string("O:BA"); }
    Result<std::u16string> native_name() override { return std::u16string(); }
    Result<void> request_signal(Event&, Scope) override { return {}; }

private:
    void write() { ++writes_; }

    const Writer writer_;
    const Clock& clock_;
    int writes_ = 0;
};

// A key with a value "V" and the same subkeys at every depth, that notes what is opened.
class EndlessKey final : public RegistryKey {
public:
    EndlessKey(std::u16string path, std::vector<std::u16string>& opened)
        : path_(std::move(path)), opened_(opened) {}

    Result<KeyInfo> info() override { return KeyInfo{{}, 2, 2}; }
    Result<std::vector<Value>> values() override {
        return std::vector<Value>{{u"Noise", {ValueType::binary, {1}}},
                                  {u"V", {ValueType::binary, {2}}}};
    }
    Result<std::vector<SubkeyName>> subkeys() override {
        return std::vector<SubkeyName>{{u"A", {}}, {u"B", {}}};
    }
    Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view name) override {
        const auto path = path_ + (path_.empty() ? u"" : u"\\") + std::u16string(name);
        opened_.push_back(path);
        return std::unique_ptr<RegistryKey>(std::make_unique<EndlessKey>(path, opened_));
    }
    Result<std::string> security() override { return std::string("O:BA"); }
    Result<std::u16string> native_name() override { return path_; }
    Result<void> request_signal(Event&, Scope) override { return {}; }

private:
    const std::u16string path_;
    std::vector<std::u16string>& opened_;
};

SharedSnapshot read_endless(const Selection& selection, std::vector<std::u16string>& opened) {
    ManualClock clock;
    clock.advance(std::chrono::hours(1));
    EndlessKey key(u"", opened);
    const ReadPlan plan{Scope::subtree, false, Trust::times, &selection};
    return std::move(read_snapshot(key, plan, clock)).value();
}

TEST_CASE("a key is read although somebody writes to one of its values without pause") {
    const ManualClock clock;
    BusyKey key(BusyKey::Writer::changes_data, clock);
    const auto read = read_snapshot(key, {Scope::key}, clock);
    REQUIRE(read);
    REQUIRE((*read)->values.size() == 2);
    CHECK((*read)->values[0].name == u"Other");
    CHECK((*read)->values[1].name == u"Stays");
}

TEST_CASE("a key whose values come and go without pause is left for later") {
    const ManualClock clock;
    BusyKey key(BusyKey::Writer::swaps_a_value, clock);
    const auto read = read_snapshot(key, {Scope::key}, clock);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::transient);
}

TEST_CASE("subkeys that are left out are not opened, and values that are left out not kept") {
    Selection selection;
    selection.max_depth = 2;
    selection.exclude_subkeys = {PathPattern(u"b"), PathPattern(u"**\\B")};
    selection.exclude_values = {u"noise"};
    std::vector<std::u16string> opened;
    const SharedSnapshot read = read_endless(selection, opened);

    CHECK(opened == std::vector<std::u16string>{u"A", u"A\\A"});
    REQUIRE(read->subkeys.size() == 1);
    const Snapshot& lowest = *read->subkeys[0].below->subkeys[0].below;
    REQUIRE(lowest.subkeys.size() == 1);  // seen by its name, and not gone into
    CHECK(lowest.subkeys[0].below == nullptr);
    REQUIRE(lowest.values.size() == 1);
    CHECK(lowest.values[0].name == u"V");
}

TEST_CASE("on the way to a subkey that is wanted no values are read") {
    Selection selection;
    selection.max_depth = 3;
    selection.include_subkeys = {PathPattern(u"A\\B")};
    std::vector<std::u16string> opened;
    const SharedSnapshot read = read_endless(selection, opened);

    CHECK(opened == std::vector<std::u16string>{u"A", u"A\\B", u"A\\B\\A", u"A\\B\\B"});
    CHECK(read->values.size() == 2);
    REQUIRE(read->subkeys.size() == 1);
    const Snapshot& way = *read->subkeys[0].below;
    CHECK(way.values.empty());
    REQUIRE(way.subkeys.size() == 1);
    CHECK(way.subkeys[0].below->values.size() == 2);
}

}  // namespace
}  // namespace regwatch::test

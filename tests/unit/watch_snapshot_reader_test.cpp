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

}  // namespace
}  // namespace regwatch::test

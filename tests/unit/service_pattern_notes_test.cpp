// What `check` says of the patterns of a good configuration.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "service/pattern_notes.h"
#include "text/fold.h"
#include "watch/pattern_search.h"

namespace regwatch::test {
namespace {

// Keys that are there, with all that is above them, and how many calls it takes to find them.
class FakeRegistry final : public Registry {
public:
    void add(std::u16string_view text) {
        const KeyPath path = KeyPath::parse(text).value();
        for (std::optional<KeyPath> key = path; key; key = key->parent()) {
            names_[key->folded()];
            if (const auto above = key->parent())
                names_[above->folded()].insert(std::u16string(key->leaf()));
        }
    }
    void refuse(std::u16string_view text) {
        refused_.insert(KeyPath::parse(text).value().folded());
    }

    Result<std::unique_ptr<RegistryKey>> open(const KeyPath& path) override {
        ++opened;
        if (refused_.contains(path.folded()))
            return Error{ErrorKind::denied, 5, "opening", path.utf8(), "access is denied"};
        const auto found = names_.find(path.folded());
        if (found == names_.end())
            return Error{ErrorKind::not_found, 2, "opening", path.utf8(), "there is none"};
        return std::unique_ptr<RegistryKey>(std::make_unique<Key>(found->second, listed));
    }

    std::size_t opened = 0;
    std::size_t listed = 0;

private:
    using Names = std::set<std::u16string>;

    class Key final : public RegistryKey {
    public:
        Key(const Names& names, std::size_t& listed) : names_(names), listed_(listed) {}

        Result<KeyInfo> info() override {
            return KeyInfo{{}, static_cast<std::uint32_t>(names_.size()), 0};
        }
        Result<std::vector<SubkeyName>> subkeys() override {
            listed_ += names_.size();
            std::vector<SubkeyName> subkeys;
            for (const std::u16string& name : names_) subkeys.push_back({name, {}});
            return subkeys;
        }
        Result<std::vector<Value>> values() override { return unasked(); }
        Result<std::unique_ptr<RegistryKey>> open_subkey(std::u16string_view) override {
            return unasked();
        }
        Result<std::string> security() override { return unasked(); }
        Result<std::u16string> native_name() override { return unasked(); }
        Result<void> request_signal(Event&, Scope) override { return unasked(); }

    private:
        static Error unasked() {
            return {ErrorKind::internal, 0, "asking", "", "nobody has to ask this"};
        }

        const Names& names_;
        std::size_t& listed_;
    };

    std::map<std::u16string, Names> names_;  // by folded path
    std::set<std::u16string> refused_;
};

LoadOutcome config(const std::string& keys, const std::string& more = "") {
    LoadOutcome loaded =
        load_settings("{\n\"watches\": [{\"name\": \"a\",\n\"keys\": [" + keys + "]" + more +
                          "}],\n\"actions\": {\"log\": {\"type\": \"log\"}}}",
                      "c.json");
    REQUIRE(loaded.settings);
    return loaded;
}

std::string only_note(const std::string& keys, FakeRegistry& registry,
                      const std::string& more = "") {
    const auto notes = pattern_notes(config(keys, more), registry);
    REQUIRE(notes.size() == 1);
    return notes[0].text();
}

bool is_fine(const std::string& keys, FakeRegistry& registry, const std::string& more = "") {
    return pattern_notes(config(keys, more), registry).empty();
}

TEST_CASE("check notes a pattern that fits no key, with its place") {
    FakeRegistry registry;
    registry.add(u"HKLM\\SOFTWARE\\Example\\One");
    CHECK(only_note(R"("HKLM\\SOFTWARE", "HKLM\\SOFTWARE\\Exmple\\*")", registry) ==
          "c.json:3:28: /watches/0/keys/1: no key of this machine fits "
          "\"HKLM\\SOFTWARE\\Exmple\\*\" now; one that comes later is watched from then on");
    CHECK(is_fine(R"("HKLM\\SOFTWARE\\Example\\*")", registry));
    CHECK(is_fine(R"("HKLM\\SOFTWARE\\**\\one")", registry));
    CHECK(is_fine(R"("HKLM\\SOFTWARE\\No\\Such\\Key")", registry));
    CHECK(is_fine(R"("HKCU\\Software\\No\\Such\\Key")", registry));
}

TEST_CASE("a pattern whose names fit but lead to no key fits none") {
    FakeRegistry registry;
    registry.add(u"HKLM\\SYSTEM\\Services\\One\\Parameters");
    CHECK(only_note(R"("HKLM\\SYSTEM\\Services\\*\\Parametres")", registry).find("no key") !=
          std::string::npos);
    CHECK(is_fine(R"("HKLM\\SYSTEM\\Services\\*\\Parameters")", registry));
}

TEST_CASE("a pattern that stands for several is noted only if none of them fits a key") {
    FakeRegistry registry;
    registry.add(u"HKLM\\SOFTWARE\\Classes\\.one");
    CHECK(is_fine(R"("HKCR\\.o*")", registry));
    CHECK_FALSE(is_fine(R"("HKCR\\.x*")", registry));
    registry.add(u"HKU\\S-1-5-18\\Software\\Classes\\.xyz");
    CHECK_FALSE(is_fine(R"("HKCR\\.x*")", registry));
    registry.add(u"HKU\\S-1-5-21-1\\Software\\Classes\\.xyz");
    CHECK(is_fine(R"("HKCR\\.x*")", registry));
}

TEST_CASE("check notes a pattern that fits more keys than it may") {
    FakeRegistry registry;
    for (const char16_t* name : {u"One", u"Two", u"Three"})
        registry.add(std::u16string(u"HKLM\\SOFTWARE\\") + name + u"\\Sub");
    const std::string keys = R"("HKLM\\SOFTWARE\\*")";
    CHECK(only_note(keys, registry, R"(, "max_keys": 2)") ==
          "c.json:3:10: /watches/0/keys/0: \"HKLM\\SOFTWARE\\*\" fits more than 2 keys of this "
          "machine, but \"max_keys\" is 2: what is beyond is not watched");
    CHECK(is_fine(keys, registry, R"(, "max_keys": 3)"));
    // What "**" goes through counts, as it does when it is watched.
    const std::string deep = R"("HKLM\\SOFTWARE\\**\\Sub")";
    CHECK(is_fine(deep, registry, R"(, "max_keys": 9)"));
    CHECK_FALSE(is_fine(deep, registry, R"(, "max_keys": 8)"));
}

TEST_CASE("a key that may not be read is no reason for a note") {
    FakeRegistry registry;
    registry.add(u"HKLM\\SAM\\Domains\\One");
    registry.add(u"HKLM\\SOFTWARE\\One");
    registry.refuse(u"HKLM\\SAM\\Domains");
    CHECK(is_fine(R"("HKLM\\SAM\\Domains\\*", "HKLM\\SAM\\**\\Two")", registry));
    registry.refuse(u"HKLM\\SOFTWARE\\One");
    CHECK(is_fine(R"("HKLM\\SOFTWARE\\O*")", registry));
}

TEST_CASE("the search for keys ends, and says at which pattern") {
    FakeRegistry registry;
    for (int i = 0; i < 2'000; ++i) {
        const std::string number = std::to_string(i);
        registry.add(u"HKLM\\SOFTWARE\\Many\\K" + std::u16string(number.begin(), number.end()));
    }
    std::string keys;
    for (int i = 0; i < 40; ++i) {
        keys += (i == 0 ? "" : ", ");
        keys += R"("HKLM\\SOFTWARE\\Many\\K*\\No)" + std::to_string(i) + "\"";
    }
    const auto notes = pattern_notes(config(keys), registry);
    REQUIRE(notes.size() == 8);
    CHECK(notes.back().pointer == "/watches/0/keys/7");
    CHECK(notes.back().message.find("was not looked for") != std::string::npos);
    CHECK(registry.opened + registry.listed <= 30'000);
}

TEST_CASE("patterns of watches that are switched off, or with problems beside them, are not kept") {
    CHECK(config(R"("HKLM\\A\\*", "HKLM\\B\\*")").patterns.size() == 2);
    const auto off = load_settings(R"({"watches": [
        {"name": "a", "keys": ["HKLM\\A\\*"], "enabled": false},
        {"name": "b", "keys": ["HKLM\\B\\*", "HKLM\\C"], "view": "64"}],
        "actions": {"log": {"type": "log"}}})",
                                   "c.json");
    REQUIRE(off.patterns.size() == 1);
    CHECK(off.patterns[0].place.pointer == "/watches/1/keys/0");
    CHECK(off.patterns[0].place.line == 3);
}

}  // namespace
}  // namespace regwatch::test

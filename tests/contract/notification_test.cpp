#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "contract/bench.h"

namespace regwatch::test {
namespace {

using Initially = PersistentThread::Initially;

ValueData number(std::uint8_t value) { return {ValueType::dword, {value, 0, 0, 0}}; }

TEST_CASE("a registration clears an event that is signalled already") {
    Bench bench(GENERATE(from_range(systems())));
    Observed key = bench.observe(u"", Scope::key, Initially::signalled);
    CHECK(bench.silent(key));
}

TEST_CASE("every kind of change in a key signals whoever watches the key") {
    Bench bench(GENERATE(from_range(systems())));
    RegistryEditor& editor = bench.editor();
    editor.create_key(u"old");
    editor.set_value(u"", u"old", number(1));
    Observed key = bench.observe(u"", Scope::key);

    SECTION("a new value") { editor.set_value(u"", u"new", number(1)); }
    SECTION("new data") { editor.set_value(u"", u"old", number(2)); }
    SECTION("a new type with the same data") {
        editor.set_value(u"", u"old", {ValueType::binary, {1, 0, 0, 0}});
    }
    SECTION("a deleted value") { editor.delete_value(u"", u"old"); }
    SECTION("a new subkey") { editor.create_key(u"new"); }
    SECTION("a deleted subkey") { editor.delete_key(u"old"); }
    CHECK(bench.signalled(key));
}

TEST_CASE("a registration gives one signal however many changes follow") {
    Bench bench(GENERATE(from_range(systems())));
    Observed key = bench.observe(u"", Scope::key);
    bench.editor().set_value(u"", u"a", number(1));
    REQUIRE(bench.signalled(key));

    Observed control = bench.observe(u"", Scope::key);
    bench.editor().set_value(u"", u"a", number(2));
    REQUIRE(bench.signalled(control));
    CHECK(bench.silent(key));
}

TEST_CASE("a key can be registered for again and again") {
    Bench bench(GENERATE(from_range(systems())));
    Observed key = bench.observe(u"", Scope::key);
    for (std::uint8_t round = 1; round <= 20; ++round) {
        bench.editor().set_value(u"", u"a", number(round));
        REQUIRE(bench.signalled(key));
        REQUIRE(bench.request(key, Scope::key));
    }
}

TEST_CASE("two open keys of one name are signalled both") {
    Bench bench(GENERATE(from_range(systems())));
    Observed first = bench.observe(u"", Scope::key);
    Observed second = bench.observe(u"", Scope::subtree);
    bench.editor().set_value(u"", u"a", number(1));
    CHECK(bench.signalled(first));
    CHECK(bench.signalled(second));
}

TEST_CASE("a watch of names is not signalled by values") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"below");
    Observed names = bench.observe(u"", Scope::names);
    Observed control = bench.observe(u"", Scope::subtree);
    SECTION("of the key itself") { bench.editor().set_value(u"", u"a", number(1)); }
    SECTION("of a subkey") { bench.editor().set_value(u"below", u"a", number(1)); }
    REQUIRE(bench.signalled(control));
    CHECK(bench.silent(names));

    bench.editor().create_key(u"another");
    CHECK(bench.signalled(names));
}

TEST_CASE("a watch of one key is not signalled by what is deeper") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"below\\deeper");
    Observed key = bench.observe(u"", Scope::key);
    Observed control = bench.observe(u"", Scope::subtree);
    SECTION("a value of a subkey") { bench.editor().set_value(u"below", u"a", number(1)); }
    SECTION("a key below a subkey") { bench.editor().create_key(u"below\\new"); }
    SECTION("a deletion below a subkey") { bench.editor().delete_key(u"below\\deeper"); }
    REQUIRE(bench.signalled(control));
    CHECK(bench.silent(key));
}

TEST_CASE("a watch of a subtree sees changes at every depth") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"1\\2\\3\\4");
    Observed tree = bench.observe(u"", Scope::subtree);
    SECTION("its own value") { bench.editor().set_value(u"", u"a", number(1)); }
    SECTION("a value deep below") { bench.editor().set_value(u"1\\2\\3\\4", u"a", number(1)); }
    SECTION("a key deep below") { bench.editor().create_key(u"1\\2\\3\\4\\5"); }
    SECTION("a deletion deep below") { bench.editor().delete_key(u"1\\2\\3\\4"); }
    CHECK(bench.signalled(tree));
}

TEST_CASE("writing what is there already may or may not signal, as the system does it") {
    const System system = GENERATE(from_range(systems()));
    Bench bench(system);
    bench.editor().set_value(u"", u"a", number(1));
    Observed key = bench.observe(u"", Scope::key);
    Observed control = bench.observe(u"", Scope::names);
    bench.editor().set_value(u"", u"a", number(1));
    // The names control tells when everything before it has been signalled.
    if (!may_signal_for_writing_the_same_data(system)) CHECK(bench.silent(key));
    bench.editor().create_key(u"new");
    REQUIRE(bench.signalled(control));
    CHECK(bench.signalled(key));
}

TEST_CASE("a change while nobody is registered is kept or forgotten, as the system does it") {
    const System system = GENERATE(from_range(systems()));
    Bench bench(system);
    Observed key = bench.observe(u"", Scope::key);
    bench.editor().set_value(u"", u"a", number(1));
    REQUIRE(bench.signalled(key));
    bench.editor().set_value(u"", u"a", number(2));  // in the interim
    REQUIRE(bench.request(key, Scope::key));
    const bool at_once = !bench.silent(key);
    if (!may_signal_for_a_change_before_the_registration(system)) CHECK_FALSE(at_once);
    // Whatever it did about that one, the next change is signalled.
    if (at_once) REQUIRE(bench.request(key, Scope::key));
    bench.editor().set_value(u"", u"a", number(3));
    CHECK(bench.signalled(key));
}

TEST_CASE("the deletion of the watched key is told to those who watch its parent") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"doomed");
    Observed parent = bench.observe(u"", Scope::names);
    Observed key = bench.hold(u"doomed");
    bench.editor().delete_key(u"doomed");
    CHECK(bench.signalled(parent));
    const auto requested = bench.request(key, Scope::key);
    REQUIRE_FALSE(requested);
    CHECK(requested.error().kind == ErrorKind::gone);
}

TEST_CASE("the deletion of the watched key signals its own watch where the system does that") {
    const System system = GENERATE(from_range(systems()));
    Bench bench(system);
    bench.editor().create_key(u"doomed");
    Observed parent = bench.observe(u"", Scope::names);
    Observed key = bench.observe(u"doomed", Scope::key);
    bench.editor().delete_key(u"doomed");
    REQUIRE(bench.signalled(parent));
    if (deleting_the_watched_key_signals(system)) {
        CHECK(bench.signalled(key));
    } else {
        CHECK(bench.silent(key));
    }
}

TEST_CASE("a key that is created again does not revive the open one of its name") {
    Bench bench(GENERATE(from_range(systems())));
    bench.editor().create_key(u"doomed");
    Observed unregistered = bench.hold(u"doomed");
    Observed old = bench.observe(u"doomed", Scope::key);
    bench.editor().delete_key(u"doomed");
    bench.editor().create_key(u"doomed");
    static_cast<void>(bench.subject().take_signal(*old.event, Duration::zero()));

    Observed fresh = bench.observe(u"doomed", Scope::key);
    bench.editor().set_value(u"doomed", u"a", number(1));
    REQUIRE(bench.signalled(fresh));
    CHECK(bench.silent(old));
    const auto requested = bench.request(unregistered, Scope::key);
    REQUIRE_FALSE(requested);
    CHECK(requested.error().kind == ErrorKind::gone);
    CHECK(fresh.key->values().value().size() == 1);
}

TEST_CASE(
    "a rename is told to those who watch a tree above, and under Wine to the key's own watch") {
    const System system = GENERATE(from_range(systems()));
    Bench bench(system);
    bench.editor().create_key(u"old name");
    Observed tree = bench.observe(u"", Scope::subtree);
    Observed key = bench.observe(u"old name", Scope::key);
    bench.editor().rename_key(u"old name", u"new name");
    CHECK(bench.signalled(tree));
    if (renaming_the_watched_key_signals(system)) CHECK(bench.signalled(key));
}

TEST_CASE("new permissions signal the watch of their key where the system does that") {
    const System system = GENERATE(from_range(systems()));
    Bench bench(system);
    bench.editor().create_key(u"guarded");
    Observed control = bench.observe(u"", Scope::key);
    Observed key = bench.observe(u"guarded", Scope::key);
    bench.editor().set_permissions(u"guarded");
    bench.editor().set_value(u"", u"control", number(1));
    REQUIRE(bench.signalled(control));
    CHECK(bench.silent(key) != changing_the_security_signals(system));
}

}  // namespace
}  // namespace regwatch::test

// Whoever breaks a rule of the ports fails the run, in every run and with a sentence that says how.
#include <catch2/catch_test_macros.hpp>

#include "sim/kernel_bench.h"
#include "sim/scheduler.h"

namespace regwatch::sim {
namespace {

using Initially = PersistentThread::Initially;

constexpr auto kNothing = [] {};

void stop(Wait& wait) {
    wait.disarm();
    wait.drain();
}

}  // namespace

TEST_CASE("a_life_by_the_rules_breaks_none", "[rules]") {
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              const auto event = bench.event(Initially::signalled);
              const auto key = bench.open(u"A");
              const auto wait =
                  bench.wait(bench.callee([&] { (void)key->request_signal(*event, Scope::key); }));
              wait->arm(*event);
              bench.kernel.set_value(path(u"A"), u"v", number(1));
              stop(*wait);
          }).empty());
}

TEST_CASE("rules_of_a_wait", "[rules]") {
    CHECK(violation_of([](KernelBench& bench) {
              const auto event = bench.event();
              const auto wait = bench.wait(bench.callee(kNothing));
              wait->arm(*event);
              wait->arm(*event);
          }) == "a wait is armed twice");
    CHECK(violation_of([](KernelBench& bench) {
              const auto event = bench.event(Initially::signalled);
              const auto wait = bench.wait(bench.callee(kNothing));
              wait->arm(*event);
              wait->arm(*event);
          }) == "a wait is armed twice");
    CHECK(violation_of([](KernelBench& bench) {
              const auto event = bench.event();
              const auto wait = bench.wait(bench.callee(kNothing));
              stop(*wait);
              wait->arm(*event);
          }) == "a wait is armed after disarm()");
    CHECK(violation_of([](KernelBench& bench) {
              const auto event = bench.event();
              auto wait = bench.wait(bench.callee(kNothing));
              Wait& stale = *wait;
              stop(*wait);
              wait.reset();
              stale.arm(*event);
          }) == "a destroyed wait is armed");
    CHECK(violation_of([](KernelBench& bench) {
              auto wait = bench.wait(bench.callee(kNothing));
              wait->disarm();
              wait.reset();
          }) == "a wait is closed without disarm and drain");
    CHECK(violation_of([](KernelBench& bench) {
              const auto event = bench.event(Initially::signalled);
              std::unique_ptr<Wait> wait;
              wait = bench.wait(bench.callee([&] { wait->drain(); }));
              wait->arm(*event);
              Scheduler::current()->settle();
          }) == "drain() on the persistent thread waits for itself");
    CHECK(violation_of([](KernelBench& bench) {
              const auto wait = bench.wait(bench.callee(kNothing));
              bench.thread.reset();
          }) == "the persistent thread ends before its waits");
}

TEST_CASE("rules_of_an_event", "[rules]") {
    CHECK(violation_of([](KernelBench& bench) {
              auto event = bench.event();
              const auto wait = bench.wait(bench.callee(kNothing));
              wait->arm(*event);
              event.reset();
          }) == "an event is closed while a wait is armed with it");
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              auto event = bench.event();
              const auto key = bench.open(u"A");
              (void)bench.request(*key, *event, Scope::key);
              event.reset();
          }) == "an event is closed before the key registered on it");
    CHECK(violation_of([](KernelBench& bench) {
              auto event = bench.event();
              Event& stale = *event;
              event.reset();
              const auto wait = bench.wait(bench.callee(kNothing));
              wait->arm(stale);
          }) == "a destroyed event is used");
}

TEST_CASE("rules_of_a_key", "[rules]") {
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              const auto event = bench.event();
              const auto key = bench.open(u"A");
              (void)key->request_signal(*event, Scope::key);
          }) == "a registration off the persistent thread: HKLM\\A");
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              const auto event = bench.event();
              const auto key = bench.open(u"A");
              (void)bench.request(*key, *event, Scope::key);
              (void)bench.request(*key, *event, Scope::key);
          }) == "a second registration: HKLM\\A");
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              auto key = bench.open(u"A");
              RegistryKey& stale = *key;
              key.reset();
              (void)stale.values();
          }) == "a destroyed key is used: HKLM\\A");
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              (void)bench.open(u"A").release();
          }) == "a key was never closed");
    CHECK(violation_of([](KernelBench& bench) {
              (void)bench.registry.open({Root::current_user, u"A"});
          }) == "open() was asked for current_user");
}

TEST_CASE("no_lock_is_held_over_a_call_that_may_take_time", "[rules]") {
    CHECK(violation_of([](KernelBench& bench) {
              bench.kernel.create_key(path(u"A"));
              const auto key = bench.open(u"A");
              Mutex mutex;
              Lock lock(mutex);
              (void)key->values();
          }) == "reading the values with a lock held");
    CHECK(violation_of([](KernelBench& bench) {
              const auto wait = bench.wait(bench.callee(kNothing));
              Mutex mutex;
              Lock lock(mutex);
              wait->disarm();  // allowed: it is how arming and closing are kept apart
              wait->drain();
          }) == "drain with a lock held");
}

}  // namespace regwatch::sim

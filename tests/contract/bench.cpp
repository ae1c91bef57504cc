#include "contract/bench.h"

#include "support/value_of.h"

namespace regwatch::test {
OpenWait::OpenWait(RegistrySubject& subject, std::shared_ptr<Signals> signals, std::uint64_t id,
                   PersistentThread::Initially state)
    : id_(id),
      event_(value_of(subject.thread().create_event(state))),
      wait_(value_of(subject.thread().create_wait(std::move(signals), id))) {}

void OpenWait::stop() {
    wait_->disarm();
    wait_->drain();
}

void OpenWait::close() {
    if (wait_ == nullptr) return;
    stop();
    wait_.reset();
    event_.reset();
}

void Bench::on_thread(const std::function<void()>& what) {
    const auto id = signals_->add(what);
    OpenWait once = wait(id);
    once.arm();
    if (!signals_->wait_for(id, 1)) throw std::runtime_error("the persistent thread hangs");
}

Result<std::unique_ptr<RegistryKey>> Bench::try_open(std::u16string_view key, View view) {
    return subject_->registry().open(editor().path(key, view));
}

std::unique_ptr<RegistryKey> Bench::open(std::u16string_view key, View view) {
    return value_of(try_open(key, view));
}

Result<void> Bench::request(Observed& observed, Scope scope) {
    Result<void> result;
    on_thread([&] { result = observed.key->request_signal(*observed.event, scope); });
    return result;
}

Observed Bench::hold(std::u16string_view key, PersistentThread::Initially state) {
    return {value_of(thread().create_event(state)), open(key)};
}

Observed Bench::observe(std::u16string_view key, Scope scope, PersistentThread::Initially state) {
    Observed observed = hold(key, state);
    if (auto requested = request(observed, scope); !requested)
        throw std::runtime_error(requested.error().text());
    return observed;
}

bool Bench::signalled(Observed& observed) { return subject_->take_signal(*observed.event, kBound); }

bool Bench::silent(Observed& observed) {
    return !subject_->take_signal(*observed.event, Duration::zero());
}

}  // namespace regwatch::test
